"""Pages of a list by keyset: nothing is skipped or shown twice while rows come and go."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import reduce
from operator import and_, or_
from typing import Any, Generic, TypeVar, overload

from django.core import signing
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest

T = TypeVar("T", bound=Model)
NEWEST = ("-created_at", "-id")
FORWARD, BACKWARD = "n", "p"
Place = tuple[str, list[Any]]


class Page(Sequence[T], Generic[T]):
    """Some rows of a list, and the addresses of the pages beside them ("" where there are none)."""

    def __init__(self, rows: list[T], *, previous: str = "", next: str = "") -> None:  # noqa: A002
        self.rows = rows
        self.previous = previous
        self.next = next

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> list[T]: ...
    def __getitem__(self, index: int | slice) -> T | list[T]:
        return self.rows[index]

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[T]:
        return iter(self.rows)


def page_of(
    request: HttpRequest, rows: QuerySet[T], *, by: Sequence[str] = NEWEST, size: int = 30, name: str = "cursor"
) -> Page[T]:
    """The rows behind (or before) the cursor in the query, in one query of ours.

    ``by`` are columns or annotations that are never NULL, a minus for falling ones, the last one unique. ``name``
    is the parameter of the query, and of several lists on a page the anchor. A cursor nobody made counts as none.
    """
    place = _read(request.GET.get(name, ""), by)
    page = _page(request, rows, by=by, size=size, name=name, place=place)
    return page if page or place is None else _page(request, rows, by=by, size=size, name=name, place=None)


def _page(
    request: HttpRequest, rows: QuerySet[T], *, by: Sequence[str], size: int, name: str, place: Place | None
) -> Page[T]:
    is_back = place is not None and place[0] == BACKWARD
    order = [_turned(key) for key in by] if is_back else list(by)
    found = rows.order_by(*order)
    if place is not None:
        found = found.filter(_behind(order, place[1]))
    got = list(found[: size + 1])
    is_more = len(got) > size
    got = got[:size]
    if is_back:
        got.reverse()
    has_next, has_previous = (True, is_more) if is_back else (is_more, place is not None)
    return Page(
        got,
        previous=_address(request, name, BACKWARD, got[0], by) if got and has_previous else "",
        next=_address(request, name, FORWARD, got[-1], by) if got and has_next else "",
    )


def _turned(key: str) -> str:
    return key.removeprefix("-") if key.startswith("-") else f"-{key}"


def _behind(order: Sequence[str], values: Sequence[Any]) -> Q:
    """Rows after these values: beyond in the first key, or equal there and beyond in the second, and so on."""
    names = [key.removeprefix("-") for key in order]
    beyond = [
        Q(**{f"{name}__{'lt' if key.startswith('-') else 'gt'}": value})
        for name, key, value in zip(names, order, values, strict=True)
    ]
    equal = [Q(**{name: value}) for name, value in zip(names, values, strict=True)]
    return reduce(or_, [reduce(and_, [*equal[:i], beyond[i]]) for i in range(len(names))])


def _address(request: HttpRequest, name: str, side: str, row: T, by: Sequence[str]) -> str:
    """The same page with another cursor; what else was asked stays."""
    values = [getattr(row, key.removeprefix("-")) for key in by]
    plain = [value.isoformat() if isinstance(value, datetime) else value for value in values]
    asked = request.GET.copy()
    asked[name] = signing.dumps([side, plain], salt=_salt(by))
    return f"?{asked.urlencode()}" + (f"#{name}" if name != "cursor" else "")


def _read(cursor: str, by: Sequence[str]) -> Place | None:
    try:
        side, values = signing.loads(cursor, salt=_salt(by))
    except signing.BadSignature:
        return None
    return side, values


def _salt(by: Sequence[str]) -> str:
    return f"paging:{','.join(by)}"
