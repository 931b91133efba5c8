"""What may happen to a hold, what bad input gets, and money that comes when nobody waits for it any more."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from marketplace.kit.errors import Conflict, Invalid
from marketplace.kit.money import LARGEST_MINOR, Money
from marketplace.users.models import User
from payments import clock, ledger, reads, services
from payments.models import Account, Entry, Hold, Refund, Transfer
from payments.signals import checkout_returned_late, debit_bounced, hold_expired, hold_refunded, hold_secured
from payments.states import Chart, CheckoutState, HoldState, RefundState, TransferState
from tests.plugins.sandbox import PAGE, Bank

pytestmark = pytest.mark.django_db


def euros(minor: int) -> Money:
    return Money(minor, "EUR")


def in_hold(hold: Hold) -> Money:
    return ledger.held(Chart.HOLD, hold.public_id, hold.currency)


@pytest.fixture
def heard() -> Any:
    """The names of the signals that were sent, in order."""
    names: list[str] = []
    signals = {
        "secured": hold_secured, "expired": hold_expired, "refunded": hold_refunded, "late": checkout_returned_late,
        "bounced": debit_bounced,
    }  # fmt: skip
    listeners = []
    for name, signal in signals.items():
        listeners.append((signal, lambda name=name, **_: names.append(name)))
        signal.connect(listeners[-1][1])
    yield names
    for signal, listener in listeners:
        signal.disconnect(listener)


@pytest.mark.parametrize("minor", [0, -1, LARGEST_MINOR, LARGEST_MINOR + 1, 10**15])
def test_amounts_that_make_no_sense_are_refused_at_the_field(bank: Bank, minor: int) -> None:
    with pytest.raises(Invalid) as refusal:
        bank.hold(euros(minor))

    assert "amount" in refusal.value.fields
    assert Hold.objects.count() == 0


def test_an_unknown_currency_is_refused(bank: Bank) -> None:
    with pytest.raises(Invalid):
        services.open_account(kind="payer", name="A", email="a@b.example", country="DE", currency="XXX")


def test_a_payer_cannot_pay_a_payer(bank: Bank) -> None:
    with pytest.raises(Invalid):
        bank.hold(payer=bank.payer(), payee=bank.payer())


def test_one_cent_can_be_held(bank: Bank) -> None:
    hold = bank.secured(euros(1))

    assert (hold.state, in_hold(hold)) == (HoldState.SECURED, euros(101))


def test_without_a_fee_nothing_is_posted_for_it(bank: Bank, settings: Any) -> None:
    settings.PLATFORM_FEE_BPS = 0

    hold = bank.released()

    assert hold.total == euros(100_00)
    assert not Entry.objects.filter(chart=Chart.PLATFORM_FEE).exists()


def test_a_full_refund_returns_amount_and_fee(bank: Bank, heard: list[str]) -> None:
    bank.reserve(Money(10_00, "EUR"))
    hold = bank.secured()

    refund = services.refund(hold, reason="the work was called off")
    assert hold.state == HoldState.REFUNDING
    bank.settle_down()

    hold.refresh_from_db()
    refund.refresh_from_db()
    assert (hold.state, refund.state, refund.total) == (HoldState.REFUNDED, RefundState.SUCCEEDED, euros(109_00))
    assert in_hold(hold) == euros(0)
    assert ledger.trial_balance("EUR")["refunding"] == 0
    assert heard == ["secured", "refunded"]


def test_a_part_goes_back_and_the_rest_is_released(bank: Bank) -> None:
    hold = bank.secured()

    services.refund(hold, amount=euros(75_00), reason="kill fee")
    transfer = services.release(hold)
    bank.settle_down()

    hold.refresh_from_db()
    assert hold.state == HoldState.RELEASED
    assert (transfer.amount, transfer.fee) == (euros(25_00), euros(2_25))
    assert Refund.objects.get().total == euros(81_75)
    assert in_hold(hold) == euros(0)
    assert reads.earnings(hold.payee).available == euros(25_00)


@pytest.mark.parametrize("minor", [0, -5, 100_01])
def test_no_more_than_what_is_left_goes_back(bank: Bank, minor: int) -> None:
    hold = bank.secured()

    with pytest.raises(Invalid):
        services.refund(hold, amount=euros(minor), reason="typing error")

    assert (Refund.objects.count(), in_hold(hold)) == (0, euros(109_00))


def test_two_equal_refunds_are_two_decisions_and_wait_for_each_other(bank: Bank) -> None:
    hold = bank.secured()
    services.refund(hold, amount=euros(10_00), reason="first")

    with pytest.raises(Conflict) as refusal:
        services.refund(hold, amount=euros(10_00), reason="double click")
    bank.settle_down()
    services.refund(hold, amount=euros(10_00), reason="second")
    bank.settle_down()

    assert refusal.value.code == "already_on_its_way"
    assert in_hold(hold) == euros(109_00 - 2 * 10_90)


def test_a_frozen_payment_moves_nowhere(bank: Bank) -> None:
    hold = bank.secured()
    services.freeze(hold)

    with pytest.raises(Conflict):
        services.release(hold)
    with pytest.raises(Conflict):
        services.refund(hold, reason="no")
    services.unfreeze(hold)
    services.release(hold)

    assert hold.state == HoldState.RELEASING


def test_released_money_is_not_released_or_refunded_again(bank: Bank) -> None:
    hold = bank.released()

    for act in (services.release, lambda hold: services.refund(hold, reason="too late")):
        with pytest.raises(Conflict):
            act(hold)

    assert Transfer.objects.count() == 1


def test_an_unpaid_hold_expires_when_its_time_is_over(bank: Bank, heard: list[str]) -> None:
    hold = bank.hold()
    services.checkout_url(hold, success_url=PAGE, cancel_url=PAGE)
    Hold.objects.update(due_at=timezone.now() - timedelta(seconds=1))

    clock.expire_unpaid()
    bank.settle_down()

    hold.refresh_from_db()
    assert (hold.state, hold.checkouts.get().state) == (HoldState.EXPIRED, CheckoutState.EXPIRED)
    assert heard == ["expired"]
    with pytest.raises(Conflict) as refusal:
        services.checkout_url(hold, success_url=PAGE, cancel_url=PAGE)
    assert refusal.value.code == "hold_expired"


def test_a_payment_after_the_end_is_written_down_and_sent_back(bank: Bank, heard: list[str]) -> None:
    bank.reserve(Money(10_00, "EUR"))
    hold = bank.hold()
    bank.pay(hold)
    services.expire_hold(hold)

    bank.settle_down()

    hold.refresh_from_db()
    refund = Refund.objects.get()
    assert (hold.state, hold.checkouts.get().state) == (HoldState.EXPIRED, CheckoutState.RETURNED)
    assert (refund.late, refund.state, refund.total) == (True, RefundState.SUCCEEDED, euros(109_00))
    assert ledger.balance(Chart.STRIPE, "EUR") == euros(10_00) - ledger.balance(Chart.PROCESSING, "EUR")
    assert heard == ["expired", "late"]


def test_a_bank_debit_on_its_way_keeps_the_hold_open(bank: Bank) -> None:
    hold = bank.hold()
    bank.pay(hold, method="debit")
    bank.settle_down()
    Hold.objects.update(due_at=timezone.now() - timedelta(seconds=1))

    clock.expire_unpaid()
    hold.refresh_from_db()
    assert hold.state == HoldState.AWAITING_PAYMENT
    intent = hold.checkouts.get().payment_intent
    bank.sandbox.control.finish_debit(payment_intent=intent)
    bank.settle_down()

    hold.refresh_from_db()
    assert hold.state == HoldState.SECURED


def test_a_failed_bank_debit_can_be_tried_again(bank: Bank, heard: list[str]) -> None:
    hold = bank.hold()
    bank.pay(hold, method="debit")
    bank.settle_down()
    bank.sandbox.control.finish_debit(payment_intent=hold.checkouts.get().payment_intent, succeeded=False)
    bank.settle_down()

    bank.pay(hold)
    bank.settle_down()

    hold.refresh_from_db()
    assert hold.state == HoldState.SECURED
    assert heard == ["bounced", "secured"]


def test_a_release_waits_for_the_payees_account(bank: Bank) -> None:
    payee = bank.payee(onboarded=False)
    hold = bank.secured(payee=payee)

    transfer = services.release(hold)
    bank.settle_down()
    transfer.refresh_from_db()
    assert transfer.state == TransferState.WAITING
    assert reads.earnings(payee).on_its_way == euros(100_00)
    bank.onboard(payee)

    hold.refresh_from_db()
    assert hold.state == HoldState.RELEASED
    assert reads.earnings(payee).available == euros(100_00)


def test_an_account_disabled_between_decision_and_transfer_makes_the_release_wait(bank: Bank) -> None:
    hold = bank.secured()
    bank.sandbox.control.set_webhooks(drop=True)
    bank.sandbox.control.disable_account(account=hold.payee.stripe_account_id)

    services.release(hold)
    bank.settle_down()

    hold.refresh_from_db()
    assert hold.state == HoldState.RELEASING
    assert list(Transfer.objects.order_by("pk").values_list("state", flat=True)) == ["refused", "waiting"]
    assert ledger.held(Chart.TRANSIT, hold.public_id, "EUR") == euros(100_00)
    assert not Account.objects.get(pk=hold.payee_id).transfers_active


def test_a_refund_that_came_back_is_owed_again(bank: Bank) -> None:
    bank.reserve(Money(10_00, "EUR"))
    admin = User.objects.create_superuser("ada@goodword.example", "x", name="Ada")
    hold = bank.secured()
    refund = services.refund(hold, reason="called off")
    bank.settle_down()
    refund.refresh_from_db()

    bank.sandbox.control.fail_refund(refund=refund.stripe_id)
    bank.settle_down()
    hold.refresh_from_db()
    refund.refresh_from_db()
    assert (hold.state, refund.state, in_hold(hold)) == (HoldState.SECURED, RefundState.FAILED, euros(109_00))
    services.refund_again(refund, reason="the card was lost", by=admin)
    bank.settle_down()

    hold.refresh_from_db()
    assert hold.state == HoldState.REFUNDED


def test_a_refund_waits_at_stripe_until_there_is_money_for_it(bank: Bank, heard: list[str]) -> None:
    bank.sandbox.control.set_overdraft(units=0)
    hold = bank.secured()

    refund = services.refund(hold, reason="called off")  # 109.00, of which the processing took 1.89
    bank.settle_down()
    refund.refresh_from_db()
    waiting = (refund.state, ledger.balance(Chart.STRIPE, "EUR"), refund.stripe_id is not None)
    bank.keep_reserve()
    bank.settle_down()

    hold.refresh_from_db()
    assert waiting == (RefundState.SENDING, euros(107_11), True)
    assert hold.state == HoldState.REFUNDED
    assert ledger.balance(Chart.STRIPE, "EUR") == euros(-1_89)
    assert heard == ["secured", "refunded"]
