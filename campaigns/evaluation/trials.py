"""Who is ranked against whom: real collaborators among strangers, and brands kept apart in folds.

797 candidates, at most eleven of them real: the sizes of Gan et al. ("Seeker", ACM MM 2019), so that figures compare.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Shape:
    """How large a trial is, how many are drawn for each brief, in how many folds brands fall, and how a brand without
    a brief is learned from: at most `lesson` real collaborators among `strangers`."""

    candidates: int = 797
    positives: int = 11
    draws: int = 5
    folds: int = 5
    lesson: int = 40
    strangers: int = 200
    fewest: int = 6


@dataclass(frozen=True)
class Trial:
    """Rows to rank for one brand, the real ones first; `known` are the brand's other collaborators."""

    brand: str
    rows: Rows
    positives: int
    known: Rows


def drawn(brand: str, real: Rows, creators: int, shape: Shape, random: np.random.Generator) -> list[Trial]:
    """Trials of a brand with a brief. At most half of its collaborators are asked for at once: the rest stay known."""
    wanted = min(shape.positives, (len(real) + 1) // 2)
    return [_trial(brand, real, wanted, shape.candidates - wanted, creators, random) for _ in range(shape.draws)]


def lesson(brand: str, real: Rows, creators: int, shape: Shape, random: np.random.Generator) -> Trial:
    """One trial of a brand without a brief, to learn from: one half of its collaborators speak for it, the other
    half are to be found."""
    return _trial(brand, real, min(shape.lesson, (len(real) + 1) // 2), shape.strangers, creators, random)


def _trial(brand: str, real: Rows, wanted: int, strangers: int, creators: int, random: np.random.Generator) -> Trial:
    some = random.choice(real, wanted, replace=False)
    others = np.setdiff1d(np.arange(creators), real)
    rest = random.choice(others, min(strangers, len(others)), replace=False)
    return Trial(brand, np.concatenate([some, rest]), wanted, np.setdiff1d(real, some))


def fold_of(brands: Sequence[str], shape: Shape, random: np.random.Generator, *, first: int = 0) -> dict[str, int]:
    """Brand → number of its fold, counted on from `first`; folds are of about equal size."""
    mixed = random.permutation(sorted(brands))
    return {str(brand): place % shape.folds for place, brand in enumerate(mixed, start=first)}
