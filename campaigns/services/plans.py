"""Asking whom a budget buys."""

from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

from campaigns.matching import BriefFacts
from campaigns.matching.planning import Impossible, Limits, Plan, plan
from campaigns.models import Campaign, Goal
from campaigns.policies import VIEWER, Standing, require
from campaigns.shortlist import Plannable, brief_facts, filtered, passing, plannable
from marketplace.kit.money import Money
from marketplace.users.models import User

GOALS = ("reach", "clicks", "content")
STEP_MAJOR = 50
MOST_CREATORS = 50
RISK_OF_THREE_POSTS = 0.15  # how little is known of a rate from three posts, of all that can be unknown


@dataclass(frozen=True)
class Wanted:
    """What a plan is asked for. None means: as the campaign says."""

    budget: Money | None = None
    goal: str = ""
    least: int = 1
    most: int | None = None
    local_percent: int = 0
    every_niche: bool = False
    only_known: bool = False


@dataclass(frozen=True)
class Asked:
    """The same with everything filled in."""

    budget: Money
    goal: str
    least: int
    most: int
    local_percent: int
    every_niche: bool
    only_known: bool


@dataclass(frozen=True)
class Planned:
    """The answer, what it was made from, and with an impossible one the filter that would have to give way."""

    wanted: Asked
    found: Plan | Impossible
    pool: Plannable
    left: Money
    loosen: dict[str, Any] | None = None

    @property
    def shared(self) -> list[frozenset[int]]:
        """The pairs of the plan of whom it is known, from commenters, how many people they share."""
        places = () if isinstance(self.found, Impossible) else self.found.places
        pairs = (frozenset((one.creator, other.creator)) for one, other in combinations(places, 2))
        return [pair for pair in pairs if pair in self.pool.shared]


def make_plan(campaign: Campaign, wanted: Wanted, *, by: User | Standing) -> Planned:
    """Whom the money buys so that together they reach most; for anybody of the campaign's team. Writes nothing."""
    require(by, campaign, VIEWER)
    facts = brief_facts(campaign)
    left = Money(facts.budget_minor or 0, campaign.currency)
    asked = _filled(campaign, wanted, left)
    facts = replace(facts, budget_minor=asked.budget.minor)
    pool = plannable(campaign, facts, goal=asked.goal)
    step = STEP_MAJOR * 10**asked.budget.exponent
    found = plan(pool.candidates, _limits(campaign, asked, pool), step_minor=step)
    is_empty = isinstance(found, Impossible) and found.code == "nobody"
    return Planned(asked, found, pool, left, _loosen(campaign, facts, pool) if is_empty else None)


def _filled(campaign: Campaign, wanted: Wanted, left: Money) -> Asked:
    goal = {Goal.CONTENT: "content", Goal.SALES: "clicks"}.get(Goal(campaign.goal), "reach")
    return Asked(
        budget=wanted.budget or left or campaign.budget,
        goal=wanted.goal or goal,
        least=wanted.least,
        most=max(wanted.most or min(campaign.creators_wanted, MOST_CREATORS), wanted.least),
        local_percent=wanted.local_percent if campaign.town_id else 0,
        every_niche=wanted.every_niche,
        only_known=wanted.only_known,
    )


def _limits(campaign: Campaign, wanted: Asked, pool: Plannable) -> Limits:
    slugs = sorted(niche.slug for niche in campaign.niches.all()) if wanted.every_niche else []
    number = {name: place for place, name in enumerate(pool.niche_names)}
    return Limits(
        budget_minor=wanted.budget.minor,
        least=wanted.least,
        most=wanted.most,
        local_bps=wanted.local_percent * 100,
        niches=tuple(number.get(slug, len(number) + place) for place, slug in enumerate(slugs)),
        risk_most=RISK_OF_THREE_POSTS if wanted.only_known else 1.0,
    )


def _loosen(campaign: Campaign, facts: BriefFacts, pool: Plannable) -> dict[str, Any]:
    """Why nobody is left: no prices, the brief's niches or talks, or the filter that costs most."""
    if pool.priceless:
        return {"name": "priceless", "would_keep": pool.priceless}
    if count := passing(campaign, facts).count():
        return {"name": "asked_or_other_niches", "would_keep": count}
    loosen: dict[str, Any] = filtered(campaign, facts).report.get("loosen") or {"name": "listed", "would_keep": 0}
    return loosen
