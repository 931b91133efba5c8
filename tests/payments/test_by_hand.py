"""What somebody does in Stripe's dashboard, past the product: it is seen at once, and the books can take it over."""

from uuid import uuid4

import pytest

from marketplace.kit.money import Money
from payments import gateway, services
from payments.models import Hold, Operation, StripeEvent
from payments.states import EventState, HoldState
from tests.payments.agreement import broken_rules, differences
from tests.plugins.sandbox import Bank

pytestmark = pytest.mark.django_db


def refunded_by_hand(bank: Bank) -> Hold:
    bank.reserve(Money(1_000_00, "EUR"))
    hold = bank.secured()
    made = gateway.call("refund.create", {"charge": hold.checkouts.get().charge}, key="by hand")
    assert isinstance(made, gateway.Success)
    bank.settle_down()
    return hold


def test_a_refund_made_by_hand_is_seen_at_once(bank: Bank) -> None:
    refunded_by_hand(bank)

    event = StripeEvent.objects.get(kind="refund.created")

    assert event.state == EventState.PARKED
    assert "made by hand" in event.outcome
    assert broken_rules() == ["no_event_is_parked"]


def test_the_books_take_over_a_refund_made_by_hand(bank: Bank) -> None:
    hold = refunded_by_hand(bank)
    world = bank.sandbox.engine.world
    ((_, made),) = world.store.newest("refund", "")
    world.save({**made, "metadata": {"op_id": str(uuid4())}})  # as the runbook says

    services.refund(hold, reason="refunded in the dashboard")
    bank.settle_down()
    for event in StripeEvent.objects.filter(state=EventState.PARKED):
        services.retry_event(event, reason="taken over", by=bank.admin())
    bank.settle_down()

    hold.refresh_from_db()
    assert (hold.state, hold.refunds.get().stripe_id) == (HoldState.REFUNDED, made["id"])
    assert len(list(world.store.newest("refund", ""))) == 1
    assert Operation.objects.get(kind="refund.create").state == "done"
    assert (broken_rules(), differences(bank.sandbox)) == ([], [])


def test_a_refund_of_somebody_elses_payment_is_none_of_ours(bank: Bank) -> None:
    hold = refunded_by_hand(bank)
    hold.checkouts.update(payment_intent="pi_of_ours")
    (event,) = StripeEvent.objects.filter(kind="refund.created")

    services.retry_event(event, reason="another system's", by=bank.admin())
    bank.settle_down()

    event.refresh_from_db()
    assert event.state == EventState.DONE
