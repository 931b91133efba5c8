"""Beside the engine in the same run: other ways to find the hundred nearest vectors, and the filter in SQL."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from django.db import connection
from django.db.models import Q, QuerySet
from numpy.typing import NDArray
from rich.progress import Progress

from campaigns.models import Campaign
from campaigns.shortlist.meaning import Indexed
from campaigns.shortlist.pool import Everybody
from creators.models import Creator

LIMIT, QUERIES = 100, 4
HNSW = "CREATE INDEX bench_hnsw ON bench_vectors USING hnsw (vector halfvec_ip_ops)"
NEAREST = "SELECT id FROM bench_vectors v WHERE true {where} ORDER BY vector <#> %s::halfvec LIMIT 100"
Vector = NDArray[np.float32]
Way = Callable[[Vector, NDArray[np.int64]], set[int]]


def compared(
    crowd: Any, who: Everybody, campaigns: dict[str, list[Campaign]], bars: Progress, *, with_pgvector: bool
) -> dict[str, Any]:
    """Way → selectivity → p50 ms, recall@100 of the nearest and rows; what is not there is left out."""
    whole = crowd.vectors.astype(np.float32)
    filters = {name: _rows(who, asked[0]) for name, asked in campaigns.items()}
    ways: dict[str, Way] = {"numpy exact": lambda vector, rows: _exact(whole, vector, rows)}
    if isinstance(who.meaning, Indexed):
        ways["faiss PQ192x4fs + rerank 1,000"] = lambda vector, rows: _reranked(who, vector, rows)
    bar = bars.add_task("other ways", total=len(ways) * len(filters))
    found: dict[str, Any] = {}
    for name, way in ways.items():
        found[name] = {}
        for share, rows in filters.items():
            found[name][share] = _timed(way, crowd, whole, rows)
            bars.advance(bar)
    found["filter in SQL, ids as an array"] = {name: _sql(asked[0]) for name, asked in campaigns.items()}
    if with_pgvector and _has_pgvector():
        found |= _pgvector(crowd, whole, filters, bars)
    return found


def _rows(who: Everybody, campaign: Campaign) -> NDArray[np.int64]:
    """Which creators the filter keeps, as places among all that were made (ids begin at 1)."""
    return np.array(sorted(_kept(campaign).values_list("pk", flat=True)), dtype=np.int64) - 1


def _kept(campaign: Campaign) -> QuerySet[Creator]:
    found = Creator.objects.listed().order_by()
    if campaign.country:
        found = found.filter(Q(country=campaign.country) | Q(country=""))
    if campaign.languages:
        found = found.filter(Q(languages__overlap=campaign.languages) | Q(languages=[]))
    if campaign.radius_km and campaign.town:
        up = campaign.radius_km / 111
        here, there = campaign.town.latitude, campaign.town.longitude
        found = found.filter(latitude__range=(here - up, here + up), longitude__range=(there - up, there + up))
    return found


def _timed(way: Way, crowd: Any, whole: Vector, rows: NDArray[np.int64]) -> dict[str, float]:
    spent, recall, counts = [], [], []
    for number in range(QUERIES):
        vector = crowd.wish(number)[1]
        began = time.perf_counter()
        found = way(vector, rows)
        spent.append(1000 * (time.perf_counter() - began))
        exact = _exact(whole, vector, rows)
        recall.append(len(found & exact) / max(len(exact), 1))
        counts.append(len(found))
    return {"p50": statistics.median(spent), "recall": statistics.mean(recall), "rows": min(counts)}


def _exact(whole: Vector, vector: Vector, rows: NDArray[np.int64]) -> set[int]:
    everybody = len(rows) == len(whole)
    cosines = whole @ vector if everybody else whole[rows] @ vector
    best = np.argpartition(cosines, -min(LIMIT, len(rows)))[-LIMIT:]
    return set((best if everybody else rows[best]).tolist())


def _reranked(who: Everybody, vector: Vector, rows: NDArray[np.int64]) -> set[int]:
    assert isinstance(who.meaning, Indexed)
    index, keeps = who.meaning.index, np.zeros(len(who.columns), dtype=np.bool_)
    keeps[rows] = True
    near = np.sort(index.nearest(vector, keeps, 1_000)[0])
    return set(near[np.argsort(-index.cosines(vector, near))[:LIMIT]].tolist())


def _sql(campaign: Campaign) -> dict[str, float]:
    """The filter as one statement, the ids as one value."""
    statement, facts = _kept(campaign).values("pk").query.sql_with_params()
    spent = []
    with connection.cursor() as cursor:
        for _ in range(QUERIES):
            began = time.perf_counter()
            cursor.execute(f"SELECT array_agg(pk) FROM ({statement}) kept", facts)  # noqa: S608
            cursor.fetchone()
            spent.append(1000 * (time.perf_counter() - began))
    return {"p50": statistics.median(spent)}


def _has_pgvector() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_available_extensions WHERE name = 'vector'")
        return bool(cursor.fetchone()[0])


def _pgvector(crowd: Any, whole: Vector, filters: dict[str, NDArray[np.int64]], bars: Progress) -> dict[str, Any]:
    """Exact, and an HNSW index that scans on until a hundred passed the filter."""
    bar = bars.add_task("pgvector: fill, exact, HNSW", total=3)
    found: dict[str, Any] = {}
    with connection.cursor() as cursor:
        cursor.execute("CREATE EXTENSION IF NOT EXISTS vector")
        cursor.execute("DROP TABLE IF EXISTS bench_vectors")
        cursor.execute("CREATE TABLE bench_vectors (id int PRIMARY KEY, vector halfvec(384), parts int[])")
        kept = [set(rows.tolist()) for rows in filters.values()]
        with cursor.copy("COPY bench_vectors FROM STDIN") as copy:
            for row, vector in enumerate(whole):
                parts = [number for number, rows in enumerate(kept) if row in rows]
                copy.write_row((row, f"[{','.join(f'{value:.5f}' for value in vector)}]", parts))
        cursor.execute("VACUUM ANALYZE bench_vectors")
    bars.advance(bar)
    found["pgvector exact"] = _asked(crowd, whole, filters)
    bars.advance(bar)
    with connection.cursor() as cursor:
        began = time.perf_counter()
        cursor.execute(HNSW)
        built = time.perf_counter() - began
        cursor.execute("SET hnsw.iterative_scan = 'relaxed_order'")
        cursor.execute("SET hnsw.ef_search = 400")
    found[f"pgvector HNSW, iterative (built in {built:.0f} s)"] = _asked(crowd, whole, filters)
    bars.advance(bar)
    return found


def _asked(crowd: Any, whole: Vector, filters: dict[str, NDArray[np.int64]]) -> dict[str, Any]:
    def way(number: int) -> Way:
        def ask(vector: Vector, _rows: NDArray[np.int64]) -> set[int]:
            with connection.cursor() as cursor:
                cursor.execute(NEAREST.format(where=f"AND {number} = ANY(parts)"), [str(vector.tolist())])
                return {row for (row,) in cursor.fetchall()}

        return ask

    return {name: _timed(way(number), crowd, whole, rows) for number, (name, rows) in enumerate(filters.items())}
