"""The largest linear gain that whole creators can bring within a budget and a number of places."""

from __future__ import annotations

from heapq import heappush, heapreplace

import numpy as np
from numpy.typing import NDArray

from campaigns.matching.scale import Numbers

UNITS = 1_000  # the budget in so many steps; costs are rounded down to them, so the answer is a bound
MOST_PLACES = 24  # with more of them, parts of a creator make no difference worth the time


def best_whole(gain: Numbers, cost: NDArray[np.int64], *, budget: int, places: int) -> float:
    """At least the largest Σ gain of so many creators within the budget; above it by the rounding of costs alone.

    The usual table by places and money (Kellerer, Pferschy and Pisinger, "Knapsack Problems", 2004), over those only
    who are not beaten by `places` others, each as cheap and as good.
    """
    steps = cost * UNITS // max(budget, 1)
    best = np.zeros((places + 1, UNITS + 1))
    for row in _unbeaten(gain, steps, places):
        step = int(steps[row])
        np.maximum(best[1:, step:], best[:-1, : UNITS + 1 - step] + gain[row], out=best[1:, step:])
    return float(best[places, UNITS])


def _unbeaten(gain: Numbers, steps: NDArray[np.int64], places: int) -> list[int]:
    """Rows that fewer than `places` others beat in cost and gain: the rest can be exchanged for those."""
    order = np.lexsort((-gain, steps))
    order = order[(gain[order] > 0) & (steps[order] <= UNITS)]
    better: list[float] = []
    kept: list[int] = []
    for row, worth in zip(order.tolist(), gain[order].tolist(), strict=True):
        if len(better) < places:
            heappush(better, worth)
        elif worth > better[0]:
            heapreplace(better, worth)
        else:
            continue
        kept.append(row)
    return kept
