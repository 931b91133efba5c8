"""How good any plan can be at most: a proven bound, to hold the found plan against.

With a = −log(1 − p), reach is F(x) = Σ V (1 − exp(−Σ a·x)) + Σ own·x at every choice x of zeros and ones, and concave
in x. A concave function lies below its tangents, so at any point t of the exponents

    F(x) ≤ Σ V (1 − e^−t (1 + t)) + Σ g·x,   g = Σ a V e^−t + own.

The largest Σ g·x within budget, places and local share has a bound of its own: by Lagrange's multipliers λ, ν ≥ 0
(λ·budget + the sum of the `most` largest positive g − λ·cost + ν·local), or over whole creators by `best_whole`.
Whatever t, λ and ν are, this is a bound; Frank and Wolfe's steps ("An algorithm for quadratic programming", 1956) look
for a t where it is low. For few creators the second is much the lower one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from campaigns.matching.planning.audience import MOST_SHARE, Audience, Rows
from campaigns.matching.planning.facts import BPS, Candidates, Limits
from campaigns.matching.planning.knapsack import MOST_PLACES, best_whole
from campaigns.matching.scale import Numbers

STEPS = 25
HALVINGS = 12
NEAR = (0.8, 1.0, 1.2)
NEWTON_STEPS = 6
TOWARDS_THE_PLAN = (0.0, 0.3, 0.5)
ROUND_UP = 1 + 1e-9


@dataclass(frozen=True)
class _Mix:
    """Where a linear gain is largest when creators may be taken in part, a bound on that gain, and the multipliers."""

    rows: Rows
    parts: Numbers
    bound: float
    price: float = 0.0


def ceiling(candidates: Candidates, limits: Limits, start: Sequence[int]) -> float:
    """An upper bound on the reach of every plan within the limits. `start` is a good plan, to begin from."""
    if not len(candidates):
        return 0.0
    tangent = _Tangent(candidates.audience)
    here = tangent.at(np.asarray(start, dtype=np.int64), np.ones(len(start)))
    worth = _Worth(candidates, limits)
    bound, lowest = np.inf, here
    for point, _gain, rest, most in _steps(tangent, worth, here):
        if rest + most < bound:
            bound, lowest = rest + most, point
    if (places := worth.places()) <= MOST_PLACES:
        for part in TOWARDS_THE_PLAN:
            gain, rest = tangent.gain((1 - part) * lowest + part * here)
            whole = best_whole(gain, candidates.cost_minor, budget=limits.budget_minor, places=places)
            bound = min(bound, rest + whole)
    return bound * ROUND_UP


def contenders(candidates: Candidates, limits: Limits, start: Sequence[int], *, reach: float) -> Rows:
    """Rows of those who can be in a plan of more than `reach`, and of `start`; of the rest it is proven that none can.

    With a creator forced in, the bound falls by as much as they miss the last place by (fixing by reduced costs).
    """
    if not len(candidates):
        return np.zeros(0, dtype=np.int64)
    tangent, worth = _Tangent(candidates.audience), _Worth(candidates, limits)
    can = np.ones(len(candidates), dtype=np.bool_)
    here = tangent.at(np.asarray(start, dtype=np.int64), np.ones(len(start)))
    for _point, gain, rest, _most in _steps(tangent, worth, here):
        can &= (rest + worth.with_each(gain)) * ROUND_UP > reach
    can[list(start)] = True
    return np.flatnonzero(can)


def _steps(tangent: _Tangent, worth: _Worth, point: Numbers) -> Iterator[tuple[Numbers, Numbers, float, float]]:
    """Frank and Wolfe's steps: each point with the tangent's slope and constant, and a bound on the slope's part."""
    for step in range(STEPS):
        gain, rest = tangent.gain(point)
        mix = worth.largest(gain)
        yield point, gain, rest, mix.bound
        towards = tangent.at(mix.rows, mix.parts) - point
        point = np.maximum(point + tangent.length(point, towards, step) * towards, 0.0)


class _Tangent:
    """F as a function of the exponents t (m,)."""

    def __init__(self, audience: Audience) -> None:
        self.audience, self.value = audience, audience.value
        self.exponents = -np.log1p(-np.minimum(audience.shares, MOST_SHARE))

    def at(self, rows: Rows, parts: Numbers) -> Numbers:
        """The exponents where so much of each of these creators is taken."""
        weights = self.exponents[rows] * parts[:, None]
        exponents = np.bincount(self.audience.segments[rows].ravel(), weights.ravel(), len(self.value))
        return exponents.astype(np.float64)

    def gain(self, point: Numbers) -> tuple[Numbers, float]:
        """The tangent's slope for each creator, and its constant."""
        left = self.value * np.exp(-point)
        slope = (left[self.audience.segments] * self.exponents).sum(axis=1) + self.audience.own
        return slope, float((self.value - left * (1 + point)).sum())

    def length(self, point: Numbers, towards: Numbers, step: int) -> float:
        """How far to go: Newton's method on Σ V (1 − exp(−t − γ·d)) over γ in [0, 1]."""
        gamma = 2 / (step + 2)
        for _ in range(NEWTON_STEPS):
            left = self.value * np.exp(-(point + gamma * towards))
            slope, bend = float(left @ towards), float(left @ towards**2)
            if bend <= 0:
                break
            gamma = min(max(gamma + slope / bend, 0.0), 1.0)
        return gamma


class _Worth:
    """The largest Σ gain·x when creators may be taken in part: bisection for λ, the price of money, for a few ν."""

    def __init__(self, candidates: Candidates, limits: Limits) -> None:
        self.cost = candidates.cost_minor.astype(np.float64)
        self.local = candidates.is_local - limits.local_bps / BPS
        self.limits = limits
        self.is_bound = bool(limits.local_bps) and not candidates.is_local.all()
        self.price = self.bonus = 0.0

    def places(self) -> int:
        """How many creators the budget buys at most."""
        affordable = int(np.searchsorted(np.cumsum(np.sort(self.cost)), self.limits.budget_minor, side="right"))
        return min(self.limits.slots, affordable)

    def largest(self, gain: Numbers) -> _Mix:
        """The bound, and where it is about attained. Multipliers are kept for the next time."""
        if not self.is_bound:
            return self._priced(gain)
        tried = [(self._priced(gain + bonus * self.local), bonus) for bonus in self._bonuses(gain)]
        mix, self.bonus = min(tried, key=lambda found: found[0].bound)
        return mix

    def with_each(self, gain: Numbers) -> Numbers:
        """(n,) The bound with each creator forced in, at the multipliers that were kept."""
        worth = gain + self.bonus * self.local - self.price * self.cost
        rows, total = _top(worth, self.limits.slots)
        edge = float(worth[rows].min()) if len(rows) >= self.limits.slots else 0.0
        bound: Numbers = self.price * self.limits.budget_minor + total - np.maximum(edge - worth, 0.0)
        return bound

    def _bonuses(self, gain: Numbers) -> list[float]:
        """What being local may be worth: nothing, about as last time, or a share of the largest gain."""
        if self.bonus:
            return [0.0, *(self.bonus * factor for factor in NEAR)]
        return [0.0, *(float(gain.max()) * 2.0**-half for half in range(8))]

    def _priced(self, gain: Numbers) -> _Mix:
        limits, cost = self.limits, self.cost
        low, high = 0.0, max(2 * self.price, float((gain / np.maximum(cost, 1)).max()))
        bound, under, over = np.inf, np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
        for turn in range(HALVINGS):
            price = 0.0 if turn == 0 else self.price if turn == 1 and low < self.price < high else (low + high) / 2
            rows, total = _top(gain - price * cost, limits.slots)
            bound = min(bound, price * limits.budget_minor + total)
            if cost[rows].sum() > limits.budget_minor:
                over, low = rows, price
            else:
                under, high = rows, price
                if turn == 0:
                    break
        self.price = high if len(over) else 0.0
        spare, extra = limits.budget_minor - cost[under].sum(), cost[over].sum() - cost[under].sum()
        part = float(spare / extra) if extra > 0 else 0.0
        parts = np.concatenate([np.full(len(under), 1 - part), np.full(len(over), part)])
        return _Mix(np.concatenate([under, over]), parts, bound, self.price)


def _top(worth: Numbers, most: int) -> tuple[Rows, float]:
    """The rows of the `most` largest positive values, and their sum."""
    rows = np.flatnonzero(worth > 0)
    if len(rows) > most:
        rows = rows[np.argpartition(worth[rows], len(rows) - most)[len(rows) - most :]]
    return rows, float(worth[rows].sum())
