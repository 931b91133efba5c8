"""How much each part counts, as data with a version. A learned set of weights is another value of the same type."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Weights:
    """Part → weight. Only their proportions matter; a part that is not named does not count."""

    version: str
    parts: Mapping[str, float]


# Set by hand from the signals' measured strength; see docs/matching.md for what each adds.
FIRST = Weights(
    version="first/1",
    parts={
        "niche": 0.46,
        "best_post": 0.08,
        "engagement": 0.13,
        "conversation": 0.11,
        "place": 0.08,
        "price": 0.07,
        "reliability": 0.03,
        "authenticity": 0.02,
        "saturation": 0.02,
    },
)
