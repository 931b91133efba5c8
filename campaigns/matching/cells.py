"""What is usual for creators of one network and size. Size decides only whom one is compared with."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from campaigns.matching.scale import Norm, Numbers
from creators.figures import (
    ANY_MEDIAN,
    BETWEEN,
    ENOUGH_CREATORS,
    ENTERED_IS_WORTH,
    FIRST_MEDIANS,
    TIERS,
    WITHIN,
    believed,
)

TIER_NAMES = (*(name for name, _ in TIERS), "mega")
UNKNOWN_TIER = len(TIER_NAMES)
NETWORKS = (*FIRST_MEDIANS, "other")
COUNT = len(NETWORKS) * (UNKNOWN_TIER + 1)


def tier(followers: Numbers) -> NDArray[np.int64]:
    """0 (seed) … 5 (mega); 6 where the followers are not known."""
    found = np.searchsorted([below for _, below in TIERS], followers, side="right")
    return np.where(np.isnan(followers), UNKNOWN_TIER, found).astype(np.int64)


def cell(platform: NDArray[np.str_], tiers: NDArray[np.int64]) -> NDArray[np.int64]:
    """One number for network and tier together."""
    network = np.full(len(platform), len(NETWORKS) - 1, dtype=np.int64)
    for number, name in enumerate(FIRST_MEDIANS):
        network[platform == name] = number
    return network * (UNKNOWN_TIER + 1) + tiers


@dataclass(frozen=True)
class Norms:
    """What is usual in a market, by cell: the log of the rate, and the signs of conversation by their names.

    Measured over everybody who is listed, so that it is the same whomever a brief's filters keep.
    """

    rate: Numbers
    signs: Mapping[str, Norm]

    def plain(self) -> dict[str, Any]:
        """As plain values for JSON."""
        signs = {name: [norm.usual.tolist(), norm.spread] for name, norm in self.signs.items()}
        return {"rate": self.rate.tolist(), "signs": signs}

    @classmethod
    def read(cls, plain: Mapping[str, Any]) -> Self:
        """From what `plain` wrote."""
        signs = {name: Norm(np.array(usual), spread) for name, (usual, spread) in plain["signs"].items()}
        return cls(np.array(plain["rate"]), signs)


def usual_rate(logs: Numbers, cells: NDArray[np.int64], counts: Numbers | None = None) -> Numbers:
    """The log of the usual rate of each creator's cell."""
    return usual_rates(logs, cells, counts)[cells]


def usual_rates(logs: Numbers, cells: NDArray[np.int64], counts: Numbers | None = None) -> Numbers:
    """The log of the usual rate by cell: the pool's own mean from 200 creators on, else published."""
    published = np.full(COUNT, np.log(ANY_MEDIAN))
    for number, medians in enumerate(FIRST_MEDIANS.values()):
        for place, name in enumerate(TIER_NAMES):
            rate = medians.get("nano" if name == "seed" else name, ANY_MEDIAN)
            published[number * (UNKNOWN_TIER + 1) + place] = np.log(rate)
    known = ~np.isnan(logs)
    own = np.ones(int(known.sum())) if counts is None else counts[known]
    count = np.bincount(cells[known], own, minlength=len(published))
    total = np.bincount(cells[known], own * logs[known], minlength=len(published))
    return np.where(count >= ENOUGH_CREATORS, total / np.maximum(count, 1), published)


def shrunk_rate(logs: Numbers, posts: Numbers, usual: Numbers) -> Numbers:
    """The log rate after shrinkage to its cell by log-normal empirical Bayes.

    With x̄ the mean log rate of n posts, σ² the variance between one creator's posts, and μ, τ² the mean and variance
    between creators of the cell:  (n·x̄/σ² + μ/τ²) ÷ (n/σ² + 1/τ²).  Efron and Morris, JASA 70 (1975). σ² = .316 and
    τ² = .597 were measured (docs/matching.md). A rate without counted posts was typed in: it weighs as two posts.
    """
    weight = np.where(np.isnan(posts) | (posts < 1), ENTERED_IS_WORTH, posts) / WITHIN
    return believed(weight, logs, 1 / BETWEEN, usual)
