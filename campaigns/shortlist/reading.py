"""Creators out of the database as arrays: COPY in binary with columns of one width, so that numpy reads it as it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from campaigns.shortlist.columns import FIGURES, KINDS, NUMBERS, SETS, Batch, Rows
from creators.embedding import DIMENSIONS, LEXICAL, LIGHT, MODEL
from creators.states import CreatorState

AT_ONCE = 50_000
MODELS = (MODEL, LEXICAL, LIGHT)  # code 1, 2, 3
HEADER, TRAILER = 19, 2
Vectors = tuple[Rows, NDArray[np.float16]]
_WORDS = """
    SELECT 'countries', country FROM creators_creator c WHERE {who} GROUP BY country
    UNION ALL SELECT 'currencies', currency FROM creators_creator c WHERE {who} GROUP BY currency
    UNION ALL SELECT DISTINCT 'languages', unnest(languages) FROM creators_creator c WHERE {who}
    UNION ALL SELECT DISTINCT 'platforms', unnest(platforms) FROM creators_creator c WHERE {who}
    UNION ALL SELECT DISTINCT 'exclusions', unnest(exclusions) FROM creators_creator c WHERE {who}
"""
_NUMBERS = """
    SELECT {columns} FROM creators_creator c LEFT JOIN creators_creatorvector v ON v.creator_id = c.id {rates}
    WHERE {who} ORDER BY c.id
"""
# The lowest price of each kind, in the creator's own currency.
_RATES = """
    LEFT JOIN LATERAL (
        SELECT {lowest} FROM creators_rate r WHERE r.creator_id = c.id AND r.currency = c.currency
    ) r ON true
"""
_SET = """
    SELECT c.id::float8, coalesce(array_position(%(words)s::text[], word::text), 0)::float8
    FROM creators_creator c, unnest(c.{name}) AS word WHERE {who}
"""
_NICHES = """
    SELECT c.id::float8, coalesce(array_position(%(words)s::text[], n.slug::text), 0)::float8, w.weight
    FROM creators_creator c
    JOIN creators_creatorniche w ON w.creator_id = c.id
    JOIN creators_niche n ON n.id = w.niche_id
    WHERE {who}
"""
_IDS = "SELECT c.id::float8 FROM creators_creator c WHERE {who} ORDER BY c.id"
_VECTORS = """
    SELECT c.id, v.vector FROM creators_creatorvector v JOIN creators_creator c ON c.id = v.creator_id
    WHERE {who} AND v.model = %(model)s AND octet_length(v.vector) = %(size)s ORDER BY c.id
"""
Words = dict[str, dict[str, int]]


def listed_ids() -> Rows:
    """Everybody who is listed, in order."""
    who, facts = _whom(None, None)
    return _numbers(_IDS.format(who=who), facts)[:, 0].astype(np.int64)


def batches(ids: Rows) -> Iterator[tuple[int, int]]:
    """Ranges with some 50,000 of these ids each."""
    for start in range(0, len(ids), AT_ONCE):
        part = ids[start : start + AT_ONCE]
        yield int(part[0]), int(part[-1])


def learn(words: Words, who: str, facts: dict[str, Any]) -> None:
    """Give a code, from 1 on, to every word of these creators that has none yet."""
    with connection.cursor() as cursor:
        cursor.execute(_WORDS.format(who=who), facts)
        said = cursor.fetchall()
        cursor.execute("SELECT slug FROM creators_niche ORDER BY id")
        said += [("niches", slug) for (slug,) in cursor.fetchall()]
    for kind, word in said:
        known = words.setdefault(kind, {})
        if word:
            known.setdefault(word, len(known) + 1)


def read(words: Words, *, ids: Rows | None = None, between: tuple[int, int] | None = None) -> Batch:
    """The listed creators among these ids, or in this range of ids, as they are now."""
    who, facts = _whom(ids, between)
    learn(words, who, facts)
    matrix = _numbers(_NUMBERS.format(columns=_columns(), rates=_rates(), who=who), _lists(words) | facts)
    if not len(matrix):
        matrix = np.zeros((0, len(NUMBERS) + 1))
    found = matrix[:, 0].astype(np.int64)
    sets = {}
    for name in SETS:
        query = _NICHES if name == "niches" else _SET.format(name=name, who="{who}")
        entries = _numbers(query.format(who=who), {"words": list(words.get(name, {}))} | facts)
        if entries.shape[1] == 2:
            entries = np.column_stack([entries, np.ones(len(entries))])
        entries = entries[entries[:, 1] > 0]
        places = np.searchsorted(found, entries[:, 0].astype(np.int64))
        sets[name] = (places, entries[:, 1].astype(np.int64), entries[:, 2])
    return Batch(found, matrix[:, 1:], sets)


def read_vectors(model: str, *, ids: Rows | None = None, between: tuple[int, int] | None = None) -> Vectors:
    """Whose vectors of this model there are, and the vectors, in half precision."""
    who, facts = _whom(ids, between)
    facts |= {"model": model, "size": DIMENSIONS * 2}
    kind = [("fields", ">i2"), ("a", ">i4"), ("id", ">i8"), ("b", ">i4"), ("vector", "<f2", (DIMENSIONS,))]
    found = np.frombuffer(_copied(_VECTORS.format(who=who), facts), dtype=kind)
    return found["id"].astype(np.int64), found["vector"]


def _whom(ids: Rows | None, between: tuple[int, int] | None) -> tuple[str, dict[str, Any]]:
    facts: dict[str, Any] = {"listed": CreatorState.LISTED.value}
    if ids is not None:
        return "c.state = %(listed)s AND c.id = ANY(%(ids)s)", facts | {"ids": ids.tolist()}
    low, high = between if between else (0, 2**62)
    return "c.state = %(listed)s AND c.id BETWEEN %(low)s AND %(high)s", facts | {"low": low, "high": high}


def _lists(words: Words) -> dict[str, Any]:
    kinds = ("countries", "currencies", "platforms")
    return {kind: list(words.get(kind, {})) for kind in kinds} | {"models": list(MODELS)}


def _columns() -> str:
    """What each of NUMBERS is in SQL, behind the id; a word is its code, 0 for none."""
    said = {
        "user": "coalesce(c.user_id, 0)",
        "country": "coalesce(array_position(%(countries)s::text[], c.country::text), 0)",
        "currency": "coalesce(array_position(%(currencies)s::text[], c.currency::text), 0)",
        "platform": "coalesce(array_position(%(platforms)s::text[], c.platforms[1]::text), 0)",
        "model": "coalesce(array_position(%(models)s::text[], v.model::text), 0)",
    }
    said |= {name: f"c.{name}" for name in ("minimum_fee_minor", "price_from_minor", *FIGURES)}
    said |= {f"price_{kind}": f"r.{kind}" for kind in KINDS}
    return ", ".join(["c.id::float8", *(f"coalesce(({said[name]})::float8, 'NaN')" for name in NUMBERS)])


def _rates() -> str:
    return _RATES.format(
        lowest=", ".join(f"min(r.price_minor) FILTER (WHERE r.kind = '{kind}') AS {kind}" for kind in KINDS)
    )


def _numbers(query: str, facts: dict[str, Any]) -> NDArray[np.float64]:
    """The rows of a query whose cells are all float8, and none of them NULL: each row is as wide as the others."""
    raw = _copied(query, facts)
    if not raw:
        return np.zeros((0, 3))
    width = int.from_bytes(raw[:2], "big")
    kind = [("fields", ">i2"), ("cells", [("size", ">i4"), ("value", ">f8")], (width,))]
    return np.frombuffer(raw, dtype=kind)["cells"]["value"].astype(np.float64)


def _copied(query: str, facts: dict[str, Any]) -> bytes:
    """What COPY … (FORMAT binary) sends, without its header and trailer.

    Asked of the driver's own cursor: the one that Django wraps round it while debugging takes no parameters here.
    """
    sql = f"COPY ({query}) TO STDOUT (FORMAT binary)"
    with connection.cursor() as cursor, cursor.cursor.copy(sql, facts) as copy:
        return b"".join(bytes(part) for part in copy)[HEADER:-TRAILER]
