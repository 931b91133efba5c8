"""The discover page and what it says of its own order: what is counted, what was left out, what ranks whom."""

import pytest
from django.test import Client

from creators.views import discover
from tests.creators.pool import listed

pytestmark = pytest.mark.django_db


def test_an_unknown_town_is_not_answered_with_everybody_everywhere() -> None:
    listed("ana", niche_slugs=["baking"])

    page = Client().get("/discover/", {"niche": "baking", "near": "Atlantis"}).content.decode()

    assert "We don&#x27;t know that town" in page
    assert 'value="Atlantis"' in page
    assert "/c/ana/" not in page
    assert 'href="/discover/?niche=baking"' in page


def test_the_results_are_counted_and_say_what_orders_them() -> None:
    for number in range(20):
        listed(f"c{number}", engagement_rate=0.28, engagement_shrunk=0.24, engagement_posts=3)

    page = Client().get("/discover/").content.decode()

    assert "20 creators" in page
    assert "a rate from few posts counts less" in page
    assert "28 %" in page
    assert "ranked as 24 %" in page


def test_a_long_count_is_not_counted_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discover, "COUNTED", 2)
    for number in range(4):
        listed(f"c{number}")

    assert "More than 2 creators" in Client().get("/discover/").content.decode()


def test_no_label_shows_its_own_formatting() -> None:
    assert "%%" not in Client().get("/discover/").content.decode()


def test_a_public_page_does_not_call_ones_own_rate_a_comparison() -> None:
    listed("ana", engagement_rate=0.28, engagement_shrunk=0.24, engagement_posts=3)
    listed("ben", engagement_rate=0.28, engagement_shrunk=0.2801, engagement_posts=30)

    shown, same = (Client().get(f"/c/{handle}/").content.decode() for handle in ("ana", "ben"))

    assert "Compared with" not in shown
    assert "Ranked as" in shown
    assert "Ranked as" not in same
