"""A bound on how often one creator stands on first pages, so that a few do not get all the work there is.

Scores do not know of each other: without a bound the same creators lead every list of their subject. Who stands on
more than a share of all first pages, counted over the lists there are, gives way to the next on this one.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from campaigns.matching.scale import Numbers

FIRST_PAGE = 24  # places
FAIR = 1.25  # times what an even share would be: nobody is held back below that
LEAST_LISTS = 20  # of fewer lists a share says nothing


@dataclass(frozen=True)
class Bound:
    """`standing` (n,) says on how many first pages each creator of the pool stands, of `lists` in all; nobody may stand
    on more than `most_share` of them (0 to 1), or on FAIR times an even share, where a pool is so small."""

    standing: NDArray[np.int64]
    lists: int
    most_share: float

    def full(self, pool: int) -> NDArray[np.bool_]:
        """(n,) Who can take no further place on a first page, in a pool of so many."""
        if self.lists < LEAST_LISTS:
            return np.zeros(len(self.standing), dtype=np.bool_)
        share = max(self.most_share, FAIR * FIRST_PAGE / max(pool, 1))
        full: NDArray[np.bool_] = self.standing + 1 > share * (self.lists + 1)
        return full


def within(rows: NDArray[np.int64], bound: Bound, *, pool: int) -> tuple[NDArray[np.int64], set[int]]:
    """The order with those who are full behind the first page, and which rows gave way; the rest keeps its order.

    Where fewer than a page of others are left, everybody stays: a short page would help nobody.
    """
    full = bound.full(pool)[rows]
    free = rows[~full]
    if len(rows) <= FIRST_PAGE or len(free) < FIRST_PAGE or not full[:FIRST_PAGE].any():
        return rows, set()
    first = free[:FIRST_PAGE]
    behind = rows[~np.isin(rows, first)]
    return np.concatenate([first, behind]), {int(row) for row in rows[:FIRST_PAGE][full[:FIRST_PAGE]]}


def gained(scores: Numbers, order: NDArray[np.int64], *, places: int = FIRST_PAGE) -> float:
    """Discounted gain of an order's first places by these scores, as a share of the best order's (nDCG, 0 to 1)."""
    discount = 1 / np.log2(np.arange(2, min(places, len(order)) + 2))
    best = np.sort(scores)[::-1][: len(discount)]
    return float((scores[order[: len(discount)]] * discount).sum() / (best * discount).sum())
