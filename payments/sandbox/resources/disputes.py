"""Disputes: a bank takes a payment back, at least until it has judged."""

from typing import Any

from payments.sandbox import balances, tariff
from payments.sandbox.errors import ApiError, malformed
from payments.sandbox.resources.customers import merged
from payments.sandbox.routes import Call, Route, listing, retrieving
from payments.sandbox.store import Thing
from payments.sandbox.world import DAY, PLATFORM, World

_EVIDENCE = (
    "access_activity_log", "billing_address", "cancellation_policy", "cancellation_policy_disclosure",
    "cancellation_rebuttal", "customer_communication", "customer_email_address", "customer_name",
    "customer_purchase_ip", "customer_signature", "duplicate_charge_documentation", "duplicate_charge_explanation",
    "duplicate_charge_id", "product_description", "receipt", "refund_policy", "refund_policy_disclosure",
    "refund_refusal_explanation", "service_date", "service_documentation", "shipping_address", "shipping_carrier",
    "shipping_date", "shipping_documentation", "shipping_tracking_number", "uncategorized_file",
    "uncategorized_text",
)  # fmt: skip


LONGEST_TEXT = 20_000
LONGEST_EVIDENCE = 150_000
ANSWER_SECONDS = 10 * DAY
INQUIRY_SECONDS = 120 * DAY
OPEN = ("needs_response", "under_review")
ASKING = ("warning_needs_response", "warning_under_review")
# What is withdrawn, or may still be.
STANDING = (*OPEN, *ASKING, "lost")
_ANSWERED = {"needs_response": "under_review", "warning_needs_response": "warning_under_review"}
# Stripe's own words for test mode: the bank believes the first, and not the second.
_VERDICTS = {"winning_evidence": True, "losing_evidence": False}


def open_dispute(
    world: World, charge: Thing, *, amount: int | None = None, reason: str = "fraudulent", inquiry: bool = False
) -> Thing:
    """The cardholder's bank withdraws the amount and a fee. An inquiry only asks, and takes nothing yet.

    A charge that was refunded can be disputed all the same: banks do not know of each other's refunds.
    """
    left = charge["amount"] - sum(one["amount"] for one in against(world, charge) if one["status"] in STANDING)
    taken = amount or charge["amount"] - charge["amount_refunded"] or charge["amount"]
    if charge["status"] != "succeeded" or not 0 < taken <= left:
        raise ApiError(f"Charge {charge['id']} cannot be disputed now: {left} of it is not disputed.", param="amount")
    dispute = world.add("dispute", "du", **_blank(world, charge, taken, reason, inquiry=inquiry))
    charge["disputed"] = True
    world.save(charge)
    if not inquiry:
        _withdraw(world, dispute)
    world.emit("charge.dispute.created", dispute)
    if not inquiry:
        world.emit("charge.dispute.funds_withdrawn", dispute)
    return dispute


def _blank(world: World, charge: Thing, amount: int, reason: str, *, inquiry: bool) -> Thing:
    case_type = "inquiry" if inquiry else "chargeback"
    return {
        "amount": amount,
        "balance_transactions": [],
        "charge": charge["id"],
        "currency": charge["currency"],
        "enhanced_eligibility_types": [],
        "evidence": {**dict.fromkeys(_EVIDENCE), "enhanced_evidence": {}},
        "evidence_details": {
            "due_by": world.now() + ANSWER_SECONDS,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
            "submission_method": "not_submitted",
        },
        "is_charge_refundable": inquiry,
        "metadata": {},
        "network_reason_code": "10.4",
        "payment_intent": charge["payment_intent"],
        "payment_method_details": {
            "type": "card",
            "card": {"brand": "visa", "case_type": case_type, "network": "visa", "network_reason_code": "10.4"},
        },
        "reason": reason,
        "status": "warning_needs_response" if inquiry else "needs_response",
    }


def against(world: World, charge: Thing) -> list[Thing]:
    """Every dispute of a charge, newest first."""
    return [dispute for _, dispute in world.store.marked("dispute", PLATFORM, "charge", charge["id"])]


def escalate(world: World, dispute: Thing) -> Thing:
    """The bank was not content with the answer to its inquiry, and takes the money."""
    if dispute["status"] not in ASKING:
        raise ApiError(f"Dispute {dispute['id']} is {dispute['status']}.")
    before = {"status": dispute["status"], "is_charge_refundable": True}
    dispute.update(status="needs_response", is_charge_refundable=False)
    dispute["evidence_details"].update(due_by=world.now() + ANSWER_SECONDS, past_due=False)
    dispute["payment_method_details"]["card"]["case_type"] = "chargeback"
    _withdraw(world, dispute)
    world.emit("charge.dispute.updated", dispute, previous=before)
    world.emit("charge.dispute.funds_withdrawn", dispute)
    return dispute


def close_dispute(world: World, dispute: Thing, *, won: bool, fee_back: bool = True) -> Thing:
    """The bank has judged. Won: the amount comes back, and the fee where Stripe returns it. An inquiry just ends."""
    if dispute["status"] not in {*OPEN, *ASKING}:
        raise ApiError("This dispute is already closed.", code="dispute_already_closed")
    asking = dispute["status"] in ASKING
    dispute.update(status="warning_closed" if asking else "won" if won else "lost")
    reinstated = won and not asking
    if reinstated:
        fee = tariff.dispute_fee(dispute["currency"]) if fee_back else 0
        _book(world, dispute, dispute["amount"], -fee, "dispute_reversal")
    world.save(dispute)
    world.emit("charge.dispute.closed", dispute)
    if reinstated:
        world.emit("charge.dispute.funds_reinstated", dispute)
    return dispute


def close_inquiries(world: World, charge: Thing) -> None:
    """Who has their money back has nothing to ask any more."""
    for dispute in against(world, charge):
        if dispute["status"] in ASKING:
            close_dispute(world, dispute, won=False)


def lapse_due(world: World) -> None:
    """An unanswered dispute is lost at its deadline; an inquiry that came to nothing ends after 120 days."""
    for _, dispute in reversed(world.store.marked("dispute", None, "status", "needs_response")):
        if dispute["evidence_details"]["due_by"] <= world.now():
            dispute["evidence_details"]["past_due"] = True
            close_dispute(world, dispute, won=False)
    for status in ASKING:
        for _, dispute in reversed(world.store.marked("dispute", None, "status", status)):
            if dispute["created"] + INQUIRY_SECONDS <= world.now():
                close_dispute(world, dispute, won=False)
            elif dispute["evidence_details"]["due_by"] <= world.now() and not dispute["evidence_details"]["past_due"]:
                dispute["evidence_details"]["past_due"] = True
                world.save(dispute)


def _withdraw(world: World, dispute: Thing) -> None:
    _book(world, dispute, -dispute["amount"], tariff.dispute_fee(dispute["currency"]), "dispute")


def _book(world: World, dispute: Thing, amount: int, fee: int, category: str) -> None:
    line = balances.book(world, kind="adjustment", source=dispute["id"], amount=amount, fee=fee,
                         currency=dispute["currency"], category=category,
                         description=f"Chargeback for {dispute['charge']}")  # fmt: skip
    dispute["balance_transactions"].append(balances.shown(world, line))
    world.save(dispute)


def update(call: Call) -> Thing:
    dispute = call.world.get("dispute", call.ids[0], PLATFORM)
    evidence: dict[str, Any] = call.params.get("evidence") or {}
    details = dispute["evidence_details"]
    if evidence and (dispute["status"] not in _ANSWERED or details["past_due"]):
        raise ApiError("This dispute does not take evidence now.", code="dispute_evidence_closed")
    _measure(evidence)
    dispute["evidence"].update(evidence)
    details["has_evidence"] = bool(evidence) or details["has_evidence"]
    dispute["metadata"] = merged(dispute["metadata"], call)
    sent = details["has_evidence"] and call.params.get("submit", bool(evidence)) and dispute["status"] in _ANSWERED
    if sent:
        dispute["status"] = _ANSWERED[dispute["status"]]
        details.update(submission_method="manual", submission_count=details["submission_count"] + 1)
    call.world.save(dispute)
    call.world.emit("charge.dispute.updated", dispute)
    verdict = _VERDICTS.get(dispute["evidence"]["uncategorized_text"] or "") if sent else None
    return dispute if verdict is None else close_dispute(call.world, dispute, won=verdict)


def _measure(evidence: dict[str, Any]) -> None:
    """Stripe takes so many letters in one field, and in all of them together."""
    sizes = {name: len(text) for name, text in evidence.items() if isinstance(text, str)}
    for name, size in sizes.items():
        if size > LONGEST_TEXT:
            raise malformed(f"Invalid string: must be at most {LONGEST_TEXT} characters.", f"evidence[{name}]")
    if sum(sizes.values()) > LONGEST_EVIDENCE:
        raise malformed(f"Evidence may have {LONGEST_EVIDENCE} characters in all.", "evidence")


def close(call: Call) -> Thing:
    return close_dispute(call.world, call.world.get("dispute", call.ids[0], PLATFORM), won=False)


ROUTES = (
    Route("GET", "/v1/disputes", "dispute_list", listing("dispute")),
    Route("GET", "/v1/disputes/{dispute}", "dispute_retrieve", retrieving("dispute")),
    Route("POST", "/v1/disputes/{dispute}", "dispute_update", update),
    Route("POST", "/v1/disputes/{dispute}/close", "dispute_close", close),
)
