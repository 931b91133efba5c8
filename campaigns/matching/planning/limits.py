"""When there is no plan: which of the limits is in the way, and what it would have to be."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from campaigns.matching.planning.facts import Candidates, Impossible, Limits
from campaigns.matching.planning.greedy import cheapest


def eligible(candidates: Candidates, limits: Limits) -> Candidates:
    """Those whom the limits allow at all, one by one, in order of id."""
    fits = (candidates.cost_minor <= limits.budget_minor) & (candidates.price_minor >= limits.floor_minor)
    rows = np.flatnonzero(fits & (candidates.risk <= limits.risk_most))
    return candidates.take(rows[np.argsort(candidates.ids[rows], kind="stable")])


def in_the_way(candidates: Candidates, limits: Limits) -> Impossible:
    """The first limit without which there would be a plan. None of the candidates makes one within all of them."""
    if not len(candidates):
        return Impossible("nobody")
    known = candidates.take(np.flatnonzero(candidates.risk <= limits.risk_most))
    if not len(known):
        return Impossible("risk")
    fair = known.take(np.flatnonzero(known.price_minor >= limits.floor_minor))
    if not len(fair):
        return Impossible("floor", {"floor_minor": limits.floor_minor})
    if (lowest := int(fair.cost_minor.min())) > limits.budget_minor:
        return Impossible("budget", {"lowest_minor": lowest})
    left = eligible(candidates, limits)
    for code, looser in _loosened(limits).items():
        if looser.allows(left, cheapest(left, looser).rows):
            return Impossible(code, _facts(code, fair, left, limits))
    return Impossible("together")


def _loosened(limits: Limits) -> dict[str, Limits]:
    """The limits on the set as a whole, each left out."""
    return {
        "local": replace(limits, local_bps=0),
        "niches": replace(limits, niches=()),
        "least": replace(limits, least=1),
    }


def _facts(code: str, fair: Candidates, left: Candidates, limits: Limits) -> dict[str, int]:
    if code == "local":
        return {"count": int(left.is_local.sum())}
    if code == "niches":
        return {"niche": next((niche for niche in limits.niches if niche not in left.niche), -1)}
    costs = np.sort(fair.cost_minor)
    facts = {"possible": int(np.searchsorted(np.cumsum(costs), limits.budget_minor, side="right"))}
    return facts | ({"needed_minor": int(costs[: limits.least].sum())} if len(costs) >= limits.least else {})
