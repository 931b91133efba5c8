"""Some places for creators nobody has seen: otherwise those who were shown first stay first for ever.

Every tenth place of a long list goes to one of the creators beyond its end, drawn by Thompson sampling: a score from a
normal distribution around theirs, as wide as what is not known of them allows and narrower each time they were shown
(Thompson, Biometrika 25, 1933). The rest of the list keeps its order, and every score stays what it was.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from campaigns.matching.scale import Numbers
from campaigns.matching.score import Scored

EVERY, EVERY_WHEN_UNEVEN = 10, 5
UNEVEN = 0.8
WIDTH = 0.1  # What is not known may be one deviation off: a tenth of a part's value.
LEAST = 0.02


@dataclass(frozen=True)
class Exploration:
    """`shown` is how often each creator of the pool (by row) was shown lately; the same seed draws the same places.

    `uneven` is the unevenness among everybody who passed the filters; without it, that among the rows. Nobody is drawn
    from the rows marked in `barred`.
    """

    seed: int
    shown: NDArray[np.int64]
    uneven: float | None = None
    barred: NDArray[np.bool_] | None = None

    @property
    def every(self) -> int:
        """One place in so many is given away."""
        uneven = unevenness(self.shown) if self.uneven is None else self.uneven
        return EVERY_WHEN_UNEVEN if uneven > UNEVEN else EVERY


def gini(shown: NDArray[np.integer], *, others: int = 0) -> float:
    """How unevenly exposure is spread: 0 all alike, near 1 one creator has it all (Gini, 1912, by sorted sums).

    `others` is how many were shown never, besides: they stand before all of `shown` and need not be listed.
    """
    ordered = np.sort(np.asarray(shown, dtype=np.float64))
    count, total = len(ordered) + others, float(ordered.sum())
    if count == 0 or total == 0:
        return 0.0
    return float(2 * (np.arange(others + 1, count + 1) * ordered).sum() / (count * total) - (count + 1) / count)


def unevenness(shown: NDArray[np.integer], *, others: int = 0) -> float:
    """How far the Gini coefficient is on the way from what so few places allow at best (0) to the worst (1)."""
    count, total = len(shown) + others, float(shown.sum())
    least = max(0.0, 1 - total / count) if count else 0.0
    return (gini(shown, others=others) - least) / (1 - least) if least < 1 else 0.0


def with_newcomers(rows: NDArray[np.int64], scored: Scored, explore: Exploration) -> tuple[NDArray[np.int64], set[int]]:
    """The list with some places given away, and which rows were let in. Those who lose their place move down by one,
    and the last of them out. Where exposure is very uneven twice as many places are given away."""
    able = np.arange(len(scored.total)) if explore.barred is None else np.flatnonzero(~explore.barred)
    outside = np.setdiff1d(able, rows)
    places = list(range(explore.every - 1, len(rows), explore.every))[: len(outside)]
    if not places:
        return rows, set()
    draws = scored.total[outside] + _width(scored, outside, explore.shown) * np.random.default_rng(
        explore.seed
    ).standard_normal(len(outside))
    chosen = outside[np.argsort(-draws, kind="stable")[: len(places)]]
    order = list(rows)
    for place, row in zip(places, chosen, strict=True):
        order.insert(place, row)
    return np.array(order[: len(rows)], dtype=np.int64), {int(row) for row in chosen}


def _width(scored: Scored, rows: NDArray[np.int64], shown: NDArray[np.int64]) -> Numbers:
    """Standard deviations of the scores: from the weights of what is unknown, ÷ √(1 + times shown)."""
    unknown = [scored.weights[name] * ~scored.known[name][rows] for name in scored.weights]
    spread = WIDTH * np.sqrt(np.sum(np.square([*unknown, np.zeros(len(rows))]), axis=0))
    width: Numbers = np.maximum(spread, LEAST) / np.sqrt(1 + shown[rows])
    return width
