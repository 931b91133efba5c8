"""Refunds: money back to who paid."""

from payments.sandbox import balances, tariff
from payments.sandbox.errors import ApiError
from payments.sandbox.resources import disputes
from payments.sandbox.resources.customers import merged
from payments.sandbox.routes import Call, Route, listing, retrieving
from payments.sandbox.store import Thing
from payments.sandbox.world import DAY, PLATFORM, World

REFUND_SECONDS = 3 * DAY
_BANK_TRANSFER = {"us_bank_account": "us_bank_transfer", "sepa_debit": "eu_bank_transfer",
                  "bacs_debit": "gb_bank_transfer"}  # fmt: skip
_TO_FAIL = "refunds_to_fail"


def create(call: Call) -> Thing:
    world = call.world
    charge = _charge(call)
    left = charge["amount"] - charge["amount_refunded"]
    if any(not one["is_charge_refundable"] and one["status"] != "won" for one in disputes.against(world, charge)):
        raise ApiError(f"Charge {charge['id']} has been charged back; cannot issue a refund.",
                       code="charge_disputed")  # fmt: skip
    if left == 0:
        raise ApiError(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    amount = tariff.check_amount(call.params.get("amount", left), charge["currency"])
    if amount > left:
        raise ApiError(f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})",
                       param="amount")  # fmt: skip
    refund = world.add("refund", "re", **_blank(call, charge, amount), _ends=charge.get("_refund", "succeeded"))
    before = {"amount_refunded": charge["amount_refunded"], "refunded": charge["refunded"]}
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    world.save(charge)
    if not _send(world, refund):
        refund["pending_reason"] = "insufficient_funds"
        world.save(refund)
    world.emit("refund.created", refund)
    world.emit("charge.refunded", charge, previous=before)
    if charge["refunded"]:
        disputes.close_inquiries(world, charge)
    return refund


def _blank(call: Call, charge: Thing, amount: int) -> Thing:
    """A refund that has not been sent yet."""
    return {
        "amount": amount,
        "balance_transaction": None,
        "charge": charge["id"],
        "currency": charge["currency"],
        "destination_details": _destination(charge),
        "metadata": call.metadata(),
        "payment_intent": charge["payment_intent"],
        "reason": call.params.get("reason"),
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": "pending",
        "transfer_reversal": None,
    }


def _destination(charge: Thing) -> Thing:
    """Back to the card, or as a transfer to the bank account that was debited."""
    way = _BANK_TRANSFER.get((charge["payment_method_details"] or {}).get("type", "card"))
    if way:
        return {"type": way, way: {"reference": None, "reference_status": "pending"}}
    card = {"reference": None, "reference_status": "pending", "reference_type": "acquirer_reference_number",
            "type": "refund"}  # fmt: skip
    return {"type": "card", "card": card}


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
    """Pay it from the platform's balance and overdraft, if that is enough. Whether it arrives may turn out later."""
    overdraft = world.store.knob("overdraft", world.config.overdraft)
    if balances.total(world, PLATFORM, refund["currency"]) + overdraft < refund["amount"]:
        return False
    line = balances.book(world, kind="refund", source=refund["id"], amount=-refund["amount"],
                         currency=refund["currency"], description="REFUND FOR CHARGE")  # fmt: skip
    refund.pop("pending_reason", None)
    refund.update(status="succeeded", balance_transaction=line["id"])
    if refund["_ends"] == "pending":
        refund.update(status="pending", pending_reason="processing", _due=world.now() + REFUND_SECONDS)
    world.save(refund)
    if refund["_ends"] == "failed":
        later = {**world.store.knob(_TO_FAIL, {}), refund["id"]: world.now() + REFUND_SECONDS}
        world.store.set_knob(_TO_FAIL, later)
    return True


def send_waiting(world: World) -> None:
    """What falls due for refunds, oldest first: sent once there is money, arrived, or come back."""
    for _, refund in reversed(world.store.marked("refund", None, "status", "pending")):
        if not refund["balance_transaction"] and _send(world, refund):
            world.emit("refund.updated", refund, previous={"status": "pending"})
        elif refund["balance_transaction"] and refund["_due"] <= world.now():
            finish_refund(world, refund)
    waiting: dict[str, int] = world.store.knob(_TO_FAIL, {})
    over = [refund_id for refund_id, at in waiting.items() if at <= world.now()]
    for refund_id in over:
        fail_refund(world, world.get("refund", refund_id))
    if over:
        world.store.set_knob(_TO_FAIL, {one: at for one, at in waiting.items() if one not in over})


def finish_refund(world: World, refund: Thing) -> Thing:
    """A refund on its way has arrived."""
    if refund["status"] != "pending" or not refund["balance_transaction"]:
        raise ApiError(f"Refund {refund['id']} is {refund['status']}.")
    refund.pop("pending_reason", None)
    refund["status"] = "succeeded"
    world.save(refund)
    world.emit("refund.updated", refund, previous={"status": "pending"})
    return refund


def fail_refund(world: World, refund: Thing, *, reason: str = "lost_or_stolen_card") -> Thing:
    """The bank sends the refund back: the money returns to the platform."""
    before = refund["status"]
    if before not in {"succeeded", "pending"}:
        raise ApiError(f"Refund {refund['id']} is {before}.")
    _take_back(world, refund)
    refund.update(status="failed", failure_reason=reason)
    world.save(refund)
    world.emit("refund.failed", refund)
    world.emit("refund.updated", refund, previous={"status": before})
    return refund


def cancel_refund(world: World, refund: Thing) -> Thing:
    """A refund that has not left yet is called off."""
    if refund["status"] != "pending" or refund["balance_transaction"]:
        raise ApiError(f"Refund {refund['id']} is {refund['status']} and cannot be canceled.")
    _take_back(world, refund)
    refund["status"] = "canceled"
    world.save(refund)
    world.emit("refund.updated", refund, previous={"status": "pending"})
    return refund


def _take_back(world: World, refund: Thing) -> None:
    refund.pop("pending_reason", None)
    if refund["balance_transaction"]:
        line = balances.book(world, kind="refund_failure", source=refund["id"], amount=refund["amount"],
                             currency=refund["currency"])  # fmt: skip
        refund["failure_balance_transaction"] = line["id"]
    charge = world.get("charge", refund["charge"])
    charge["amount_refunded"] -= refund["amount"]
    charge["refunded"] = False
    world.save(charge)


def cancel(call: Call) -> Thing:
    """Stripe cancels only what still waits for the payer to act, and card refunds never do."""
    refund = call.world.get("refund", call.ids[0])
    raise ApiError(f"Refund {refund['id']} has a status of {refund['status']}, so it cannot be canceled.")


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
    Route("POST", "/v1/refunds/{refund}/cancel", "refund_cancel", cancel),
)
