"""A payer's bank takes a payment back: what stops, what is answered, who is told, and that twice is once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from marketplace.kit.errors import Conflict, Invalid
from marketplace.kit.money import Money
from payments import clock, ledger, services
from payments.models import Claim, Dispute, Hold, Operation, Reversal, StripeEvent
from payments.settlement import inbox
from payments.signals import dispute_closed, dispute_opened
from payments.states import Chart, ClaimState, DisputeState, EventState, HoldState, ReversalState
from tests.payments import verdicts
from tests.plugins.sandbox import Bank

pytestmark = pytest.mark.django_db
WORDS = {"product_description": "One reel about sourdough", "uncategorized_text": "Delivered and approved."}


def euros(minor: int) -> Money:
    return Money(minor, "EUR")


def open_dispute(bank: Bank, hold: Hold, **facts: Any) -> Dispute:
    bank.sandbox.control.open_dispute(charge=hold.checkouts.get().charge, **facts)
    bank.settle_down()
    hold.refresh_from_db()
    return Dispute.objects.get()


@pytest.fixture
def heard() -> Any:
    told: list[tuple[str, str]] = []

    def opened(dispute: Dispute, **_: Any) -> None:
        told.append(("opened", dispute.state))

    def closed(dispute: Dispute, **_: Any) -> None:
        told.append(("closed", dispute.state))

    dispute_opened.connect(opened)
    dispute_closed.connect(closed)
    yield told
    dispute_opened.disconnect(opened)
    dispute_closed.disconnect(closed)


def test_disputed_money_goes_nowhere(bank: Bank) -> None:
    bank.reserve(euros(50_00))
    hold = bank.secured()

    dispute = open_dispute(bank, hold)

    assert (hold.state, dispute.state, dispute.amount) == (
        HoldState.DISPUTED,
        DisputeState.NEEDS_RESPONSE,
        euros(109_00),
    )
    acts: list[Callable[[], Any]] = [
        lambda: services.release(hold),
        lambda: services.refund(hold, reason="no"),
        lambda: services.divide(hold, to_payee=euros(1_00), reason="no"),
    ]
    for act in acts:
        with pytest.raises(Conflict):
            act()
    assert ledger.held(Chart.HOLD, hold.public_id, "EUR") == euros(109_00)


def test_a_won_dispute_leaves_the_money_frozen_until_somebody_decides(bank: Bank, heard: list[Any]) -> None:
    bank.reserve(euros(50_00))
    hold = bank.secured()

    bank.disputed(hold, won=True)

    assert hold.state == HoldState.FROZEN
    assert ledger.balance(Chart.RECEIVABLE_DISPUTE, "EUR") == euros(0)
    assert heard == [("opened", DisputeState.NEEDS_RESPONSE), ("closed", DisputeState.WON)]
    services.unfreeze(hold)
    services.release(hold)
    bank.settle_down()
    assert Hold.objects.get(pk=hold.pk).state == HoldState.RELEASED


def test_a_lost_dispute_ends_the_hold_like_a_refund(bank: Bank) -> None:
    bank.reserve(euros(50_00))
    hold = bank.secured()

    bank.disputed(hold, won=False)

    assert hold.state == HoldState.REFUNDED
    assert hold.left() == (euros(0), euros(0))
    assert ledger.held(Chart.HOLD, hold.public_id, "EUR") == euros(0)


def test_what_a_lost_dispute_leaves_can_still_be_released(bank: Bank) -> None:
    bank.reserve(euros(50_00))
    hold = bank.secured()
    bank.disputed(hold, won=False, amount=54_50)

    services.unfreeze(hold)
    services.release(hold)
    bank.settle_down()

    assert hold.transfers.get().amount == euros(50_00)
    assert ledger.held(Chart.HOLD, hold.public_id, "EUR") == euros(0)


def test_an_inquiry_takes_nothing_until_it_becomes_a_dispute(bank: Bank) -> None:
    bank.reserve(euros(50_00))
    hold = bank.secured()
    dispute = open_dispute(bank, hold, inquiry=True)
    before = (hold.state, dispute.state)

    bank.sandbox.control.escalate_dispute(dispute=dispute.stripe_id)
    bank.settle_down()

    hold.refresh_from_db()
    dispute.refresh_from_db()
    assert before == (HoldState.SECURED, DisputeState.INQUIRY)
    assert (hold.state, dispute.state) == (HoldState.DISPUTED, DisputeState.NEEDS_RESPONSE)


def test_every_order_of_the_news_ends_alike(bank: Bank) -> None:
    bank.reserve(euros(50_00))
    hold = bank.secured()
    dispute = bank.sandbox.control.open_dispute(charge=hold.checkouts.get().charge)
    bank.sandbox.control.close_dispute(dispute=dispute["id"], won=True)
    bank.sandbox.control.set_webhooks(shuffle=True, duplicate=1)

    bank.settle_down()
    StripeEvent.objects.filter(kind__startswith="charge.dispute").update(
        state=EventState.RECEIVED, next_try_at=timezone.now()
    )
    bank.settle_down()

    hold.refresh_from_db()
    assert hold.state == HoldState.FROZEN
    kinds = list(hold.postings.filter(kind__startswith="dispute").values_list("kind", flat=True))
    assert kinds == ["dispute_withdrawn", "dispute_reinstated"]


def test_a_dispute_while_the_release_is_on_its_way_does_not_stop_it(bank: Bank) -> None:
    bank.reserve(euros(200_00))
    hold = bank.secured()
    services.release(hold)

    bank.disputed(hold, won=False)

    assert hold.state == HoldState.RELEASED
    assert ledger.balance(Chart.DISPUTE_LOSS, "EUR") == euros(109_00)
    assert not Claim.objects.exists()


def test_what_is_above_our_share_of_a_loss_is_reversed_or_owed(bank: Bank, settings: Any) -> None:
    settings.DISPUTE_BORNE_MINOR = 40_00
    bank.reserve(euros(200_00))
    hold = bank.released()

    bank.disputed(hold, won=False)

    claim = Claim.objects.get()
    assert (claim.amount, claim.state) == (euros(69_00), ClaimState.RECOVERED)
    assert Reversal.objects.get().state == ReversalState.CONFIRMED
    assert ledger.balance(Chart.DISPUTE_LOSS, "EUR") == euros(40_00)
    assert ledger.held(Chart.MEMO_CONNECTED, hold.payee.public_id, "EUR") == euros(31_00)


def test_the_second_of_two_disputes_keeps_the_hold_frozen(bank: Bank) -> None:
    bank.reserve(euros(50_00))
    hold = bank.secured()
    checkout = hold.checkouts.get()
    first, second = (verdicts.open_dispute(bank, checkout, amount=40_00) for _ in range(2))

    verdicts.judge(bank, first, won=False)
    hold.refresh_from_db()
    between = hold.state
    verdicts.judge(bank, second, won=True)

    hold.refresh_from_db()
    assert (between, hold.state) == (HoldState.DISPUTED, HoldState.FROZEN)
    assert ledger.held(Chart.HOLD, hold.public_id, "EUR") == euros(69_00)


@pytest.mark.parametrize("route", ["refunds", "transfers"])
def test_what_comes_back_into_a_disputed_hold_is_frozen(bank: Bank, route: str) -> None:
    bank.reserve(euros(50_00))
    hold = bank.secured()
    if route == "refunds":
        services.refund(hold, reason="called off")
    else:
        bank.sandbox.control.fault(route="POST /v1/transfers", kind="400", count=1)
        services.release(hold)

    dispute = bank.sandbox.control.open_dispute(charge=hold.checkouts.get().charge)
    bank.deliver()
    inbox.read_due()
    bank.settle_down()

    hold.refresh_from_db()
    assert hold.state == HoldState.DISPUTED
    bank.sandbox.control.close_dispute(dispute=dispute["id"], won=False)
    bank.settle_down()
    hold.refresh_from_db()
    assert hold.state == HoldState.REFUNDED
    assert ledger.balance(Chart.DISPUTE_LOSS, "EUR") == euros(0)


def test_evidence_is_sent_once_and_then_fixed(bank: Bank) -> None:
    bank.reserve(euros(50_00))
    dispute = services.propose_evidence(open_dispute(bank, bank.secured()), WORDS)

    services.submit_evidence(dispute, reason="looks complete", by=bank.admin())
    bank.settle_down()

    dispute.refresh_from_db()
    assert dispute.submitted_at is not None
    assert dispute.state == DisputeState.UNDER_REVIEW
    with pytest.raises(Conflict):
        services.submit_evidence(dispute, reason="again", by=bank.admin())
    assert Operation.objects.filter(kind="dispute.update").count() == 1


def test_the_clock_sends_what_nobody_sent_before_the_deadline(bank: Bank) -> None:
    bank.reserve(euros(50_00))
    dispute = services.propose_evidence(open_dispute(bank, bank.secured()), WORDS)

    clock.answer_disputes()
    early = Operation.objects.filter(kind="dispute.update").count()
    Dispute.objects.update(due_at=timezone.now() + timedelta(hours=47))
    clock.answer_disputes()
    clock.answer_disputes()
    bank.settle_down()

    dispute.refresh_from_db()
    assert early == 0
    assert dispute.submitted_at is not None


def test_without_evidence_nothing_is_sent_and_unknown_evidence_is_refused(bank: Bank) -> None:
    bank.reserve(euros(50_00))
    dispute = open_dispute(bank, bank.secured())

    with pytest.raises(Conflict):
        services.submit_evidence(dispute, reason="now", by=bank.admin())
    with pytest.raises(Invalid):
        services.propose_evidence(dispute, {"love_letter": "…"})

    assert not Operation.objects.filter(kind="dispute.update").exists()


def test_a_dispute_about_a_payment_we_do_not_know_waits(bank: Bank) -> None:
    bank.reserve(euros(50_00))
    hold = bank.secured()
    hold.checkouts.update(charge=None)

    bank.sandbox.control.open_dispute(charge=_charge(bank))
    bank.deliver()
    clock.sweep()

    waiting = StripeEvent.objects.filter(kind="charge.dispute.created").get()
    assert (waiting.state, Dispute.objects.count()) == (EventState.RECEIVED, 0)


def _charge(bank: Bank) -> str:
    rows = bank.sandbox.engine.world.store.newest("charge", "")
    return str(next(thing["id"] for _, thing in rows))
