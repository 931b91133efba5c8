"""Every address asks the database as often for fifty rows as for one, exactly as often as the table says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from creators.models import Niche
from marketplace.kit import later
from marketplace.kit.chips import LONG
from tests.permissions.api_table import API
from tests.permissions.pages_table import PAGES
from tests.permissions.rows import read_rows
from tests.permissions.sending import QUERIES as ASKED
from tests.permissions.world import World, build_world
from tests.queries.crowd import grow
from tests.queries.table import QUERIES

MOST = 12
# What answers something else than a page: nothing is measured yet, nobody is named, one's own is elsewhere, and what
# Stripe has is not asked for (tests/campaigns/test_payout_pages.py counts the page with it).
OTHERWISE = {"metrics": 404, "creator_choose": 404, "team_mine": 302, "payout_request": 409, "api_earnings-quotes": 409}
NO_CACHE = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}


@dataclass(frozen=True)
class Read:
    """One line of the table."""

    name: str
    who: str
    things: tuple[str, ...]
    queries: int

    def __str__(self) -> str:
        return f"{self.name} {self.who} {'/'.join(self.things) or '-'}"


def _lines() -> Iterator[Read]:
    for line in QUERIES.strip().splitlines():
        if cells := line.split():
            name, who, things, queries = cells
            yield Read(name, who, () if things == "-" else tuple(things.split("/")), int(queries))


READS = list(_lines())
Counts = dict[Read, list[str]]


@pytest.fixture
def counts(db: None, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> tuple[Counts, Counts]:
    """The queries of every address with one row, then with fifty."""
    settings.MEDIA_ROOT, settings.CACHES, settings.OFFER_MAX_ROUNDS = tmp_path, NO_CACHE, 100
    monkeypatch.setattr(later, "_ring", lambda task, kwargs: None)
    # A long list of niches, as every installation has: a short one is laid out another way.
    Niche.objects.bulk_create(Niche(slug=f"craft-{number}", name=f"Craft {number}") for number in range(2 * LONG))
    grow(world := build_world(), [1])
    _all(world)  # what is read once in a process, or written once in a session
    one = _all(world)
    grow(world, range(2, 51))
    return one, _all(world)


def _all(world: World) -> Counts:
    return {read: _queries(world, read) for read in READS}


def _queries(world: World, read: Read) -> list[str]:
    path = reverse(read.name, args=[world.id_of(thing) for thing in read.things])
    asked = ASKED.get(read.name, "page_size=50")
    with CaptureQueriesContext(connection) as seen:
        answer = world.browsers[read.who].generic("GET", path, QUERY_STRING=asked)
        b"".join(answer)  # closes a file
    assert answer.status_code in (200, OTHERWISE.get(read.name, 503)), (str(read), answer.status_code)
    # Savepoints are the transaction round this test.
    return [query["sql"] for query in seen.captured_queries if "SAVEPOINT" not in query["sql"]]


def test_every_address_that_is_read_is_counted() -> None:
    """The matrix has a row for each route of the URLconf and each of its methods."""
    read = {row.name for row in read_rows(PAGES + API) if row.method == "GET"}

    assert {line.name for line in READS} == read


def test_fifty_rows_cost_what_one_costs_and_what_the_table_says(counts: tuple[Counts, Counts]) -> None:
    """One test and not a hundred: the two looks at everything are what takes time, and they are taken once."""
    wrong = []
    for read in READS:
        one, fifty = counts[0][read], counts[1][read]
        if (len(one), len(fifty)) != (read.queries, read.queries):
            longer = one if len(one) > len(fifty) else fifty
            wrong.append(f"{read}: {len(one)} and {len(fifty)}, not {read.queries}\n  " + "\n  ".join(longer))

    assert not wrong, "\n".join(wrong)


def test_no_address_asks_more_than_twelve_times() -> None:
    assert [str(read) for read in READS if read.queries > MOST] == []
