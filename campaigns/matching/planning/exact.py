"""The exact answer, for whoever can wait: the same question to a solver of mixed integer programmes (HiGHS).

Reach is concave in the exponents t = Σ a·x, so it is written as the lowest of its tangents: V (1 − e^−τ (1 + τ − t))
for some points τ. More tangents where an answer lies bring it to the solver's tolerance; the solver's own bound stays a
bound throughout, because tangents lie above the curve (outer approximation: Duran and Grossmann, 1986).

Importing this loads scipy.optimize, which takes a second and some memory: nothing that serves pages should.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, csr_array, eye_array, hstack, vstack

from campaigns.matching.planning.audience import MOST_SHARE
from campaigns.matching.planning.ceiling import contenders
from campaigns.matching.planning.facts import BPS, Candidates, Impossible, Limits
from campaigns.matching.planning.limits import eligible
from campaigns.matching.planning.planner import plan
from campaigns.matching.scale import Numbers

SECONDS = 5.0
ROUNDS = 8
GAP = 1e-4
IMPOSSIBLE = 2  # scipy's word for “no choice keeps to all limits”
FIRST_TANGENTS = (0.0, 0.1, 0.25, 0.5, 1.0, 2.0)


@dataclass(frozen=True)
class Solved:
    """The creators of the best plan that was found (none: there is none, or it took too long), and the bound on all."""

    creators: tuple[int, ...]
    reach: float
    ceiling: float


def solve(candidates: Candidates, limits: Limits, *, seconds: float = SECONDS) -> Solved:
    """Ask the solver, and after each answer add the tangents that it missed, until it meets its bound or time is up.

    It is asked about those only who can be in a better plan than the search finds, which is a few of many.
    """
    them, first = _narrowed(candidates, limits)
    if not len(them) or first.reach >= first.ceiling * (1 - GAP):
        return first
    question, ends = _Question(them, limits), perf_counter() + seconds
    best, reach, ceiling = first.creators, first.reach, first.ceiling
    for _ in range(ROUNDS):
        answer = question.ask(max(ends - perf_counter(), 0.1))
        if answer.status == IMPOSSIBLE:
            return Solved((), 0.0, 0.0)
        if answer.mip_dual_bound is not None:
            ceiling = min(ceiling, -answer.mip_dual_bound)
        if answer.x is None:
            break
        rows = [int(row) for row in np.flatnonzero(answer.x[: len(them)] > 0.5)]
        if limits.allows(them, rows) and them.audience.reach(rows) > reach:
            best, reach = tuple(them.ids[rows].tolist()), them.audience.reach(rows)
        if reach >= ceiling * (1 - GAP) or perf_counter() > ends:
            break
        question.touch(rows)
    return Solved(best, reach, max(ceiling, reach))


def _narrowed(candidates: Candidates, limits: Limits) -> tuple[Candidates, Solved]:
    """Whom to ask about, and what the search finds."""
    them = eligible(candidates, limits)
    found = plan(candidates, limits, step_minor=0)
    if isinstance(found, Impossible):
        return them, Solved((), 0.0, np.inf if len(them) else 0.0)
    creators = tuple(place.creator for place in found.places)
    rows = np.flatnonzero(np.isin(them.ids, creators))
    kept = contenders(them, limits, rows.tolist(), reach=found.reach)
    return them.take(kept), Solved(creators, found.reach, found.ceiling)


class _Question:
    """max Σ V·y + own·x with y under every tangent, and a row for each limit."""

    def __init__(self, them: Candidates, limits: Limits) -> None:
        self.them, self.limits = them, limits
        audience, self.size = them.audience, len(them.audience.value)
        exponents = -np.log1p(-np.minimum(audience.shares, MOST_SHARE))
        row = np.repeat(np.arange(len(them)), audience.segments.shape[1])
        entries = (exponents.ravel(), (audience.segments.ravel(), row))
        self.exponents = csr_array(coo_array(entries, shape=(self.size, len(them))))
        self.points: list[Numbers] = [np.full(self.size, point) for point in FIRST_TANGENTS]

    def touch(self, rows: Sequence[int]) -> None:
        """Let the tangents touch the curve where this answer lies."""
        self.points.append(np.asarray(self.exponents[:, list(rows)].sum(axis=1)).ravel())

    def ask(self, seconds: float) -> Any:
        """One programme over creators (whole) and segments (parts)."""
        them = self.them
        slopes = [hstack([-self.exponents * np.exp(-at)[:, None], eye_array(self.size)]) for at in self.points]
        heights = np.concatenate([1 - np.exp(-at) * (1 + at) for at in self.points])
        return milp(
            c=-np.concatenate([them.audience.own, them.audience.value]),
            integrality=np.concatenate([np.ones(len(them)), np.zeros(self.size)]),
            bounds=Bounds(0, 1),
            constraints=[LinearConstraint(csr_array(vstack(slopes)), -np.inf, heights), self._limits()],
            options={"time_limit": seconds, "mip_rel_gap": GAP},
        )

    def _limits(self) -> Any:
        them, limits = self.them, self.limits
        local = BPS * them.is_local.astype(np.float64) - limits.local_bps
        rows = [them.cost_minor.astype(np.float64), np.ones(len(them)), local]
        low, high = [0.0, limits.least, 0.0], [limits.budget_minor, limits.slots, np.inf]
        for niche in limits.niches:
            rows.append((them.niche == niche).astype(np.float64))
            low.append(1.0)
            high.append(np.inf)
        columns = hstack([csr_array(np.array(rows)), csr_array((len(rows), self.size))])
        return LinearConstraint(csr_array(columns), np.array(low), np.array(high))
