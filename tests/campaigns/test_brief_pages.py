"""The brief's pages: nothing that was chosen gets lost, and an open campaign can still be worded better."""

from __future__ import annotations

import pytest

from campaigns.goals import templates_for
from campaigns.models import Campaign, Goal
from campaigns.views import prefill
from creators.models import Niche
from tests import cast as people
from tests.cast import Cast
from tests.pages import browser, read, send


@pytest.fixture
def sourdough(cast: Cast) -> Niche:
    return Niche.objects.create(slug="sourdough", name="Sourdough", parent=cast.baking)


def test_a_draft_saved_again_keeps_its_finer_niche(cast: Cast, sourdough: Niche) -> None:
    campaign = people.campaign(cast, state="draft")
    campaign.niches.set([sourdough])

    answer = send(cast.manager, f"/campaigns/{campaign.public_id}/edit/", title="Better bread")

    assert answer.status_code == 302
    assert list(campaign.niches.all()) == [sourdough]


@pytest.mark.parametrize("state", ["open", "paused"])
def test_the_words_of_an_open_campaign_with_a_finer_niche_can_change(cast: Cast, sourdough: Niche, state: str) -> None:
    campaign = people.campaign(cast, state=state)
    campaign.niches.set([sourdough])

    answer = send(cast.manager, f"/campaigns/{campaign.public_id}/edit/", title="Better bread")

    campaign.refresh_from_db()
    assert (answer.status_code, campaign.title) == (302, "Better bread")
    assert list(campaign.niches.all()) == [sourdough]


def test_an_open_campaigns_page_offers_only_what_may_change(cast: Cast) -> None:
    campaign = people.campaign(cast)

    shown = read(cast.manager, f"/campaigns/{campaign.public_id}/edit/")

    assert 'name="title"' in shown
    assert [
        name for name in ("budget", "niches", "town", "items-0-kind", "usage_days") if f'name="{name}"' in shown
    ] == []
    assert "Save the changes" in shown
    assert "Save the draft" not in shown


def test_words_that_may_not_be_in_an_open_campaign_are_refused_beside_them(cast: Cast) -> None:
    campaign = people.campaign(cast)

    answer = send(cast.manager, f"/campaigns/{campaign.public_id}/edit/", message="Meet us at the casino.")

    campaign.refresh_from_db()
    assert answer.status_code == 400
    assert "casino" not in campaign.message


@pytest.mark.parametrize("state", ["in_review", "completed", "cancelled"])
def test_a_brief_that_cannot_change_is_not_offered_for_change(cast: Cast, state: str) -> None:
    campaign = people.campaign(cast, state=state)
    edit = f"/campaigns/{campaign.public_id}/edit/"

    assert browser(cast.manager).get(edit).status_code == 409
    assert edit not in read(cast.manager, campaign.get_absolute_url())


NEW = "/campaigns/new/?goal=visits"


def test_advice_stands_in_the_empty_field_and_is_never_posted_as_the_brief(cast: Cast) -> None:
    advice = templates_for(Goal.VISITS)["message"]

    shown = read(cast.manager, NEW)
    answer = send(cast.manager, NEW, product="Bread", budget="600")

    assert f'placeholder="{advice}"' in shown
    assert shown.count(advice) == 1
    assert answer.status_code == 400
    assert not Campaign.objects.exists()


def test_as_many_items_as_are_allowed_can_be_added_without_a_script(cast: Cast) -> None:
    eight = {f"items-{n}-kind": "post" for n in range(8)} | {f"items-{n}-count": str(n + 1) for n in range(8)}

    answer = send(cast.manager, NEW, product="Bread", message="Rye.", budget="6000", **eight)

    assert answer.status_code == 302
    assert Campaign.objects.get().deliverables.count() == 8


def test_spare_rows_are_folded_but_one_and_what_was_typed_is_not(cast: Cast) -> None:
    shown = read(cast.manager, NEW)
    answer = send(cast.manager, NEW, **{"items-2-kind": "post", "items-3-kind": "ugc", "title": ""})

    assert shown.count("Another item") == 5  # two from the template, one spare row, five to open
    assert answer.content.decode().count("Another item") == 3


def test_niches_are_chosen_from_what_the_business_says_of_itself(cast: Cast) -> None:
    parent = Niche.objects.create(slug="food-drink", name="Food & drink")
    Niche.objects.filter(pk=cast.baking.pk).update(parent=parent, keywords="bread|bakery")
    Niche.objects.create(slug="tea", name="Tea", parent=parent, keywords="tea|oolong")

    shown = read(cast.manager, NEW)

    assert [box for box in shown.split("<input") if 'name="niches"' in box and "checked" in box] != []
    assert "Food & drink › Baking" in shown.split("checked")[1]


def test_niches_of_the_last_campaign_come_first(cast: Cast, sourdough: Niche) -> None:
    people.campaign(cast).niches.set([sourdough])

    assert prefill.niches_of(cast.bakery) == [sourdough]
    assert prefill.niches_of(cast.other_business) == []


def test_a_products_value_counts_only_where_a_product_is_given(cast: Cast) -> None:
    said = {"product": "Bread", "message": "Rye.", "budget": "600", "product_value": "30"}

    send(cast.manager, NEW, compensation="fee", title="Fee", **said)
    send(cast.manager, NEW, compensation="fee_and_product", title="Both", **said)

    assert dict(Campaign.objects.values_list("title", "product_value_minor")) == {"Fee": None, "Both": 3_000}
