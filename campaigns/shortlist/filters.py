"""Who may be asked at all: hard filters in SQL, each counted, so that we can say which one to loosen."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, FloatField, Func, Q, QuerySet, Value
from django.db.models.functions import ASin, Cos, Power, Radians, Sin, Sqrt

from campaigns.matching import BriefFacts
from campaigns.models import Campaign
from creators.models import Creator

EARTH_KM = 6371.0
KM_PER_DEGREE = 110.5
LOOSEN = {
    "country": "Search outside this country.",
    "radius": "Widen the radius.",
    "languages": "Accept other languages.",
    "platforms": "Accept other networks.",
    "price": "Raise the budget, or ask for less.",
    "exclusions": "Some creators will not promote this subject.",
    "team": "Members of your own team are never suggested.",
}


@dataclass(frozen=True, slots=True)
class Filter:
    """One hard filter: what it keeps."""

    name: str
    keeps: Q


@dataclass(frozen=True, slots=True)
class Filtered:
    """Who is left after all filters, and what each of them did."""

    ids: list[int]
    report: dict[str, Any]


def filtered(campaign: Campaign, facts: BriefFacts) -> Filtered:
    """Apply the filters of a brief to the listed creators. What is not known of a creator does not exclude them."""
    pool = _placed(Creator.objects.listed().order_by(), facts)
    steps = _filters(campaign, facts)
    passed = Q()
    for step in steps:
        passed &= step.keeps
    ids = list(pool.filter(passed).order_by("pk").values_list("pk", flat=True))
    return Filtered(ids, _report(pool, steps, found=len(ids)))


def passing(campaign: Campaign, facts: BriefFacts) -> QuerySet[Creator]:
    """The listed creators who pass every filter of a brief."""
    passed = Q()
    for step in _filters(campaign, facts):
        passed &= step.keeps
    return _placed(Creator.objects.listed().order_by(), facts).filter(passed)


def _report(pool: QuerySet[Creator], steps: list[Filter], *, found: int) -> dict[str, Any]:
    """How many each filter kept, one after the other; and when nobody is left, who would be without each."""
    counts: dict[str, Count] = {"kept_listed": Count("pk")}
    so_far = Q()
    for step in steps:
        so_far &= step.keeps
        counts[f"kept_{step.name}"] = Count("pk", filter=so_far)
    if not found:
        for step in steps:
            others = Q()
            for other in steps:
                others &= Q() if other is step else other.keeps
            counts[f"without_{step.name}"] = Count("pk", filter=others) if len(steps) > 1 else Count("pk")
    kept = pool.aggregate(**counts)
    report: dict[str, Any] = {
        "steps": [{"name": name, "kept": kept[f"kept_{name}"]} for name in ["listed", *(step.name for step in steps)]]
    }
    if not found and (loosened := _loosened(steps, kept)):
        report["loosen"] = loosened
    return report


def _loosened(steps: list[Filter], kept: dict[str, int]) -> dict[str, Any] | None:
    """The one filter that costs most: without it, so many would be left."""
    best = max(steps, key=lambda step: kept[f"without_{step.name}"], default=None)
    if best is None or not kept[f"without_{best.name}"]:
        return None
    return {"name": best.name, "would_keep": kept[f"without_{best.name}"], "text": LOOSEN[best.name]}


def _filters(campaign: Campaign, facts: BriefFacts) -> list[Filter]:
    found: list[Filter] = []
    if campaign.country:
        found.append(Filter("country", Q(country=campaign.country) | Q(country="")))
    if facts.is_placed:
        found.append(Filter("radius", _near(facts)))
    if facts.languages:
        found.append(Filter("languages", Q(languages__overlap=list(facts.languages)) | Q(languages=[])))
    if facts.platforms:
        found.append(Filter("platforms", Q(platforms__overlap=list(facts.platforms))))
    found.append(Filter("price", _affordable(facts)))
    subjects = [word for niche in campaign.niches.all() for word in (niche.slug, niche.name)]
    if words := sorted({word for subject in subjects for word in (subject, subject.lower())}):
        found.append(Filter("exclusions", ~Q(exclusions__overlap=words)))
    team = campaign.business.members.values("user")
    found.append(Filter("team", Q(user=None) | ~Q(user__in=team)))
    return found


def _affordable(facts: BriefFacts) -> Q:
    """What they ask at least is within what is left; another currency, or no price, is not known."""
    left = facts.budget_minor or 0
    too_dear = Q(minimum_fee_minor__gt=left) | Q(minimum_fee_minor=None, price_from_minor__gt=left)
    return ~Q(currency=facts.currency) | Q(minimum_fee_minor=None, price_from_minor=None) | ~too_dear


def _near(facts: BriefFacts) -> Q:
    """A box first, which an index can find, then the distance on the globe."""
    latitude, longitude, radius = facts.latitude or 0.0, facts.longitude or 0.0, facts.radius_km or 0.0
    up = radius / KM_PER_DEGREE
    wide = radius / (KM_PER_DEGREE * max(math.cos(math.radians(min(abs(latitude) + up, 89.0))), 0.01))
    box = Q(latitude__range=(latitude - up, latitude + up))
    if longitude - wide >= -180 and longitude + wide <= 180:
        box &= Q(longitude__range=(longitude - wide, longitude + wide))
    return box & Q(km__lte=radius)


def _placed(pool: QuerySet[Creator], facts: BriefFacts) -> QuerySet[Creator]:
    if not facts.is_placed:
        return pool
    here, there = math.radians(facts.latitude or 0.0), math.radians(facts.longitude or 0.0)
    up = Power(Sin((Radians("latitude") - here) / 2.0), 2)
    along = Cos(Radians("latitude")) * math.cos(here) * Power(Sin((Radians("longitude") - there) / 2.0), 2)
    most_one = Func(Sqrt(up + along), Value(1.0), function="LEAST", output_field=FloatField())
    return pool.alias(km=2 * EARTH_KM * ASin(most_one), _known=F("latitude"))
