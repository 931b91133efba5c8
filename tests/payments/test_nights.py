"""Whom the night pays out, from how much on, and that a long night goes on where it stopped."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from marketplace.kit.errors import Invalid
from marketplace.kit.money import EXPONENTS, Money
from payments import minimums, services
from payments.models import Account, Payout, Transfer
from tests.plugins.sandbox import Bank

pytestmark = pytest.mark.django_db


def earn(bank: Bank, minor: int, currency: str = "EUR", *, payee: Account | None = None) -> Account:
    payee = payee or bank.payee(currency=currency)
    bank.released(Money(minor, currency), payee=payee)
    bank.sandbox.control.settle()
    return payee


@pytest.mark.parametrize("currency", sorted(EXPONENTS))
def test_every_currency_has_a_minimum_and_bounds_round_it(currency: str) -> None:
    lowest, highest = minimums.bounds(currency)

    assert Money(0, currency) < lowest < minimums.minimum(currency) < highest


def test_an_operator_may_name_another_minimum(settings: Any) -> None:
    settings.PAYOUT_MINIMUMS = {"EUR": 30_00}

    assert minimums.minimum("EUR") == Money(30_00, "EUR")
    assert minimums.minimum("USD") == Money(50_00, "USD")


@pytest.mark.parametrize(("yen", "payouts"), [(7_999, 0), (8_000, 1)])
def test_a_currency_without_cents_has_its_own_minimum(bank: Bank, yen: int, payouts: int) -> None:
    account = services.open_account(kind="payee", name="Aiko", email="a@b.example", country="JP", currency="JPY")
    bank.onboard(account)
    earn(bank, yen, "JPY", payee=account)

    assert services.nightly_payouts() == payouts


def test_a_payee_may_wait_for_more(bank: Bank) -> None:
    payee = earn(bank, 60_00)
    services.set_payout_minimum(payee, Money(100_00, "EUR"))

    assert services.nightly_payouts() == 0


@pytest.mark.parametrize("money", [Money(9_99, "EUR"), Money(1_000_01, "EUR"), Money(50_00, "USD")])
def test_a_minimum_outside_its_bounds_is_refused(bank: Bank, money: Money) -> None:
    payee = bank.payee()

    with pytest.raises(Invalid) as refusal:
        services.set_payout_minimum(payee, money)

    assert refusal.value.fields == {"minimum": ["Choose between €10.00 and €1,000.00."]}


def test_a_night_that_ran_out_of_time_goes_on(bank: Bank) -> None:
    for _ in range(3):
        earn(bank, 60_00)

    made = [services.nightly_payouts(seconds=0) for _ in range(4)]

    assert made == [1, 1, 1, 0]


def test_who_has_too_little_does_not_stand_in_the_way_of_others(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        earn(bank, 1_00)
    rich = earn(bank, 60_00)

    assert services.nightly_payouts() == 1
    assert Payout.objects.get().account == rich


def test_a_payee_is_looked_at_once_a_night(bank: Bank) -> None:
    payee = bank.released().payee  # still pending at Stripe: refused
    asked = "GET /v1/balance"

    services.nightly_payouts()
    before = sum(f"{one.method} {one.path}" == asked for one, _ in bank.sandbox.journal)
    services.nightly_payouts()
    after = sum(f"{one.method} {one.path}" == asked for one, _ in bank.sandbox.journal)
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        services.nightly_payouts()
    tomorrow = sum(f"{one.method} {one.path}" == asked for one, _ in bank.sandbox.journal)

    payee.refresh_from_db()
    assert (before, after, tomorrow) == (1, 1, 2)


def test_stripes_silence_is_asked_again_the_same_night(bank: Bank) -> None:
    earn(bank, 60_00)
    bank.sandbox.control.fault(route="GET /v1/balance", kind="500", count=1)

    made = [services.nightly_payouts() for _ in range(2)]

    assert made == [0, 1]


def test_a_limit_in_euros_is_about_as_much_elsewhere() -> None:
    assert minimums.about(500_00, "EUR") == Money(500_00, "EUR")
    assert minimums.about(500_00, "HUF") == Money(200_000_00, "HUF")
    assert minimums.about(500_00, "JPY") == Money(80_000, "JPY")


def test_money_in_another_currency_than_ones_own_has_the_usual_minimum(bank: Bank) -> None:
    payee = bank.payee()
    services.set_payout_minimum(payee, Money(1_000_00, "EUR"))
    bank.name_bank(payee, "JPY")
    earn(bank, 7_999, "JPY", payee=payee)
    before = services.nightly_payouts()
    earn(bank, 1, "JPY", payee=payee)

    assert (before, services.nightly_payouts()) == (0, 1)


def test_money_that_came_after_the_last_payout_has_not_waited(bank: Bank) -> None:
    payee = earn(bank, 60_00)
    bank.paid_out(payee)
    earn(bank, 1_00, payee=payee)
    Transfer.objects.update(confirmed_at=timezone.now() - timedelta(days=31))
    Payout.objects.update(created_at=timezone.now() - timedelta(days=30))  # younger than both

    asked_since = services.nightly_payouts()
    Payout.objects.update(created_at=timezone.now() - timedelta(days=32))

    assert (asked_since, services.nightly_payouts()) == (0, 1)


def test_the_night_asks_once_for_all_who_have_too_little(bank: Bank, django_assert_num_queries: Any) -> None:
    for _ in range(3):
        earn(bank, 1_00)

    with django_assert_num_queries(1):
        services.nightly_payouts()
