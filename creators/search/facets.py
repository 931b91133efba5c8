"""How many creators there are of each kind, given everything else that is asked: counted, or estimated where many."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import structlog
from django.core.cache import cache
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, QuerySet
from django.db.models.functions import Mod

from creators.models import Creator
from creators.search.finding import Search, active_since
from marketplace.kit.busy import within
from marketplace.kit.errors import Busy
from marketplace.kit.money import EXPONENTS

log = structlog.get_logger(__name__)

# Up to so many creators each is counted; beyond, one lot of them stands for all (an index knows it).
MANY = 20_000
LOTS = 64
# A statement that takes longer is given up.
SECONDS = 2.5
# What took long to count is kept for a minute.
KEPT_SECONDS = 60
DEAR = 1_000
BANDS = (0, 50, 100, 250, 500, 1_000, 2_500)
MOST_VALUES = 12

_VALUES = {
    "niche": "unnest(niche_slugs)",
    "platform": "unnest(platforms)",
    "language": "unnest(languages)",
    "country": "nullif(country, '')",
    "price": "CASE WHEN currency = asked.in_currency THEN (width_bucket(price_from_minor, asked.bands) - 1)::text END",
    "available": "unnest(ARRAY[CASE WHEN room_per_month > 0 THEN 'room' END,"
    " CASE WHEN last_post_on >= asked.since THEN 'active' END])",
    "tier": "nullif(tier, '')",
}
_COLUMNS = (
    "niche_slugs", "platforms", "languages", "country", "currency", "price_from_minor", "room_per_month",
    "last_post_on", "tier",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Facets:
    """``counts``: facet → (value, creators), most first; what nobody has is absent. ``estimated``: facets whose counts
    come from a sample. ``total``: how many match everything, counted to MANY + 1; None where counting took too long."""

    total: int | None = 0
    counts: Mapping[str, list[tuple[str, int]]] = field(default_factory=dict)
    estimated: frozenset[str] = frozenset()


def band_of(number: int, currency: str) -> tuple[int, int | None]:
    """The least and the most minor units of a price band; the last has no most.

    Bands are round in units of the currency; those without decimals are about a hundred times smaller.
    """
    unit = 10 ** (EXPONENTS[currency] or 2)
    above = BANDS[number + 1] * unit - 1 if number + 1 < len(BANDS) else None
    return BANDS[number] * unit, above


def count_facets(search: Search) -> Facets:
    """The counts of each facet with that facet's own filter left out. Two queries, or none within a minute.

    What can't be counted in SECONDS has no counts, and the search itself is as good as before.
    """
    # The order leaves nobody out, except by price those without one.
    told = replace(search.wanted, order="price" if search.wanted.order == "price" else "newest")
    key = f"facets:{hashlib.sha256(repr(told).encode()).hexdigest()}"
    kept: Facets | None = cache.get(key)
    if kept is not None:
        return kept
    sets = {"": search.found()} | {name: search.found(without=name) for name in _VALUES if name in search.asked}
    try:
        with within(SECONDS):
            sizes = capped_sizes(sets, most=MANY + 1)
            counted, is_dear = _counted(search, sets, sizes), max(sizes.values()) > DEAR
    except Busy as late:
        log.warning("facets_too_slow", asked=search.asked, code=late.code)
        counted, is_dear = Facets(None), True
    if is_dear:
        cache.set(key, counted, timeout=KEPT_SECONDS)
    return counted


def capped_sizes(sets: Mapping[str, QuerySet[Creator]], *, most: int) -> dict[str, int]:
    """How many rows each set has, none counted beyond ``most``; one query."""
    parts: list[str] = []
    params: list[Any] = []
    for name, rows in sets.items():
        try:
            sql, given = rows.values("pk")[:most].query.sql_with_params()
        except EmptyResultSet:
            continue
        parts.append(f"SELECT %s, count(*) FROM ({sql}) AS few")  # noqa: S608 - the ORM's own SQL
        params += [name, *given]
    if not parts:
        return dict.fromkeys(sets, 0)
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), params)
        return dict.fromkeys(sets, 0) | dict(cursor.fetchall())


def _counted(search: Search, sets: Mapping[str, QuerySet[Creator]], sizes: Mapping[str, int]) -> Facets:
    """One query: each set once, then each facet over its set."""
    own = {facet: facet if facet in sets else "" for facet in _VALUES}
    used = [name for name in sets if sizes[name] and name in own.values()]
    if not used:
        return Facets(sizes[""])
    currency = search.wanted.currency
    sql = ["asked AS (SELECT %s AS in_currency, %s::bigint[] AS bands, %s::date AS since)"]
    params: list[Any] = [currency, [band_of(place, currency)[0] for place in range(len(BANDS))], active_since()]
    for name in used:
        rows, given = _rows(sets[name], sizes[name])
        sql.append(f"set_{name} AS MATERIALIZED ({rows})")
        params += given
    parts = " UNION ALL ".join(_part(facet, f"set_{own[facet]}") for facet in _VALUES if own[facet] in used)
    counts: dict[str, list[tuple[str, int]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {', '.join(sql)} {parts}", params)
        for facet, value, count in cursor.fetchall():
            counts.setdefault(facet, []).append((value, count))
    estimated = frozenset(facet for facet in counts if sizes[own[facet]] > MANY)
    for facet in estimated:
        counts[facet] = [(value, _rounded(count * LOTS)) for value, count in counts[facet]]
    return Facets(sizes[""], counts, estimated)


def _rows(found: QuerySet[Creator], size: int) -> tuple[str, tuple[Any, ...]]:
    """The SQL of a set; of a large one, of the lot that stands for it. Numbers go round, so lots are alike."""
    if size > MANY:
        found = found.alias(lot=Mod(F("id"), LOTS)).filter(lot=0)
    sql, params = found.values(*_COLUMNS).query.sql_with_params()
    return sql, params


def _part(facet: str, rows: str) -> str:
    values = f"SELECT {_VALUES[facet]} AS value FROM {rows}, asked"  # noqa: S608 - both are our own words
    return (
        f"(SELECT '{facet}' AS facet, value, count(*) AS n FROM ({values}) AS each_one"  # noqa: S608
        f" WHERE value IS NOT NULL GROUP BY value ORDER BY n DESC, value LIMIT {MOST_VALUES})"
    )


def _rounded(count: int) -> int:
    """Two digits: a sample knows no more."""
    step: int = 10 ** max(len(str(count)) - 2, 0)
    return round(count / step) * step
