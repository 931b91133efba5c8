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


def plan(candidates: Candidates, limits: Limits, *, step_minor: int) -> Plan | Impossible:
    """The best set of candidates within the limits that the search finds, or what is in the way of any.

    Seven greedy runs weigh money against places differently, the best single creator is an eighth start, and the best
    of them is exchanged until nothing gets better (greedy or singleton alone guarantees .405 of the best under a
    budget: Tang et al., 2020; what was reached is told by `Plan.certified`). `step_minor` of more budget is tried
    beside it. The same candidates in any order give the same plan.
    """
    them = eligible(candidates, limits)
    weights = densities(them, limits)
    found = _first(them, limits, weights)
    if found is None:
        return in_the_way(candidates, limits)
    choice, weight = found
    choice = improved(choice, weight)
    return _told(candidates, choice, step_minor=step_minor)


def _first(them: Candidates, limits: Limits, weights: list[Numbers]) -> tuple[Choice, Numbers] | None:
    """The best start and the weights that led to it."""
    if not len(them):
        return None
    starts = [(grow(Choice(them, limits), weight), weight) for weight in weights]
    single = int(np.argmax(them.audience.gains(np.ones(len(them.audience.value)))))
    starts.append((Choice(them, limits, [single]), weights[0]))
    starts = [start for start in starts if limits.allows(them, start[0].rows)]
    if not starts:
        start = cheapest(them, limits)
        return (grow(start, weights[-1]), weights[-1]) if limits.allows(them, start.rows) else None
    return max(starts, key=lambda start: them.audience.reach(start[0].rows))


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
