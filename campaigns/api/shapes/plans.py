"""A plan as the API shows it."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from campaigns.api.shapes.basic import MoneyShape, NamedShape, Shape
from campaigns.matching.planning import Impossible, Place, Plan
from campaigns.models import PlanProof
from campaigns.services.plans import Planned
from creators.models import Creator
from marketplace.kit.money import Money


class PlanSwapShape(Shape):
    """Somebody who could stand in, and what the plan's reach would change by."""

    creator = NamedShape()
    price = MoneyShape()
    change = serializers.FloatField()


class PlanPlaceShape(Shape):
    """One chosen creator: people reached alone, and those nobody else of the plan reaches."""

    creator = NamedShape()
    price = MoneyShape()
    price_is_estimate = serializers.BooleanField()
    cost = MoneyShape(help_text="What it takes from the budget, the platform's fee included.")
    alone = serializers.FloatField()
    adds = serializers.FloatField()
    shared = serializers.FloatField()
    swaps = PlanSwapShape(many=True)


class KnownPairShape(Shape):
    """Two creators of the plan, and how many people both engage, from samples of their commenters."""

    creators = NamedShape(many=True)
    people = serializers.FloatField()


class InTheWayShape(Shape):
    """Why there is no plan: which limit is in the way, and what it would have to be."""

    code = serializers.CharField()
    facts = serializers.JSONField()


class PlanShape(Shape):
    """Whom a budget buys. Reach is expected people (clicks, pieces), each counted once; low to high hold 80 %."""

    budget = MoneyShape()
    goal = serializers.CharField()
    problem = InTheWayShape(allow_null=True)
    places = PlanPlaceShape(many=True)
    cost = MoneyShape(allow_null=True)
    reach = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    certified = serializers.FloatField(allow_null=True, help_text="At least this share of the best possible plan.")
    step = MoneyShape(allow_null=True)
    step_adds = serializers.FloatField(allow_null=True, help_text="What the step more of budget would add.")
    overlap_from = serializers.CharField(
        help_text="“prior”: niche, place and size. “commenters”: also from who comments under both, where we know it."
    )
    known_pairs = KnownPairShape(many=True, help_text="The pairs of the plan whose overlap is from commenters.")
    without_price = serializers.IntegerField(help_text="Creators who fit but name no price.")


class ProofPlaceShape(Shape):
    """One creator of the best plan that was found."""

    creator = serializers.CharField(help_text="Public id.")
    price = MoneyShape()
    is_proposed = serializers.BooleanField(help_text="Whether the quick search's plan has them, too.")


class ProofShape(Shape):
    """How near the plan comes to the best possible one. Empty figures: still computing, or `error` says why not."""

    id = serializers.CharField(source="public_id")
    asked_at = serializers.DateTimeField(source="created_at")
    finished_at = serializers.DateTimeField(allow_null=True)
    error = serializers.CharField()
    is_exact = serializers.BooleanField(help_text="The best that was found is the best possible.")
    share = serializers.FloatField(allow_null=True, help_text="The plan does at least this share of the best possible.")
    reach = serializers.FloatField(allow_null=True, help_text="Of the plan.")
    best_reach = serializers.FloatField(allow_null=True)
    ceiling = serializers.FloatField(allow_null=True, help_text="No plan within these limits does more.")
    best = serializers.SerializerMethodField()

    @extend_schema_field(ProofPlaceShape(many=True))
    def get_best(self, proof: PlanProof) -> Any:
        found = Creator.objects.listed().in_bulk([pk for pk, _price in proof.best])
        planned, currency = {pk for pk, _price in proof.planned}, proof.campaign.currency
        rows = [
            {"creator": found[pk].public_id, "price": Money(price, currency), "is_proposed": pk in planned}
            for pk, price in proof.best
            if pk in found
        ]
        return ProofPlaceShape(rows, many=True).data


def plan_facts(planned: Planned) -> dict[str, Any]:
    """What the shape reads."""
    found, currency = planned.found, planned.left.currency
    shown: dict[str, Any] = {
        "budget": planned.wanted.budget, "goal": planned.wanted.goal, "problem": None, "places": [], "cost": None,
        "reach": None, "low": None, "high": None, "certified": None, "step": None, "step_adds": None,
        "overlap_from": "commenters" if planned.shared else "prior", "known_pairs": _known_pairs(planned),
        "without_price": planned.pool.priceless,
    }  # fmt: skip
    if isinstance(found, Impossible):
        return shown | {"problem": {"code": found.code, "facts": dict(found.facts) | {"loosen": planned.loosen}}}
    return shown | _of_plan(planned, found, currency)


def _of_plan(planned: Planned, found: Plan, currency: str) -> dict[str, Any]:
    names = ("reach", "low", "high", "certified", "step_adds")
    return {name: getattr(found, name) for name in names} | {
        "cost": Money(found.cost_minor, currency),
        "step": Money(found.step_minor, currency),
        "places": [_place(planned, place, currency) for place in found.places],
    }


def _known_pairs(planned: Planned) -> list[dict[str, Any]]:
    rows, shared = planned.pool.rows, planned.pool.shared
    return [{"creators": [rows[pk] for pk in sorted(pair)], "people": shared[pair]} for pair in planned.shared]


def _place(planned: Planned, place: Place, currency: str) -> dict[str, Any]:
    rows = planned.pool.rows
    return {
        "creator": rows[place.creator],
        "price": Money(place.price_minor, currency),
        "price_is_estimate": place.creator in planned.pool.estimated,
        "cost": Money(place.cost_minor, currency),
        "alone": place.alone,
        "adds": place.adds,
        "shared": place.shared,
        "swaps": [
            {"creator": rows[swap.creator], "price": Money(swap.price_minor, currency), "change": swap.change}
            for swap in place.swaps
        ],
    }
