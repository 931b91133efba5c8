"""Finding work: what a campaign pays, how near it is, why it is shown, and what stops somebody who is not listed."""

from __future__ import annotations

import pytest
from django.test import Client

from campaigns.budget import each
from campaigns.models import Application
from creators.models import Creator, CreatorNiche, Town
from marketplace.users.models import User
from tests import cast as people
from tests.cast import Cast


@pytest.fixture
def mina(cast: Cast) -> Client:
    """Mina at home in Ulm, who bakes on Instagram."""
    Creator.objects.filter(pk=cast.mina_profile.pk).update(
        latitude=48.40, longitude=9.99, niche_slugs=["baking", "food-drink"]
    )
    CreatorNiche.objects.create(creator=cast.mina_profile, niche=cast.baking)
    return browser(cast.mina)


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def page(client: Client, **asked: str) -> str:
    return client.get("/opportunities/", asked).content.decode()


def test_a_campaign_says_what_it_pays_and_what_it_has_in_common(cast: Cast, mina: Client) -> None:
    neu_ulm = Town.objects.create(name="Neu-Ulm", country="DE", latitude=48.39, longitude=10.10)
    people.campaign(
        cast, town=neu_ulm, platforms=["instagram"], compensation="fee_and_product", product_value_minor=4_500
    )

    shown = page(mina)

    assert "About €275.22 for you" in shown  # €600 for two, 9 % taken off
    assert "and a product worth €45.00" in shown
    assert "You post about baking; they look for it." in shown
    assert "8 km from you (Neu-Ulm)" in shown
    assert "On Instagram, where you are" in shown


def test_what_is_not_so_is_not_said(cast: Cast, mina: Client) -> None:
    people.campaign(cast, platforms=["tiktok"]).niches.clear()

    shown = page(mina)

    for words in ("You post about", "km from you", "where you are", "and the product"):
        assert words not in shown


def test_an_even_split_with_the_fee_on_top_stays_within_the_budget(cast: Cast) -> None:
    campaign = people.campaign(cast, budget_minor=50_000, creators_wanted=4)

    assert each(campaign).minor == 11_468
    assert (each(campaign).minor + round(each(campaign).minor * 0.09)) * 4 <= 50_000


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"mine": "on"}, {"Bread"}),
        ({"pays": "300"}, {"Wheels"}),
        ({"within": "25"}, {"Bread", "Anywhere"}),
        ({"within": "50", "pays": "100"}, {"Bread", "Anywhere"}),
        ({"pays": "much"}, {"Bread", "Wheels", "Anywhere"}),
    ],
)
def test_filters_narrow_the_list(cast: Cast, mina: Client, asked: dict[str, str], found: set[str]) -> None:
    ulm = Town.objects.create(name="Ulm", country="DE", latitude=48.40, longitude=9.99)
    kiel = Town.objects.create(name="Kiel", country="DE", latitude=54.32, longitude=10.14)
    people.campaign(cast, title="Bread", town=ulm)
    people.campaign(cast, title="Wheels", town=kiel, budget_minor=70_000).niches.clear()
    people.campaign(cast, title="Anywhere").niches.clear()

    shown = page(mina, **asked)

    assert {title for title in ("Bread", "Wheels", "Anywhere") if f">{title}</a>" in shown} == found


def test_a_filter_that_leaves_nothing_says_so(cast: Cast, mina: Client) -> None:
    people.campaign(cast)

    assert "Nothing passes these filters" in page(mina, pays="5000")


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("in_review", "Your profile is still being looked at"),
        ("draft", "Finish your profile first"),
        ("paused", "Your profile is paused"),
        ("suspended", "Your profile is suspended"),
    ],
)
def test_who_is_not_listed_reads_why_before_filling_anything_in(
    cast: Cast, mina: Client, state: str, words: str
) -> None:
    campaign = people.campaign(cast)
    Creator.objects.filter(pk=cast.mina_profile.pk).update(state=state)

    shown = mina.get(f"/campaigns/{campaign.public_id}/apply/").content.decode()

    assert words in shown
    assert 'name="message"' not in shown
    assert words in page(mina)
    mina.post(f"/campaigns/{campaign.public_id}/apply/", {"message": "I bake."})
    assert not Application.objects.exists()
