"""Refunds: money back to who paid."""

from payments.sandbox import balances, tariff
from payments.sandbox.errors import ApiError
from payments.sandbox.resources.customers import merged
from payments.sandbox.routes import Call, Route, listing, retrieving
from payments.sandbox.store import Thing
from payments.sandbox.world import PLATFORM, World


def create(call: Call) -> Thing:
    world = call.world
    charge = _charge(call)
    left = charge["amount"] - charge["amount_refunded"]
    if charge["disputed"]:
        raise ApiError(f"Charge {charge['id']} has been charged back; cannot issue a refund.",
                       code="charge_disputed")  # fmt: skip
    if left == 0:
        raise ApiError(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    amount = tariff.check_amount(call.params.get("amount", left))
    if amount > left:
        raise ApiError(f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})",
                       param="amount")  # fmt: skip
    refund = world.add("refund", "re", **_blank(call, charge, amount))
    before = {"amount_refunded": charge["amount_refunded"], "refunded": charge["refunded"]}
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    world.save(charge)
    if not _send(world, refund):
        refund["pending_reason"] = "insufficient_funds"
        world.save(refund)
    world.emit("refund.created", refund)
    world.emit("charge.refunded", charge, previous=before)
    return refund


def _blank(call: Call, charge: Thing, amount: int) -> Thing:
    """A refund that has not been sent yet."""
    card = {"reference": None, "reference_status": "pending", "reference_type": "acquirer_reference_number",
            "type": "refund"}  # fmt: skip
    return {
        "amount": amount,
        "balance_transaction": None,
        "charge": charge["id"],
        "currency": charge["currency"],
        "destination_details": {"type": "card", "card": card},
        "metadata": call.metadata(),
        "payment_intent": charge["payment_intent"],
        "reason": call.params.get("reason"),
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": "pending",
        "transfer_reversal": None,
    }


def _charge(call: Call) -> Thing:
    world, params = call.world, call.params
    if params.get("charge"):
        charge = world.get("charge", params["charge"], param="charge")
    elif params.get("payment_intent"):
        intent = world.get("payment_intent", params["payment_intent"], param="payment_intent")
        charge = world.maybe(intent["latest_charge"] or "") or {"status": "failed"}
        if intent["status"] != "succeeded":
            raise ApiError(f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund.",
                           code="payment_intent_unexpected_state", param="payment_intent")  # fmt: skip
    else:
        raise ApiError("One of the following params should be provided for this request: payment_intent or charge.",
                       code="parameter_missing", began=False)  # fmt: skip
    if charge["status"] != "succeeded":
        raise ApiError("This charge did not succeed, so there is nothing to refund.", code="charge_not_refundable")
    return charge


def _send(world: World, refund: Thing) -> bool:
    """Pay it from the platform's balance, if that is enough."""
    if balances.total(world, PLATFORM, refund["currency"]) < refund["amount"]:
        return False
    line = balances.book(world, kind="refund", source=refund["id"], amount=-refund["amount"],
                         currency=refund["currency"], description="REFUND FOR CHARGE")  # fmt: skip
    refund.pop("pending_reason", None)
    refund.update(status="succeeded", balance_transaction=line["id"])
    world.save(refund)
    return True


def send_waiting(world: World) -> None:
    """Refunds that waited for money, oldest first."""
    for _, refund in reversed(world.store.marked("refund", None, "status", "pending")):
        if _send(world, refund):
            world.emit("refund.updated", refund, previous={"status": "pending"})


def fail_refund(world: World, refund: Thing, *, reason: str = "lost_or_stolen_card") -> Thing:
    """The bank sends the refund back: the money returns to the platform."""
    if refund["status"] != "succeeded":
        raise ApiError(f"Refund {refund['id']} is {refund['status']}.")
    line = balances.book(world, kind="refund_failure", source=refund["id"], amount=refund["amount"],
                         currency=refund["currency"])  # fmt: skip
    refund.update(status="failed", failure_reason=reason, failure_balance_transaction=line["id"])
    world.save(refund)
    charge = world.get("charge", refund["charge"])
    charge["amount_refunded"] -= refund["amount"]
    charge["refunded"] = False
    world.save(charge)
    world.emit("refund.failed", refund)
    world.emit("refund.updated", refund, previous={"status": "succeeded"})
    return refund


def update(call: Call) -> Thing:
    refund = call.world.get("refund", call.ids[0])
    refund["metadata"] = merged(refund["metadata"], call)
    call.world.save(refund)
    return refund


ROUTES = (
    Route("POST", "/v1/refunds", "refund_create", create),
    Route("GET", "/v1/refunds", "refund_list", listing("refund")),
    Route("GET", "/v1/refunds/{refund}", "refund_retrieve", retrieving("refund")),
    Route("POST", "/v1/refunds/{refund}", "refund_update", update),
)
