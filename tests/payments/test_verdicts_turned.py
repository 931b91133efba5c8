"""A verdict that is appealed or turned round: the books follow it whole, and a person is asked to look."""

from typing import Any

import pytest

from marketplace.kit.errors import Conflict
from marketplace.kit.money import Money
from payments import ledger, services
from payments.invariants import INVARIANTS, check
from payments.models import Case, Claim, Dispute, Hold, StripeEvent
from payments.settlement import drawing
from payments.signals import dispute_closed
from payments.states import CaseKind, Chart, ClaimState, DisputeState, EventState, HoldState
from tests.payments.agreement import differences
from tests.payments.verdicts import judge, open_dispute, tell
from tests.plugins.sandbox import Bank

pytestmark = pytest.mark.django_db


def euros(minor: int) -> Money:
    return Money(minor, "EUR")


def lost(bank: Bank, hold: Hold) -> Dispute:
    dispute = open_dispute(bank, hold.checkouts.get())
    judge(bank, dispute, won=False)
    hold.refresh_from_db()
    return dispute


def books(hold: Hold) -> dict[str, int]:
    sums = {
        "held": ledger.held(Chart.HOLD, hold.public_id, "EUR"),
        "at the bank": ledger.balance(Chart.RECEIVABLE_DISPUTE, "EUR"),
        "owed": ledger.balance(Chart.RECEIVABLE_PAYEE, "EUR"),
        "lost": ledger.balance(Chart.DISPUTE_LOSS, "EUR"),
    }
    return {name: money.minor for name, money in sums.items() if money}


def assert_all_is_well(bank: Bank, *, but: set[str] = frozenset()) -> None:  # type: ignore[assignment]
    assert {look.invariant.name for look in check(INVARIANTS, keep=False) if look.rows or look.trouble} == set(but)
    assert differences(bank.sandbox) == []


@pytest.fixture
def verdicts() -> Any:
    told: list[str] = []

    def closed(dispute: Dispute, **_: Any) -> None:
        told.append(dispute.state)

    dispute_closed.connect(closed)
    yield told
    dispute_closed.disconnect(closed)


@pytest.mark.parametrize("at_once", [True, False])
def test_a_dispute_won_after_it_was_lost_gives_the_hold_its_money_back(
    bank: Bank, verdicts: list[str], *, at_once: bool
) -> None:
    bank.reserve(euros(500_00))
    hold = bank.secured()
    dispute = lost(bank, hold)

    if not at_once:
        tell(bank, dispute, "won")
    tell(bank, dispute, "won", 109_00)

    hold.refresh_from_db()
    assert (hold.state, hold.closed_at, dispute.state) == (HoldState.FROZEN, None, DisputeState.WON)
    assert books(hold) == {"held": 109_00}
    assert verdicts == [DisputeState.LOST, DisputeState.WON]
    case = Case.objects.get(kind=CaseKind.DISPUTE)
    assert f"hold {hold.public_id}" in case.things
    # what came back waits for a person, and says so
    assert_all_is_well(bank, but={"refund_is_not_left_open"})
    with pytest.raises(Conflict):
        services.refund_again(hold.refunds.get(), reason="again", by=bank.admin())
    services.unfreeze(hold)
    services.release(hold)
    bank.settle_down()
    assert Hold.objects.get(pk=hold.pk).state == HoldState.RELEASED
    assert_all_is_well(bank)


def test_claims_end_as_far_as_they_were_not_paid_back(bank: Bank, settings: Any) -> None:
    settings.DISPUTE_BORNE_MINOR = 40_00
    bank.reserve(euros(1000_00))
    hold = bank.released()
    other = bank.released(payee=hold.payee)
    bank.paid_out(hold.payee)
    services.take_back(other, amount=euros(10_00), reason="a part", by=bank.admin())  # another claim, of no bank
    dispute = lost(bank, hold)
    assert books(hold) == {"owed": 79_00, "lost": 40_00}

    tell(bank, dispute, "appeal_under_review")
    tell(bank, dispute, "won", 109_00)

    assert books(hold) == {"owed": 10_00}
    assert [claim.state for claim in Claim.objects.order_by("pk")] == [ClaimState.OPEN, ClaimState.CANCELLED]
    assert_all_is_well(bank)


def test_what_a_payee_had_paid_back_is_named_for_a_person(bank: Bank, settings: Any) -> None:
    settings.DISPUTE_BORNE_MINOR = 40_00
    bank.reserve(euros(1000_00))
    hold = bank.released()
    dispute = lost(bank, hold)
    claim = Claim.objects.get(state=ClaimState.RECOVERED)

    tell(bank, dispute, "won", 109_00)

    assert books(hold) == {"lost": -69_00}  # with us, until it is returned
    assert f"claim {claim.public_id}, paid back" in Case.objects.get().things
    assert_all_is_well(bank)


def test_a_wallet_and_its_holds_have_their_money_again(bank: Bank) -> None:
    bank.reserve(euros(1000_00))
    wallet = bank.filled_wallet(euros(200_00))
    hold = services.draw(wallet, bank.hold(payer=wallet.payer))
    dispute = open_dispute(bank, wallet.checkouts.get())
    judge(bank, dispute, won=False)

    tell(bank, dispute, "won", 200_00)

    hold.refresh_from_db()
    assert (hold.state, books(hold)) == (HoldState.FROZEN, {"held": 109_00})
    assert drawing.free_of_payments(wallet) == [(wallet.checkouts.get(), euros(91_00))]
    services.unfreeze(hold)
    services.refund(hold, reason="called off")
    assert drawing.left(wallet) == euros(200_00)


def test_an_appeal_of_a_won_dispute_freezes_again_and_may_be_lost(bank: Bank) -> None:
    bank.reserve(euros(500_00))
    hold = bank.secured()
    dispute = open_dispute(bank, hold.checkouts.get())
    judge(bank, dispute, won=True)
    services.unfreeze(hold)

    tell(bank, dispute, "appeal_needs_response", -109_00)
    hold.refresh_from_db()
    appealed = (hold.state, dispute.state, dispute.closed_at, books(hold))
    tell(bank, dispute, "lost")

    hold.refresh_from_db()
    assert appealed == (HoldState.DISPUTED, DisputeState.APPEALED, None, {"held": 109_00, "at the bank": 109_00})
    assert "appealed" in Case.objects.get(kind=CaseKind.DISPUTE).text
    assert (hold.state, dispute.state, books(hold)) == (HoldState.REFUNDED, DisputeState.LOST, {})
    assert_all_is_well(bank)


@pytest.mark.parametrize(("taken", "after"), [(109_00, HoldState.REFUNDED), (54_50, HoldState.FROZEN)])
def test_a_verdict_that_is_turned_against_us_without_an_appeal_ends_the_hold_or_what_is_lost_of_it(
    bank: Bank, taken: int, after: str
) -> None:
    bank.reserve(euros(500_00))
    hold = bank.secured()
    dispute = open_dispute(bank, hold.checkouts.get(), amount=taken)
    judge(bank, dispute, won=True)
    services.unfreeze(hold)

    tell(bank, dispute, "lost", -taken)

    hold.refresh_from_db()
    assert (hold.state, dispute.state) == (after, DisputeState.LOST)
    assert books(hold) == ({"held": 109_00 - taken} if taken < 109_00 else {})
    assert_all_is_well(bank)


def test_a_part_that_comes_back_is_booked_by_nobody_and_waits_for_a_person(bank: Bank) -> None:
    bank.reserve(euros(500_00))
    hold = bank.secured()
    dispute = lost(bank, hold)

    tell(bank, dispute, "won", 50_00)

    event = StripeEvent.objects.get(state=EventState.PARKED)
    assert "gave back" in event.outcome
    assert (dispute.state, books(hold)) == (DisputeState.LOST, {})
