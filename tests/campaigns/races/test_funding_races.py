"""Two hands on a campaign's money: nothing is opened, drawn or returned twice."""

from __future__ import annotations

import threading
from functools import partial

import pytest

from campaigns import budget
from campaigns.models import Campaign, Collaboration, Offer
from campaigns.services import briefs, funding, offers
from marketplace.kit.errors import Conflict
from marketplace.kit.money import Money
from payments import ledger
from payments.models import Refund, Wallet
from payments.services import wallets
from payments.settlement import drawing
from payments.states import Chart
from tests import cast as people
from tests.campaigns.conftest import Asked
from tests.campaigns.races.conftest import Act, one_wins, race, then_wait
from tests.cast import Cast, draft

TOTAL = 218_00  # an offer of €200.00 with the fee of 9 %


def seen_by_two(campaign: Campaign) -> tuple[Campaign, Campaign]:
    rows = Campaign.objects.select_related("business", "wallet")
    return rows.get(pk=campaign.pk), rows.get(pk=campaign.pk)


def two_clicks(cast: Cast) -> list[Act]:
    amount = Money(600_00, "EUR")
    seen = seen_by_two(people.campaign(cast))
    return [partial(funding.fund_campaign, row, amount=amount, by=cast.owner) for row in seen]


@pytest.fixture
def both_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "paid", then_wait(budget.paid, threading.Barrier(2)))


def test_a_double_click_opens_one_wallet(cast: Cast, bank: Asked, both_look: None) -> None:
    assert race(*two_clicks(cast)) == [None, None]
    assert Wallet.objects.count() == 1


def test_without_the_lock_a_double_click_opens_two(
    cast: Cast, bank: Asked, both_look: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(funding, "lock", lambda thing: None)

    race(*two_clicks(cast))

    assert Wallet.objects.count() == 2


def two_returns(cast: Cast) -> list[Act]:
    seen = seen_by_two(people.fund(people.campaign(cast), TOTAL))
    return [partial(funding.return_money, row, by=cast.finance) for row in seen]


def test_what_is_left_returns_once(cast: Cast) -> None:
    outcomes = race(*two_returns(cast))

    assert one_wins(outcomes), outcomes
    assert [refund.total for refund in Refund.objects.all()] == [Money(TOTAL, "EUR")]


def test_without_the_locks_the_books_still_refuse_to_return_twice(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(funding, "lock", lambda thing: None)
    monkeypatch.setattr(wallets, "lock_wallet", lambda _pk: None)
    monkeypatch.setattr(drawing, "left_of_payments", then_wait(drawing.left_of_payments, threading.Barrier(2), 2))

    outcomes = race(*two_returns(cast))

    assert outcomes.count(None) == 1, outcomes
    assert Refund.objects.count() == 1


def sign_beside(cast: Cast, *, ends: bool) -> tuple[Wallet, Act, Act]:
    """Mina signs while the campaign's money is taken back, or while the campaign ends."""
    campaign = people.fund(people.campaign(cast), TOTAL)
    sent = offers.send_offer(campaign, cast.mina_profile, terms=draft(), by=cast.manager)
    offer = Offer.objects.select_related("campaign").get(pk=sent.pk)
    ours, _ = seen_by_two(campaign)
    assert campaign.wallet is not None
    sign = partial(offers.accept_offer, offer, version=1, signature="Mina Park", by=cast.mina)
    take = partial(briefs.complete_campaign if ends else funding.return_money, ours, by=cast.owner)
    return campaign.wallet, sign, take


@pytest.mark.parametrize("ends", [False, True], ids=["taken back", "ended"])
def test_the_money_pays_for_the_work_or_goes_back_and_never_both(cast: Cast, ends: bool) -> None:
    wallet, sign, take = sign_beside(cast, ends=ends)

    signed, taken = race(sign, take)

    assert all(outcome is None or isinstance(outcome, Conflict) for outcome in (signed, taken))
    drawn = Collaboration.objects.filter(state="in_production").count()
    assert drawn + Refund.objects.count() == 1
    assert ledger.held(Chart.WALLET, wallet.public_id, "EUR") == Money(0, "EUR")
