"""From what a business writes to what its creators write, learned from other brands.

A brief says "denim for women"; captions say "ootd" and "liketkit". Ridge regression maps the meaning of a query to
where the middle of the brand's collaborators lies, seen from everybody's middle. Whoever ranks a brand must not have
learned from it, not even through this map: the map behind a case leaves out the folds of the case and of the judged.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from campaigns.evaluation.trials import Rows
from campaigns.evaluation.world import World

Numbers = NDArray[np.float64]
NAMES = ("translated", "translated_plain")
RIDGE = 10.0
TRUST = 5.0  # a brand of so many collaborators counts half
SAMPLE = 1_000


@dataclass(frozen=True)
class Known:
    """What is to be learned from: a query's meaning, where its collaborators are, how many, and the brand's fold."""

    asked: NDArray[np.float32]
    middle: NDArray[np.float32]
    count: int
    fold: int


class Translation:
    """One map for every set of folds that is left out, made when it is first asked for."""

    def __init__(self, world: World, brands: Sequence[Known]) -> None:
        self._world, self._brands = world, brands
        self._maps: dict[frozenset[int], tuple[Numbers, Numbers, Numbers]] = {}
        sample = np.random.default_rng(2).choice(len(world), min(SAMPLE, len(world)), replace=False)
        self._sample = world.both[sample]

    def of(self, asked: NDArray[np.float32], rows: Rows, without: Iterable[int]) -> NDArray[np.float32]:
        """Creators × NAMES, standardised by a fixed sample of everybody; NaN where no brand is left to learn from."""
        left_out = frozenset(without)
        if left_out not in self._maps:
            self._maps[left_out] = self._learned(left_out)
        start, map_, end = self._maps[left_out]
        direction = (asked - start) @ map_ + end
        towards = np.column_stack([self._world.precision @ direction, direction])
        found, usual = self._world.both[rows] @ towards, self._sample @ towards
        told: NDArray[np.float32] = ((found - usual.mean(axis=0)) / np.maximum(usual.std(axis=0), 1e-9)).astype("f4")
        return told

    def _learned(self, left_out: frozenset[int]) -> tuple[Numbers, Numbers, Numbers]:
        """The middle of queries, the map, and the middle of answers; brands of few collaborators count less."""
        brands = [brand for brand in self._brands if brand.fold not in left_out]
        size = len(self._world.precision)
        if not brands:
            return np.zeros(size), np.zeros((size, size)), np.full(size, np.nan)
        asked, found = np.vstack([one.asked for one in brands]), np.vstack([one.middle for one in brands])
        weight = np.array([one.count / (one.count + TRUST) for one in brands])[:, None]
        start, end = asked.mean(axis=0), found.mean(axis=0) - self._world.both.mean(axis=0)
        rows = asked - start
        cross = rows.T @ (weight * (found - found.mean(axis=0)))
        return start, np.linalg.solve(rows.T @ (weight * rows) + RIDGE * np.eye(size), cross), end
