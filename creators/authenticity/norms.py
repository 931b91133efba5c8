"""What is usual for a creator's network, size and niche, and how far real creators differ: measured, kept as data.

`creators/data/authenticity_norms.json` says how it was made. For the part p, with x = (log followers − 10) ÷ 2 and n
comments in the sample:  usual = intercept + size·x + size²·x² + few ÷ √n + niche.  The niches' offsets are ridge
estimates, which is to say shrunk to zero by n ÷ (n + 5).
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from creators.figures import ANY_MEDIAN, FIRST_MEDIANS, tier_of

DATA = Path(__file__).resolve().parent.parent / "data"
MEASURED_ON = "instagram"
BORROWED = 2.0  # variances count double on networks where nothing was measured
SIZES = (500.0, 1e8)
LEAST = 0.5  # things a reading is from, so that it has a variance


@dataclass(frozen=True, slots=True)
class Norm:
    """One part: what is usual, its variances, and what it weighs.

    `within` + `sampling` ÷ n is the variance of one reading around its creator, `between` that of creators around what
    is usual. `sign` is −1 where less is better. `upward` is what a unit above counts for, when one below counts 1.
    """

    sign: int
    weight: float
    upward: float
    within: float
    sampling: float
    between: float
    intercept: float = 0.0
    size: float = 0.0
    size2: float = 0.0
    few: float = 0.0
    niches: Mapping[str, float] | None = None

    def usual(self, followers: float | None, count: float, niche: str) -> float:
        """The expected reading; an unknown size counts as 10,000 followers, an unknown niche as the mean one."""
        x = place(followers)
        offset = (self.niches or {}).get(niche, 0.0)
        return self.intercept + self.size * x + self.size2 * x * x + self.few / math.sqrt(max(count, 1)) + offset

    def variance(self, count: float) -> float:
        """Of one reading from `count` comments (posts, days), around what is true of its creator."""
        return self.within + self.sampling / max(count, LEAST)


@dataclass(frozen=True, slots=True)
class Norms:
    """All parts of one version; `together` is how far they move together, `z80` and `z95` the measured quantiles."""

    version: str
    together: float
    z80: float
    z95: float
    parts: Mapping[str, Norm]

    @property
    def niches(self) -> frozenset[str]:
        """The niches that were measured."""
        return frozenset(niche for norm in self.parts.values() for niche in norm.niches or {})

    @property
    def spread(self) -> float:
        """The standard deviation of the log-odds of creators of whom everything were known."""
        return math.sqrt(self.together * sum(norm.weight**2 for norm in self.parts.values()))


def place(followers: float | None) -> float:
    """x: 0 at 22,000 followers, ± 1 for each factor of 7.4."""
    known = 10_000.0 if followers is None or not followers > 0 else followers
    return (math.log(min(max(known, SIZES[0]), SIZES[1])) - 10) / 2


def shift(network: str, followers: float | None) -> float:
    """How much higher log engagement is on this network than where it was measured, by the published medians."""
    if network in ("", MEASURED_ON):
        return 0.0
    tier = tier_of(int(followers) if followers else None) or "nano"
    band = "nano" if tier == "seed" else tier
    here, there = FIRST_MEDIANS.get(network, {}), FIRST_MEDIANS[MEASURED_ON]
    return math.log(here.get(band, ANY_MEDIAN) / there.get(band, ANY_MEDIAN))


def parsed(said: Mapping[str, Any]) -> Norms:
    """Norms out of the JSON document."""
    parts = {name: Norm(**columns) for name, columns in said["parts"].items()}
    return Norms(said["version"], said["together"], said["z80"], said["z95"], parts)


@cache
def norms() -> Norms:
    """The version that ships."""
    return parsed(json.loads((DATA / "authenticity_norms.json").read_text(encoding="utf-8")))
