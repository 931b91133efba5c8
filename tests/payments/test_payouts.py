"""Onboarding and payouts: gates, thresholds, and what happens when a bank says no."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from marketplace.kit.errors import Conflict
from marketplace.kit.money import Money
from payments import clock, gateway, reads, services
from payments.models import Operation, Payout, StripeEvent, Transfer
from payments.signals import account_changed, payout_created, payout_failed, payout_paid
from payments.states import EventState, PayoutState
from tests.plugins.sandbox import PAGE, Bank

pytestmark = pytest.mark.django_db


def euros(minor: int) -> Money:
    return Money(minor, "EUR")


@pytest.fixture
def heard() -> Any:
    names: list[str] = []
    signals = {"changed": account_changed, "created": payout_created, "paid": payout_paid, "failed": payout_failed}
    listeners = []
    for name, signal in signals.items():
        listeners.append((signal, lambda name=name, **_: names.append(name)))
        signal.connect(listeners[-1][1])
    yield names
    for signal, listener in listeners:
        signal.disconnect(listener)


def test_onboarding_opens_the_gates(bank: Bank, heard: list[str]) -> None:
    payee = bank.payee(onboarded=False)
    gates = [payee.is_onboarded]

    bank.onboard(payee)

    gates.append(payee.is_onboarded)
    assert gates == [False, True]
    assert payee.requirements == []
    assert "changed" in heard


def test_asking_for_onboarding_twice_makes_one_account(bank: Bank) -> None:
    payee = bank.payee(onboarded=False)

    urls = {services.start_onboarding(payee, return_url=PAGE, refresh_url=PAGE) for _ in range(2)}

    assert len(urls) == 2  # each link works once
    assert Operation.objects.filter(kind="account.create").count() == 1


def test_what_stripe_still_wants_to_know_is_kept(bank: Bank) -> None:
    payee = bank.payee()

    bank.sandbox.control.disable_account(account=payee.stripe_account_id)
    bank.settle_down()

    payee.refresh_from_db()
    assert not payee.is_onboarded


def test_without_bank_details_there_is_no_payout(bank: Bank) -> None:
    with pytest.raises(Conflict) as refusal:
        services.request_payout(bank.payee(onboarded=False))

    assert refusal.value.code == "payouts_off"


def test_with_nothing_available_there_is_no_payout(bank: Bank) -> None:
    payee = bank.released().payee  # still pending at Stripe

    with pytest.raises(Conflict) as refusal:
        services.request_payout(payee)

    assert refusal.value.code == "nothing_available"
    assert Payout.objects.count() == 0


def test_a_payout_arrives(bank: Bank, heard: list[str]) -> None:
    payee = bank.released().payee
    heard.clear()

    payout = bank.paid_out(payee)

    assert (payout.state, payout.amount) == (PayoutState.PAID, euros(100_00))
    assert payout.paid_at is not None
    assert heard == ["created", "paid"]
    assert reads.earnings(payee) == reads.Earnings(euros(0), euros(0), euros(0), euros(0), euros(100_00))


def test_a_failed_payout_puts_the_money_back(bank: Bank, heard: list[str]) -> None:
    payee = bank.released().payee
    payout = bank.paid_out(payee)

    bank.sandbox.control.fail_payout(payout=payout.stripe_id)
    bank.settle_down()

    payout.refresh_from_db()
    assert payout.state == PayoutState.FAILED
    assert payout.failure.startswith("account_closed")
    assert reads.earnings(payee).available == euros(100_00)
    assert heard[-1] == "failed"


def test_a_refused_payout_puts_the_money_back(bank: Bank) -> None:
    payee = bank.released().payee
    bank.sandbox.control.settle()
    bank.sandbox.control.fault(route="POST /v1/payouts", kind="400", count=1)

    payout = services.request_payout(payee)
    bank.settle_down()

    payout.refresh_from_db()
    assert payout.state == PayoutState.REFUSED
    assert reads.earnings(payee).available == euros(100_00)


def test_stripes_silence_is_not_an_empty_account(bank: Bank) -> None:
    payee = bank.released().payee
    bank.sandbox.control.fault(route="GET /v1/balance", kind="500", count=1)

    with pytest.raises(Conflict) as refusal:
        services.request_payout(payee)

    assert refusal.value.code == "try_again"


@pytest.mark.parametrize(("amount", "payouts"), [(49_99, 0), (50_00, 1)])
def test_the_nightly_run_waits_for_the_minimum(bank: Bank, amount: int, payouts: int) -> None:
    bank.released(euros(amount))
    bank.sandbox.control.settle()

    services.nightly_payouts()

    assert Payout.objects.count() == payouts


def test_small_money_is_paid_out_after_thirty_days(bank: Bank) -> None:
    bank.released(euros(5_00))
    bank.sandbox.control.settle()
    transfer = Transfer.objects.get()
    assert transfer.confirmed_at is not None
    Transfer.objects.update(confirmed_at=transfer.confirmed_at - timedelta(days=31))

    services.nightly_payouts()

    assert Payout.objects.get().amount == euros(5_00)


@pytest.mark.parametrize(("hour", "payouts"), [(1, 0), (2, 1), (3, 0)])
def test_the_nightly_run_is_at_night(bank: Bank, hour: int, payouts: int) -> None:
    bank.released()
    bank.sandbox.control.settle()

    with time_machine.travel(datetime.now(UTC).replace(hour=hour, minute=30) + timedelta(days=1), tick=False):
        clock.pay_out()
        clock.pay_out()

    assert Payout.objects.count() == payouts


def test_the_operators_own_payout_is_no_news_of_a_payee(bank: Bank) -> None:
    bank.keep_reserve()
    assert isinstance(gateway.call("payout.create", {"amount": 50_00, "currency": "eur"}, key="own"), gateway.Success)

    bank.settle_down()

    told = StripeEvent.objects.filter(kind="payout.created", acts_as="")
    assert [event.state for event in told] == [EventState.DONE]
