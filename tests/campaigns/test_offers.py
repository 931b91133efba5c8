"""Offers: within the budget, one live at a time, countered, agreed, signed, expired."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import date, timedelta

import pytest
from django.utils import timezone

from campaigns import budget
from campaigns.models import Campaign, Collaboration, Member, Offer, Terms
from campaigns.services import ending, offers
from campaigns.services.invitations import apply_to_campaign
from campaigns.terms import differences
from creators.models import Creator
from marketplace.kit.errors import Conflict, Invalid
from marketplace.kit.money import Money
from tests import cast as people
from tests.cast import Cast, draft


def send(cast: Cast, campaign: Campaign, fee: int, creator: Creator | None = None) -> Offer:
    return offers.send_offer(campaign, creator or cast.mina_profile, terms=draft(fee), by=cast.manager)


def test_an_offer_takes_its_fee_and_ours_from_the_budget(cast: Cast) -> None:
    campaign = people.campaign(cast)

    send(cast, campaign, 20_000)

    assert budget.left(campaign) == Money(60_000 - 20_000 - 1_800, "EUR")
    assert budget.left_of([campaign]) == {campaign.pk: budget.left(campaign)}


def test_an_offer_above_what_is_left_cannot_be_sent(cast: Cast) -> None:
    campaign = people.campaign(cast)
    send(cast, campaign, 50_000)

    with pytest.raises(Conflict, match="left") as refused:
        send(cast, campaign, 6_000, cast.other_profile)

    assert refused.value.code == "over_budget"
    assert Offer.objects.count() == 1


def test_an_offer_may_take_the_budget_to_the_last_cent(cast: Cast) -> None:
    campaign = people.campaign(cast, budget_minor=10_900)

    send(cast, campaign, 10_000)

    assert budget.left(campaign) == Money(0, "EUR")


@pytest.mark.parametrize("end", ["decline", "withdraw", "expire", "call_off"])
def test_what_was_set_aside_is_free_again(cast: Cast, end: str) -> None:
    offer = people.offer(cast)

    if end == "decline":
        offers.decline_offer(offer, by=cast.mina)
    elif end == "withdraw":
        offers.withdraw_offer(offer, by=cast.manager)
    elif end == "expire":
        offers.expire_offer(offer)
    else:
        made = offers.accept_offer(offer, version=1, signature="Mina Park", by=cast.mina)
        ending.call_off(made, reason="Changed plans.", by=cast.manager)

    assert budget.left(offer.campaign) == offer.campaign.budget


def test_a_second_live_offer_to_one_creator_is_refused(cast: Cast) -> None:
    campaign = people.campaign(cast)
    send(cast, campaign, 5_000)

    with pytest.raises(Conflict) as refused:
        send(cast, campaign, 5_000)

    assert refused.value.code == "live_offer_exists"
    assert Terms.objects.count() == 1


@pytest.mark.parametrize("state", ["draft", "in_review", "paused", "rejected", "completed", "cancelled", "archived"])
def test_only_an_open_campaign_makes_offers(cast: Cast, state: str) -> None:
    with pytest.raises(Conflict):
        send(cast, people.campaign(cast, state=state), 1_000)

    assert Offer.objects.count() == 0


def test_a_creator_who_is_not_listed_gets_no_offer(cast: Cast) -> None:
    Creator.objects.filter(pk=cast.mina_profile.pk).update(state="paused")
    cast.mina_profile.refresh_from_db()

    with pytest.raises(Conflict):
        people.offer(cast)


@pytest.mark.parametrize(
    ("fee", "currency", "may"), [(19_999, "EUR", False), (20_000, "EUR", True), (19_999, "CHF", True)]
)
def test_an_offer_below_the_smallest_fee_does_not_reach_the_creator(
    cast: Cast, fee: int, currency: str, may: bool
) -> None:
    Creator.objects.filter(pk=cast.mina_profile.pk).update(minimum_fee_minor=20_000)
    cast.mina_profile.refresh_from_db()
    campaign = people.campaign(cast, currency=currency)

    with nullcontext() if may else pytest.raises(Conflict, match="this small"):
        offers.send_offer(campaign, cast.mina_profile, terms=draft(fee, currency=currency), by=cast.manager)

    assert Offer.objects.exists() == may


def test_an_answer_below_the_smallest_fee_is_refused_unless_the_creator_named_it(cast: Cast) -> None:
    Creator.objects.filter(pk=cast.mina_profile.pk).update(minimum_fee_minor=15_000)
    offer = people.offer(cast)
    offers.counter_offer(offer, terms=draft(12_000), by=cast.mina)

    with pytest.raises(Conflict) as refused:
        offers.revise_offer(offer, terms=draft(11_999), by=cast.manager)
    offers.revise_offer(offer, terms=draft(12_000), by=cast.manager)

    assert refused.value.code == "below_minimum"
    assert offer.terms.last().fee_minor == 12_000  # type: ignore[union-attr]


def test_a_price_the_creator_applied_with_may_be_offered(cast: Cast) -> None:
    Creator.objects.filter(pk=cast.mina_profile.pk).update(minimum_fee_minor=15_000)
    campaign = people.campaign(cast)
    apply_to_campaign(campaign, message="For you, less.", price=Money(9_000, "EUR"), by=cast.mina)

    assert send(cast, campaign, 9_000).fee_minor == 9_000


def test_nobody_hires_themselves(cast: Cast) -> None:
    own = people.creator(cast.manager, "marco")

    with pytest.raises(Conflict):
        send(cast, people.campaign(cast), 5_000, own)


def test_nobody_signs_an_offer_of_the_business_they_joined_since(cast: Cast) -> None:
    sent = people.offer(cast)
    Member.objects.create(business=cast.bakery, user=cast.mina, role="viewer")

    with pytest.raises(Conflict) as refused:
        offers.accept_offer(sent, version=1, signature="Mina Park", by=cast.mina)

    assert refused.value.code == "own_business"
    assert (Offer.objects.get().state, Collaboration.objects.count()) == ("sent", 0)


BAD_TERMS = {
    "fee": draft(0),
    "negative": draft(-5),
    "huge": draft(10**15),
    "currency": draft(1_000, currency="USD"),
    "due_on": draft(due_on=timezone.localdate() - timedelta(days=1)),
    "due_on in another age": draft(due_on=date.max, publish_on=None),
    "publish_on": draft(publish_on=timezone.localdate()),
    "publish_on in another age": draft(publish_on=date.max),
    "deliverables": draft(deliverables=[]),
    "usage_days": draft(usage_days=-1),
}


@pytest.mark.parametrize("name", BAD_TERMS)
def test_bad_terms_are_refused_at_their_field(cast: Cast, name: str) -> None:
    with pytest.raises(Invalid) as refused:
        offers.send_offer(people.campaign(cast), cast.mina_profile, terms=BAD_TERMS[name], by=cast.manager)

    field = "fee" if name in ("negative", "huge", "currency") else name.split()[0]
    assert list(refused.value.fields) == [field]
    assert Offer.objects.count() == 0


def test_each_version_says_what_changed(cast: Cast) -> None:
    offer = people.offer(cast)
    offers.counter_offer(offer, terms=draft(25_000, usage_days=30), by=cast.mina)

    first, second = offer.terms.all()
    changed = differences(first, second)

    assert [(c.label, c.before, c.after) for c in changed] == [
        ("Fee", "€200.00", "€250.00"),
        ("Usage rights", "None", "30 days, own channels only"),
    ]
    assert (second.side, second.by) == ("creator", cast.mina)


def test_agreeing_signs_the_creators_terms(cast: Cast) -> None:
    offer = people.offer(cast)
    offers.counter_offer(offer, terms=draft(25_000), by=cast.mina)
    offers.agree_offer(offer, version=2, by=cast.owner)

    made = offers.accept_offer(offer, version=2, signature="Mina Park", by=cast.mina)

    assert made.contract["terms"]["fee"]["minor"] == 25_000
    assert made.contract["signatures"]["business"]["name"] == "Rosa Keller"
    assert budget.left(offer.campaign) == Money(60_000 - 25_000 - 2_250, "EUR")


def test_a_high_counter_offer_cannot_block_the_budget(cast: Cast) -> None:
    offer = people.offer(cast)
    before = budget.left(offer.campaign)

    offers.counter_offer(offer, terms=draft(5_000_000), by=cast.mina)

    assert budget.left(offer.campaign) == before
    with pytest.raises(Conflict) as refused:
        offers.agree_offer(offer, by=cast.manager)
    assert refused.value.code == "over_budget"
    offer.refresh_from_db()
    assert offer.state == "countered"


def test_five_rounds_are_enough(cast: Cast) -> None:
    offer = people.offer(cast)
    offers.counter_offer(offer, terms=draft(21_000), by=cast.mina)
    offers.revise_offer(offer, terms=draft(20_500), by=cast.manager)
    offers.counter_offer(offer, terms=draft(20_800), by=cast.mina)
    offers.revise_offer(offer, terms=draft(20_600), by=cast.manager)

    with pytest.raises(Conflict) as refused:
        offers.counter_offer(offer, terms=draft(20_700), by=cast.mina)

    assert refused.value.code == "too_many_rounds"
    assert offer.version == 5


def test_more_time_is_given_once(cast: Cast) -> None:
    offer = people.offer(cast)
    first = offer.expires_at
    offers.extend_offer(offer, by=cast.manager)

    with pytest.raises(Conflict):
        offers.extend_offer(offer, by=cast.manager)

    assert offer.expires_at == first + timedelta(hours=72)


def test_an_offer_answers_the_application(cast: Cast) -> None:
    campaign = people.campaign(cast)
    application = apply_to_campaign(campaign, message="I bake.", by=cast.mina)

    send(cast, campaign, 5_000)

    application.refresh_from_db()
    assert application.state == "offered"


def test_both_accounts_are_opened_when_first_needed(cast: Cast) -> None:
    made = people.collaboration(cast)

    cast.mina_profile.refresh_from_db()
    cast.bakery.refresh_from_db()
    assert made.hold.payee == cast.mina_profile.account
    assert made.hold.payer == cast.bakery.account
