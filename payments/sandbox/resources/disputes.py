"""Disputes: a bank takes a payment back, at least until it has judged."""

from typing import Any

from payments.sandbox import balances, tariff
from payments.sandbox.errors import ApiError
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


def open_dispute(world: World, charge: Thing, *, amount: int | None = None, reason: str = "fraudulent") -> Thing:
    """The cardholder's bank withdraws the amount and a fee."""
    if charge["disputed"] or charge["status"] != "succeeded":
        raise ApiError(f"Charge {charge['id']} cannot be disputed now.")
    taken = amount or charge["amount"] - charge["amount_refunded"]
    dispute = world.add(
        "dispute",
        "du",
        amount=taken,
        balance_transactions=[],
        charge=charge["id"],
        currency=charge["currency"],
        enhanced_eligibility_types=[],
        evidence={**dict.fromkeys(_EVIDENCE), "enhanced_evidence": {}},
        evidence_details={"due_by": world.now() + 10 * DAY, "enhanced_eligibility": {}, "has_evidence": False,
                          "past_due": False, "submission_count": 0, "submission_method": "not_submitted"},
        is_charge_refundable=False,
        metadata={},
        network_reason_code="10.4",
        payment_intent=charge["payment_intent"],
        payment_method_details={"type": "card", "card": {"brand": "visa", "case_type": "chargeback", "network": "visa",
                                                         "network_reason_code": "10.4"}},
        reason=reason,
        status="needs_response",
    )  # fmt: skip
    _book(world, dispute, -taken, tariff.dispute_fee(charge["currency"]), "dispute")
    charge["disputed"] = True
    world.save(charge)
    world.emit("charge.dispute.created", dispute)
    world.emit("charge.dispute.funds_withdrawn", dispute)
    return dispute


def close_dispute(world: World, dispute: Thing, *, won: bool) -> Thing:
    """The bank has judged. Won: the amount and the fee come back."""
    if dispute["status"] in {"won", "lost"}:
        raise ApiError("This dispute is already closed.", code="dispute_already_closed")
    dispute["status"] = "won" if won else "lost"
    if won:
        _book(world, dispute, dispute["amount"], -tariff.dispute_fee(dispute["currency"]), "dispute_reversal")
    world.save(dispute)
    world.emit("charge.dispute.closed", dispute)
    if won:
        world.emit("charge.dispute.funds_reinstated", dispute)
    return dispute


def _book(world: World, dispute: Thing, amount: int, fee: int, category: str) -> None:
    line = balances.book(world, kind="adjustment", source=dispute["id"], amount=amount, fee=fee,
                         currency=dispute["currency"], category=category,
                         description=f"Chargeback for {dispute['charge']}")  # fmt: skip
    dispute["balance_transactions"].append(balances.shown(world, line))
    world.save(dispute)


def update(call: Call) -> Thing:
    dispute = call.world.get("dispute", call.ids[0], PLATFORM)
    evidence: dict[str, Any] = call.params.get("evidence") or {}
    if evidence and dispute["status"] not in {"needs_response", "warning_needs_response"}:
        raise ApiError("This dispute does not take evidence now.", code="dispute_evidence_closed")
    dispute["evidence"].update(evidence)
    dispute["evidence_details"]["has_evidence"] = bool(evidence) or dispute["evidence_details"]["has_evidence"]
    dispute["metadata"] = merged(dispute["metadata"], call)
    if evidence and call.params.get("submit", True):
        dispute["status"] = "under_review"
        dispute["evidence_details"].update(submission_method="manual")
        dispute["evidence_details"]["submission_count"] += 1
    call.world.save(dispute)
    call.world.emit("charge.dispute.updated", dispute)
    return dispute


def close(call: Call) -> Thing:
    return close_dispute(call.world, call.world.get("dispute", call.ids[0], PLATFORM), won=False)


ROUTES = (
    Route("GET", "/v1/disputes", "dispute_list", listing("dispute")),
    Route("GET", "/v1/disputes/{dispute}", "dispute_retrieve", retrieving("dispute")),
    Route("POST", "/v1/disputes/{dispute}", "dispute_update", update),
    Route("POST", "/v1/disputes/{dispute}/close", "dispute_close", close),
)
