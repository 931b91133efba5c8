"""What we answer a payer's bank: evidence put together by the apps above, sent by a person or in time by the clock."""

from collections.abc import Mapping
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from marketplace.kit.errors import Conflict, Invalid
from marketplace.kit.later import later
from marketplace.trust.services import record
from marketplace.users.models import User
from payments import tasks
from payments.models import Dispute
from payments.settlement import outbox
from payments.states import DisputeState

# Stripe's fields for evidence in words; how long one of them may be, and all of them together.
FIELDS = frozenset(
    {
        "access_activity_log", "cancellation_policy_disclosure", "cancellation_rebuttal", "customer_email_address",
        "customer_name", "customer_purchase_ip", "duplicate_charge_explanation", "duplicate_charge_id",
        "product_description", "refund_policy_disclosure", "refund_refusal_explanation", "service_date",
        "uncategorized_text",
    }
)  # fmt: skip
LONGEST = 20_000
ALL_OF_IT = 150_000
ANSWER_BEFORE = timedelta(hours=48)


def propose_evidence(dispute: Dispute, evidence: Mapping[str, str]) -> Dispute:
    """Keep what speaks for the payment, to be read and sent later. Fields are Stripe's; unknown ones are refused."""
    if unknown := set(evidence) - FIELDS:
        raise Invalid("unknown_evidence", f"Stripe has no such evidence: {', '.join(sorted(unknown))}.")
    room, fitting = ALL_OF_IT, {}
    for name, text in evidence.items():
        if text.strip() and room:
            fitting[name] = text[: min(LONGEST, room)]
            room -= len(fitting[name])
    dispute.evidence = fitting
    dispute.save(update_fields=["evidence", "updated_at"])
    return dispute


@transaction.atomic
def submit_evidence(dispute: Dispute, *, reason: str = "", by: User | None = None) -> Dispute:
    """The evidence goes to the bank, once: it cannot be changed afterwards. ``by=None`` is the clock."""
    dispute.refresh_from_db(from_queryset=Dispute.objects.select_for_update())
    record(act="dispute.submit_evidence", thing=dispute, by=by, reason=reason.strip())
    if dispute.submitted_at or dispute.state not in {DisputeState.INQUIRY, DisputeState.NEEDS_RESPONSE}:
        raise Conflict("no_evidence_wanted", "The bank does not take evidence now.", state=dispute.state)
    if not dispute.evidence:
        raise Conflict("no_evidence", "There is no evidence to send yet.")
    operation = outbox.put(
        "dispute.update",
        {"id": dispute.stripe_id, "evidence": dispute.evidence, "submit": True},
        slot=f"evidence:{dispute.public_id}",
        hold=dispute.checkout.hold,  # not the wallet: it is locked after the holds that drew on it
    )
    later(tasks.run_operation, operation_id=operation.pk)
    return dispute


def due_evidence() -> list[Dispute]:
    """Disputes whose evidence must go out now, because nobody has sent it and the bank's deadline is near.

    What Stripe has refused once is a person's to send: it would refuse it again.
    """
    soon = timezone.now() + ANSWER_BEFORE
    unanswered = Dispute.objects.unanswered().filter(due_at__lte=soon, refusal="").exclude(evidence={})
    return list(unanswered.order_by("due_at")[:100])
