"""Finding creators: filters, the five orders there are (never by followers), pages by keyset."""

import base64
import binascii
import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import ExpressionWrapper, F, FloatField, Q, QuerySet, Value
from django.db.models.functions import ACos, Coalesce, Cos, Greatest, Least, Radians, Sin

from creators.models import Creator

ORDERS = ("engagement", "conversation", "newest", "price", "distance")
KM_PER_DEGREE = 111.2
EARTH_KM = 6371.0
RADIUS_KM = 50
RADIUS_MAX_KM = 500
WORDS_MAX = 8
FEW = 500
_WORD = re.compile(r"\w+")

# The columns a card is made of: list of creators, search, anything that shows many at once.
CARD_COLUMNS = (
    "public_id", "handle", "display_name", "niche_names", "town_label", "country", "languages", "platforms", "tier",
    "followers", "engagement_rate", "engagement_shrunk", "engagement_posts", "conversation", "reply_rate",
    "comment_words", "genuine_share", "comments_seen", "sponsored_share", "price_from_minor", "currency",
    "last_post_on", "figures_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """A point to measure from, and how far around it to look."""

    latitude: float
    longitude: float
    radius_km: float = RADIUS_KM
    label: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for; what is empty is not asked. Prices compare within one currency."""

    q: str = ""
    niches: Sequence[str] = ()
    platform: str = ""
    language: str = ""
    country: str = ""
    near: Place | None = None
    price_max_minor: int | None = None
    currency: str = "EUR"
    engagement_min: float | None = None
    tier: str = ""
    order: str = "engagement"

    @property
    def narrow(self) -> bool:
        """Whether one of the rarer questions is asked."""
        asked = (self.language, self.country, self.price_max_minor, self.engagement_min, self.tier)
        return any(asked)

    @property
    def orders(self) -> list[str]:
        """The orders that make sense here: distance needs a place."""
        return [name for name in ORDERS if name != "distance" or self.near]


@dataclass(frozen=True, slots=True)
class Page:
    """One page of rows, with the cursors of its neighbours."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    next: str = ""
    previous: str = ""


def find_creators(wanted: Wanted) -> QuerySet[Creator]:
    """Listed creators who match, not yet ordered or paged."""
    found: QuerySet[Creator] = Creator.objects.listed().order_by()
    words = _WORD.findall(wanted.q.lower())[:WORDS_MAX]
    if words:
        found = _with_words(found, words)
    elif wanted.q.strip():
        return found.none()
    exact: dict[str, Any] = {
        "niche_slugs__overlap": list(wanted.niches),
        "platforms__contains": [wanted.platform] if wanted.platform else None,
        "languages__contains": [wanted.language] if wanted.language else None,
        "country": wanted.country,
        "tier": wanted.tier,
        "engagement_shrunk__gte": wanted.engagement_min,
        "price_from_minor__lte": wanted.price_max_minor,
    }
    found = found.filter(**{name: value for name, value in exact.items() if value not in ("", None, [])})
    if wanted.price_max_minor is not None or wanted.order == "price":
        found = found.filter(currency=wanted.currency, price_from_minor__isnull=False)
    return _around(found, wanted.near) if wanted.near else found


def _with_words(found: QuerySet[Creator], words: Sequence[str]) -> QuerySet[Creator]:
    """Every word, each as the beginning of one of theirs.

    The planner can't tell a rare beginning from a common one, so we look: where few match, they are named, which
    keeps it from walking the engagement index past everybody else; where many match, that walk ends at once.
    """
    query = SearchQuery(" & ".join(f"'{word}':*" for word in words), search_type="raw", config="simple")
    matching = Creator.objects.filter(words=query).order_by().values_list("pk", flat=True)
    few = list(matching[:FEW])
    return found.filter(pk__in=few) if len(few) < FEW else found.filter(words=query)


def _around(found: QuerySet[Creator], place: Place) -> QuerySet[Creator]:
    """Within the radius: a box first, which an index knows, then the great circle."""
    tall = place.radius_km / KM_PER_DEGREE
    wide = tall / max(math.cos(math.radians(min(abs(place.latitude) + tall, 89.0))), 0.01)
    east, west = place.longitude + wide, place.longitude - wide
    box = Q(longitude__range=(west, east))
    if east > 180:
        box |= Q(longitude__lte=east - 360)
    if west < -180:
        box |= Q(longitude__gte=west + 360)
    found = found.filter(box, latitude__range=(place.latitude - tall, place.latitude + tall))
    return found.annotate(distance_km=_distance(place)).filter(distance_km__lte=place.radius_km)


def _distance(place: Place) -> ExpressionWrapper[Any]:
    """Kilometres along the great circle."""
    here, there = math.radians(place.latitude), Radians(F("latitude"))
    across = Cos(Radians(F("longitude") - Value(place.longitude)))
    cosine = Value(math.sin(here)) * Sin(there) + Value(math.cos(here)) * Cos(there) * across
    bounded = Least(Value(1.0), Greatest(Value(-1.0), cosine))
    return ExpressionWrapper(Value(EARTH_KM) * ACos(bounded), output_field=FloatField())


def page_of(found: QuerySet[Creator], *, order: str, columns: Sequence[str], cursor: str = "", size: int = 25) -> Page:
    """The rows behind (or before) the cursor, in one query; a cursor nobody made counts as none."""
    key, falling = _key(order)
    place = _read(cursor, order)
    backward = bool(place and place[0] == "p")
    falls = falling is not backward
    rows = found.annotate(sort_key=key).order_by(
        F("sort_key").desc() if falls else F("sort_key").asc(), "-id" if falls else "id"
    )
    if place:
        rows = rows.filter(_behind(place[1], place[2], falls=falls))
    got = list(rows.values("id", "sort_key", *columns)[: size + 1])
    more = len(got) > size
    got = got[:size]
    if backward:
        got.reverse()
    has_next, has_previous = (bool(place), more) if backward else (more, bool(place))
    return Page(
        got,
        next=_write("n", got[-1], order) if got and has_next else "",
        previous=_write("p", got[0], order) if got and has_previous else "",
    )


def _key(order: str) -> tuple[Any, bool]:
    """What rows are sorted by, and whether the largest comes first; unknown comes last."""
    if order == "conversation":
        return Coalesce("conversation", Value(-1.0)), True
    if order == "newest":
        return F("id"), True
    if order == "price":
        return F("price_from_minor"), False
    if order == "distance":
        return F("distance_km"), False
    return Coalesce("engagement_shrunk", Value(-1.0)), True


def _behind(value: float, pk: int, *, falls: bool) -> Q:
    """Rows after this place; the first half is for the index, the second for ties."""
    if falls:
        return Q(sort_key__lte=value) & (Q(sort_key__lt=value) | Q(pk__lt=pk))
    return Q(sort_key__gte=value) & (Q(sort_key__gt=value) | Q(pk__gt=pk))


def _write(side: str, row: dict[str, Any], order: str) -> str:
    packed = json.dumps([side, order, row["sort_key"], row["id"]]).encode()
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def _read(cursor: str, order: str) -> tuple[str, float, int] | None:
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)) if len(cursor) < 200 else b""
        side, made_for, value, pk = json.loads(raw)
    except (binascii.Error, ValueError, TypeError):
        return None
    sane = isinstance(value, int | float) and isinstance(pk, int) and abs(value) < 2**63 and 0 <= pk < 2**63
    return (side, value, pk) if made_for == order and sane and side in ("n", "p") else None
