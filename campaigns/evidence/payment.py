"""The money in words: what went back and why no more is due, what else was paid, and that nothing renews itself."""

from __future__ import annotations

from datetime import timedelta

from campaigns.evidence.work import approvals, moment
from campaigns.models import Collaboration
from campaigns.states import CollaborationState
from marketplace.kit.money import Money
from payments.models import Checkout, Dispute
from payments.states import CheckoutState, RefundState

NEARBY = timedelta(days=60)
MOST_PAYMENTS = 20


def why_not_back(collaboration: Collaboration) -> str:
    """What of it has gone back, and why the rest is the creator's."""
    lines = _gone_back(collaboration)
    if said := approvals(collaboration):
        lines.append(f"The business could look at the work and ask for changes; then it was approved:\n{said}")
    elif collaboration.state != CollaborationState.CANCELLED and collaboration.submissions.exists():
        lines.append(
            f"The work was handed in, and the business asked for changes {collaboration.revisions} times. The creator"
            " is paid nothing before it is approved."
        )
    if collaboration.state == CollaborationState.CANCELLED and collaboration.kept_minor:
        kept = Money(collaboration.kept_minor, collaboration.hold.currency)
        lines.append(f"The business cancelled. By the ladder in the signed contract the creator keeps {kept}.")
    return "\n".join([f"Contract {collaboration.public_id}:", *lines]) if lines else ""


def no_subscription(collaboration: Collaboration) -> str:
    terms = collaboration.contract["terms"]
    return (
        f"This is no subscription, and nothing renews itself. It is one payment for one contract"
        f" ({collaboration.public_id}): “{collaboration.contract['brief']['title']}”, {terms['fee']['text']} and a fee"
        f" of {terms['platform_fee']['text']}, due on {terms['due_on']}."
    )


def not_twice(dispute: Dispute) -> dict[str, str]:
    """What else the same payer paid around then, each for something else; the nearest of the same sum is named."""
    ours = dispute.checkout
    payer = ours.purpose.payer
    paid = Checkout.objects.filter(state=CheckoutState.PAID, paid_at__isnull=False).exclude(pk=ours.pk)
    paid = paid.filter(hold__payer=payer) | paid.filter(wallet__payer=payer)
    assert ours.paid_at is not None, "what is disputed was paid"
    near = paid.filter(paid_at__range=(ours.paid_at - NEARBY, ours.paid_at + NEARBY)).select_related("hold", "wallet")
    others = list(near.order_by("paid_at", "pk")[:MOST_PAYMENTS])
    lines = [f"The disputed payment, {_said(ours)}.", *(f"Another one, {_said(one)}." for one in others)]
    end = "Each is for something else." if others else "Nothing else was paid by this customer in these 60 days."
    twins = [one for one in others if (one.total_minor, one.currency) == (ours.total_minor, ours.currency)]
    nearest = min(twins, key=lambda one: abs(one.paid_at - ours.paid_at), default=None)  # type: ignore[operator]
    named = {"duplicate_charge_id": nearest.charge} if nearest and nearest.charge else {}
    return {"duplicate_charge_explanation": "\n".join([*lines, end]), **named}


def _said(checkout: Checkout) -> str:
    assert checkout.paid_at is not None, "only what was paid is listed"
    money = Money(checkout.total_minor, checkout.currency)
    purpose = checkout.purpose
    what = f"“{purpose.description}” ({purpose.public_id})"
    return f"{money} on {moment(checkout.paid_at)} ({checkout.charge}), paid for {what}"


def _gone_back(collaboration: Collaboration) -> list[str]:
    words = {RefundState.SUCCEEDED: "went back", RefundState.SENDING: "is on its way back"}
    rows = collaboration.hold.refunds.filter(dispute=None, state__in=words).order_by("pk")
    return [f"{row.total} {words[RefundState(row.state)]}, refunded on {moment(row.created_at)}." for row in rows]
