"""A business's bank takes a payment back: the work rests, the evidence is ready, and the verdict ends it or not."""

from __future__ import annotations

from typing import Any

import pytest

from campaigns.models import Collaboration
from campaigns.services import ending, work
from marketplace.notices.models import Notice
from marketplace.trust.models import Strike
from payments import signals
from payments.models import Dispute, Hold
from payments.states import DisputeState, HoldState
from tests import cast as people
from tests.cast import Cast


@pytest.fixture
def paid(cast: Cast) -> Collaboration:
    made = people.secure(people.collaboration(cast))
    work.submit_work(made, link="https://example.org/draft", note="The first cut", by=cast.mina)
    return made


def dispute(paid: Collaboration, **facts: Any) -> Dispute:
    found = Dispute.objects.create(
        checkout=paid.hold.checkouts.get(), stripe_id="du_1", amount_minor=paid.hold.total.minor, currency="EUR",
        reason="fraudulent", **facts,
    )  # fmt: skip
    signals.dispute_opened.send(sender=Dispute, dispute=found)
    paid.refresh_from_db()
    return found


def judge(paid: Collaboration, found: Dispute, state: DisputeState, hold: HoldState) -> None:
    Hold.objects.update(state=hold)
    found = Dispute.objects.get(pk=found.pk)
    found.state = state
    signals.dispute_closed.send(sender=Dispute, dispute=found)
    paid.refresh_from_db()


def test_work_rests_and_the_evidence_is_ready(cast: Cast, paid: Collaboration) -> None:
    found = dispute(paid)

    found.refresh_from_db()
    assert paid.state == "on_hold"
    assert found.evidence["customer_email_address"] == paid.offer.signed_by.email
    assert "https://example.org/draft" in found.evidence["uncategorized_text"]
    assert paid.contract_hash in found.evidence["uncategorized_text"]
    assert Notice.objects.filter(kind="collaboration.disputed", user=cast.finance).count() == 1


def test_an_inquiry_stops_nothing(paid: Collaboration) -> None:
    dispute(paid, state=DisputeState.INQUIRY)

    assert paid.state == "in_review"


def test_a_lost_dispute_ends_the_work_with_a_strike_for_the_business(cast: Cast, paid: Collaboration) -> None:
    judge(paid, dispute(paid), DisputeState.LOST, HoldState.REFUNDED)

    assert paid.state == "cancelled"
    assert Strike.objects.get().user == paid.offer.signed_by
    assert Notice.objects.filter(kind="collaboration.charge_back", user=cast.mina).count() == 1


def test_finished_work_stays_finished_whatever_the_bank_says(paid: Collaboration) -> None:
    Collaboration.objects.update(state="completed")

    judge(paid, dispute(paid), DisputeState.LOST, HoldState.RELEASED)

    assert paid.state == "completed"
    assert Strike.objects.count() == 1


def test_after_a_won_dispute_an_admin_decides(cast: Cast, paid: Collaboration, monkeypatch: pytest.MonkeyPatch) -> None:
    judge(paid, dispute(paid), DisputeState.WON, HoldState.FROZEN)

    before = paid.state
    ending.settle_release(Collaboration.objects.get(), reason="The work was approved.", by=cast.admin)

    paid.refresh_from_db()
    assert (before, paid.state) == ("on_hold", "completed")
    assert Notice.objects.filter(kind="collaboration.dispute_won", user=cast.mina).count() == 1


def test_work_that_a_lost_dispute_ended_is_on_hold_again_when_the_money_comes_back(paid: Collaboration) -> None:
    found = dispute(paid)
    judge(paid, found, DisputeState.LOST, HoldState.REFUNDED)
    before = paid.state

    judge(paid, found, DisputeState.WON, HoldState.FROZEN)

    assert (before, paid.state) == ("cancelled", "on_hold")


def test_running_work_ends_as_well_when_the_bank_keeps_the_payment(paid: Collaboration) -> None:
    found = dispute(paid, state=DisputeState.INQUIRY)

    judge(paid, found, DisputeState.LOST, HoldState.REFUNDED)

    assert (paid.state, paid.due_at) == ("cancelled", None)
