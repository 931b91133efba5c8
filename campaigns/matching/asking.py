"""What creators ask for the items of a brief: one rule, for the ranking, the planner and the other direction."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from campaigns.matching.scale import Numbers


def asked(items: Iterable[tuple[ArrayLike, ArrayLike]], *, lowest: ArrayLike, least: ArrayLike) -> Numbers:
    """Σ count × price over the items, in minor units of one currency, and never below the least fee.

    Each item is how many are wanted and what one costs; where the card names no price, the lowest price stands in. NaN
    is "not known", and also what is asked for no items at all. Numbers and columns go together as numpy joins them.
    """
    total: Numbers = np.zeros(1)
    wanted: NDArray[np.bool_] = np.zeros(1, dtype=np.bool_)
    for count, price in items:
        some = np.asarray(count) > 0
        each = np.where(np.isnan(price), lowest, price)
        total, wanted = total + np.where(some, count * each, 0.0), wanted | some
    return np.where(wanted, np.fmax(total, least), np.nan)
