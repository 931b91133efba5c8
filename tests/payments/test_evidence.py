"""Evidence that Stripe does not take, or that nobody has: noted once, and a person is asked while there is time."""

from datetime import timedelta

import pytest
from django.utils import timezone

from marketplace.kit.money import Money
from payments import clock, services
from payments.models import Case, Dispute, Operation
from payments.states import OperationState
from tests.payments.agreement import broken_rules
from tests.plugins.sandbox import Bank

pytestmark = pytest.mark.django_db
WORDS = {"product_description": "One reel about sourdough", "uncategorized_text": "Delivered and approved."}


def disputed(bank: Bank, *, due_in: timedelta) -> Dispute:
    """A payment whose bank wants an answer; its deadline is so near."""
    bank.reserve(Money(50_00, "EUR"))
    bank.sandbox.control.open_dispute(charge=bank.secured().checkouts.get().charge)
    bank.settle_down()
    Dispute.objects.update(due_at=timezone.now() + due_in)
    return Dispute.objects.get()


def refused_by_the_clock(bank: Bank) -> Dispute:
    dispute = services.propose_evidence(disputed(bank, due_in=timedelta(hours=47)), WORDS)
    bank.sandbox.control.fault(route="POST /v1/disputes/{dispute}", kind="400", count=1)
    clock.answer_disputes()
    bank.settle_down()
    dispute.refresh_from_db()
    return dispute


def test_refused_evidence_is_noted_and_not_sent_again_by_the_clock(bank: Bank) -> None:
    dispute = refused_by_the_clock(bank)

    clock.answer_disputes()
    bank.settle_down()
    clock.check_invariants()

    assert Operation.objects.get(kind="dispute.update").state == OperationState.REFUSED
    assert dispute.refusal != ""
    assert dispute.submitted_at is None
    assert Case.objects.get().things == [dispute.stripe_id]


def test_a_person_sends_refused_evidence_once_more(bank: Bank) -> None:
    dispute = refused_by_the_clock(bank)

    services.submit_evidence(dispute, reason="shortened", by=bank.admin())
    bank.settle_down()

    dispute.refresh_from_db()
    assert dispute.submitted_at is not None
    assert (dispute.refusal, broken_rules()) == ("", [])


@pytest.mark.parametrize(("days", "rules"), [(2, ["dispute_has_evidence"]), (5, [])])
def test_a_dispute_that_nobody_can_answer_is_seen_before_its_deadline(bank: Bank, days: int, rules: list[str]) -> None:
    disputed(bank, due_in=timedelta(days=days))

    clock.answer_disputes()
    clock.check_invariants()

    assert broken_rules() == rules
    assert [case.key for case in Case.objects.all()] == [f"invariant:{rule}" for rule in rules]
    assert not Operation.objects.filter(kind="dispute.update").exists()
