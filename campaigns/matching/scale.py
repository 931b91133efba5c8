"""From raw numbers to comparable ones. NaN means "not known" and stays NaN."""

from dataclasses import dataclass
from typing import Self

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


@dataclass(frozen=True)
class Norm:
    """What is usual in each cell, and the spread around it of all together. NaN where nothing was known."""

    usual: Numbers
    spread: float

    @classmethod
    def of(cls, values: Numbers, cells: NDArray[np.int64], counts: Numbers | None = None, *, size: int = 0) -> Self:
        """From values and the cell of each, for so many cells at least.

        A cell's mean is shrunk to the mean of all by n / (n + 20), so that a cell of two does not judge itself.
        """
        known = ~np.isnan(values)
        size = max(size, int(cells.max(initial=-1)) + 1)
        if not known.any():
            return cls(np.full(size, np.nan), float("nan"))
        overall, own = mean_of(values, counts), np.ones(int(known.sum())) if counts is None else counts[known]
        count = np.bincount(cells[known], own, minlength=size)
        total = np.bincount(cells[known], own * (values[known] - overall), minlength=size)
        usual = overall + total / (count + CELL_TRUST)
        residual = values - usual[cells]
        return cls(usual, float(np.sqrt(mean_of((residual - mean_of(residual, counts)) ** 2, counts))))

    def distance(self, values: Numbers, cells: NDArray[np.int64]) -> Numbers:
        """Values less what is usual in their cell, in spreads; all zero where everybody was the same."""
        if not self.spread > 1e-9:
            return np.where(np.isnan(values), np.nan, 0.0)
        found: Numbers = (values - self.usual[cells]) / self.spread
        return found


def against_cell(values: Numbers, cells: NDArray[np.int64], counts: Numbers | None = None) -> Numbers:
    """Values against the norm of their own cells."""
    return Norm.of(values, cells, counts).distance(values, cells)


@dataclass(frozen=True)
class Places:
    """Values in order, and how many creators stand below each: asked again and again without looking at all of them."""

    ordered: Numbers
    people: Numbers

    @classmethod
    def of(cls, values: Numbers, counts: Numbers | None = None) -> Self:
        """Of the known values; `counts`: whom each stands for."""
        order = np.argsort(values, kind="stable")[: int(np.count_nonzero(~np.isnan(values)))]
        each = np.ones(len(order)) if counts is None else counts[order]
        return cls(values[order], np.concatenate([[0.0], np.cumsum(each)]))

    @property
    def known(self) -> int:
        """How many are known."""
        return round(float(self.people[-1]))

    def below(self, value: float) -> int:
        """How many have less than this."""
        return round(float(self.people[np.searchsorted(self.ordered, value, side="left")]))

    def above(self, value: float) -> int:
        """How many have more than this."""
        return self.known - round(float(self.people[np.searchsorted(self.ordered, value, side="right")]))


def neutral(values: Numbers, counts: Numbers | None = None) -> tuple[Numbers, float]:
    """Unknown becomes what the pool expects, the mean of the known: it neither helps nor hurts."""
    expected = mean_of(values, counts)
    return np.where(np.isnan(values), expected, values), expected
