"""All listed creators as columns in memory: grown, corrected and marked as gone, never read again as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from campaigns.shortlist.sets import SPARE, Sets, mapped, wider, with_room
from creators.models import DeliverableKind

Numbers = NDArray[np.float64]
Rows = NDArray[np.int64]
Mask = NDArray[np.bool_]
FIGURES = (
    "followers",
    "engagement_rate",
    "engagement_posts",
    "reply_rate",
    "genuine_share",
    "comment_words",
    "comments_seen",
    "latitude",
    "longitude",
    "sponsored_share",
    "authenticity",
    "authenticity_low",
    "authenticity_high",
)
KINDS: tuple[str, ...] = tuple(DeliverableKind.values)
NUMBERS = (
    *("user", "country", "currency", "platform", "model", "minimum_fee_minor", "price_from_minor"),
    *FIGURES,
    *(f"price_{kind}" for kind in KINDS),
)
SETS = ("languages", "platforms", "exclusions", "niches")


@dataclass(frozen=True)
class Batch:
    """Some creators as they are: a row of NUMBERS for each id, and the entries of each set: place, code, weight."""

    ids: Rows
    numbers: Numbers
    sets: dict[str, tuple[Rows, Rows, Numbers]]


@dataclass
class Columns:
    """Row r of every column is one creator, for as long as the process lives. `words`: word → code, for each set."""

    ids: Rows = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    listed: Mask = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))
    numbers: Numbers = field(default_factory=lambda: np.zeros((len(NUMBERS), 0)))
    sets: dict[str, Sets] = field(default_factory=lambda: {name: Sets() for name in SETS})
    words: dict[str, dict[str, int]] = field(default_factory=dict)
    count: int = 0
    _late: dict[int, int] = field(default_factory=dict)
    _sorted: int = 0

    def __len__(self) -> int:
        return self.count

    def column(self, name: str) -> Numbers:
        """One column of all rows, without a copy."""
        found: Numbers = self.numbers[NUMBERS.index(name), : self.count]
        return found

    @property
    def alive(self) -> Mask:
        """The rows of creators who are listed now."""
        return self.listed[: self.count]

    def rows_of(self, ids: Rows) -> Rows:
        """Where these creators are; -1 for those who never were."""
        early = self.ids[: self._sorted]
        at = np.searchsorted(early, ids)
        found = np.where(at < self._sorted, at, 0)
        rows = np.where(early[found] == ids, found, -1) if self._sorted else np.full(len(ids), -1)
        if self._late:
            rows = np.array([self._late.get(int(pk), int(row)) for pk, row in zip(ids, rows, strict=True)])
        return rows.astype(np.int64)

    def put(self, asked: Rows | None, batch: Batch) -> Rows:
        """Take in a batch, and return its rows. Those asked for who are not in it are not listed any more."""
        gone = np.zeros(0, dtype=np.int64) if asked is None else self.rows_of(np.setdiff1d(asked, batch.ids))
        gone = gone[gone >= 0]
        self.listed[gone] = False
        rows = self._places(batch.ids)
        self.numbers[:, rows], self.listed[rows] = batch.numbers.T, True
        changed = np.concatenate([gone, rows])
        for name, (places, codes, weights) in batch.sets.items():
            self.sets[name].put(changed, rows[places], codes, weights)
        return rows

    def _places(self, ids: Rows) -> Rows:
        """The rows of these creators (ids ascending), with new ones at the end."""
        rows = self.rows_of(ids)
        new = np.flatnonzero(rows < 0)
        start, end = self.count, self.count + len(new)
        if end > len(self.ids):
            size = end + end // 20 + SPARE
            self.ids, self.listed, self.numbers = (wider(each, size) for each in (self.ids, self.listed, self.numbers))
        rows[new] = np.arange(start, end)
        self.ids[start:end] = ids[new]
        self.count = end
        if self._sorted == start and len(new) and (not start or ids[new[0]] > self.ids[start - 1]):
            self._sorted = end
        else:
            self._late.update(zip(ids[new].tolist(), range(start, end), strict=True))
        return rows

    def save(self, folder: Path) -> dict[str, int]:
        """Every column as a file of its own, with room to grow; returns the counts to open it with.

        Only columns in order of ids are saved.
        """
        if self._late:
            raise ValueError("Columns are saved as they were read, before anybody was added.")
        for name in ("ids", "listed", "numbers"):
            np.save(folder / f"{name}.npy", with_room(getattr(self, name), self.count))
        for name, entries in self.sets.items():
            entries.save(folder, name, self.count)
        return {"creators": self.count, **{name: entries.count for name, entries in self.sets.items()}}

    @classmethod
    def open(cls, folder: Path, counts: Mapping[str, int], words: dict[str, dict[str, int]]) -> Columns:
        """The saved columns, mapped into memory: pages are shared by all processes until one of them writes on them."""
        ids, listed, numbers = (mapped(folder / f"{name}.npy") for name in ("ids", "listed", "numbers"))
        every, count = {name: Sets.open(folder, name, counts[name]) for name in SETS}, counts["creators"]
        return cls(ids, listed, numbers, every, words, count, {}, count)
