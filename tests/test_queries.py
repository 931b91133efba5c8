"""Pages ask the database as often for fifty rows as for one, and never more than twelve times."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from marketplace.kit import later
from tests.cast import make_cast
from tests.crowd import Crowd, make_crowd

pytestmark = pytest.mark.django_db
MOST = 12
QUIET = {"CACHES": {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}}
# Person, address: pages that list something, and the API's lists.
PAGES = [
    ("owner", "/"),
    ("owner", "/campaigns/"),
    ("owner", "/campaigns/{campaign}/"),
    ("owner", "/campaigns/{campaign}/shortlist/"),
    ("owner", "/campaigns/choose/?creator=mina"),
    ("owner", "/offers/"),
    ("owner", "/collaborations/"),
    ("owner", "/collaborations/{room}/"),
    ("owner", "/offers/{offer}/"),
    ("owner", "/team/{bakery}/"),
    ("owner", "/notices/"),
    ("owner", "/discover/"),
    ("creator", "/creator/"),
    ("creator", "/opportunities/"),
    ("creator", "/campaigns/{campaign}/"),
    ("creator", "/offers/"),
    ("creator", "/collaborations/"),
    ("creator", "/earnings/"),
    ("creator", "/c/mina/"),
    ("anonymous", "/discover/"),
    ("owner", "/api/v1/campaigns/?page_size=50"),
    ("owner", "/api/v1/offers/?page_size=50"),
    ("owner", "/api/v1/collaborations/?page_size=50"),
    ("owner", "/api/v1/invitations/?page_size=50"),
    ("owner", "/api/v1/applications/?page_size=50"),
    ("owner", "/api/v1/members/?page_size=50"),
    ("owner", "/api/v1/notices/?page_size=50"),
    ("owner", "/api/v1/campaigns/{campaign}/matches/"),
    ("owner", "/api/v1/campaigns/{campaign}/activity/"),
    ("creator", "/api/v1/campaigns/?page_size=50"),
    ("creator", "/api/v1/offers/?page_size=50"),
    ("creator", "/api/v1/collaborations/?page_size=50"),
    ("anonymous", "/api/v1/creators/?page_size=50"),
]
Counts = dict[tuple[str, str], list[str]]


@pytest.fixture(scope="module")
def counts(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[Counts, Counts]]:
    """The queries of every page with one row, then with fifty."""
    with (
        override_settings(**QUIET),
        pytest.MonkeyPatch.context() as patch,
        django_db_blocker.unblock(),
        transaction.atomic(),
    ):
        patch.setattr(later, "_ring", lambda task, kwargs: None)
        crowd = make_crowd(make_cast())
        one = _all(crowd)
        crowd.grow(49)
        yield one, _all(crowd)
        transaction.set_rollback(True)


@pytest.fixture
def _django_db_helper(counts: object) -> None:
    """Tests marked with django_db read what was counted instead of getting a transaction each."""


def _all(crowd: Crowd) -> Counts:
    clients = {"owner": Client(), "creator": Client(), "anonymous": Client()}
    clients["owner"].force_login(crowd.cast.owner, backend="django.contrib.auth.backends.ModelBackend")
    clients["creator"].force_login(crowd.cast.mina, backend="django.contrib.auth.backends.ModelBackend")
    for client in clients.values():
        client.get("/discover/")  # what is read once in a process
    ids = {
        "campaign": crowd.campaign.public_id,
        "room": crowd.room.public_id,
        "offer": crowd.room.offer.public_id,
        "bakery": crowd.cast.bakery.public_id,
    }
    return {(who, path): _queries(clients[who], path.format(**ids)) for who, path in PAGES}


def _queries(client: Client, path: str) -> list[str]:
    with CaptureQueriesContext(connection) as seen:
        answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    # Savepoints are the transaction round this test.
    return [query["sql"] for query in seen.captured_queries if "SAVEPOINT" not in query["sql"]]


@pytest.mark.parametrize(("who", "path"), PAGES)
def test_fifty_rows_cost_what_one_costs(who: str, path: str, counts: tuple[Counts, Counts]) -> None:
    one, fifty = counts[0][who, path], counts[1][who, path]

    assert len(fifty) == len(one), "\n".join(fifty)


@pytest.mark.parametrize(("who", "path"), PAGES)
def test_no_page_asks_more_than_twelve_times(who: str, path: str, counts: tuple[Counts, Counts]) -> None:
    asked = counts[1][who, path]

    assert len(asked) <= MOST, "\n".join(asked)
