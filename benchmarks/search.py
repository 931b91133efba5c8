"""Looking for creators among 10,000: CPU per request, PostgreSQL's included, beside a bare Django view in the same run.

    python -m benchmarks.search [--creators 10000] [--rounds 30] [--json]

Requests go through the whole WSGI stack (middleware, sessions, throttle), without a socket. They take turns, so that a
busy machine slows all of them alike. CPU of PostgreSQL is read from its backend's /proc/…/schedstat; where that can't
be read (another machine), its wall time is counted instead, which is more. Ends with 1 when a figure is over its limit.
"""

import argparse
import importlib
import json
import os
import sys
from typing import Any

from benchmarks.throwaway import database, load_places

API_MS, PAGE_MS, QUERIES = 10.0, 20.0, 8
REQUESTS = {
    "bare Django view": ("/bare/", None),
    "search API": ("/api/v1/creators/", API_MS),
    "search API, niche and engagement": ("/api/v1/creators/?niche=food-drink&engagement_min=0.03", API_MS),
    "search API, near a town": ("/api/v1/creators/?near=48.14,11.58&radius_km=100&ordering=distance", API_MS),
    "search API, a common word": ("/api/v1/creators/?q=sourdough", API_MS),
    "search API, a rare word": ("/api/v1/creators/?q=kombucha", API_MS),
    "search API, a word nobody uses": ("/api/v1/creators/?q=zyzzyva", API_MS),
    "search API, price": ("/api/v1/creators/?ordering=price&price_max_minor=20000", API_MS),
    "search API, second page": ("/api/v1/creators/?cursor={cursor}", API_MS),
    "discover page": ("/discover/", PAGE_MS),
    "discover page, filtered": ("/discover/?niche=food-drink&language=de&near=Munich&radius_km=100", PAGE_MS),
}


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--creators", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    os.environ.update(API_RATE_ANON="1000000/min", LOG_LEVEL="ERROR")
    with database("search"):
        load_places()
        requests = importlib.import_module("benchmarks.search_requests")
        requests.fill(asked.creators)
        rows = [
            judge(row) for row in requests.measure({name: url for name, (url, _) in REQUESTS.items()}, asked.rounds)
        ]
    print(json.dumps(rows, indent=2) if asked.json else table(rows, asked.creators))
    return int(any(row["over"] for row in rows))


def judge(row: dict[str, Any]) -> dict[str, Any]:
    limit = REQUESTS[row["request"]][1]
    together = row["django_ms"] + row["postgres_ms"]
    over = limit is not None and (together > limit or row["queries"] > QUERIES)
    return {**row, "cpu_ms": together, "limit_ms": limit, "over": over}


def table(rows: list[dict[str, Any]], creators: int) -> str:
    bare = rows[0]["cpu_ms"] or 1.0
    lines = [
        f"{creators:,} creators, load {os.getloadavg()[0]:.1f}; medians of CPU milliseconds for one request",
        "",
        "| request | Django | PostgreSQL | together | limit | × bare | queries |",
        "|---|---|---|---|---|---|---|",
    ]
    for one_row in rows:
        limit = f"{one_row['limit_ms']:g}{' ✗' if one_row['over'] else ''}" if one_row["limit_ms"] else ""
        lines.append(
            f"| {one_row['request']} | {one_row['django_ms']:.2f} | {one_row['postgres_ms']:.2f} |"
            f" {one_row['cpu_ms']:.2f} | {limit} | {one_row['cpu_ms'] / bare:.1f} | {one_row['queries']} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
