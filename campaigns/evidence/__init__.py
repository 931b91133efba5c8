"""What speaks for a payment when a bank takes it back, in the fields that answer its reason. Reads, never writes.

Which field answers which reason follows Stripe's guide to dispute categories and evidence; a reason that is not listed
gets everything. Fields are Stripe's, texts are for people at a bank: contract, work, money, and what happened.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from campaigns.evidence import payment, work
from campaigns.models import Collaboration
from campaigns.terms import contract_items
from payments.models import Dispute

ROOM = 20_000  # letters that Stripe takes in one field
BETWEEN = "\n\n"
Text = Callable[[Collaboration], str]


def _what(collaboration: Collaboration) -> str:
    return f"{collaboration.contract['brief']['title']}: " + "; ".join(contract_items(collaboration.contract))


# Fields told for each work that the payment paid for, and joined.
_EACH: dict[str, Text] = {
    "product_description": _what,
    "refund_policy_disclosure": work.cancelling,
    "cancellation_policy_disclosure": work.cancelling,
    "access_activity_log": work.acts_of_the_payer,
    "refund_refusal_explanation": payment.why_not_back,
    "cancellation_rebuttal": payment.no_subscription,
}
_ACTS = ("access_activity_log",)
_MONEY_BACK = ("refund_policy_disclosure", "refund_refusal_explanation")
_FOR: dict[str, tuple[str, ...]] = {
    "product_not_received": _ACTS,
    "product_unacceptable": _MONEY_BACK,
    "credit_not_processed": _MONEY_BACK,
    "fraudulent": _ACTS,
    "unrecognized": _ACTS,
    "debit_not_authorized": _ACTS,
    "duplicate": ("duplicate_charge_explanation", "duplicate_charge_id"),
    "subscription_canceled": ("cancellation_rebuttal", "cancellation_policy_disclosure"),
}


def evidence_for_all(collaborations: Sequence[Collaboration], *, dispute: Dispute) -> dict[str, str]:
    """Stripe's evidence fields → text, for the works that the disputed payment paid for; there is at least one."""
    first = collaborations[0]
    found = {
        "customer_name": first.contract["parties"]["business"]["name"],
        "customer_email_address": first.offer.signed_by.email,
        "service_date": max(work.service_date(one) for one in collaborations),
    }
    for name in ("product_description", *_FOR.get(dispute.reason, (*_ACTS, *_MONEY_BACK))):
        if name in _EACH:
            told = dict.fromkeys(_EACH[name](one) for one in collaborations)
            found[name] = BETWEEN.join(text for text in told if text)
        else:
            found |= payment.not_twice(dispute)
    room = ROOM // len(collaborations) - len(BETWEEN)
    found["uncategorized_text"] = BETWEEN.join(work.story(one, room=room) for one in collaborations)
    return {name: text for name, text in found.items() if text}
