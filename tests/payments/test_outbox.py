"""The outbox under every kind of answer: clear, refused, unclear, our own fault, forgotten key."""

import time
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from marketplace.kit.errors import Conflict, Invalid
from marketplace.kit.money import Money
from marketplace.users.models import User
from payments import clock, gateway, ledger, services
from payments.gateway import Success, Unknown
from payments.models import Hold, Operation, Transfer
from payments.settlement import inbox, outbox, sending
from payments.signals import hold_release_refused
from payments.states import Chart, HoldState, OperationState
from tests.plugins.sandbox import PAGE, Bank

pytestmark = pytest.mark.django_db
TRANSFERS = "POST /v1/transfers"


def operation_of(hold: Hold) -> Operation:
    return Operation.objects.get(kind="transfer.create", hold=hold)


def hurry() -> None:
    """The pause before the next try is over."""
    Operation.objects.filter(state=OperationState.PENDING).update(next_try_at=timezone.now())


def transfers_at_stripe(bank: Bank) -> int:
    return int(bank.sandbox.control.state()["things"].get("transfer", 0))


@pytest.mark.parametrize("kind", ["cut", "429", "409", "500", "503"])
def test_an_unclear_answer_keeps_the_key_and_pays_once(bank: Bank, kind: str) -> None:
    hold = bank.secured()
    bank.sandbox.control.fault(route=TRANSFERS, kind=kind, count=1)
    services.release(hold)

    sending.run_due()
    waiting = operation_of(hold)
    assert (waiting.state, waiting.attempt) == (OperationState.PENDING, 1)
    assert waiting.next_try_at > timezone.now()
    assert waiting.outcome.startswith("unknown")
    for _ in range(sending.REPLAYING_AFTER + 2):
        hurry()
        sending.run_due()

    hold.refresh_from_db()
    assert hold.state == HoldState.RELEASED
    assert transfers_at_stripe(bank) == 1


def test_an_answer_lost_after_the_work_is_asked_for_again_with_the_same_key(bank: Bank) -> None:
    hold = bank.secured()
    bank.sandbox.control.set_webhooks(drop=True)
    bank.sandbox.control.fault(route=TRANSFERS, kind="cut", count=1, after=True)
    services.release(hold)

    sending.run_due()
    assert transfers_at_stripe(bank) == 1
    assert operation_of(hold).state == OperationState.PENDING
    hurry()
    sending.run_due()

    hold.refresh_from_db()
    assert (hold.state, transfers_at_stripe(bank)) == (HoldState.RELEASED, 1)


@pytest.mark.parametrize("after", [False, True], ids=["not done", "done"])
def test_a_broken_answer_that_stripe_keeps_is_looked_up_at_once(bank: Bank, *, after: bool) -> None:
    hold = bank.secured()
    bank.sandbox.control.set_webhooks(drop=True)
    bank.sandbox.control.fault(route=TRANSFERS, kind="500", count=1, after=after)
    services.release(hold)

    for _ in range(3):  # broken; the same again, now known to be kept; looked up
        hurry()
        sending.run_due()

    operation = operation_of(hold)
    assert (operation.state, operation.attempt) == (OperationState.DONE, 1 if after else 2)
    assert transfers_at_stripe(bank) == 1


def test_a_key_that_stripe_forgot_is_looked_up_before_anything_is_sent_again(bank: Bank) -> None:
    hold = bank.secured()
    bank.sandbox.control.set_webhooks(drop=True)
    bank.sandbox.control.fault(route=TRANSFERS, kind="cut", count=1, after=True)
    services.release(hold)
    sending.run_due()
    bank.sandbox.control.advance(seconds=25 * 3600)
    Operation.objects.update(first_sent_at=timezone.now() - timedelta(hours=25))

    hurry()
    sending.run_due()

    operation = operation_of(hold)
    assert (operation.state, operation.attempt) == (OperationState.DONE, 1)
    assert transfers_at_stripe(bank) == 1


def test_a_key_that_stripe_forgot_and_never_used_is_sent_as_a_new_attempt(bank: Bank) -> None:
    hold = bank.secured()
    bank.sandbox.control.fault(route=TRANSFERS, kind="cut", count=1)
    services.release(hold)
    sending.run_due()
    Operation.objects.update(first_sent_at=timezone.now() - timedelta(hours=25))

    hurry()
    sending.run_due()

    operation = operation_of(hold)
    assert (operation.state, operation.attempt) == (OperationState.DONE, 2)
    assert operation.idempotency_key == f"op_{operation.key}_2"


def test_a_definite_refusal_is_mirrored_and_a_new_try_is_a_new_operation(bank: Bank) -> None:
    hold = bank.secured()
    told: list[Transfer] = []
    hold_release_refused.connect(lambda transfer, **_: told.append(transfer), weak=False, dispatch_uid="test")
    bank.sandbox.control.fault(route=TRANSFERS, kind="400", count=1)
    first = services.release(hold)

    bank.settle_down()
    hold_release_refused.disconnect(dispatch_uid="test")

    hold.refresh_from_db()
    assert (hold.state, told) == (HoldState.SECURED, [first])
    assert ledger.held(Chart.HOLD, hold.public_id, "EUR") == hold.total
    assert ledger.balance(Chart.PLATFORM_FEE, "EUR") == Money(0, "EUR")
    services.release(hold)
    bank.settle_down()
    hold.refresh_from_db()
    assert hold.state == HoldState.RELEASED
    assert Operation.objects.filter(kind="transfer.create").count() == 2


def test_a_fault_of_ours_is_parked_until_a_person_looked(bank: Bank, settings: Any) -> None:
    admin = User.objects.create_superuser("ada@goodword.example", "x", name="Ada")
    hold = bank.secured()
    bank.sandbox.control.fault(route=TRANSFERS, kind="401", count=1)
    services.release(hold)
    bank.settle_down()
    parked = operation_of(hold)
    assert parked.state == OperationState.PARKED
    assert list(Operation.objects.stuck()) == [parked]

    with pytest.raises(Invalid):
        services.retry_operation(parked, reason=" ", by=admin)
    services.retry_operation(parked, reason="the key was mended", by=admin)
    bank.settle_down()

    hold.refresh_from_db()
    assert hold.state == HoldState.RELEASED


def test_what_is_done_is_not_sent_again(bank: Bank) -> None:
    hold = bank.released()

    sending.run(operation_of(hold).pk)
    sending.settle(operation_of(hold), Success({"id": "tr_other"}))
    sending.settle(operation_of(hold), Unknown("late"))

    assert operation_of(hold).state == OperationState.DONE
    assert Transfer.objects.get().stripe_id != "tr_other"


def test_a_dead_workers_operation_is_taken_over_when_its_lease_ends(bank: Bank) -> None:
    hold = bank.secured()
    services.release(hold)
    operation = operation_of(hold)
    Operation.objects.filter(pk=operation.pk).update(
        state=OperationState.CLAIMED, lease_until=timezone.now() + timedelta(seconds=60)
    )

    clock.sweep()
    assert operation_of(hold).state == OperationState.CLAIMED
    Operation.objects.filter(pk=operation.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    clock.sweep()

    hold.refresh_from_db()
    assert hold.state == HoldState.RELEASED


def test_one_that_breaks_does_not_hold_up_the_others(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    broken, fine = bank.secured(), bank.secured()
    services.release(broken)
    services.release(fine)
    settle = sending.settle

    def settle_all_but_one(operation: Operation, outcome: Any) -> None:
        if operation.hold_id == broken.pk:
            raise RuntimeError("a listener is broken")
        settle(operation, outcome)

    monkeypatch.setattr(sending, "settle", settle_all_but_one)

    clock.sweep()

    fine.refresh_from_db()
    waiting = operation_of(broken)
    assert fine.state == HoldState.RELEASED
    assert (waiting.state, waiting.outcome) == (OperationState.PENDING, "broke: RuntimeError('a listener is broken')")
    assert waiting.next_try_at > timezone.now()


def test_a_person_who_waits_is_not_kept_for_long(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    hold = bank.hold()
    monkeypatch.setattr(gateway, "QUICK_SECONDS", 0.3)
    bank.sandbox.control.fault(route="POST /v1/customers", kind="delay", count=1, seconds=2)
    started = time.monotonic()

    url = services.checkout_url(hold, success_url=PAGE, cancel_url=PAGE)

    assert url is None
    assert time.monotonic() - started < 1.5


def test_one_slot_has_one_live_operation(bank: Bank) -> None:
    outbox.put("transfer.create", {}, slot="release:x")

    with pytest.raises(Conflict):
        outbox.put("transfer.create", {}, slot="release:x")


def test_a_page_that_could_not_be_prepared_is_ready_when_asked_again(bank: Bank) -> None:
    hold = bank.hold()
    bank.sandbox.control.fault(route="POST /v1/checkout/sessions", kind="cut", count=1)

    first = services.checkout_url(hold, success_url=PAGE, cancel_url=PAGE)
    hurry()
    second = services.checkout_url(hold, success_url=PAGE, cancel_url=PAGE)

    assert first is None
    assert second is not None
    assert hold.checkouts.count() == 1


def test_a_lease_outlives_every_task_and_the_work_of_the_dead_is_done_within_two_minutes(settings: Any) -> None:
    _, sweep_seconds = clock.SCHEDULE["payments-sweep"]

    for lease in (sending.LEASE, inbox.LEASE):
        assert lease.total_seconds() > settings.CELERY_TASK_TIME_LIMIT
        assert lease.total_seconds() + 2 * sweep_seconds < 100


def test_every_kind_that_is_put_can_be_settled() -> None:
    assert set(sending.SETTLERS) >= outbox.FINDABLE
