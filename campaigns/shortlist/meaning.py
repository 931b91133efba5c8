"""What creators' posts mean, by row: all vectors in memory, or an index on disk and beside it what came since."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from campaigns.matching.narrowing import Reach
from campaigns.matching.nearest import Index, cosines
from campaigns.shortlist.columns import Mask, Numbers, Rows
from campaigns.shortlist.sets import among
from creators.embedding import DIMENSIONS

Vector = NDArray[np.float32]


class InMemory:
    """Every vector, in single precision: right for thousands, and for a million until the index is there."""

    reach: Reach | None = None

    def __init__(self) -> None:
        self.vectors = np.zeros((0, DIMENSIONS), dtype=np.float32)

    def put(self, rows: Rows, vectors: NDArray[np.floating]) -> None:
        """These vectors for these rows; zeros are "nothing read yet"."""
        size = int(rows.max(initial=-1)) + 1
        if size > len(self.vectors):
            room = np.zeros((size + size // 20, DIMENSIONS), dtype=np.float32)
            room[: len(self.vectors)] = self.vectors
            self.vectors = room
        self.vectors[rows] = vectors

    def cosines(self, vector: Vector, rows: Rows) -> Numbers:
        """The cosines of these rows, NaN where nothing was read."""
        if 2 * len(rows) > len(self.vectors):
            return cosines(self.vectors, vector)[rows]
        return cosines(self.vectors[rows], vector)

    @property
    def fresh(self) -> Rows:
        """Nothing is fresh where everything is."""
        return np.zeros(0, dtype=np.int64)


class Indexed:
    """An index of the rows as they were when it was built; rows that changed since are compared one by one."""

    def __init__(self, index: Index) -> None:
        self.index, self.fresh = index, np.zeros(0, dtype=np.int64)
        self._since = InMemory()
        self._place: dict[int, int] = {}
        self.reach: Reach | None = Reach(self.nearest, self.cosines)

    def put(self, rows: Rows, vectors: NDArray[np.floating]) -> None:
        """These vectors from now on, instead of what the index has of these rows."""
        for row in rows.tolist():
            self._place.setdefault(row, len(self._place))
        self._since.put(self._places(rows), vectors)
        self.fresh = np.array(sorted(self._place), dtype=np.int64)

    def nearest(self, vector: Vector, keeps: Mask, count: int) -> tuple[Rows, Numbers]:
        """About the nearest of the kept rows: from the index, and all that changed since."""
        known = keeps[: len(self.index)].copy()
        known[self.fresh[self.fresh < len(known)]] = False
        rows, cosines = self.index.nearest(vector, known, count)
        fresh = self.fresh[keeps[self.fresh]]
        if not len(fresh):
            return rows, cosines
        rows, cosines = np.append(rows, fresh), np.append(cosines, self._since.cosines(vector, self._places(fresh)))
        order = np.argsort(-cosines, kind="stable")[:count]
        return rows[order], cosines[order]

    def cosines(self, vector: Vector, rows: Rows) -> Numbers:
        """The exact cosines of these rows (ascending)."""
        old = rows < len(self.index)
        found = np.zeros(len(rows))
        found[old] = self.index.cosines(vector, rows[old])
        mine = self.fresh[among(rows, self.fresh)]
        if len(mine):
            found[np.searchsorted(rows, mine)] = self._since.cosines(vector, self._places(mine))
        return found

    def _places(self, rows: Rows) -> Rows:
        return np.array([self._place[row] for row in rows.tolist()], dtype=np.int64)


Meaning = InMemory | Indexed
