"""A dispute lost while a release waits or is on its way: the payee bears what is above our share all the same."""

from typing import Any

import pytest

from marketplace.kit.money import Money
from payments import ledger, services
from payments.invariants import INVARIANTS, check
from payments.models import Claim, Dispute, Hold, Operation, StripeEvent
from payments.settlement import inbox
from payments.states import Chart, DisputeState, EventState, HoldState, TransferState
from tests.payments.agreement import differences
from tests.payments.verdicts import judge, open_dispute
from tests.plugins.sandbox import Bank

pytestmark = pytest.mark.django_db


def euros(minor: int) -> Money:
    return Money(minor, "EUR")


def loss() -> Money:
    return ledger.balance(Chart.DISPUTE_LOSS, "EUR")


def lose(bank: Bank, hold: Hold) -> None:
    judge(bank, open_dispute(bank, hold.checkouts.get()), won=False)
    hold.refresh_from_db()


def waiting(bank: Bank) -> Hold:
    """Released to a payee whose account cannot receive yet."""
    bank.reserve(euros(1000_00))
    hold = bank.secured(payee=bank.payee(onboarded=False))
    services.release(hold)
    return hold


def assert_all_is_well(bank: Bank) -> None:
    assert [look.invariant.name for look in check(INVARIANTS, keep=False) if look.rows or look.trouble] == []
    assert differences(bank.sandbox) == []


def test_what_waits_for_the_payee_is_taken_back_above_our_share(bank: Bank, settings: Any) -> None:
    settings.DISPUTE_BORNE_MINOR = 54_50
    hold = waiting(bank)

    lose(bank, hold)

    transfers = hold.transfers.order_by("pk")
    assert [(one.amount, one.fee, one.state) for one in transfers] == [
        (euros(100_00), euros(9_00), TransferState.REFUSED),
        (euros(50_00), euros(4_50), TransferState.WAITING),
    ]
    assert (hold.state, loss(), Claim.objects.count()) == (HoldState.RELEASING, euros(54_50), 0)
    assert_all_is_well(bank)
    bank.onboard(hold.payee)
    hold.refresh_from_db()
    assert hold.state == HoldState.RELEASED
    assert ledger.held(Chart.MEMO_CONNECTED, hold.payee.public_id, "EUR") == euros(50_00)
    assert_all_is_well(bank)


def test_nothing_is_sent_when_the_payee_bears_all_of_it(bank: Bank, settings: Any) -> None:
    settings.DISPUTE_BORNE_MINOR = 0
    hold = waiting(bank)

    lose(bank, hold)

    assert (hold.state, loss(), hold.left()) == (HoldState.REFUNDED, euros(0), (euros(0), euros(0)))
    assert_all_is_well(bank)
    bank.onboard(hold.payee)
    assert not Operation.objects.filter(kind="transfer.create").exists()


def test_a_crew_bears_it_by_shares_whether_it_was_paid_or_waits(bank: Bank, settings: Any) -> None:
    settings.DISPUTE_BORNE_MINOR = 49_00
    bank.reserve(euros(1000_00))
    crew = [bank.payee("Mina"), bank.payee("Jo", onboarded=False)]
    hold = bank.hold_for_crew([(one, 1) for one in crew])
    bank.pay(hold)
    bank.settle_down()
    services.release(hold)
    bank.settle_down()

    lose(bank, hold)

    claim = Claim.objects.get()
    back = sum(one.total.minor for one in hold.refunds.all())
    assert claim.payee == crew[0]
    assert (claim.amount + loss()).minor + back == 109_00
    assert abs(claim.amount.minor - back) <= 1_00
    assert hold.state == HoldState.RELEASING
    assert_all_is_well(bank)
    bank.onboard(crew[1])
    hold.refresh_from_db()
    assert hold.state == HoldState.RELEASED
    assert_all_is_well(bank)


@pytest.mark.parametrize("arrives", [True, False])
def test_the_verdict_waits_for_a_release_that_is_on_its_way(bank: Bank, settings: Any, *, arrives: bool) -> None:
    settings.DISPUTE_BORNE_MINOR = 40_00
    bank.reserve(euros(1000_00))
    hold = bank.secured()
    dispute = bank.sandbox.control.open_dispute(charge=hold.checkouts.get().charge)
    services.release(hold)
    bank.sandbox.control.close_dispute(dispute=dispute["id"], won=False)
    bank.deliver()
    inbox.read_due()
    postponed = StripeEvent.objects.filter(kind="charge.dispute.closed").get()
    before = (postponed.state, Dispute.objects.filter(state=DisputeState.LOST).count())

    if not arrives:
        bank.sandbox.control.fault(route="POST /v1/transfers", kind="400", count=1)
    bank.settle_down()
    StripeEvent.objects.update(next_try_at="2020-01-01T00:00Z")
    bank.settle_down()

    hold.refresh_from_db()
    assert before == (EventState.RECEIVED, 0)
    assert Dispute.objects.get().state == DisputeState.LOST
    if arrives:
        assert (hold.state, Claim.objects.get().amount) == (HoldState.RELEASED, euros(69_00))
    else:
        assert (hold.state, loss(), hold.left()) == (HoldState.REFUNDED, euros(0), (euros(0), euros(0)))
    assert_all_is_well(bank)
