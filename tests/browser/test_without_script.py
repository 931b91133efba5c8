"""The main forms in a browser whose JavaScript is off."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from campaigns.models import Campaign, Offer
from tests.browser.people import Person
from tests.permissions.world import World
from tests.story import day

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


def test_a_brief_is_written_without_javascript(world: World, site: str, chromium: Browser) -> None:
    with Person(chromium, site, script=False) as rosa:
        rosa.become(world.browsers["owner"])
        rosa.open("/campaigns/new/?goal=content")
        rosa.fill(title="Rye, no script", product="Rye bread", message="Slow bread.", budget="600.00", ends_on=day(30))
        rosa.press("Save the draft")

        assert "Rye, no script" in rosa.text()
    assert Campaign.objects.get(title="Rye, no script").budget_minor == 600_00


def test_an_offer_is_sent_without_javascript(world: World, site: str, chromium: Browser) -> None:
    with Person(chromium, site, width=360, script=False) as rosa:
        rosa.become(world.browsers["owner"])
        rosa.open(f"/campaigns/{world['open'].public_id}/offer/omar/")
        rosa.fill(fee="abc").press("Sign and send the offer")
        assert rosa.page.is_visible("[data-form-errors]")
        rosa.fill(fee="120.00", due_on=day(10), publish_on=day(12)).press("Sign and send the offer")

        assert "€120.00" in rosa.text()
    assert Offer.objects.get(campaign=world["open"]).fee.minor == 120_00
