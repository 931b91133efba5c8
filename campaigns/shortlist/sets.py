"""Languages, networks, exclusions and niches of everybody: few words for each, found by word and by creator."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Rows = NDArray[np.int64]
Mask = NDArray[np.bool_]
SPARE = 1_024


def wider(column: NDArray[Any], size: int) -> NDArray[Any]:
    """The same with room for so many along its last axis; new places are zero."""
    room = np.zeros((*column.shape[:-1], size), dtype=column.dtype)
    room[..., : column.shape[-1]] = column
    return room


@dataclass
class Sets:
    """Which words each row has, with a weight: an entry for each row and word. Code 0 is an entry that was dropped.

    Entries stand in order of rows up to `ordered`; what changed later follows behind. `_by_word` are the entries of
    the first `_sought` in order of their words; `_begins` says where each row's entries begin.
    """

    rows: NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, dtype=np.int32))
    codes: NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, dtype=np.int32))
    weights: NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, dtype=np.float32))
    count: int = 0
    ordered: int = 0
    _begins: Rows | None = None
    _totals: Numbers | None = None
    _by_word: Rows = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    _starts: Rows = field(default_factory=lambda: np.zeros(2, dtype=np.int64))
    _sought: int = 0

    def put(self, changed: Rows, rows: Rows, codes: Rows, weights: Numbers) -> None:
        """These entries instead of all that the changed rows had."""
        self.codes[self._of(changed)] = 0
        order = np.argsort(rows, kind="stable")
        end = self.count + len(rows)
        if end > len(self.rows):
            self.rows, self.codes, self.weights = (
                wider(column, end + end // 8 + SPARE) for column in (self.rows, self.codes, self.weights)
            )
        new = slice(self.count, end)
        self.rows[new], self.codes[new], self.weights[new] = rows[order], codes[order], weights[order]
        if self.ordered == self.count and len(rows) and (not self.count or self.rows[self.count - 1] < rows.min()):
            self.ordered, self._begins = end, None
        self.count, self._totals = end, None

    def having(self, codes: Iterable[int], size: int) -> Mask:
        """The rows that have one of these words."""
        found = np.zeros(size, dtype=np.bool_)
        for code in codes:
            found[self.rows[self._with(code)]] = True
        return found

    def totals(self, size: int) -> Numbers:
        """The weight of all words of each row together; 0 for none."""
        if self._totals is None or len(self._totals) != size:
            known = np.where(self.codes[: self.count] > 0, self.weights[: self.count], 0)
            self._totals = np.bincount(self.rows[: self.count], known, minlength=size).astype(np.float64)
        totals: Numbers = self._totals
        return totals

    def share(self, wanted: Mapping[int, float], size: int) -> Numbers:
        """What part of each row's weight lies on the wanted words: Σ weight × wanted ÷ Σ weight; 0 without any."""
        found, totals = np.zeros(size), self.totals(size)
        for code, weight in wanted.items():
            entries = self._with(code)
            rows = self.rows[entries]  # each once: a row has a word once
            found[rows] += weight * self.weights[entries] / np.maximum(totals[rows], 1e-12)
        return found

    def dense(self, rows: Rows, size: int, words: int) -> Numbers:
        """The weights of some rows (ascending) as a matrix: rows × words (code 1 is column 0)."""
        entries = self._of(rows)
        entries = entries[self.codes[entries] > 0]
        matrix = np.zeros((len(rows), words))
        matrix[np.searchsorted(rows, self.rows[entries]), self.codes[entries] - 1] = self.weights[entries]
        return matrix

    def _of(self, rows: Rows) -> Rows:
        """Where the entries of these rows are."""
        if self._begins is None:
            self._begins = np.concatenate([[0], np.cumsum(np.bincount(self.rows[: self.ordered]))])
        early = np.minimum(rows, len(self._begins) - 2)
        first = self._begins[early]
        lengths = np.where(early == rows, self._begins[early + 1] - first, 0)
        within = np.arange(int(lengths.sum())) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        late = self.ordered + np.flatnonzero(np.isin(self.rows[self.ordered : self.count], rows))
        return np.concatenate([np.repeat(first, lengths) + within, late])

    def _with(self, code: int) -> Rows:
        """Where the entries of this word are."""
        if self.count - self._sought > self.count // 20 + SPARE:
            codes = self.codes[: self.count]
            self._by_word = np.argsort(codes, kind="stable")
            self._starts = np.concatenate([[0], np.cumsum(np.bincount(codes))])
            self._sought = self.count
        late = self._sought + np.flatnonzero(self.codes[self._sought : self.count] == code)
        if code + 1 >= len(self._starts):
            return late
        early = self._by_word[self._starts[code] : self._starts[code + 1]]
        return np.concatenate([early[self.codes[early] == code], late])
