"""Choosing one after the other: always the creator who adds most for what they take of money and places."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from campaigns.matching.planning.facts import Candidates, Limits
from campaigns.matching.scale import Numbers

ALPHAS = (0.0, 0.15, 0.3, 0.5, 0.7, 0.85, 1.0)
LOOKED_AT = 24  # whose gains are counted anew at a time


class Choice:
    """A set that grows within its limits. Every prefix keeps to the local share, so stopping anywhere is allowed."""

    def __init__(self, candidates: Candidates, limits: Limits, rows: Iterable[int] = ()) -> None:
        self.candidates, self.limits = candidates, limits
        self.rows = list(rows)
        self.left = limits.budget_minor - int(candidates.cost_minor[self.rows].sum())
        self.locals = int(candidates.is_local[self.rows].sum())
        self.missed = candidates.audience.missed(self.rows)
        self.unmet = set(limits.niches) - set(candidates.niche[self.rows].tolist())
        self.free = np.ones(len(candidates), dtype=np.bool_)
        self.free[self.rows] = False

    def copy(self) -> Choice:
        """The same choice, to go another way from here."""
        return Choice(self.candidates, self.limits, self.rows)

    def add(self, row: int) -> None:
        """Take this creator in."""
        them, audience = self.candidates, self.candidates.audience
        self.rows.append(row)
        self.left -= int(them.cost_minor[row])
        self.locals += int(them.is_local[row])
        np.multiply.at(self.missed, audience.segments[row], 1 - audience.shares[row])
        self.unmet.discard(int(them.niche[row]))
        self.free[row] = False

    def open(self) -> NDArray[np.bool_]:
        """Who may come next: affordable with enough left for those who must follow, and within the other limits."""
        them, limits = self.candidates, self.limits
        if len(self.rows) >= limits.slots:
            return np.zeros(len(them), dtype=np.bool_)
        found = self.free & (them.cost_minor <= self.left - self._kept_back())
        if self.locals < limits.local_needed(len(self.rows) + 1):
            found &= them.is_local
        return self._of_niches(found) if self.unmet else found

    def _of_niches(self, found: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Those of a niche still wanted; while none of them may come, others who leave money and places for them."""
        them = self.candidates
        lowest = {niche: self._lowest(niche) for niche in sorted(self.unmet)}
        whole = sum(lowest.values())
        kept_back = np.full(len(them), whole, dtype=np.int64)
        for niche, cost in lowest.items():
            kept_back[them.niche == niche] -= cost
        found &= them.cost_minor <= self.left - kept_back
        wanted = found & np.isin(them.niche, list(self.unmet))
        if wanted.any() or len(self.rows) + len(self.unmet) >= self.limits.slots:
            return wanted
        return found

    def _lowest(self, niche: int) -> int:
        costs = self.candidates.cost_minor[self.free & (self.candidates.niche == niche)]
        return int(costs.min()) if costs.size else self.limits.budget_minor + 1

    def _kept_back(self) -> int:
        """The least that those cost who must still follow the next one."""
        more = self.limits.least - len(self.rows) - 1
        if more <= 0:
            return 0
        them, free = self.candidates, self.free
        near = max(min(self.limits.local_needed(self.limits.least) - self.locals - 1, more), 0)
        costs = np.sort(them.cost_minor[free & them.is_local])
        rest = np.sort(np.concatenate([costs[near:], them.cost_minor[free & ~them.is_local]]))
        return int(costs[:near].sum() + rest[: more - near].sum())


def grow(choice: Choice, weights: Numbers) -> Choice:
    """Add the creator with the largest gain ÷ weight until nobody adds anything or fits.

    Lazy: gains only ever shrink (f is submodular), so a gain that was counted earlier is a ceiling, and only the few
    at the top are counted anew (Minoux, "Accelerated greedy algorithms", 1978). Changes the choice, and returns it.
    """
    audience = choice.candidates.audience
    gains = audience.gains(choice.missed)
    while True:
        score = np.where(choice.open(), gains / weights, -1.0)
        row = _best(choice, gains, score, weights)
        if row is None:
            return choice
        choice.add(row)


def _best(choice: Choice, gains: Numbers, score: Numbers, weights: Numbers) -> int | None:
    """The row with the largest gain ÷ weight as it is now; the lower row where two are equal. None when none adds."""
    audience, many = choice.candidates.audience, min(LOOKED_AT, len(score))
    fresh = np.zeros(len(score), dtype=np.bool_)
    while True:
        top = np.sort(np.argpartition(score, len(score) - many)[len(score) - many :])
        old = top[~fresh[top]]
        edge = score[top].min()
        if old.size:
            gains[old] = audience.gains(choice.missed, old)
            score[old] = np.where(score[old] < 0, -1.0, gains[old] / weights[old])
            fresh[old] = True
        row = int(top[np.argmax(score[top])])
        if score[row] >= edge or not old.size:
            return row if score[row] > 0 else None


def densities(candidates: Candidates, limits: Limits) -> list[Numbers]:
    """What one creator takes, as a share of money and of places: α · cost ÷ budget + (1 − α) ÷ most, for each α."""
    money = np.maximum(candidates.cost_minor, 1) / max(limits.budget_minor, 1)
    return [alpha * money + (1 - alpha) / limits.slots for alpha in ALPHAS]


def cheapest(candidates: Candidates, limits: Limits) -> Choice:
    """A choice that only wants to be allowed: the cheapest who may come next, until there are enough."""
    choice = Choice(candidates, limits)
    while len(choice.rows) < limits.least or choice.unmet:
        open_now = choice.open()
        if not open_now.any():
            break
        choice.add(int(np.argmin(np.where(open_now, candidates.cost_minor, np.iinfo(np.int64).max))))
    return choice
