"""The rows of wanted work on the brief's and the offer's page: what is left alone adds nothing."""

from __future__ import annotations

import pytest

from campaigns.models import Campaign, Offer
from campaigns.terms import Difference, differences
from tests import cast as people
from tests.cast import Cast
from tests.pages import as_it_stands, browser, read, send


def test_a_brief_that_is_saved_as_its_template_has_the_templates_items(cast: Cast) -> None:
    answer = send(cast.manager, "/campaigns/new/?goal=awareness", product="Bread", budget="600")

    assert answer.status_code == 302
    made = Campaign.objects.get().deliverables.values_list("count", "kind")
    assert list(made) == [(1, "reel"), (3, "story")]


def test_an_offer_that_is_sent_as_prefilled_asks_for_the_work_of_the_brief(cast: Cast) -> None:
    campaign = people.campaign(cast)

    send(cast.manager, f"/campaigns/{campaign.public_id}/offer/mina/")

    assert Offer.objects.get().terms.get().deliverables == [people.REEL]


def test_a_counter_offer_that_changes_the_fee_differs_in_the_fee_alone(cast: Cast) -> None:
    offer = people.offer(cast)

    send(cast.mina, f"/offers/{offer.public_id}/counter/", fee="250.00")

    assert differences(*offer.terms.all()) == [Difference("Fee", "€200.00", "€250.00")]


def test_the_spare_row_adds_one_item_when_it_is_filled_in(cast: Cast) -> None:
    campaign = people.campaign(cast)
    story = {"items-1-kind": "story", "items-1-count": "2"}

    send(cast.manager, f"/campaigns/{campaign.public_id}/offer/mina/", **story)

    assert [item["kind"] for item in Offer.objects.get().terms.get().deliverables] == ["reel", "story"]


def test_the_spare_row_with_details_but_no_kind_is_asked_about(cast: Cast) -> None:
    campaign = people.campaign(cast)

    answer = send(cast.manager, f"/campaigns/{campaign.public_id}/offer/mina/", **{"items-1-detail": "Say hello"})

    assert answer.status_code == 400
    assert not Offer.objects.exists()


@pytest.mark.parametrize("page", ["/campaigns/{id}/edit/", "/campaigns/{id}/offer/mina/"])
def test_after_a_mistake_every_item_can_still_be_left_out_and_the_spare_one_is_still_spare(
    cast: Cast, page: str
) -> None:
    campaign = people.campaign(cast, state="draft" if "edit" in page else "open")
    path = page.format(id=campaign.public_id)
    before = read(cast.manager, path)

    answer = send(cast.manager, path, disclosure="")

    after = answer.content.decode()
    assert answer.status_code == 400
    for words in ("Leave this item out", "One more item, if you need it"):
        assert (words, before.count(words), after.count(words)) == (words, 1, 1)


def test_an_item_that_is_struck_out_is_left_out(cast: Cast) -> None:
    client = browser(cast.manager)
    typed = as_it_stands(client.get("/campaigns/new/?goal=awareness"))

    client.post(
        "/campaigns/new/?goal=awareness", {**typed, "product": "Bread", "budget": "600", "items-0-DELETE": "on"}
    )

    assert [row.kind for row in Campaign.objects.get().deliverables.all()] == ["story"]
