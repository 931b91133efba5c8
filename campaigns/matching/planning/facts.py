"""What a plan is made from, within which limits, and what it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from campaigns.matching.planning.audience import Audience, Rows
from campaigns.matching.scale import Numbers

BPS = 10_000
NOISE = 1e-8  # of sums of floats


@dataclass(frozen=True)
class Candidates:
    """Creators who could be planned, by column: row i of everything is the same creator.

    `price_minor` (n,) is what the creator gets and `cost_minor` (n,) what it takes from the budget, the platform's fee
    included, both in whole minor units of one currency. `niche` (n,) numbers the main niche, −1 for none. `risk` (n,)
    says in [0, 1] how little is known. `spread` (n,) is the variance of the logarithm of the people engaged.
    """

    ids: NDArray[np.int64]
    price_minor: NDArray[np.int64]
    cost_minor: NDArray[np.int64]
    audience: Audience
    is_local: NDArray[np.bool_]
    niche: NDArray[np.int64]
    risk: Numbers
    spread: Numbers

    def __len__(self) -> int:
        return len(self.ids)

    def take(self, rows: Rows) -> Candidates:
        """The same columns for some rows only."""
        return Candidates(
            self.ids[rows], self.price_minor[rows], self.cost_minor[rows], self.audience.take(rows),
            self.is_local[rows], self.niche[rows], self.risk[rows], self.spread[rows],
        )  # fmt: skip


@dataclass(frozen=True)
class Limits:
    """What a plan must keep to.

    `budget_minor` is for everything, fees included. `local_bps` is the least share of the creators, in basis points,
    who are local. `niches` are numbers of niches of which at least one creator each is wanted. Nobody riskier than
    `risk_most` is planned, and nobody for less than `floor_minor`.
    """

    budget_minor: int
    least: int = 1
    most: int = 50
    local_bps: int = 0
    niches: tuple[int, ...] = ()
    risk_most: float = 1.0
    floor_minor: int = 0

    @property
    def slots(self) -> int:
        return max(self.most, self.least)

    def local_needed(self, count: int) -> int:
        """How many of so many creators must be local; rounded up."""
        return -(-self.local_bps * count // BPS)

    def allows(self, candidates: Candidates, rows: Sequence[int]) -> bool:
        """Whether this choice keeps to all of them."""
        chosen = np.asarray(rows, dtype=np.int64)
        return bool(
            self.least <= len(chosen) <= self.slots
            and candidates.cost_minor[chosen].sum() <= self.budget_minor
            and candidates.is_local[chosen].sum() >= self.local_needed(len(chosen))
            and set(self.niches) <= set(candidates.niche[chosen].tolist())
            and (candidates.risk[chosen] <= self.risk_most).all()
            and (candidates.price_minor[chosen] >= self.floor_minor).all()
        )


@dataclass(frozen=True)
class Swap:
    """Somebody who could stand in for a chosen creator, and what that would change."""

    creator: int
    price_minor: int
    cost_minor: int
    change: float


@dataclass(frozen=True)
class Place:
    """One chosen creator: the people engaged alone, and those nobody else of the plan engages."""

    creator: int
    price_minor: int
    cost_minor: int
    alone: float
    adds: float
    swaps: tuple[Swap, ...] = ()

    @property
    def shared(self) -> float:
        """The part of this creator's people whom others of the plan engage as well."""
        return max(1 - self.adds / self.alone, 0.0) if self.alone > 0 else 0.0


@dataclass(frozen=True)
class Plan:
    """The best set that was found, what it is expected to do, and how far from the best possible it can be.

    `reach` is f of the set, `low` and `high` hold the middle 80 %; `ceiling` is a proven upper bound on f of every
    plan within the limits. `step_minor` more budget would add `step_adds`.
    """

    places: tuple[Place, ...]
    reach: float
    low: float
    high: float
    ceiling: float
    cost_minor: int
    step_minor: int
    step_adds: float

    @property
    def certified(self) -> float:
        """At least this share of the best possible plan; 0–1."""
        share = self.reach / self.ceiling if self.ceiling > 0 else 1.0
        return 1.0 if share > 1 - NOISE else share


@dataclass(frozen=True)
class Impossible:
    """No plan: `code` names the limit to loosen, `facts` what it would have to be."""

    code: str
    facts: dict[str, int] = field(default_factory=dict)
