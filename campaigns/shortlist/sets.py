"""Languages, networks, exclusions and niches of everybody: few words for each, found by word and by creator."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

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


def mapped(path: Path) -> NDArray[Any]:
    """A saved column, mapped into memory: its pages are shared by all processes until one of them writes on them."""
    return np.asarray(np.load(path, mmap_mode="c"))


def with_room(column: NDArray[Any], count: int) -> NDArray[Any]:
    """The first so many along the last axis, and room for a twentieth more."""
    return wider(column[..., :count], count + count // 20 + SPARE)


def among(rows: Rows, some: NDArray[np.integer]) -> Mask:
    """Which of some rows are among these (ascending), found one by one: some are few."""
    if not len(rows) or not len(some):
        return np.zeros(len(some), dtype=np.bool_)
    return np.asarray(rows[np.minimum(np.searchsorted(rows, some), len(rows) - 1)] == some)


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
        self.codes[self._of(np.sort(changed))] = 0
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
        self.count = end
        self._total(changed, new)

    def _total(self, changed: Rows, new: slice) -> None:
        """Keep the totals up with what was put, where they were asked for already."""
        if self._totals is None or not len(changed):
            return
        size = int(changed.max()) + 1
        if size > len(self._totals):
            self._totals = wider(self._totals, size + size // 20)
        self._totals[changed] = 0
        known = np.where(self.codes[new] > 0, self.weights[new], 0)
        np.add.at(self._totals, self.rows[new], known)

    def having(self, codes: Iterable[int], size: int) -> Mask:
        """The rows that have one of these words."""
        found = np.zeros(size, dtype=np.bool_)
        for code in codes:
            found[self.rows[self._with(code)]] = True
        return found

    def totals(self, size: int) -> Numbers:
        """The weight of all words of each row together; 0 for none."""
        if self._totals is None:
            known = np.where(self.codes[: self.count] > 0, self.weights[: self.count], 0)
            self._totals = np.bincount(self.rows[: self.count], known, minlength=size).astype(np.float64)
        if len(self._totals) < size:
            self._totals = wider(self._totals, size)
        totals: Numbers = self._totals[:size]
        return totals

    def share(self, wanted: Mapping[int, float], size: int) -> Numbers:
        """What part of each row's weight lies on the wanted words: Σ weight × wanted ÷ Σ weight; 0 without any."""
        found, totals = np.zeros(size), self.totals(size)
        for code, weight in wanted.items():
            entries = self._with(code)
            rows = self.rows[entries]  # each once: a row has a word once
            found[rows] += weight * self.weights[entries] / np.maximum(totals[rows], 1e-12)
        return found

    def dense(self, rows: Rows, words: Sequence[int]) -> Numbers:
        """The weights that some rows (ascending) have of these words, as a matrix: rows × words."""
        column = np.full(max(words, default=0) + 2, -1)  # the last is for all words beyond
        column[list(words)] = np.arange(len(words))
        entries = self._of(rows)
        columns = column[np.minimum(self.codes[entries], len(column) - 1)]
        entries, columns = entries[columns >= 0], columns[columns >= 0]
        matrix = np.zeros((len(rows), len(words)))
        matrix[np.searchsorted(rows, self.rows[entries]), columns] = self.weights[entries]
        return matrix

    def save(self, folder: Path, name: str, size: int) -> None:
        """The entries with room to grow, and how they are found by row and by word, as files."""
        self._sort()
        parts = {"rows": self.rows, "codes": self.codes, "weights": self.weights}
        parts = {part: with_room(column, self.count) for part, column in parts.items()}
        found = {"totals": self.totals(size), "begins": self._found(), "starts": self._starts}
        found["by_word"] = with_room(self._by_word, self.count)
        for part, column in (parts | found).items():
            np.save(folder / f"{name}.{part}.npy", column)

    @classmethod
    def open(cls, folder: Path, name: str, count: int) -> Self:
        """What was saved."""

        def part(name_of_part: str) -> NDArray[Any]:
            return mapped(folder / f"{name}.{name_of_part}.npy")

        found = part("begins"), part("totals"), part("by_word"), part("starts")
        return cls(part("rows"), part("codes"), part("weights"), count, count, *found, count)

    def _found(self) -> Rows:
        if self._begins is None:
            self._begins = np.concatenate([[0], np.cumsum(np.bincount(self.rows[: self.ordered]))])
        return self._begins

    def _of(self, rows: Rows) -> Rows:
        """Where the entries of these rows (ascending) are."""
        begins = self._found()
        early = np.minimum(rows, len(begins) - 2)
        first = begins[early]
        lengths = np.where(early == rows, begins[early + 1] - first, 0)
        within = np.arange(int(lengths.sum())) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        late = self.ordered + np.flatnonzero(among(rows, self.rows[self.ordered : self.count]))
        return np.concatenate([np.repeat(first, lengths) + within, late])

    def _with(self, code: int) -> Rows:
        """Where the entries of this word are."""
        if self.count - self._sought > self.count // 20 + SPARE:
            self._sort()
        late = self._sought + np.flatnonzero(self.codes[self._sought : self.count] == code)
        if code + 1 >= len(self._starts):
            return late
        early = self._by_word[self._starts[code] : self._starts[code + 1]]
        return np.concatenate([early[self.codes[early] == code], late])

    def _sort(self) -> None:
        codes = self.codes[: self.count]
        self._by_word = np.argsort(codes, kind="stable")
        self._starts = np.concatenate([[0], np.cumsum(np.bincount(codes, minlength=1))])
        self._sought = self.count
