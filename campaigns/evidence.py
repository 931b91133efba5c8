"""What speaks for a payment when a bank takes it back: contract, work and timeline in words. Reads, never writes."""

from __future__ import annotations

from campaigns.models import Activity, Collaboration
from campaigns.terms import contract_items

LINES = 200
LISTED = ("product_description", "refund_policy_disclosure", "uncategorized_text")


def evidence_for(collaboration: Collaboration) -> dict[str, str]:
    """Stripe's evidence fields → text, out of what both sides signed and did."""
    contract, offer = collaboration.contract, collaboration.offer
    parts = [
        _signatures(collaboration),
        "Work handed in:\n" + (_work(collaboration) or "none yet"),
        "What happened, as both sides see it:\n" + _timeline(collaboration),
    ]
    return {
        "customer_name": contract["parties"]["business"]["name"],
        "customer_email_address": offer.signed_by.email,
        "product_description": f"{contract['brief']['title']}: " + "; ".join(contract_items(contract)),
        "service_date": contract["terms"]["due_on"],
        "refund_policy_disclosure": "\n".join(contract["if_cancelled"]),
        "uncategorized_text": "\n\n".join(parts),
    }


def evidence_for_all(collaborations: list[Collaboration]) -> dict[str, str]:
    """The same for several works that one payment paid for: who paid is the same, what was done is listed for each."""
    each = [evidence_for(collaboration) for collaboration in collaborations]
    joined = {name: "\n\n".join(dict.fromkeys(one[name] for one in each)) for name in LISTED}
    return each[0] | {"service_date": max(one["service_date"] for one in each)} | joined


def _signatures(collaboration: Collaboration) -> str:
    terms, signed = collaboration.contract["terms"], collaboration.contract["signatures"]["business"]
    return (
        f"Contract {collaboration.public_id} (SHA-256 {collaboration.contract_hash}) over {terms['fee']['text']} and a"
        f" fee of {terms['platform_fee']['text']}, signed as “{signed['typed']}” on {signed['at']} and as"
        f" “{collaboration.signed_as}” on {collaboration.signed_at:%Y-%m-%d %H:%M} UTC."
    )


def _work(collaboration: Collaboration) -> str:
    rows = collaboration.submissions.order_by("number")
    lines = [f"{row.created_at:%Y-%m-%d %H:%M} UTC, {row}: {row.link or row.file_name}" for row in rows]
    return "\n".join([*lines, *([f"Published at {collaboration.live_url}"] if collaboration.live_url else [])])


def _timeline(collaboration: Collaboration) -> str:
    rows = Activity.objects.filter(collaboration=collaboration).order_by("at", "pk")[:LINES]
    return "\n".join(f"{row.at:%Y-%m-%d %H:%M} UTC: {row.text}" for row in rows)
