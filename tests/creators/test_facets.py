"""Counts beside the search: each given the other filters, estimated where many, and what to loosen when nobody fits."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from creators.search import Search, Wanted, band_of, count_facets, facets, loosen
from creators.search.wanted import Place
from tests.creators.pool import listed

pytestmark = pytest.mark.django_db
URL = "/api/v1/creators/"


@pytest.fixture(autouse=True)
def pool() -> None:
    """Three bakers and a potter, in two countries, on two networks."""
    today = timezone.localdate()
    baker: dict[str, Any] = {"niche_slugs": ["baking", "food-drink"], "platforms": ["instagram"], "languages": ["de"]}
    listed("ana", **baker, price_from_minor=4_999, tier="nano", last_post_on=today, latitude=48.4, longitude=9.99)
    listed("ben", **{**baker, "platforms": ["instagram", "tiktok"]}, price_from_minor=5_000, tier="mega")
    listed("cem", **{**baker, "languages": ["tr", "de"]}, country="AT", price_from_minor=9_000, currency="USD")
    listed("dee", niche_slugs=["pottery"], platforms=["tiktok"], languages=["en"], tier="nano", room_per_month=0)
    listed("eve", **baker, state="paused")


def counts(wanted: Wanted) -> dict[str, dict[str, int]]:
    return {name: dict(values) for name, values in count_facets(Search(wanted)).counts.items()}


def test_every_facet_counts_the_listed_creators() -> None:
    assert counts(Wanted()) == {
        "niche": {"baking": 3, "food-drink": 3, "pottery": 1},
        "platform": {"instagram": 3, "tiktok": 2},
        "language": {"de": 3, "tr": 1, "en": 1},
        "country": {"DE": 3, "AT": 1},
        "price": {"0": 1, "1": 1},
        "available": {"room": 3, "active": 1},
        "tier": {"nano": 2, "mega": 1},
    }


def test_a_facet_is_counted_without_its_own_filter_and_with_all_others() -> None:
    found = counts(Wanted(platform="tiktok", country="DE"))

    assert found["platform"] == {"instagram": 2, "tiktok": 2}
    assert found["country"] == {"DE": 2}
    assert found["niche"] == {"baking": 1, "food-drink": 1, "pottery": 1}


def test_following_a_count_finds_exactly_so_many() -> None:
    for facet in ("platform", "language", "country", "available"):
        for value, count in counts(Wanted(country="DE"))[facet].items():
            asked = {"country": "DE", facet: value}
            assert Search(Wanted(**asked)).found().count() == count, asked  # type: ignore[arg-type]
    for number, count in counts(Wanted())["price"].items():
        least, most = band_of(int(number), "EUR")
        assert Search(Wanted(price_min_minor=least, price_max_minor=most)).found().count() == count


def test_the_bands_of_prices_touch_and_the_last_is_open() -> None:
    for currency in ("EUR", "JPY", "KWD"):
        bands = [band_of(number, currency) for number in range(len(facets.BANDS))]
        assert [low for low, _ in bands[1:]] == [(high or 0) + 1 for _, high in bands[:-1]]
        assert bands[0][0] == 0
        assert bands[-1][1] is None


def test_a_large_pool_is_estimated_from_a_lot_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facets, "MANY", 40)
    monkeypatch.setattr(facets, "LOTS", 4)
    for number in range(96):
        listed(f"c{number}", platforms=["blog"], country="FR")

    found = count_facets(Search(Wanted(country="DE")))

    assert found.estimated == {"country"}
    assert dict(found.counts["country"])["FR"] == 96
    assert dict(found.counts["platform"]) == {"instagram": 2, "tiktok": 2}
    assert count_facets(Search(Wanted())).total == 41


def test_what_took_long_to_count_is_counted_once_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facets, "DEAR", 1)
    with CaptureQueriesContext(connection) as first:
        count_facets(Search(Wanted(language="de", tier="nano")))
    with CaptureQueriesContext(connection) as again:
        count_facets(Search(Wanted(language="de", tier="nano", order="newest")))
    with CaptureQueriesContext(connection) as other:
        count_facets(Search(Wanted(language="de", tier="nano", order="price")))

    counted = [sum("count(*)" in query["sql"] for query in found) for found in (first, again, other)]
    assert counted == [2, 0, 2]
    assert not len(again)


def test_who_asks_for_too_much_hears_what_to_loosen() -> None:
    near = Place(48.4, 9.0, 25, "Tübingen, DE")

    found = loosen(Search(Wanted(near=near, platform="instagram", language="de")))

    assert [(one.name, one.count, one.radius_km) for one in found] == [("near", 3, None), ("wider", 1, 100)]
    assert loosen(Search(Wanted(q="!!!", country="DE")))[0].name == "q"
    assert loosen(Search(Wanted(platform="newsletter", country="FR"))) == []


def test_the_api_tells_counts_when_asked_and_bands_with_their_ends() -> None:
    plain, told = (Client().get(URL, {"platform": "instagram", **more}).json() for more in ({}, {"facets": "true"}))

    assert "facets" not in plain
    named = {facet["name"]: facet for facet in told["facets"]}
    assert {"value": "tiktok", "count": 2} in named["platform"]["values"]
    assert named["price"]["values"][1] == {
        "value": "1", "count": 1, "price_min_minor": 5_000, "price_max_minor": 9_999,
    }  # fmt: skip
    assert told["loosen"] == []
    nobody = Client().get(URL, {"platform": "newsletter", "language": "de", "facets": "true"}).json()
    assert nobody["loosen"] == [{"filter": "platform", "count": 3, "radius_km": None}]


def test_the_page_shows_what_is_asked_as_chips_that_can_be_removed() -> None:
    asked = {"platform": "instagram", "language": "de", "near": "", "price_min": "50", "price_max": "99.99"}

    page = Client().get("/discover/", asked).content.decode()

    assert 'href="/discover/?platform=instagram&amp;language=de"' in page  # without the price
    assert "€50.00 to €99.99" in page
    assert 'href="/discover/?language=de&amp;price_min=50&amp;price_max=99.99"' in page
    assert "/c/ben/" in page
    assert "/c/ana/" not in page


def test_the_page_tells_sizes_and_offers_no_way_to_choose_by_them() -> None:
    page = Client().get("/discover/").content.decode()

    assert "Size, for information" in page
    assert "?tier=" not in page
    assert 'href="/discover/?niche=pottery"' in page
    assert "followers" not in page.partition('id="results"')[2].partition("</main>")[0].lower()


def test_a_page_without_anybody_offers_what_would_find_somebody() -> None:
    page = Client().get("/discover/", {"niche": "pottery", "language": "de"}).content.decode()

    assert "Without “German”" in page
    assert 'href="/discover/?niche=pottery"' in page


def test_a_highest_price_below_the_lowest_is_said_at_the_field() -> None:
    page = Client().get("/discover/", {"price_min": "100", "price_max": "50"}).content.decode()

    assert "This is less than the lowest price." in page
