"""Disputes of payments that should go back anyway: too late, twice, or taken back after the release."""

from typing import Any

import pytest

from marketplace.kit.errors import Conflict
from marketplace.kit.money import Money
from payments import ledger, services
from payments.invariants import INVARIANTS, check
from payments.models import Claim, Hold, Operation, Refund
from payments.states import Chart, CheckoutState, HoldState, RefundState
from tests.payments.agreement import differences
from tests.payments.verdicts import judge, open_dispute, tell
from tests.plugins.sandbox import PAGE, Bank

pytestmark = pytest.mark.django_db


def euros(minor: int) -> Money:
    return Money(minor, "EUR")


def loss() -> Money:
    return ledger.balance(Chart.DISPUTE_LOSS, "EUR")


def held(hold: Hold) -> Money:
    return ledger.held(Chart.HOLD, hold.public_id, "EUR")


def go_on(bank: Bank) -> None:
    """What waits for its time is done now."""
    Operation.objects.filter(state="pending").update(next_try_at="2020-01-01T00:00Z")
    bank.settle_down()


def assert_all_is_well(bank: Bank) -> None:
    assert [look.invariant.name for look in check(INVARIANTS, keep=False) if look.rows or look.trouble] == []
    assert differences(bank.sandbox) == []


def late(bank: Bank) -> Hold:
    """Paid after the end; its refund could not be sent yet."""
    bank.reserve(euros(1000_00))
    hold = bank.hold()
    bank.pay(hold)
    services.expire_hold(hold)
    bank.sandbox.control.fault(route="POST /v1/refunds", kind="429", count=1)
    bank.settle_down()
    return hold


def test_a_late_payment_that_its_bank_takes_is_not_our_loss(bank: Bank) -> None:
    hold = late(bank)
    dispute = open_dispute(bank, hold.checkouts.get())
    go_on(bank)

    judge(bank, dispute, won=False)

    hold.refresh_from_db()
    states = list(hold.refunds.order_by("pk").values_list("state", "late"))
    assert states == [(RefundState.REFUSED, True), (RefundState.SUCCEEDED, True)]
    assert (hold.state, held(hold), loss()) == (HoldState.EXPIRED, euros(0), euros(0))
    assert_all_is_well(bank)
    tell(bank, dispute, "won", 109_00)
    hold.refresh_from_db()
    assert (hold.state, held(hold)) == (HoldState.EXPIRED, euros(109_00))


def test_a_late_payment_that_was_returned_and_is_disputed_is_our_loss(bank: Bank) -> None:
    bank.reserve(euros(1000_00))
    hold = bank.hold()
    bank.pay(hold)
    services.expire_hold(hold)
    bank.settle_down()

    judge(bank, open_dispute(bank, hold.checkouts.get()), won=False)

    assert (held(hold), loss()) == (euros(0), euros(109_00))
    assert_all_is_well(bank)


def test_a_second_payment_that_is_disputed_leaves_the_first_alone(bank: Bank) -> None:
    bank.reserve(euros(1000_00))
    hold = bank.hold()
    first = bank.pay(hold)
    hold.checkouts.update(state=CheckoutState.EXPIRED)  # as we believed
    assert services.checkout_url(hold, success_url=PAGE, cancel_url=PAGE)
    second = hold.checkouts.exclude(stripe_id=first).get()
    bank.sandbox.control.pay_session(session=second.stripe_id, method="card")
    bank.sandbox.control.fault(route="POST /v1/refunds", kind="429", count=1)
    bank.settle_down()
    second = hold.checkouts.get(state=CheckoutState.RETURNED)

    dispute = open_dispute(bank, second)
    go_on(bank)
    judge(bank, dispute, won=False)

    hold.refresh_from_db()
    assert (hold.state, held(hold), loss()) == (HoldState.SECURED, euros(109_00), euros(0))
    assert_all_is_well(bank)
    services.release(hold)
    bank.settle_down()
    hold.refresh_from_db()
    assert (hold.state, held(hold)) == (HoldState.RELEASED, euros(0))


@pytest.mark.parametrize("code", ["disputed", "lost_to_a_bank"])
def test_what_a_bank_has_taken_is_not_taken_back_from_the_payee_as_well(bank: Bank, code: str) -> None:
    bank.reserve(euros(1000_00))
    hold = bank.released()
    dispute = open_dispute(bank, hold.checkouts.get())
    if code == "lost_to_a_bank":
        judge(bank, dispute, won=False)

    with pytest.raises(Conflict) as refusal:
        services.take_back(hold, reason="never published", by=bank.admin())

    assert refusal.value.code == code
    assert not Claim.objects.exists()
    assert not Refund.objects.exists()


def test_what_a_wallet_paid_is_not_taken_back_while_its_payment_is_disputed(bank: Bank) -> None:
    bank.reserve(euros(1000_00))
    wallet = bank.filled_wallet(euros(200_00))
    hold = services.draw(wallet, bank.hold(payer=wallet.payer))
    services.release(hold)
    bank.settle_down()
    open_dispute(bank, wallet.checkouts.get())

    with pytest.raises(Conflict):
        services.take_back(hold, reason="never published", by=bank.admin())


def test_a_dispute_that_overtakes_a_refund_after_the_release_uses_its_money(bank: Bank) -> None:
    bank.reserve(euros(1000_00))
    hold = bank.released()
    services.take_back(hold, reason="never published", by=bank.admin())
    dispute = open_dispute(bank, hold.checkouts.get())
    between = held(hold)

    judge(bank, dispute, won=False)

    assert between == euros(109_00)
    assert (held(hold), loss()) == (euros(0), euros(0))
    assert ledger.held(Chart.MEMO_CONNECTED, hold.payee.public_id, "EUR") == euros(0)
    assert_all_is_well(bank)


def take_back(bank: Bank, hold: Hold, minor: int) -> Refund:
    """So much of released work goes back to the payer, with our fee on it, and has left Stripe."""
    hold.refresh_from_db()
    made = services.take_back(hold, amount=euros(minor), reason="never published", by=bank.admin())
    bank.settle_down()
    made.refresh_from_db()
    return made


def come_back(bank: Bank, hold: Hold, minor: int) -> Refund:
    """The payer's bank sent it back: it lies in the hold, and is owed."""
    failed = take_back(bank, hold, minor)
    bank.sandbox.control.fail_refund(refund=failed.stripe_id)
    bank.settle_down()
    return failed


def test_an_equal_refund_is_no_second_try_of_one_that_came_back(bank: Bank, settings: Any) -> None:
    settings.PLATFORM_FEE_BPS = 0  # the shares of a fee would make them differ
    bank.reserve(euros(1000_00))
    hold = bank.released()
    failed = come_back(bank, hold, 40_00)
    equal = take_back(bank, hold, 40_00)
    before = held(hold)

    judge(bank, open_dispute(bank, hold.checkouts.get(), amount=60_00), won=False)

    assert equal.total == failed.total
    assert (before, held(hold), loss()) == (euros(40_00), euros(0), euros(20_00))
    assert Refund.objects.get(again_of=failed).total == euros(40_00)


def test_two_banks_never_take_one_returned_refund_twice(bank: Bank) -> None:
    bank.reserve(euros(1000_00))
    hold = bank.released()
    failed = come_back(bank, hold, 40_00)
    checkout = hold.checkouts.get()

    judge(bank, open_dispute(bank, checkout, amount=10_00), won=False)
    between = held(hold)
    judge(bank, open_dispute(bank, checkout, amount=50_00), won=False)

    assert (between, held(hold), loss()) == (euros(33_60), euros(0), euros(16_40))
    first = Refund.objects.get(again_of=failed)
    assert (first.total, Refund.objects.get(again_of=first).total) == (euros(10_00), euros(33_60))
    assert_all_is_well(bank)
