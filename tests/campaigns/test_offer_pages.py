"""The pages of an offer: prices side by side, fair pay, the budget, and a proposal that can be mended or taken back."""

from __future__ import annotations

from typing import Any

import pytest

from campaigns.models import Offer
from campaigns.services import offers
from campaigns.states import OfferState
from creators.models import Creator, Rate
from marketplace.kit.errors import Conflict, Invalid
from marketplace.kit.money import Money
from tests import cast as people
from tests.cast import Cast, draft
from tests.pages import as_it_stands, browser, buttons, read, send


def asks(cast: Cast, minor: int, **extra: str) -> None:
    line = {"kind": "reel", "network": "instagram", "currency": "EUR", **extra}
    Rate.objects.create(creator=cast.mina_profile, price_minor=minor, **line)


def counter(offer: Offer, cast: Cast, fee: int) -> Offer:
    return offers.counter_offer(offer, terms=draft(fee), by=cast.mina)


def first_fee(cast: Cast, **campaign: Any) -> str:
    made = people.campaign(cast, **campaign)
    page = browser(cast.manager).get(f"/campaigns/{made.public_id}/offer/mina/")
    return str(as_it_stands(page)["fee"])


def test_an_offer_below_the_fair_floor_is_refused_beside_the_fee(cast: Cast) -> None:
    campaign = people.campaign(cast)

    answer = send(cast.manager, f"/campaigns/{campaign.public_id}/offer/mina/", fee="1.00")

    assert answer.status_code == 400
    assert "the fair floor is €40.00" in answer.content.decode()
    assert not Offer.objects.exists()


def test_the_floor_holds_for_every_version(cast: Cast) -> None:
    offer = people.offer(cast)

    with pytest.raises(Invalid, match="check the terms"):
        counter(offer, cast, 3_999)

    assert counter(offer, cast, 4_000).state == OfferState.COUNTERED
    with pytest.raises(Invalid, match="check the terms"):
        offers.revise_offer(offer, terms=draft(3_999), by=cast.manager)


def test_a_campaign_that_an_admin_opened_below_the_floor_may_offer_below_it(cast: Cast) -> None:
    low = {"code": "pay_floor", "field": "budget", "text": "Below the floor."}
    campaign = people.campaign(cast, findings=[low])

    assert people.offer(cast, on=campaign, fee=1_000).fee == Money(1_000, "EUR")


@pytest.mark.parametrize(
    ("rate", "fee"), [(None, "275.22"), (18_000, "180.00"), (2_000, "40.00")], ids=["no price", "a price", "too low"]
)
def test_an_offer_begins_with_what_the_creator_asks(cast: Cast, rate: int | None, fee: str) -> None:
    if rate is not None:
        asks(cast, rate)

    assert first_fee(cast) == fee


def test_a_price_in_another_currency_is_not_mistaken_for_ours(cast: Cast) -> None:
    asks(cast, 18_000, currency="USD")

    assert first_fee(cast) == "275.22"


def test_the_price_of_an_application_goes_before_the_rate_card(cast: Cast) -> None:
    asks(cast, 18_000)
    application = people.application(cast)
    type(application).objects.update(price_minor=15_000)

    page = browser(cast.manager).get(f"/campaigns/{application.campaign.public_id}/offer/mina/")

    assert as_it_stands(page)["fee"] == "150.00"


def test_the_offers_page_shows_the_prices_and_what_one_pays(cast: Cast) -> None:
    asks(cast, 18_000)
    campaign = people.campaign(cast)

    shown = read(cast.manager, f"/campaigns/{campaign.public_id}/offer/mina/")

    assert '<span class="sign">€</span>' in shown
    for words in ("What Mina asks", "By the rate card", "€180.00", "€196.20", "€600.00 of the budget is left."):
        assert words in shown


def test_answering_with_new_terms_says_what_is_left(cast: Cast) -> None:
    offer = counter(people.offer(cast), cast, 30_000)

    shown = read(cast.manager, f"/offers/{offer.public_id}/revise/")

    assert "€600.00 of the budget is left." in shown


def test_a_counter_beyond_the_budget_cannot_be_agreed_to_and_says_why(cast: Cast) -> None:
    offer = counter(people.offer(cast), cast, 60_000)

    ours, theirs = read(cast.manager, offer.get_absolute_url()), read(cast.mina, offer.get_absolute_url())

    assert "This would cost you €654.00, and €600.00 is left." in ours
    assert "is left." not in theirs
    assert f"/offers/{offer.public_id}/agree/" not in ours
    assert buttons(cast.manager, offer.get_absolute_url())["Answer with new terms"] == "primary"


def test_a_counter_within_the_budget_can_be_agreed_to(cast: Cast) -> None:
    offer = counter(people.offer(cast), cast, 25_000)

    assert f"/offers/{offer.public_id}/agree/" in read(cast.manager, offer.get_absolute_url())


def test_the_creator_speaks_of_their_own_fee(cast: Cast) -> None:
    offer = people.offer(cast)

    shown = read(cast.mina, f"/offers/{offer.public_id}/counter/")

    assert "Days the business may use the content" in shown
    assert "our fee comes on top" not in shown


def test_a_proposal_can_be_corrected(cast: Cast) -> None:
    offer = counter(people.offer(cast), cast, 2_500_000)

    counter(offer, cast, 25_000)

    assert (offer.state, offer.version) == (OfferState.COUNTERED, 3)
    assert offers.current_terms(offer).fee == Money(25_000, "EUR")


def test_a_proposal_that_is_taken_back_leaves_what_the_business_signed(cast: Cast) -> None:
    offer = counter(counter(people.offer(cast), cast, 30_000), cast, 31_000)

    offers.take_back_offer(offer, by=cast.mina)

    assert (offer.state, offer.version, offer.fee) == (OfferState.SENT, 1, Money(20_000, "EUR"))
    assert "€200.00" in read(cast.mina, f"/offers/{offer.public_id}/accept/")
    assert counter(offer, cast, 32_000).version == 4


def test_what_the_business_agreed_to_counts_as_signed(cast: Cast) -> None:
    offer = offers.agree_offer(counter(people.offer(cast), cast, 30_000), by=cast.manager)
    counter(offer, cast, 31_000)

    offers.take_back_offer(offer, by=cast.mina)

    assert (offer.version, offer.fee) == (2, Money(30_000, "EUR"))


def test_taking_back_does_not_win_more_rounds(cast: Cast) -> None:
    offer = people.offer(cast)
    for _ in range(4):
        offers.take_back_offer(counter(offer, cast, 30_000), by=cast.mina)

    with pytest.raises(Conflict) as refused:
        counter(offer, cast, 30_000)

    assert refused.value.code == "too_many_rounds"


def test_each_side_reads_whose_turn_it_is(cast: Cast) -> None:
    offer = people.offer(cast)
    path = offer.get_absolute_url()
    before = [read(user, path) for user in (cast.manager, cast.mina)]
    lists = [read(user, "/offers/") for user in (cast.manager, cast.mina)]

    counter(offer, cast, 25_000)

    after = [read(user, path) for user in (cast.manager, cast.mina)]
    assert ["Waiting for Mina" in before[0], "Waiting for you" in before[1]] == [True, True]
    assert ["Waiting for Mina" in lists[0], "Waiting for you" in lists[1]] == [True, True]
    assert ["Waiting for you" in after[0], "Waiting for Rosa's Bakery" in after[1]] == [True, True]
    assert ["While you wait" in before[0], "Your answer" in before[1]] == [True, True]
    assert ["Your answer" in after[0], "While you wait" in after[1]] == [True, True]


@pytest.mark.parametrize(("home", "is_told"), [("EUR", False), ("USD", True)])
def test_a_creator_reads_before_signing_that_the_money_is_in_another_currency(
    cast: Cast, home: str, is_told: bool
) -> None:
    Creator.objects.filter(pk=cast.mina_profile.pk).update(currency=home)
    offer = people.offer(cast)

    pages = [browser(cast.mina).get(f"{offer.get_absolute_url()}{path}") for path in ("", "accept/")]
    ours = browser(cast.manager).get(offer.get_absolute_url())

    assert ["Paid in EUR" in page.content.decode() for page in pages] == [is_told, is_told]
    assert "Paid in EUR" not in ours.content.decode()
