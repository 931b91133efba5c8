"""Refunds that Stripe refuses or a bank sends back: where the money is then, and how it is tried once more."""

import pytest

from marketplace.kit.money import Money
from payments import ledger, services
from payments.models import Hold
from payments.states import Chart, HoldState, RefundState
from tests.payments.agreement import broken_rules
from tests.plugins.sandbox import Bank

pytestmark = pytest.mark.django_db
REFUNDS, TRANSFERS = "POST /v1/refunds", "POST /v1/transfers"


def euros(minor: int) -> Money:
    return Money(minor, "EUR")


def divided(bank: Bank, *refused: str) -> Hold:
    """A kill fee of 25.00 of 100.00, with Stripe saying no to these requests once."""
    bank.reserve(euros(1_000_00))
    hold = bank.secured()
    for route in refused:
        bank.sandbox.control.fault(route=route, kind="400", count=1)
    services.divide(hold, to_payee=euros(25_00), reason="kill fee")
    bank.settle_down()
    hold.refresh_from_db()
    return hold


def again(bank: Bank, hold: Hold) -> None:
    failed = hold.refunds.get(state__in=[RefundState.REFUSED, RefundState.FAILED])
    services.refund_again(failed, reason="the bank was mistaken", by=bank.admin())
    bank.settle_down()
    hold.refresh_from_db()


def test_a_refund_refused_beside_a_kill_fee_does_not_hold_up_the_release(bank: Bank) -> None:
    hold = divided(bank, REFUNDS)
    before = (hold.state, broken_rules())

    again(bank, hold)

    assert before == (HoldState.RELEASED, ["refund_is_not_left_open"])
    assert (hold.state, broken_rules()) == (HoldState.RELEASED, [])
    assert sorted(hold.refunds.values_list("state", flat=True)) == ["refused", "succeeded"]
    assert ledger.held(Chart.HOLD, hold.public_id, "EUR") == euros(0)


def test_a_refund_and_a_kill_fee_both_refused_are_both_made_again(bank: Bank) -> None:
    hold = divided(bank, REFUNDS, TRANSFERS)
    before = hold.state

    again(bank, hold)
    services.release(hold)
    bank.settle_down()

    hold.refresh_from_db()
    assert (before, hold.state, broken_rules()) == (HoldState.SECURED, HoldState.RELEASED, [])
    assert hold.transfers.get(state="confirmed").amount == euros(25_00)


def test_a_refund_under_way_refused_after_the_rest_was_released_is_still_owed(bank: Bank) -> None:
    bank.reserve(euros(1_000_00))
    hold = bank.secured()
    bank.sandbox.control.fault(route=REFUNDS, kind="400", count=1)
    services.refund(hold, amount=euros(30_00), reason="a part fell away")
    services.release(hold)
    bank.settle_down()
    hold.refresh_from_db()
    before = hold.state

    again(bank, hold)

    assert (before, hold.state, broken_rules()) == (HoldState.RELEASED, HoldState.RELEASED, [])
    assert hold.transfers.get().amount == euros(70_00)


def test_a_payment_is_refunded_only_when_the_last_of_its_refunds_is(bank: Bank) -> None:
    bank.sandbox.control.set_overdraft(units=0)
    hold = bank.secured()
    bank.sandbox.control.settle()
    part = services.refund(hold, amount=euros(99_00), reason="most of it")
    bank.settle_down()  # Stripe waits with it: 107.11 came, 107.91 go
    services.refund(hold, reason="the rest, too")
    bank.settle_down()
    hold.refresh_from_db()
    during = (list(hold.refunds.order_by("pk").values_list("state", flat=True)), hold.state, broken_rules())

    bank.sandbox.control.add_funds(amount=20_00, currency="eur")
    bank.sandbox.control.settle()
    bank.settle_down()

    part.refresh_from_db()
    hold.refresh_from_db()
    assert during == (["sending", "succeeded"], HoldState.REFUNDING, [])
    assert (hold.state, part.state) == (HoldState.REFUNDED, RefundState.SUCCEEDED)
