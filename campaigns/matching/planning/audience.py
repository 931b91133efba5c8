"""Whom each creator engages, by segment: what lets overlap be counted once without anybody's list of followers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from campaigns.matching.scale import Numbers

Rows = NDArray[np.int64]
MOST_SHARE = 1 - 1e-9  # of a segment: a share of one has no logarithm


@dataclass(frozen=True)
class Audience:
    """n creators over m segments (niche × region), each creator in at most w of them.

    `segments` (n, w) says which, each once in a row; `shares` (n, w) what part of the segment's people this creator
    engages, 0 where a row is not full (there any segment may stand); `value` (m,) how many people a segment is worth;
    `own` (n,) what a creator brings that nobody else can overlap with (pieces of content).
    """

    segments: Rows
    shares: Numbers
    value: Numbers
    own: Numbers

    def __len__(self) -> int:
        return len(self.own)

    def take(self, rows: Rows) -> Audience:
        """The same for some creators only."""
        return Audience(self.segments[rows], self.shares[rows], self.value, self.own[rows])

    def scaled(self, factor: Numbers) -> Audience:
        """The same with every creator engaging (n,) times as many people, at most all there are."""
        shares = np.minimum(self.shares * factor[:, None], MOST_SHARE)
        return Audience(self.segments, shares, self.value, self.own)

    def missed(self, rows: Sequence[int]) -> Numbers:
        """(m,) The part of each segment that none of these creators engages: Π (1 − p)."""
        missed = np.ones(len(self.value))
        chosen = np.asarray(rows, dtype=np.int64)
        np.multiply.at(missed, self.segments[chosen].ravel(), 1 - self.shares[chosen].ravel())
        return missed

    def reach(self, rows: Sequence[int]) -> float:
        """f(S) = Σ V (1 − Π (1 − p)) + Σ own: the expected people engaged by at least one of these creators."""
        own = self.own[np.asarray(rows, dtype=np.int64)].sum()
        return float(self.value @ (1 - self.missed(rows)) + own)

    def gains(self, missed: Numbers, rows: Rows | slice = slice(None)) -> Numbers:
        """What each creator would add to those who leave `missed`: Σ V · missed · p + own."""
        worth = self.value * missed
        gains: Numbers = (worth[self.segments[rows]] * self.shares[rows]).sum(axis=1) + self.own[rows]
        return gains
