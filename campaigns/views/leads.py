"""Open campaigns as a creator weighs them: narrowed by what they ask, best first, each with its reasons."""

import math
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, Exists, F, Func, IntegerField, OuterRef, Q, QuerySet, Value
from django.http import HttpRequest

from campaigns.models import Campaign
from campaigns.shortlist import Choice
from creators.models import Creator
from creators.search import KM_PER_DEGREE
from marketplace.kit.paging import Page, page_of


def narrowed(campaigns: QuerySet[Campaign], creator: Creator, *, said: dict[str, Any]) -> QuerySet[Campaign]:
    """Those that pass the creator's filters. ``said`` is a valid LeadsForm's data."""
    if said.get("mine"):
        niches = Campaign.niches.through.objects.filter(niche__slug__in=creator.niche_slugs)
        campaigns = campaigns.filter(Exists(niches.filter(campaign=OuterRef("pk"))))
    if pays := said.get("pays"):
        # As budget.each works it out: an even split, the platform's fee on top of each part.
        one = pays + pays.share(settings.PLATFORM_FEE_BPS)
        campaigns = campaigns.filter(currency=pays.currency, budget_minor__gte=F("creators_wanted") * one.minor)
    if said.get("within") and creator.latitude is not None and creator.longitude is not None:
        campaigns = campaigns.filter(_around(creator.latitude, creator.longitude, float(said["within"])))
    return campaigns


def page_of_choice(request: HttpRequest, campaigns: QuerySet[Campaign], choice: Choice) -> Page[Campaign]:
    """One page of the ranked campaigns, in their order, each with its ``recommended``."""
    places = Value(list(choice.found), output_field=ArrayField(BigIntegerField()))
    place = Func(places, F("pk"), function="array_position", output_field=IntegerField())
    ranked: QuerySet[Campaign] = (
        campaigns.select_related("business", "town").filter(pk__in=list(choice.found)).annotate(place=place)
    )
    page = page_of(request, ranked, by=["place"])
    for campaign in page:
        campaign.recommended = choice.found[campaign.pk]  # type: ignore[attr-defined]
    return page


def _around(latitude: float, longitude: float, km: float) -> Q:
    """In the square round a point, or in no town at all: what happens online is near everybody."""
    tall = km / KM_PER_DEGREE
    wide = tall / max(math.cos(math.radians(min(abs(latitude), 89.0))), 0.01)
    square = Q(
        town__latitude__range=(latitude - tall, latitude + tall),
        town__longitude__range=(longitude - wide, longitude + wide),
    )
    return square | Q(town=None)
