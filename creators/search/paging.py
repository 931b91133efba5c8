"""Pages by keyset: the row behind the cursor, in five orders and none by followers."""

import base64
import binascii
import json
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from creators.models import Creator
from creators.search.finding import Search
from marketplace.kit.busy import within

# So long a page may take where a distance is worked out for everybody around.
SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Page:
    """One page of rows, with the cursors of its neighbours."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    next: str = ""
    previous: str = ""


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


def found_page(search: Search, *, columns: Sequence[str], cursor: str = "", size: int = 25) -> Page:
    """One page of a search. Raises Busy, “too_slow”, where a radius holds more than can be looked through in time."""
    wanted, found = search.wanted, search.found()
    columns = (*columns, "distance_km") if wanted.near else columns
    with within(SECONDS) if wanted.near else nullcontext():
        return page_of(found, order=wanted.order, columns=columns, cursor=cursor, size=size)


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
