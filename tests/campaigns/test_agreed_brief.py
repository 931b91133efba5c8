"""The brief is part of the deal: what was on the table is what is shown, and what is shown is what is signed."""

from __future__ import annotations

from django.test import Client

from campaigns.services import briefs, offers
from campaigns.terms import contract_items, differences
from tests import cast as people
from tests.cast import Cast, draft


def test_the_brief_that_was_sent_is_the_brief_that_is_signed(cast: Cast) -> None:
    offer = people.offer(cast)
    briefs.edit_campaign(offer.campaign, by=cast.manager, dos="Bake at midnight", message="Something else.")

    offers.counter_offer(offer, terms=draft(25_000), by=cast.mina)
    offers.agree_offer(offer, by=cast.manager)
    made = offers.accept_offer(offer, version=2, signature="Mina Park", by=cast.mina)

    assert made.contract["brief"]["dos"] == "Show the crust"
    assert made.contract["brief"]["message"] == "Baked with 48 hours of patience."
    assert "Do: Bake at midnight" not in contract_items(made.contract)


def test_a_new_version_of_the_business_brings_its_new_brief_and_says_so(cast: Cast) -> None:
    offer = people.offer(cast)
    offers.counter_offer(offer, terms=draft(25_000), by=cast.mina)
    briefs.edit_campaign(offer.campaign, by=cast.manager, dos="Bake at midnight")

    offers.revise_offer(offer, terms=draft(25_000), by=cast.manager)

    _first, second, third = offer.terms.all()
    assert differences(second, third) == [("The brief: please do", "Show the crust", "Bake at midnight")]


def test_every_page_of_the_deal_shows_the_brief_that_is_signed(cast: Cast, client: Client) -> None:
    offer = people.offer(cast)
    briefs.edit_campaign(offer.campaign, by=cast.manager, dos="Bake at midnight")
    client.force_login(cast.mina, backend="django.contrib.auth.backends.ModelBackend")
    pages = [f"{offer.get_absolute_url()}{verb}" for verb in ("", "accept/", "counter/")]

    shown = [client.get(page).content.decode() for page in pages]
    made = offers.accept_offer(offer, version=1, signature="Mina Park", by=cast.mina)
    shown.append(client.get(f"{made.get_absolute_url()}contract/").content.decode())

    assert all("Show the crust" in page and "Bake at midnight" not in page for page in shown)
