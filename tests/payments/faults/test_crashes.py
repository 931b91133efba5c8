"""What dies, hangs or answers badly on the way to Stripe. Real kills of real processes are in tests/payments/kill."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections, transaction
from django.utils import timezone

from marketplace.kit import later
from marketplace.kit.errors import Conflict
from payments import clock, gateway, services
from payments.models import Hold, Operation, Posting, Refund, Transfer
from payments.settlement import sending
from payments.states import HoldState, OperationState, RefundState
from tests.payments.agreement import differences
from tests.plugins.sandbox import Bank

pytestmark = pytest.mark.django_db
TRANSFERS = "POST /v1/transfers"


def things(bank: Bank, kind: str) -> int:
    return int(bank.sandbox.control.state()["things"].get(kind, 0))


@transaction.atomic
def release_and_die(hold: Hold) -> None:
    services.release(hold)
    raise RuntimeError("the lights go out")


def try_again() -> None:
    """The pause before the next try is over."""
    Operation.objects.filter(state=OperationState.PENDING).update(next_try_at=timezone.now())
    sending.run_due()


def test_a_crash_before_the_approval_is_committed_leaves_nothing(bank: Bank) -> None:
    hold = bank.secured()
    before = (Posting.objects.count(), Operation.objects.count())

    with pytest.raises(RuntimeError):
        release_and_die(hold)
    bank.settle_down()

    hold = Hold.objects.get()
    assert hold.state == HoldState.SECURED
    assert (Posting.objects.count(), Operation.objects.count(), Transfer.objects.count()) == (*before, 0)
    assert things(bank, "transfer") == 0


def test_an_approval_whose_doorbell_was_never_rung_is_found_by_the_sweep(bank: Bank) -> None:
    hold = bank.secured()
    services.release(hold)  # the bank's doorbell is silent in every test
    assert things(bank, "transfer") == 0

    clock.sweep()

    hold.refresh_from_db()
    assert (hold.state, things(bank, "transfer")) == (HoldState.RELEASED, 1)


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_refuses_does_not_undo_the_approval(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    hold = bank.secured()

    class Broken:
        name = "payments.run_operation"

        def apply_async(self, **_: Any) -> None:
            raise ConnectionRefusedError("nobody is there")

    with transaction.atomic():
        later.later(Broken(), operation_id=1)
        services.freeze(hold)

    assert Hold.objects.get().state == HoldState.FROZEN


@pytest.mark.parametrize("after", [True, False], ids=["after the work", "before the work"])
def test_silence_is_asked_again_under_the_same_key(bank: Bank, monkeypatch: pytest.MonkeyPatch, after: bool) -> None:
    hold = bank.secured()
    bank.sandbox.control.set_webhooks(drop=True)
    monkeypatch.setattr(gateway, "TIMEOUT_SECONDS", 0.3)
    gateway._client.cache_clear()
    bank.sandbox.control.fault(route=TRANSFERS, kind="delay", seconds=1, after=after)
    operation = services.release(hold).operation
    assert operation is not None

    sending.run(operation.pk)
    operation.refresh_from_db()
    assert (operation.state, operation.attempt) == (OperationState.PENDING, 1)
    assert operation.outcome.startswith("unknown")
    monkeypatch.undo()
    gateway._client.cache_clear()
    deadline = timezone.now() + timedelta(seconds=10)
    while Hold.objects.get().state != HoldState.RELEASED and timezone.now() < deadline:
        try_again()

    operation.refresh_from_db()
    assert (operation.state, operation.attempt, things(bank, "transfer")) == (OperationState.DONE, 1, 1)
    assert differences(bank.sandbox) == []


def test_a_500_that_hides_a_transfer_is_looked_up_and_not_sent_again(bank: Bank) -> None:
    hold = bank.secured()
    bank.sandbox.control.set_webhooks(drop=True)
    bank.sandbox.control.fault(route=TRANSFERS, kind="500", after=True)
    services.release(hold)

    for _ in range(sending.REPLAYING_AFTER + 1):
        try_again()

    operation = Operation.objects.get(kind="transfer.create")
    assert (operation.state, operation.attempt, things(bank, "transfer")) == (OperationState.DONE, 1, 1)
    assert differences(bank.sandbox) == []


def test_a_500_that_hides_nothing_is_sent_as_a_new_attempt(bank: Bank) -> None:
    hold = bank.secured()
    bank.sandbox.control.fault(route=TRANSFERS, kind="500")
    services.release(hold)

    for _ in range(sending.REPLAYING_AFTER + 1):
        try_again()

    operation = Operation.objects.get(kind="transfer.create")
    assert (operation.state, operation.attempt, things(bank, "transfer")) == (OperationState.DONE, 2, 1)


def test_the_platforms_balance_is_short_and_the_release_goes_out_once_it_is_not(bank: Bank) -> None:
    hold, other = bank.secured(), bank.payee("Noor")
    spent = {"amount": 100_00, "currency": "eur", "destination": other.stripe_account_id,
             "source_transaction": hold.checkouts.get().charge}  # fmt: skip
    drained = gateway.call("transfer.create", spent, key="by hand, in the dashboard")
    assert isinstance(drained, gateway.Success)
    services.release(hold)
    bank.settle_down()
    hold.refresh_from_db()
    transfer = Transfer.objects.get()
    assert (hold.state, transfer.state) == (HoldState.SECURED, "refused")
    assert transfer.refusal.startswith("balance_insufficient")

    gateway.call("transfer_reversal.create", {"id": drained.data["id"]}, key="and back again")
    services.release(hold)
    bank.settle_down()

    hold.refresh_from_db()
    assert hold.state == HoldState.RELEASED
    assert differences(bank.sandbox) == []


def test_a_refund_waits_in_the_books_until_the_platforms_balance_suffices(bank: Bank) -> None:
    bank.sandbox.control.set_overdraft(units=0)
    hold = bank.secured()  # 107.11 of 109.00 arrived
    refund = services.refund(hold, reason="called off")
    bank.settle_down()

    refund.refresh_from_db()
    assert (refund.state, Hold.objects.get().state) == (RefundState.SENDING, HoldState.REFUNDING)
    assert differences(bank.sandbox) == []
    bank.sandbox.control.add_funds(amount=1_89, currency="eur")
    bank.sandbox.control.tick()
    bank.settle_down()

    refund.refresh_from_db()
    assert (refund.state, Hold.objects.get().state) == (RefundState.SUCCEEDED, HoldState.REFUNDED)


def test_a_waiting_refund_that_is_called_off_is_owed_again(bank: Bank) -> None:
    bank.sandbox.control.set_overdraft(units=0)
    hold = bank.secured()
    refund = services.refund(hold, reason="called off")
    bank.settle_down()
    refund.refresh_from_db()

    bank.sandbox.control.cancel_refund(refund=refund.stripe_id)
    bank.settle_down()

    refund.refresh_from_db()
    assert (refund.state, Hold.objects.get().state) == (RefundState.REFUSED, HoldState.SECURED)
    assert differences(bank.sandbox) == []


def test_a_bank_debit_goes_back_days_later_or_comes_back(bank: Bank) -> None:
    bank.secured()  # so that the platform has money
    hold = bank.hold()
    bank.pay(hold, method="debit")
    bank.settle_down()
    bank.sandbox.control.finish_debit(payment_intent=hold.checkouts.get().payment_intent)
    bank.settle_down()
    refund = services.refund(Hold.objects.get(pk=hold.pk), reason="called off")
    bank.settle_down()
    refund.refresh_from_db()
    assert refund.state == RefundState.SUCCEEDED  # it has left our balance

    bank.sandbox.control.fail_refund(refund=refund.stripe_id, reason="declined")
    bank.settle_down()

    refund.refresh_from_db()
    assert (refund.state, Hold.objects.get(pk=hold.pk).state) == (RefundState.FAILED, HoldState.SECURED)
    assert differences(bank.sandbox) == []


def test_refund_after_the_payout_is_refused_and_moves_nothing(bank: Bank) -> None:
    hold = bank.released()
    bank.paid_out(hold.payee)
    before = Posting.objects.count()

    with pytest.raises(Conflict) as refusal:
        services.refund(hold, reason="too late")

    assert refusal.value.code == "already_released"
    assert (Posting.objects.count(), Refund.objects.count()) == (before, 0)


@pytest.mark.django_db(transaction=True)
def test_two_workers_drain_one_queue_without_doubling_anything(bank: Bank) -> None:
    holds = [bank.secured() for _ in range(4)]
    for hold in holds:
        services.release(hold)

    def work() -> None:
        sending.run_due()
        connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=30)

    assert set(Hold.objects.values_list("state", flat=True)) == {HoldState.RELEASED}
    assert things(bank, "transfer") == len(holds)
    assert differences(bank.sandbox) == []
