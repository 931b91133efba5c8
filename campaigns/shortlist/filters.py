"""Who may be asked at all: hard filters over the columns, each counted, so that we can say which one to loosen."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from django.db.models import F, FloatField, Func, Q, QuerySet, Value
from django.db.models.functions import ASin, Cos, Power, Radians, Sin, Sqrt

from campaigns.matching import BriefFacts
from campaigns.matching.place import great_circle_km
from campaigns.models import Campaign, Member
from campaigns.shortlist.columns import Columns, Mask
from campaigns.shortlist.pool import Everybody, everybody
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
    """One hard filter, said twice: which rows of the columns it holds for, and in SQL, which has the last word."""

    name: str
    holds: Callable[[Columns], Mask]
    keeps: Q


@dataclass(frozen=True, slots=True)
class Filtered:
    """Who is left after all filters, and what each of them did."""

    of: Everybody
    keeps: Mask
    report: dict[str, Any]
    still: Callable[[Sequence[int]], set[int]]

    @property
    def count(self) -> int:
        return int(np.count_nonzero(self.keeps))

    @property
    def ids(self) -> list[int]:
        """Everybody who is left, in order. For looking at few."""
        return sorted(self.of.columns.ids[np.flatnonzero(self.keeps)].tolist())


def filtered(campaign: Campaign, facts: BriefFacts) -> Filtered:
    """Apply the filters of a brief to the listed creators. What is not known of a creator does not exclude them."""
    who, steps = everybody(), _filters(campaign, facts)
    keeps = who.columns.alive.copy()
    kept = {"listed": int(np.count_nonzero(keeps))}
    held = {step.name: step.holds(who.columns) for step in steps}
    for name, mask in held.items():
        keeps &= mask
        kept[name] = int(np.count_nonzero(keeps))
    report: dict[str, Any] = {"steps": [{"name": name, "kept": count} for name, count in kept.items()]}
    if not keeps.any() and (loosened := _loosened(held, who.columns.alive)):
        report["loosen"] = loosened

    def still(ids: Sequence[int]) -> set[int]:
        """Who of these passes in the database, now."""
        return set(_passing(steps, facts).filter(pk__in=ids).values_list("pk", flat=True))

    return Filtered(who, keeps, report, still)


def passing(campaign: Campaign, facts: BriefFacts) -> QuerySet[Creator]:
    """The listed creators who pass every filter of a brief, asked of the database alone."""
    return _passing(_filters(campaign, facts), facts)


def _passing(steps: list[Filter], facts: BriefFacts) -> QuerySet[Creator]:
    passed = Q()
    for step in steps:
        passed &= step.keeps
    return _placed(Creator.objects.listed().order_by(), facts).filter(passed)


def _loosened(held: dict[str, Mask], listed: Mask) -> dict[str, Any] | None:
    """The one filter that costs most: without it, so many would be left."""
    without = {}
    for name in held:
        others = listed.copy()
        for other, mask in held.items():
            others &= True if other == name else mask
        without[name] = int(np.count_nonzero(others))
    best = max(without, key=lambda name: without[name], default="")
    if not without.get(best):
        return None
    return {"name": best, "would_keep": without[best], "text": LOOSEN[best]}


def _filters(campaign: Campaign, facts: BriefFacts) -> list[Filter]:
    found: list[Filter] = []
    if country := campaign.country:
        found.append(Filter("country", partial(_is_in, country), Q(country=country) | Q(country="")))
    if facts.is_placed:
        found.append(Filter("radius", partial(_is_near, facts), _near(facts)))
    if facts.languages:
        speaks = Q(languages__overlap=list(facts.languages)) | Q(languages=[])
        found.append(Filter("languages", partial(_speaks, facts.languages), speaks))
    if facts.platforms:
        posts_there = Q(platforms__overlap=list(facts.platforms))
        found.append(Filter("platforms", partial(_having, "platforms", facts.platforms), posts_there))
    found.append(Filter("price", partial(_has_price, facts), _affordable(facts)))
    subjects = [word for niche in campaign.niches.all() for word in (niche.slug, niche.name)]
    if words := sorted({word for subject in subjects for word in (subject, subject.lower())}):
        found.append(Filter("exclusions", partial(_accepts, words), ~Q(exclusions__overlap=words)))
    team = campaign.business.members.values_list("user", flat=True)
    found.append(Filter("team", partial(_is_outside, team), Q(user=None) | ~Q(user__in=team)))
    return found


def _is_in(country: str, columns: Columns) -> Mask:
    own, code = columns.column("country"), columns.words.get("countries", {}).get(country, -1)
    return np.asarray((own == code) | (own == 0))


def _speaks(languages: Iterable[str], columns: Columns) -> Mask:
    return np.asarray(_having("languages", languages, columns) | (columns.sets["languages"].totals(len(columns)) == 0))


def _accepts(subjects: Iterable[str], columns: Columns) -> Mask:
    return np.asarray(~_having("exclusions", subjects, columns))


def _is_outside(team: QuerySet[Member, int], columns: Columns) -> Mask:
    outside = np.ones(len(columns), dtype=np.bool_)
    for pk in team:  # few: comparing is quicker than searching
        outside &= columns.column("user") != pk
    return outside


def _having(name: str, wanted: Iterable[str], columns: Columns) -> Mask:
    codes = columns.words.get(name, {})
    return columns.sets[name].having([codes[word] for word in wanted if word in codes], len(columns))


def _has_price(facts: BriefFacts, columns: Columns) -> Mask:
    """As `_affordable`. A comparison with what is not known (NaN) is false, as it should be."""
    left = facts.budget_minor or 0
    least, lowest = columns.column("minimum_fee_minor"), columns.column("price_from_minor")
    too_dear = (least > left) | (np.isnan(least) & (lowest > left))
    other = columns.column("currency") != columns.words.get("currencies", {}).get(facts.currency, -1)
    return np.asarray(other | ~too_dear)


def _affordable(facts: BriefFacts) -> Q:
    """What they ask at least is within what is left; another currency, or no price, is not known."""
    left = facts.budget_minor or 0
    too_dear = Q(minimum_fee_minor__gt=left) | Q(minimum_fee_minor=None, price_from_minor__gt=left)
    return ~Q(currency=facts.currency) | Q(minimum_fee_minor=None, price_from_minor=None) | ~too_dear


def _box(facts: BriefFacts) -> tuple[float, float]:
    """How far the radius reaches at most, in degrees of latitude and longitude."""
    latitude, radius = facts.latitude or 0.0, facts.radius_km or 0.0
    up = radius / KM_PER_DEGREE
    return up, radius / (KM_PER_DEGREE * max(math.cos(math.radians(min(abs(latitude) + up, 89.0))), 0.01))


def _is_near(facts: BriefFacts, columns: Columns) -> Mask:
    """As `_near`: a box first, then the distance of those inside."""
    latitude, longitude = columns.column("latitude"), columns.column("longitude")
    here, there, (up, wide) = facts.latitude or 0.0, facts.longitude or 0.0, _box(facts)
    inside = (latitude >= here - up) & (latitude <= here + up)
    if there - wide >= -180 and there + wide <= 180:
        inside &= (longitude >= there - wide) & (longitude <= there + wide)
    rows = np.flatnonzero(inside)
    inside[rows] = great_circle_km(here, there, latitude[rows], longitude[rows]) <= (facts.radius_km or 0.0)
    return inside


def _near(facts: BriefFacts) -> Q:
    """A box first, which an index can find, then the distance on the globe."""
    latitude, longitude, radius = facts.latitude or 0.0, facts.longitude or 0.0, facts.radius_km or 0.0
    up, wide = _box(facts)
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
