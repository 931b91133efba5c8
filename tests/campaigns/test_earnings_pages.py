"""The creator's earnings page: where every cent is, in every state."""

from __future__ import annotations

import pytest

from campaigns.services import earnings as services
from creators.models import Creator
from marketplace.kit.money import Money
from payments.models import Account, Payout
from payments.reads import Earnings
from tests.cast import Cast
from tests.pages import browser, read


@pytest.fixture
def placeless(cast: Cast) -> Creator:
    """Mina before she said where she lives."""
    Creator.objects.filter(pk=cast.mina_profile.pk).update(country="")
    return Creator.objects.get(pk=cast.mina_profile.pk)


def test_somebody_without_a_place_is_asked_for_it_first(cast: Cast, placeless: Creator) -> None:
    answer = browser(cast.mina).get("/earnings/")

    assert answer.status_code == 200
    assert "Say where you live first" in answer.content.decode()
    assert "/me/profile/place/" in answer.content.decode()
    assert not Account.objects.exists()


@pytest.mark.parametrize("path", ["/earnings/onboarding/", "/earnings/payout/"])
def test_nothing_at_the_bank_begins_without_a_place(cast: Cast, placeless: Creator, path: str) -> None:
    answer = browser(cast.mina).post(path)

    assert answer.status_code == 409
    assert "Say where you live first" in answer.content.decode()
    assert not Account.objects.exists()


def test_money_that_is_being_paid_out_is_still_counted(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    nothing, moving, going = (Money(minor, "EUR") for minor in (0, 1_000, 9_000))
    books = Earnings(nothing, moving, nothing, going, nothing)
    monkeypatch.setattr("campaigns.views.earnings.earned", lambda account: books)

    shown = read(cast.mina, "/earnings/")

    assert "€100.00" in shown
    assert "€90.00 of it to your bank" in shown


def test_a_requested_payout_is_confirmed_in_a_sentence(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    payout = Payout(amount_minor=9_000, currency="EUR")
    monkeypatch.setattr(services, "request_payout", lambda creator, **_: payout)

    answer = browser(cast.mina).post("/earnings/payout/", follow=True)

    assert "€90.00 is on its way to your bank." in answer.content.decode()


def test_the_page_says_when_money_is_paid_out_by_itself(cast: Cast) -> None:
    assert "paid out by itself from €50.00 on, or after 30 days" in read(cast.mina, "/earnings/")


def test_money_that_waits_for_a_bank_account_in_its_currency_is_told_with_the_way_to_name_one(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing = Money(0, "EUR")
    money = Earnings(nothing, nothing, nothing, nothing, nothing, not_taken=(Money(5_000, "USD"),))
    monkeypatch.setattr("campaigns.views.earnings.earned", lambda account: money)

    page = browser(cast.mina).get("/earnings/").content.decode()

    assert "Name a bank account that takes USD" in page
    assert "$50.00" in page
    assert "Go to Stripe" in page
