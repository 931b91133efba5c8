"""What takes too long fails alone: the list stays without its counts, and a radius that is too large is said."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import OperationalError, connection, transaction
from django.test import Client

from creators.search import Search, Wanted, count_facets, facets, loosen, paging
from creators.search.wanted import Place
from marketplace.kit.busy import within
from marketplace.kit.errors import Busy
from tests.creators.pool import listed

pytestmark = pytest.mark.django_db
NEAR = "near=48.4,9.99"


@pytest.fixture(autouse=True)
def own_cache(settings: Any) -> Iterator[None]:
    """What could not be counted is remembered for a minute: here only, not for other tests."""
    backend = "django.core.cache.backends.locmem.LocMemCache"
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": "slow-search"}}
    yield
    cache.clear()


@pytest.fixture
def slow_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counting sizes takes a second and may take a twentieth of it."""
    monkeypatch.setitem(facets._VALUES, "tier", "(SELECT tier FROM pg_sleep(1))")
    monkeypatch.setattr(facets, "SECONDS", 0.05)


def sleeping() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(1)")


def test_a_slow_read_is_given_up_and_the_connection_goes_on() -> None:
    with pytest.raises(Busy) as refused, within(0.05):
        sleeping()

    assert refused.value.code == "too_slow"
    listed("ana")
    assert Search(Wanted()).found().count() == 1


def test_what_is_quick_keeps_no_limit_behind() -> None:
    with transaction.atomic():
        with within(0.05):
            Search(Wanted()).found().count()
        with connection.cursor() as cursor:
            cursor.execute("SHOW statement_timeout")
            assert cursor.fetchone()[0] == "10s"


def test_another_failure_is_not_called_slow() -> None:
    with pytest.raises(OperationalError, match="gone"), within(1):
        raise OperationalError("gone")


def test_counts_that_take_too_long_are_left_out_and_not_tried_again_at_once(slow_counts: None) -> None:
    listed("ana", tier="nano")

    found = count_facets(Search(Wanted()))

    assert (found.total, found.counts) == (None, {})
    facets.SECONDS = 5.0
    assert count_facets(Search(Wanted())).total is None


def test_the_page_keeps_its_list_without_counts(slow_counts: None, client: Client) -> None:
    listed("ana", display_name="Ana Amsel", tier="nano")

    page = client.get("/discover/").content.decode()

    assert "Ana Amsel" in page
    assert "Too many to count now" in page
    assert "Narrow down by niche" not in page


def test_the_api_says_that_it_did_not_count(slow_counts: None, client: Client) -> None:
    listed("ana", tier="nano")

    said = client.get("/api/v1/creators/?facets=true").json()

    assert said["facets"] is None
    assert len(said["results"]) == 1


def test_a_radius_that_holds_too_many_says_what_to_do(monkeypatch: pytest.MonkeyPatch, client: Client) -> None:
    listed("ana", latitude=48.4, longitude=9.99)

    def slow(*_: object, **__: object) -> None:
        sleeping()

    monkeypatch.setattr(paging, "page_of", slow)
    monkeypatch.setattr(paging, "SECONDS", 0.05)

    page = client.get(f"/discover/?{NEAR}&radius_km=250")
    refused = client.get(f"/api/v1/creators/?{NEAR}&radius_km=250")

    assert (page.status_code, refused.status_code) == (200, 503)
    assert "Choose a smaller radius" in page.content.decode()
    assert refused.json()["code"] == "too_slow"


def test_what_to_loosen_is_left_out_where_that_takes_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    listed("ana", latitude=48.4, longitude=9.99)
    monkeypatch.setattr("creators.search.loosening.capped_sizes", lambda *_, **__: sleeping())
    monkeypatch.setattr("creators.search.loosening.SECONDS", 0.05)

    assert loosen(Search(Wanted(near=Place(52.5, 13.4, 5.0)))) == []
