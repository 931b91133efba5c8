"""Making a choice better: let one go for another, or for several; and who could stand in for whom."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from campaigns.matching.planning.facts import Candidates, Swap
from campaigns.matching.planning.greedy import ALPHAS, Choice, densities, grow
from campaigns.matching.planning.limits import eligible
from campaigns.matching.scale import Numbers

ROUNDS = 60
BETTER = 1e-9  # relative: less is noise of the sums
SWAPS_SHOWN = 3
BALANCED = ALPHAS.index(0.5)


def improved(choice: Choice, weights: Numbers) -> Choice:
    """Exchange one for one until nothing gets better, then one for as many as fit, and again. Never worse.

    Only the best exchange of each round is made, so that the same candidates give the same plan.
    """
    for _ in range(ROUNDS):
        better = _exchanged(choice) or _refilled(choice, weights)
        if better is None:
            return choice
        choice = better
    return choice


def without(choice: Choice, row: int) -> Choice:
    """The same choice less one creator."""
    return Choice(choice.candidates, choice.limits, [other for other in choice.rows if other != row])


def _exchanged(choice: Choice) -> Choice | None:
    """The best exchange of one for one, or nothing when none gains."""
    reach, audience = choice.candidates.audience.reach(choice.rows), choice.candidates.audience
    best, found = reach * (1 + BETTER), None
    for row in choice.rows:
        rest = without(choice, row)
        gains = np.where(_fits_last(rest), audience.gains(rest.missed), -1.0)
        other = int(np.argmax(gains))
        worth = audience.reach(rest.rows) + gains[other]
        if gains[other] > 0 and worth > best:
            best, found = worth, (rest, other)
    if found is None:
        return None
    rest, other = found
    rest.add(other)
    return rest


def _refilled(choice: Choice, weights: Numbers) -> Choice | None:
    """The best of letting one go and filling up again, cheap ones first or good ones first."""
    audience = choice.candidates.audience
    best, found = audience.reach(choice.rows) * (1 + BETTER), None
    for row in [None, *choice.rows]:
        for weighed in (weights, choice.candidates.cost_minor.astype(np.float64).clip(min=1)):
            rest = choice.copy() if row is None else without(choice, row)
            if row is not None:
                rest.free[row] = False
            filled = grow(rest, weighed)
            worth = audience.reach(filled.rows)
            if worth > best and choice.limits.allows(choice.candidates, filled.rows):
                best, found = worth, Choice(choice.candidates, choice.limits, filled.rows)
    return found


def _fits_last(rest: Choice) -> NDArray[np.bool_]:
    """Who may come as the last of a choice that is full but for one."""
    them, limits = rest.candidates, rest.limits
    fits = rest.free & (them.cost_minor <= rest.left)
    if rest.locals < limits.local_needed(len(rest.rows) + 1):
        fits &= them.is_local & (rest.locals + 1 >= limits.local_needed(len(rest.rows) + 1))
    if rest.unmet:
        fits &= np.isin(them.niche, list(rest.unmet)) if len(rest.unmet) == 1 else False
    return fits


def stand_ins(choice: Choice, row: int) -> tuple[Swap, ...]:
    """The best few who could take this creator's place within the limits, and what the plan would gain or lose."""
    them: Candidates = choice.candidates
    rest = without(choice, row)
    gains = them.audience.gains(rest.missed)
    fits = _fits_last(rest)
    fits[row] = False
    order = np.argsort(np.where(fits, -gains, np.inf), kind="stable")[:SWAPS_SHOWN]
    return tuple(
        Swap(
            creator=int(them.ids[other]),
            price_minor=int(them.price_minor[other]),
            cost_minor=int(them.cost_minor[other]),
            change=float(gains[other] - gains[row]),
        )
        for other in order
        if fits[other]
    )


def next_step(candidates: Candidates, choice: Choice, *, step_minor: int) -> float:
    """What so much more budget would add to this choice: filled up, then exchanged; never less than nothing.

    Asked of all candidates, because some cost more than the budget and not more than the budget and the step.
    """
    wider = replace(choice.limits, budget_minor=choice.limits.budget_minor + step_minor)
    them = eligible(candidates, wider)
    rows = np.searchsorted(them.ids, choice.candidates.ids[choice.rows]).tolist()
    weights = densities(them, wider)[BALANCED]
    more = improved(grow(Choice(them, wider, rows), weights), weights)
    return max(them.audience.reach(more.rows) - them.audience.reach(rows), 0.0)
