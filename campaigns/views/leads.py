"""Open campaigns as a creator weighs them: what each pays, how near it is, and what it has in common with them."""

import math
from typing import Any

from django.conf import settings
from django.db.models import F, Q, QuerySet

from campaigns.models import Campaign
from creators.models import Creator
from creators.search import KM_PER_DEGREE


def narrowed(campaigns: QuerySet[Campaign], creator: Creator, *, said: dict[str, Any]) -> QuerySet[Campaign]:
    """Those that pass the creator's filters, with the niches their cards name. ``said`` is a valid LeadsForm's data."""
    if said.get("mine"):
        campaigns = campaigns.filter(Q(fits=True))
    if pays := said.get("pays"):
        # As budget.each works it out: an even split, the platform's fee on top of each part.
        one = pays + pays.share(settings.PLATFORM_FEE_BPS)
        campaigns = campaigns.filter(currency=pays.currency, budget_minor__gte=F("creators_wanted") * one.minor)
    if said.get("within") and creator.latitude is not None and creator.longitude is not None:
        campaigns = campaigns.filter(_around(creator.latitude, creator.longitude, float(said["within"])))
    return campaigns.prefetch_related("niches")


def _around(latitude: float, longitude: float, km: float) -> Q:
    """In the square round a point, or in no town at all: what happens online is near everybody."""
    tall = km / KM_PER_DEGREE
    wide = tall / max(math.cos(math.radians(min(abs(latitude), 89.0))), 0.01)
    square = Q(
        town__latitude__range=(latitude - tall, latitude + tall),
        town__longitude__range=(longitude - wide, longitude + wide),
    )
    return square | Q(town=None)
