"""Asking whom a budget buys."""

from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import combinations
from typing import Any

from django.db import transaction
from django.utils import timezone

from campaigns import tasks
from campaigns.matching import BriefFacts
from campaigns.matching.planning import Impossible, Plan, plan
from campaigns.models import Campaign, Goal, PlanProof
from campaigns.moves import lock
from campaigns.policies import VIEWER, Standing, require
from campaigns.services.matches import ENDED
from campaigns.shortlist import Asked, Plannable, brief_facts, filtered, limits_of, passing, plannable
from marketplace.kit.errors import Conflict
from marketplace.kit.later import later
from marketplace.kit.money import Money
from marketplace.users.models import User

GOALS = ("reach", "clicks", "content")
STEP_MAJOR = 50
MOST_CREATORS = 50
SAME = timedelta(minutes=10)
HOUR = timedelta(hours=1)
PROOFS_AN_HOUR, PROOFS_KEPT = 12, 6


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
    found = plan(pool.candidates, limits_of(campaign, asked, pool), step_minor=step)
    is_empty = isinstance(found, Impossible) and found.code == "nobody"
    return Planned(asked, found, pool, left, _loosen(campaign, facts, pool) if is_empty else None)


@transaction.atomic
def prove_plan(campaign: Campaign, wanted: Wanted, *, by: User | Standing) -> PlanProof:
    """Somebody of the team asks for the best possible plan; the answer comes within half a minute.

    The same question within ten minutes is answered once. Raises Conflict while another one is being answered.
    """
    require(by, campaign, VIEWER)
    lock(campaign)
    if campaign.state in ENDED:
        raise Conflict("campaign_over", "This campaign has ended.")
    left = Money(brief_facts(campaign).budget_minor or 0, campaign.currency)
    question, now = _filled(campaign, wanted, left).stored(), timezone.now()
    asked = PlanProof.objects.filter(campaign=campaign)
    if same := asked.filter(question=question, created_at__gt=now - SAME, error="").first():
        return same
    if asked.filter(finished_at=None).exists():
        raise Conflict("proof_running", "Another question about this campaign is being answered. Ask again then.")
    if asked.filter(created_at__gt=now - HOUR).count() >= PROOFS_AN_HOUR:
        raise Conflict("too_many_proofs", "This was asked many times just now. Try again in an hour.")
    proof = PlanProof.objects.create(campaign=campaign, question=question)
    asked.filter(created_at__lt=now - HOUR).exclude(pk__in=asked.values("pk")[:PROOFS_KEPT]).delete()
    later(tasks.prove_plan, proof_id=proof.pk)
    return proof


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


def _loosen(campaign: Campaign, facts: BriefFacts, pool: Plannable) -> dict[str, Any]:
    """Why nobody is left: no prices, the brief's niches or talks, or the filter that costs most."""
    if pool.priceless:
        return {"name": "priceless", "would_keep": pool.priceless}
    if count := passing(campaign, facts).count():
        return {"name": "asked_or_other_niches", "would_keep": count}
    loosen: dict[str, Any] = filtered(campaign, facts).report.get("loosen") or {"name": "listed", "would_keep": 0}
    return loosen
