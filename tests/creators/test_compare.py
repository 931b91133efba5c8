"""Creators side by side: each figure with what it is from, nobody judged by followers, nothing invented."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from creators.models import Channel, Creator
from creators.services.comparing import FIGURES, compare, find_compared
from tests.creators.pool import listed

pytestmark = pytest.mark.django_db
URL = "/api/v1/creators/compare/"


@pytest.fixture
def ana() -> Creator:
    """Much seen, dearer."""
    figures: dict[str, Any] = {
        "engagement_rate": 0.06, "engagement_shrunk": 0.055, "engagement_posts": 30, "reply_rate": 0.4,
        "comments_seen": 180, "price_from_minor": 9_000, "last_post_on": date(2026, 11, 3), "followers": 900,
        "figures_at": timezone.now(),
    }  # fmt: skip
    return listed("ana", **figures)


@pytest.fixture
def ben() -> Creator:
    """Three lucky posts and comments, cheaper, many followers."""
    figures: dict[str, Any] = {
        "engagement_rate": 0.2, "engagement_shrunk": 0.05, "engagement_posts": 3, "reply_rate": 0.9, "comments_seen": 3,
        "price_from_minor": 5_000, "followers": 900_000,
    }  # fmt: skip
    return listed("ben", **figures)


def best(*creators: Creator) -> dict[str, list[bool]]:
    return {
        figure.name: [cell.is_best for cell in cells]
        for figure, cells in compare(creators)
        if any(cell.is_best for cell in cells)
    }


def test_the_best_is_named_only_from_enough(ana: Creator, ben: Creator) -> None:
    assert best(ana, ben) == {"engagement_shrunk": [True, False], "price_from_minor": [False, True]}


def test_prices_in_two_currencies_have_no_lowest(ana: Creator, ben: Creator) -> None:
    ben.currency = "USD"

    assert "price_from_minor" not in best(ana, ben)


def test_equals_have_no_best_and_followers_are_no_figure(ana: Creator, ben: Creator) -> None:
    ben.price_from_minor = ana.price_from_minor

    assert "price_from_minor" not in best(ana, ben)
    assert "followers" not in {figure.name for figure in FIGURES}


def test_whoever_is_not_listed_is_not_compared_and_nobody_twice(ana: Creator, ben: Creator) -> None:
    Creator.objects.create(handle="eve", display_name="Eve", state="paused")

    assert find_compared(["ben", "eve", ana.public_id, "ana", "nobody"]) == [ben, ana]


@pytest.mark.usefixtures("ana", "ben")
def test_the_page_says_what_each_figure_is_from_and_what_is_unknown() -> None:
    Channel.objects.create(creator=Creator.objects.get(handle="ana"), network="blog", handle="a", followers=900)

    page = Client().get("/creators/compare/", {"c": ["ana", "ben"]}).content.decode()

    assert "30 posts, newest 3 Nov 2026" in page
    assert "180 comments, by" in page
    assert "not known yet" in page
    assert "from €50.00" in page
    assert "lowest" in page
    assert "Blog: 900 (entered by hand)" in page
    assert 'href="/creators/compare/?c=ben"' in page  # without Ana


@pytest.mark.usefixtures("ana")
def test_fewer_than_two_are_asked_for_more_and_more_than_four_are_left_out_by_name() -> None:
    for number in range(4):
        listed(f"c{number}")

    one = Client().get("/creators/compare/", {"c": "ana"}).content.decode()
    five = Client().get("/creators/compare/", {"c": ["c0", "c1", "c2", "c3", "ana", "gone"]}).content.decode()

    assert 'href="/discover/?c=ana"' in one
    assert "Left out: Ana." in five
    assert "One of them is not listed any more." in five


@pytest.mark.usefixtures("ana", "ben")
def test_what_is_ticked_stays_ticked_while_filters_change() -> None:
    page = Client().get("/discover/", {"c": ["ana", "gone"], "country": "DE"}).content.decode()

    assert 'value="ana" checked' in page
    assert page.count('<input type="hidden" name="c" value="gone">') == 2  # with the filters and with the cards
    assert 'href="/discover/?c=ana&amp;c=gone"' in page  # without the country


@pytest.mark.usefixtures("ana", "ben")
def test_the_api_compares_two_to_four_and_no_others() -> None:
    told = Client().get(URL, {"creators": "ana,ben"}).json()

    assert [row["handle"] for row in told["creators"]] == ["ana", "ben"]
    rows = {row["name"]: row for row in told["figures"]}
    assert rows["price_from_minor"]["cells"][1] == {
        "value": 5000.0, "source": "profile", "sample": None, "as_of": None, "currency": "EUR", "is_best": True,
    }  # fmt: skip
    assert Client().get(URL, {"creators": "ana,nobody"}).status_code == 404
    refused = Client().get(URL, {"creators": "ana"})
    assert (refused.status_code, refused.json()["code"]) == (400, "not_comparable")
