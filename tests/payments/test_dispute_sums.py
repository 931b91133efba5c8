"""A dispute costs what was really withdrawn for it, in its own currency, whatever was announced or it is called."""

import pytest

from marketplace.kit.money import Money
from payments import ledger
from payments.invariants import INVARIANTS, check
from payments.models import Dispute, Hold, StripeEvent
from payments.states import Chart, DisputeState, EventState, HoldState
from tests.payments.agreement import differences
from tests.payments.verdicts import judge, open_dispute, tell
from tests.plugins.sandbox import Bank

pytestmark = pytest.mark.django_db


def euros(minor: int) -> Money:
    return Money(minor, "EUR")


def opened(bank: Bank, *, inquiry: bool = False) -> tuple[Hold, Dispute]:
    bank.reserve(euros(500_00))
    hold = bank.secured()
    return hold, open_dispute(bank, hold.checkouts.get(), inquiry=inquiry)


def receivable() -> Money:
    return ledger.balance(Chart.RECEIVABLE_DISPUTE, "EUR")


def assert_all_is_well(bank: Bank) -> None:
    assert [look.invariant.name for look in check(INVARIANTS, keep=False) if look.rows or look.trouble] == []
    assert differences(bank.sandbox) == []


def test_a_dispute_that_is_lost_without_a_withdrawal_costs_nothing(bank: Bank) -> None:
    hold, dispute = opened(bank, inquiry=True)

    tell(bank, dispute, "lost")

    hold.refresh_from_db()
    assert (hold.state, dispute.state) == (HoldState.SECURED, DisputeState.LOST)
    assert (receivable(), ledger.held(Chart.HOLD, hold.public_id, "EUR")) == (euros(0), euros(109_00))
    assert_all_is_well(bank)


def test_what_is_withdrawn_after_the_verdict_is_lost_as_well(bank: Bank) -> None:
    hold, dispute = opened(bank, inquiry=True)
    tell(bank, dispute, "lost")

    tell(bank, dispute, "lost", -54_50)
    tell(bank, dispute, "lost", -54_50)

    hold.refresh_from_db()
    assert hold.state == HoldState.REFUNDED
    assert (receivable(), ledger.held(Chart.HOLD, hold.public_id, "EUR")) == (euros(0), euros(0))
    assert_all_is_well(bank)


def test_what_came_back_before_the_verdict_is_not_lost(bank: Bank) -> None:
    hold, dispute = opened(bank)

    tell(bank, dispute, "under_review", 9_00)
    judge(bank, dispute, won=False)

    hold.refresh_from_db()
    assert (hold.state, receivable()) == (HoldState.FROZEN, euros(0))
    assert ledger.held(Chart.HOLD, hold.public_id, "EUR") == euros(9_00)
    assert_all_is_well(bank)


@pytest.mark.parametrize(
    ("moved", "verdict", "left"), [((), DisputeState.LOST, 0), ((109_00,), DisputeState.CLOSED, 109_00)]
)
def test_a_prevented_dispute_is_judged_by_the_money(
    bank: Bank, moved: tuple[int, ...], verdict: DisputeState, left: int
) -> None:
    hold, dispute = opened(bank)

    tell(bank, dispute, "prevented", *moved)

    assert (dispute.state, receivable()) == (verdict, euros(0))
    assert ledger.held(Chart.HOLD, hold.public_id, "EUR") == euros(left)
    assert_all_is_well(bank)


def test_a_line_in_another_currency_waits_for_a_person(bank: Bank) -> None:
    hold, dispute = opened(bank, inquiry=True)

    tell(bank, dispute, "needs_response", -109_00, currency="usd")

    event = StripeEvent.objects.get(state=EventState.PARKED)
    assert "usd, not EUR" in event.outcome
    hold.refresh_from_db()
    assert (hold.state, dispute.state, receivable()) == (HoldState.SECURED, DisputeState.INQUIRY, euros(0))
