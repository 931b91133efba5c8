"""From raw numbers to comparable ones. NaN means "not known" and stays NaN."""

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
SPREAD = 10.0
CELL_TRUST = 20


def mean_of(values: Numbers, counts: Numbers | None = None) -> float:
    """The mean of what is known; NaN without a warning when nothing is. `counts`: whom each row stands for."""
    known = ~np.isnan(values)
    if not known.any():
        return float("nan")
    if counts is None:
        return float(values[known].mean())
    return float((values[known] * counts[known]).sum() / counts[known].sum())


def standard(values: Numbers, counts: Numbers | None = None) -> Numbers:
    """Distance from the mean in standard deviations; all zero where everybody is the same."""
    middle = mean_of(values, counts)
    spread = float(np.sqrt(mean_of((values - middle) ** 2, counts)))
    if not spread >= 1e-9:
        return np.where(np.isnan(values), np.nan, 0.0)
    distance: Numbers = (values - middle) / spread
    return distance


def standing(distance: Numbers) -> Numbers:
    """Standard deviations as a value in [0, 1]: half is usual, each tenth one deviation.

    A straight line, so that the best few stay apart; a logistic curve cost a quarter of Recall@10 there.
    """
    return np.clip(0.5 + distance / SPREAD, 0.0, 1.0)


def against_cell(values: Numbers, cells: NDArray[np.int64], counts: Numbers | None = None) -> Numbers:
    """Values less what is usual in their cell, in standard deviations of the whole pool.

    A cell's mean is shrunk to the pool's by n / (n + 20), so that a cell of two does not judge itself.
    """
    known = ~np.isnan(values)
    if not known.any():
        return values.copy()
    overall, own = mean_of(values, counts), np.ones(int(known.sum())) if counts is None else counts[known]
    count = np.bincount(cells[known], own, minlength=int(cells.max()) + 1)
    total = np.bincount(cells[known], own * (values[known] - overall), minlength=len(count))
    usual = overall + total / (count + CELL_TRUST)
    residual = values - usual[cells]
    spread = float(np.sqrt(mean_of((residual - mean_of(residual, counts)) ** 2, counts)))
    return residual / spread if spread > 1e-9 else np.where(known, 0.0, np.nan)


def neutral(values: Numbers, counts: Numbers | None = None) -> tuple[Numbers, float]:
    """Unknown becomes what the pool expects, the mean of the known: it neither helps nor hurts."""
    expected = mean_of(values, counts)
    return np.where(np.isnan(values), expected, values), expected
