"""A bank takes back what was paid into a wallet: nothing of it moves, and the loss is borne by what is left of it."""

from typing import Any

import pytest

from marketplace.kit.errors import Conflict
from marketplace.kit.money import Money
from payments import ledger, purses, services
from payments.invariants import INVARIANTS, check
from payments.models import Claim, Dispute, Hold, Refund, Wallet
from payments.settlement import drawing
from payments.states import Chart, DisputeState, HoldState, RefundState
from tests.payments.agreement import differences
from tests.plugins.sandbox import Bank

pytestmark = pytest.mark.django_db


def euros(minor: int) -> Money:
    return Money(minor, "EUR")


@pytest.fixture
def wallet(bank: Bank) -> Wallet:
    bank.reserve(euros(1000_00))
    return bank.filled_wallet(euros(400_00))


def draw(bank: Bank, wallet: Wallet) -> Hold:
    return services.draw(wallet, bank.hold(payer=wallet.payer))


def open_dispute(bank: Bank, wallet: Wallet, **facts: Any) -> str:
    """The bank of the first payment takes it back. Returns the dispute's id."""
    charge = wallet.checkouts.order_by("pk")[0].charge
    dispute = bank.sandbox.control.open_dispute(charge=charge, **facts)
    bank.settle_down()
    return str(dispute["id"])


def judge(bank: Bank, dispute: str, *, won: bool) -> None:
    bank.sandbox.control.close_dispute(dispute=dispute, won=won)
    bank.settle_down()


def states(*holds: Hold) -> list[str]:
    return [Hold.objects.get(pk=hold.pk).state for hold in holds]


def assert_all_is_well(bank: Bank, wallet: Wallet) -> None:
    assert [look.invariant.name for look in check(INVARIANTS, keep=False) if look.rows or look.trouble] == []
    assert differences(bank.sandbox) == []
    left = sum(money.minor for _, money in drawing.left_of_payments(wallet))
    assert euros(left) == drawing.left(wallet)


def test_a_disputed_payment_into_a_wallet_is_not_drawn_nor_returned(bank: Bank, wallet: Wallet) -> None:
    first = draw(bank, wallet)

    dispute = open_dispute(bank, wallet)

    assert states(first) == [HoldState.DISPUTED]
    with pytest.raises(Conflict) as refusal:
        draw(bank, wallet)
    assert refusal.value.code == "wallet_short"
    with pytest.raises(Conflict):
        services.release(first)
    assert services.return_left(wallet, reason="no") == []
    purse = purses.purse(wallet)
    assert (purse.left, purse.frozen, purse.free) == (euros(291_00), euros(291_00), euros(0))
    assert_all_is_well(bank, wallet)
    judge(bank, dispute, won=True)
    assert states(first, draw(bank, wallet)) == [HoldState.FROZEN, HoldState.SECURED]
    assert purses.purse(wallet).frozen == euros(0)
    assert_all_is_well(bank, wallet)


def test_another_payment_into_the_wallet_can_still_be_drawn(bank: Bank, wallet: Wallet) -> None:
    bank.fill(wallet, euros(109_00))
    bank.settle_down()
    open_dispute(bank, wallet)

    hold = draw(bank, wallet)

    assert states(hold) == [HoldState.SECURED]
    assert hold.draws.get().checkout == wallet.checkouts.latest("pk")


def test_a_loss_takes_what_is_left_then_what_is_held_before_it_is_ours(bank: Bank, wallet: Wallet) -> None:
    held, released = draw(bank, wallet), draw(bank, wallet)
    services.release(released)
    bank.settle_down()

    judge(bank, open_dispute(bank, wallet), won=False)

    assert states(held, released) == [HoldState.REFUNDED, HoldState.RELEASED]
    assert ledger.balance(Chart.DISPUTE_LOSS, "EUR") == euros(109_00)
    assert ledger.balance(Chart.RECEIVABLE_DISPUTE, "EUR") == euros(0)
    taken = Refund.objects.order_by("pk")
    assert [(one.hold, one.total, one.state) for one in taken] == [
        (None, euros(182_00), RefundState.SUCCEEDED),
        (held, euros(109_00), RefundState.SUCCEEDED),
    ]
    assert {one.dispute.state for one in taken if one.dispute} == {DisputeState.LOST}
    assert not Claim.objects.exists()
    assert_all_is_well(bank, wallet)


def test_payees_owe_what_is_above_our_share_and_only_of_that_payment(bank: Bank, wallet: Wallet, settings: Any) -> None:
    settings.DISPUTE_BORNE_MINOR = 40_00
    holds = [draw(bank, wallet) for _ in range(3)]
    bank.fill(wallet, euros(100_00))
    bank.settle_down()
    holds.append(draw(bank, wallet))  # 73.00 of it from the first payment, 36.00 from the second
    for hold in holds[2:]:
        services.release(hold)
    bank.settle_down()

    judge(bank, open_dispute(bank, wallet), won=False)

    lost = 73_00 + 109_00 - 40_00
    claims = {claim.hold_id: claim.amount for claim in Claim.objects.all()}
    assert sum(claim.minor for claim in claims.values()) == lost
    assert claims[holds[3].pk].minor <= 67_00
    assert ledger.balance(Chart.DISPUTE_LOSS, "EUR") == euros(40_00)
    assert states(*holds) == [HoldState.REFUNDED, HoldState.REFUNDED, HoldState.RELEASED, HoldState.RELEASED]
    assert_all_is_well(bank, wallet)


def test_only_the_part_of_a_hold_that_was_drawn_from_it_is_taken(bank: Bank) -> None:
    bank.reserve(euros(1000_00))
    wallet = bank.filled_wallet(euros(60_00))
    bank.fill(wallet, euros(60_00))
    bank.settle_down()
    hold = draw(bank, wallet)

    judge(bank, open_dispute(bank, wallet), won=False)
    after = states(hold)
    services.unfreeze(hold)
    services.refund(hold, reason="called off")

    assert after == [HoldState.FROZEN]
    assert ledger.balance(Chart.DISPUTE_LOSS, "EUR") == euros(0)
    # what is given back is the second payment's, never the lost one's
    assert drawing.left_of_payments(wallet) == [(wallet.checkouts.latest("pk"), euros(60_00))]
    assert_all_is_well(bank, wallet)


def test_what_a_dispute_kept_in_a_closed_wallet_returns_once_it_is_won(bank: Bank, wallet: Wallet) -> None:
    dispute = open_dispute(bank, wallet)
    services.close_wallet(wallet, reason="over")
    bank.settle_down()
    waiting = drawing.left(wallet)
    assert_all_is_well(bank, wallet)

    judge(bank, dispute, won=True)

    assert waiting == euros(400_00)
    assert Refund.objects.get().state == RefundState.SUCCEEDED
    assert drawing.left(wallet) == euros(0)
    assert_all_is_well(bank, wallet)


def test_an_inquiry_about_a_wallet_freezes_nothing_until_it_escalates(bank: Bank, wallet: Wallet) -> None:
    hold = draw(bank, wallet)
    dispute = open_dispute(bank, wallet, inquiry=True)
    before = states(hold, draw(bank, wallet))

    bank.sandbox.control.escalate_dispute(dispute=dispute)
    bank.settle_down()

    assert before == [HoldState.SECURED, HoldState.SECURED]
    assert set(Hold.objects.values_list("state", flat=True)) == {HoldState.DISPUTED}
    assert Dispute.objects.get().state == DisputeState.NEEDS_RESPONSE


def test_evidence_for_a_wallet_is_sent_as_for_any_payment(bank: Bank, wallet: Wallet) -> None:
    draw(bank, wallet)
    open_dispute(bank, wallet)
    dispute = services.propose_evidence(Dispute.objects.get(), {"uncategorized_text": "Two reels, delivered."})

    services.submit_evidence(dispute, reason="complete", by=bank.admin())
    bank.settle_down()

    dispute.refresh_from_db()
    assert (dispute.state, dispute.submitted_at is not None) == (DisputeState.UNDER_REVIEW, True)
