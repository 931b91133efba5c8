"""What our own code cannot carry out, or dies of: it is tried again, seen, and in the end left to a person."""

from datetime import timedelta

import pytest
from django.utils import timezone

from payments import clock, ledger, services
from payments.models import Hold, Operation, StripeEvent
from payments.settlement import inbox, sending
from payments.states import HoldState, OperationState
from tests.payments.agreement import broken_rules
from tests.plugins.sandbox import Bank

pytestmark = pytest.mark.django_db


def operation_of(hold: Hold) -> Operation:
    return Operation.objects.get(kind="transfer.create", hold=hold)


def hurry() -> None:
    """The pause before the next try is over."""
    Operation.objects.filter(state=OperationState.PENDING).update(next_try_at=timezone.now())


def transfers_at_stripe(bank: Bank) -> int:
    return int(bank.sandbox.control.state()["things"].get("transfer", 0))


def test_what_breaks_again_and_again_waits_for_a_person_and_is_settled_once_mended(
    bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold = bank.secured()
    services.release(hold)
    with monkeypatch.context() as broken:
        broken.setattr(ledger, "post", lambda *_, **__: 1 // 0)
        for _ in range(sending.PATIENCE):
            hurry()
            sending.run_due()
    parked = operation_of(hold)
    seen = (parked.state, parked.outcome)

    services.retry_operation(parked, reason="the code was mended", by=bank.admin())
    bank.settle_down()

    hold.refresh_from_db()
    assert seen[0] == OperationState.PARKED
    assert seen[1].startswith(f"broke {sending.PATIENCE} times: ZeroDivisionError")
    assert (hold.state, transfers_at_stripe(bank)) == (HoldState.RELEASED, 1)


def test_what_kills_every_worker_waits_for_a_person(bank: Bank) -> None:
    hold = bank.secured()
    services.release(hold)
    dead = {"state": OperationState.CLAIMED, "lease_until": timezone.now() - timedelta(seconds=1)}
    Operation.objects.filter(hold=hold, kind="transfer.create").update(**dead, result={"broke": sending.PATIENCE - 1})
    StripeEvent.objects.create(
        event_id="evt_deadly", kind="x", happened_at=timezone.now(), payload={}, tries=inbox.PATIENCE, **dead
    )

    clock.sweep()

    assert (operation_of(hold).state, transfers_at_stripe(bank)) == (OperationState.PARKED, 0)
    assert StripeEvent.objects.get(event_id="evt_deadly").state == "parked"


@pytest.mark.parametrize("state", ["pending", "claimed"])
def test_what_takes_hours_is_seen_whoever_holds_it(bank: Bank, state: str) -> None:
    services.release(bank.secured())
    lease, long_ago = timezone.now() + timedelta(minutes=1), timezone.now() - timedelta(hours=7)
    Operation.objects.filter(kind="transfer.create").update(state=state, lease_until=lease, created_at=long_ago)
    StripeEvent.objects.filter(kind="checkout.session.completed").update(
        state="received" if state == "pending" else state, lease_until=lease, created_at=long_ago
    )

    assert {"no_operation_waits_for_hours", "no_event_waits_for_hours"} <= set(broken_rules())
