"""Who matches: each filter on its own, so that one of them can be left out."""

import math
import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import ExpressionWrapper, F, FloatField, Q, QuerySet, Value
from django.db.models.functions import ACos, Cos, Greatest, Least, Radians, Sin
from django.utils import timezone

from creators.models import Creator
from creators.search.wanted import Place, Wanted

KM_PER_DEGREE = 111.2
EARTH_KM = 6371.0
WORDS_MAX = 8
FEW = 500
ACTIVE_DAYS = 30
_WORD = re.compile(r"\w+")
_NOBODY = Q(pk__in=[])

# The columns a card is made of: list of creators, search, anything that shows many at once.
CARD_COLUMNS = (
    "public_id", "handle", "display_name", "niche_names", "town_label", "country", "languages", "platforms", "tier",
    "followers", "engagement_rate", "engagement_shrunk", "engagement_posts", "conversation", "reply_rate",
    "comment_words", "genuine_share", "comments_seen", "sponsored_share", "price_from_minor", "currency",
    "last_post_on", "figures_at",
)  # fmt: skip


class Search:
    """One question to the directory, whose filters can be left out by the names in ``asked``."""

    def __init__(self, wanted: Wanted) -> None:
        self.wanted = wanted
        self._keeps = _filters(wanted)

    @property
    def asked(self) -> list[str]:
        return self.wanted.asked

    def found(self, *, without: str = "") -> QuerySet[Creator]:
        """Listed creators who pass every filter but the one that is named; not yet ordered or paged."""
        found: QuerySet[Creator] = Creator.objects.listed().order_by()
        if self.wanted.near:
            found = found.annotate(distance_km=_distance(self.wanted.near))
        for name, keeps in self._keeps.items():
            found = found if name == without else found.filter(keeps)
        if self.wanted.order == "price":
            found = found.filter(currency=self.wanted.currency, price_from_minor__isnull=False)
        return found


def find_creators(wanted: Wanted) -> QuerySet[Creator]:
    """Listed creators who match, not yet ordered or paged."""
    return Search(wanted).found()


def active_since() -> str:
    """The first day of the time in which a post counts as recent, as ISO 8601."""
    return (timezone.localdate() - timedelta(days=ACTIVE_DAYS)).isoformat()


def _filters(wanted: Wanted) -> dict[str, Q]:
    """What each filter that is asked keeps."""
    keeps = {
        "q": _with_words(wanted.q) if wanted.q.strip() else Q(),
        "niche": Q(niche_slugs__overlap=list(wanted.niches)) if wanted.niches else Q(),
        "platform": Q(platforms__contains=[wanted.platform]) if wanted.platform else Q(),
        "language": Q(languages__contains=[wanted.language]) if wanted.language else Q(),
        "country": Q(country=wanted.country) if wanted.country else Q(),
        "near": _around(wanted.near) if wanted.near else Q(),
        "price": _priced(wanted) if wanted.is_priced else Q(),
        "engagement": Q() if wanted.engagement_min is None else Q(engagement_shrunk__gte=wanted.engagement_min),
        "tier": Q(tier=wanted.tier) if wanted.tier else Q(),
        "available": _available(wanted.available),
    }
    return {name: keep for name, keep in keeps.items() if keep}


def _with_words(text: str) -> Q:
    """Every word, each as the beginning of one of theirs.

    The planner can't tell a rare beginning from a common one, so we look: where few match, they are named, which
    keeps it from walking the engagement index past everybody else; where many match, that walk ends at once.
    """
    words: Sequence[str] = _WORD.findall(text.lower())[:WORDS_MAX]
    if not words:
        return _NOBODY
    query = SearchQuery(" & ".join(f"'{word}':*" for word in words), search_type="raw", config="simple")
    matching = Creator.objects.filter(words=query).order_by().values_list("pk", flat=True)
    few = list(matching[:FEW])
    return Q(pk__in=few) if len(few) < FEW else Q(words=query)


def _priced(wanted: Wanted) -> Q:
    keeps = Q(currency=wanted.currency, price_from_minor__isnull=False)
    if wanted.price_min_minor is not None:
        keeps &= Q(price_from_minor__gte=wanted.price_min_minor)
    if wanted.price_max_minor is not None:
        keeps &= Q(price_from_minor__lte=wanted.price_max_minor)
    return keeps


def _available(which: str) -> Q:
    if which == "room":
        return Q(room_per_month__gt=0)
    return Q(last_post_on__gte=active_since()) if which == "active" else Q()


def _around(place: Place) -> Q:
    """Within the radius: a box first, which an index knows, then the great circle, annotated as ``distance_km``."""
    tall = place.radius_km / KM_PER_DEGREE
    wide = tall / max(math.cos(math.radians(min(abs(place.latitude) + tall, 89.0))), 0.01)
    east, west = place.longitude + wide, place.longitude - wide
    box = Q(longitude__range=(west, east))
    if east > 180:
        box |= Q(longitude__lte=east - 360)
    if west < -180:
        box |= Q(longitude__gte=west + 360)
    tall_box = Q(latitude__range=(place.latitude - tall, place.latitude + tall))
    return box & tall_box & Q(distance_km__lte=place.radius_km)


def _distance(place: Place) -> ExpressionWrapper[Any]:
    """Kilometres along the great circle."""
    here, there = math.radians(place.latitude), Radians(F("latitude"))
    across = Cos(Radians(F("longitude") - Value(place.longitude)))
    cosine = Value(math.sin(here)) * Sin(there) + Value(math.cos(here)) * Cos(there) * across
    bounded = Least(Value(1.0), Greatest(Value(-1.0), cosine))
    return ExpressionWrapper(Value(EARTH_KM) * ACos(bounded), output_field=FloatField())
