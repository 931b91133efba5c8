"""The plan: whom to take for a budget, what they do together, and how far from the best possible that can be."""

from __future__ import annotations

import numpy as np

from campaigns.matching.planning.ceiling import ceiling
from campaigns.matching.planning.facts import Candidates, Impossible, Limits, Place, Plan
from campaigns.matching.planning.greedy import Choice, cheapest, densities, grow
from campaigns.matching.planning.limits import eligible, in_the_way
from campaigns.matching.planning.spread import middle_80
from campaigns.matching.planning.swaps import improved, next_step, stand_ins, without
from campaigns.matching.scale import Numbers

STARTS = 3
MANY = 12  # creators: with more of them starts differ little, and exchanges take long


def plan(candidates: Candidates, limits: Limits, *, step_minor: int) -> Plan | Impossible:
    """The best set of candidates within the limits that the search finds, or what is in the way of any.

    Seven greedy runs weigh money against places differently, the best single creator is an eighth start, and the best
    few of them are exchanged until nothing gets better (greedy or singleton alone guarantees .405 of the best under
    a budget: Tang et al., 2020; what was reached is told by `Plan.certified`). `step_minor` of more budget is tried
    beside it. The same candidates in any order give the same plan.
    """
    them = eligible(candidates, limits)
    starts = _starts(them, limits) if len(them) else []
    if not starts:
        return in_the_way(candidates, limits)
    ended = [improved(choice, weights) for choice, weights in starts]
    return _told(candidates, max(ended, key=_reach), step_minor=step_minor)


def _reach(choice: Choice) -> float:
    return choice.candidates.audience.reach(choice.rows)


def _starts(them: Candidates, limits: Limits) -> list[tuple[Choice, Numbers]]:
    """The best few different starts, each with the weights that led to it."""
    weights = densities(them, limits)
    starts = [(grow(Choice(them, limits), weight), weight) for weight in weights]
    single = int(np.argmax(them.audience.gains(np.ones(len(them.audience.value)))))
    starts.append((Choice(them, limits, [single]), weights[0]))
    different = {frozenset(start[0].rows): start for start in reversed(starts)}
    allowed = [start for start in different.values() if limits.allows(them, start[0].rows)]
    if not allowed and limits.allows(them, (start := cheapest(them, limits)).rows):
        return [(grow(start, weights[-1]), weights[-1])]
    best = sorted(allowed, key=lambda start: -_reach(start[0]))
    return best[: 1 if best and len(best[0][0].rows) > MANY else STARTS]


def _told(candidates: Candidates, choice: Choice, *, step_minor: int) -> Plan:
    """The choice in numbers, those who add most first."""
    them, audience = choice.candidates, choice.candidates.audience
    reach = audience.reach(choice.rows)
    alone = audience.gains(np.ones(len(audience.value)), np.asarray(choice.rows, dtype=np.int64))
    places = []
    for row, own in zip(choice.rows, alone.tolist(), strict=True):
        rest = without(choice, row)
        places.append(
            Place(
                creator=int(them.ids[row]),
                price_minor=int(them.price_minor[row]),
                cost_minor=int(them.cost_minor[row]),
                alone=own,
                adds=max(reach - audience.reach(rest.rows), 0.0),
                swaps=stand_ins(choice, row),
            )
        )
    low, high = middle_80(them, choice.rows)
    return Plan(
        places=tuple(sorted(places, key=lambda place: (-place.adds, place.creator))),
        reach=reach,
        low=low,
        high=high,
        ceiling=max(ceiling(them, choice.limits, choice.rows), reach),
        cost_minor=int(them.cost_minor[choice.rows].sum()),
        step_minor=step_minor,
        step_adds=next_step(candidates, choice, step_minor=step_minor),
    )
