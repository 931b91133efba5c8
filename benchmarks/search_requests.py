"""The pool and the requests of benchmarks/search.py; imported once Django is up."""

import random
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import clear_url_caches, path

from creators.figures import tier_of
from creators.models import Creator, Niche, Town
from marketplace import urls

SEED, BATCH, WARM = 20_261_123, 10, 5
WORDS = [
    "bread", "sourdough", "garden", "running", "bike", "family", "dog", "travel", "mountain", "coffee", "linen", "film",
    "book", "code", "paint", "slow", "honest", "city", "forest", "river", "winter", "summer", "small", "local", "home",
]  # fmt: skip
RARE = ["quince", "weaving", "sauna", "unicycle", "kombucha"]


def fill(count: int) -> None:
    """Creators whose figures hang together, the same in every run."""
    chance = random.Random(SEED)
    parents = dict(Niche.objects.values_list("slug", "parent__slug"))
    names = dict(Niche.objects.values_list("slug", "name"))
    towns = list(Town.objects.filter(country__in=["DE", "AT", "CH", "GB"]).order_by("pk")[:4_000])
    rows = [one(number, chance, parents, names, chance.choice(towns)) for number in range(count)]
    Creator.objects.bulk_create([Creator(**row) for row in rows], batch_size=500)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE creators_creator")


def one(
    number: int, chance: random.Random, parents: dict[str, Any], names: dict[str, str], town: Any
) -> dict[str, Any]:
    slugs = chance.sample(sorted(names), 2)
    words = [*chance.choices(WORDS, k=15), *([chance.choice(RARE)] if chance.random() < 0.05 else [])]
    followers = int(10 ** chance.uniform(2.7, 6.2))
    known = chance.random() < 0.7
    rate = 0.035 * chance.lognormvariate(0, 0.8) if known else None
    return {
        "handle": f"creator-{number}", "display_name": f"Creator {number}", "state": "listed",
        "bio": " ".join(words), "town": town, "town_label": f"{town.name}, {town.country}",
        "country": town.country, "latitude": town.latitude, "longitude": town.longitude,
        "languages": chance.sample(["de", "en", "fr", "it"], 2), "platforms": chance.sample(["instagram", "tiktok"], 1),
        "niche_names": [names[slug] for slug in slugs],
        "niche_slugs": sorted({*slugs, *(parents[slug] for slug in slugs if parents[slug])}),
        "niche_words": " ".join(slugs), "followers": followers, "tier": tier_of(followers),
        "engagement_rate": rate, "engagement_shrunk": rate, "engagement_posts": chance.randint(1, 30) if known else 0,
        "reply_rate": chance.random() / 2 if known else None, "comment_words": chance.uniform(1, 9) if known else None,
        "conversation": chance.random() if known else None, "price_from_minor": chance.randint(30, 900) * 100,
        "last_post_on": date(2026, 11, 1) - timedelta(days=chance.randint(0, 90)),
    }  # fmt: skip


def measure(requests: dict[str, str], rounds: int) -> list[dict[str, Any]]:
    """Django's and PostgreSQL's CPU milliseconds and the number of queries, for each request."""
    client = Client(raise_request_exception=True)
    install_bare_view()
    cursor = client.get("/api/v1/creators/").json()["next"].split("cursor=")[1].split("&")[0]
    urls = {name: url.replace("{cursor}", cursor) for name, url in requests.items()}
    queries, spent = {}, {name: [] for name in urls}
    for name, url in urls.items():
        for _ in range(WARM):
            answer = client.get(url)
            assert answer.status_code == 200, (url, answer.status_code)
        with CaptureQueriesContext(connection) as asked:
            client.get(url)
        queries[name] = len(asked)
    clock = server_clock()
    for _ in range(rounds):
        for name, url in urls.items():
            spent[name].append(batch(client, url, clock))
    return [
        {
            "request": name,
            "django_ms": statistics.median(ours for ours, _theirs in spent[name]),
            "postgres_ms": statistics.median(theirs for _ours, theirs in spent[name]),
            "queries": queries[name],
        }
        for name in urls
    ]


def batch(client: Any, url: str, clock: Callable[[], float]) -> tuple[float, float]:
    """Milliseconds of CPU for one request: ours and PostgreSQL's, over a few requests."""
    ours, theirs = time.process_time(), clock()
    for _ in range(BATCH):
        client.get(url)
    return 1000 * (time.process_time() - ours) / BATCH, 1000 * (clock() - theirs) / BATCH


def server_clock() -> Callable[[], float]:
    """Seconds of CPU that our PostgreSQL backend has used."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    found = [path for path in Path("/proc").glob("[0-9]*/status") if is_backend(path, pid)]
    if not found:
        print("PostgreSQL's CPU can't be read here: its figures are missing.", file=sys.stderr)
        return lambda: 0.0
    return lambda: int((found[0].parent / "schedstat").read_text().split()[0]) / 1e9


def is_backend(status: Path, pid: int) -> bool:
    """A server in a process namespace of its own knows itself by another number than we do."""
    try:
        text = status.read_text()
    except OSError:
        return False
    numbers = next((line.split()[1:] for line in text.splitlines() if line.startswith("NSpid:")), [])
    return "postgres" in text.splitlines()[0] and str(pid) == numbers[-1:][0] if numbers else False


def bare(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


def install_bare_view() -> None:
    urls.urlpatterns.insert(0, path("bare/", bare))
    clear_url_caches()
