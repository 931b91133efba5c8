"""Briefs and creators as pairs: the facts that the hard filters read, fetched for many briefs at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet
from django.db.models.functions import Coalesce

from campaigns.budget import left_of
from campaigns.matching import Bounds, Limits
from campaigns.models import Campaign, Deliverable, Member
from creators.models import Creator, Niche

TEXTS = ("title", "product", "message", "dos")
COLUMNS = ("business", "budget_minor", "currency", "creators_wanted", "country", "radius_km", "languages", "platforms")


def with_beside(campaigns: QuerySet[Campaign], *, texts: bool = False) -> QuerySet[Campaign]:
    """One query: each campaign with its niches, items, team and place beside it, its texts only when asked for."""
    items = Deliverable.objects.filter(campaign=OuterRef("pk")).order_by("pk")
    niches = Campaign.niches.through.objects.filter(campaign=OuterRef("pk")).order_by("niche")
    beside = {
        "niche_ids": ArraySubquery(niches.values("niche")),
        "kinds": ArraySubquery(items.values("kind")),
        "counts": ArraySubquery(items.values("count")),
        "team": ArraySubquery(Member.objects.filter(business=OuterRef("business")).order_by().values("user")),
        "latitude": F("town__latitude"),
        "longitude": F("town__longitude"),
        "town_name": Coalesce("town__name", "country"),
    }
    wanted = (*COLUMNS, "starts_on", "town", *(TEXTS if texts else ()))
    return campaigns.select_related(None).prefetch_related(None).annotate(**beside).only(*wanted)


def limits_of(rows: Sequence[Any], niches: dict[int, Niche]) -> Iterator[Limits]:
    """What each of these briefs insists on, as `filters` reads it; rows come from `with_beside`."""
    left = left_of(rows)
    for row in rows:
        chosen = [niches[pk] for pk in row.niche_ids]
        subjects = {word for niche in chosen for name in (niche.slug, niche.name) for word in (name, name.lower())}
        yield Limits(
            country=row.country,
            latitude=row.latitude,
            longitude=row.longitude,
            radius_km=row.radius_km,
            languages=frozenset(row.languages),
            platforms=frozenset(row.platforms),
            left_minor=max(left[row.pk].minor, 0),
            currency=row.currency,
            subjects=frozenset(subjects),
            team=frozenset(row.team),
        )


def briefs_with_limits(campaigns: QuerySet[Campaign]) -> tuple[list[Any], list[Limits]]:
    """These campaigns, and beside each what it insists on. Three queries."""
    rows = list(with_beside(campaigns))
    niches = {niche.pk: niche for niche in Niche.objects.order_by("pk")} if rows else {}
    return rows, list(limits_of(rows, niches)) if rows else []


def bounds_of(creator: Creator) -> Bounds:
    """What a creator is and refuses, as `filters` reads it."""
    least = creator.minimum_fee_minor
    return Bounds(
        country=creator.country,
        latitude=creator.latitude,
        longitude=creator.longitude,
        languages=frozenset(creator.languages),
        platforms=frozenset(creator.platforms),
        least_minor=creator.price_from_minor if least is None else least,
        currency=creator.currency,
        exclusions=frozenset(creator.exclusions),
        user=creator.user_id,
    )
