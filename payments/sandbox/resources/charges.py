"""Payment intents and charges: the attempt to collect, and what it brought."""

from typing import Any

from payments.sandbox.errors import ApiError
from payments.sandbox.resources.customers import merged
from payments.sandbox.routes import Call, Route, listing, retrieving
from payments.sandbox.store import Thing
from payments.sandbox.world import PLATFORM, World

_NO_ADDRESS = dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state"))
_NOTHING_CHARGED = (
    "application", "application_fee", "application_fee_amount", "balance_transaction", "customer", "description",
    "failure_balance_transaction", "failure_code", "failure_message", "on_behalf_of", "outcome", "payment_intent",
    "payment_method", "payment_method_details", "receipt_email", "receipt_number", "receipt_url", "review",
    "shipping", "source", "source_transfer", "statement_descriptor", "statement_descriptor_suffix", "transfer_data",
    "transfer_group",
)  # fmt: skip
_NOTHING_INTENDED = (
    "application", "application_fee_amount", "canceled_at", "cancellation_reason", "description",
    "last_payment_error", "latest_charge", "next_action", "on_behalf_of", "payment_method",
    "payment_method_configuration_details", "processing", "receipt_email", "review", "setup_future_usage",
    "shipping", "source", "statement_descriptor", "statement_descriptor_suffix", "transfer_data", "transfer_group",
)  # fmt: skip


def billing(name: str | None = None, email: str | None = None) -> dict[str, Any]:
    return {"address": dict(_NO_ADDRESS), "email": email, "name": name, "phone": None, "tax_id": None}


def add_charge(world: World, amount: int, currency: str, account: str = PLATFORM, **fields: Any) -> Thing:
    """A charge with nothing known about it but its amount. Payments from a transfer are ``py_``."""
    return world.add(
        "charge",
        "py" if account else "ch",
        account,
        **{
            **dict.fromkeys(_NOTHING_CHARGED),
            "amount": amount,
            "amount_captured": amount,
            "amount_refunded": 0,
            "billing_details": billing(),
            "captured": True,
            "currency": currency,
            "disputed": False,
            "fraud_details": {},
            "metadata": {},
            "paid": True,
            "refunded": False,
            "status": "succeeded",
            **fields,
        },
    )


def add_intent(world: World, session: Thing) -> Thing:
    """What a checkout session wants to collect, made at the first try to pay."""
    asked = session["_intent"]
    intent = world.add(
        "payment_intent",
        "pi",
        **{
            **dict.fromkeys(_NOTHING_INTENDED),
            "amount": session["amount_total"],
            "amount_capturable": 0,
            "amount_details": {"tip": {}},
            "amount_received": 0,
            "automatic_payment_methods": None,
            "capture_method": "automatic_async",
            "confirmation_method": "automatic",
            "currency": session["currency"],
            "customer": session["customer"],
            "description": asked.get("description"),
            "metadata": asked.get("metadata") or {},
            "payment_method_options": {"card": {"request_three_d_secure": "automatic"}},
            "payment_method_types": session["payment_method_types"],
            "receipt_email": asked.get("receipt_email"),
            "statement_descriptor_suffix": asked.get("statement_descriptor_suffix"),
            "status": "requires_payment_method",
            "transfer_group": asked.get("transfer_group"),
            "_session": session["id"],
        },
    )
    intent["client_secret"] = f"{intent['id']}_secret_{world.new_id('s')[2:]}"
    world.save(intent)
    world.emit("payment_intent.created", intent)
    return intent


def update_charge(call: Call) -> Thing:
    return _update(call, "charge")


def update_intent(call: Call) -> Thing:
    return _update(call, "payment_intent")


def _update(call: Call, kind: str) -> Thing:
    thing = call.world.get(kind, call.ids[0], call.account)
    thing["metadata"] = merged(thing["metadata"], call)
    for name in ("description", "transfer_group"):
        if name in call.params:
            if name == "transfer_group" and thing[name] not in {None, call.params[name]}:
                raise ApiError("The transfer_group is set already and cannot change.", param=name)
            thing[name] = call.params[name] or None
    call.world.save(thing)
    return thing


def cancel(call: Call) -> Thing:
    intent = call.world.get("payment_intent", call.ids[0], call.account)
    if intent["status"] in {"succeeded", "canceled", "processing"}:
        raise ApiError(
            f"You cannot cancel this PaymentIntent because it has a status of {intent['status']}.",
            code="payment_intent_unexpected_state",
        )
    intent.update(status="canceled", canceled_at=call.world.now(), next_action=None,
                  cancellation_reason=call.params.get("cancellation_reason"))  # fmt: skip
    call.world.save(intent)
    call.world.emit("payment_intent.canceled", intent)
    return intent


ROUTES = (
    Route("GET", "/v1/payment_intents", "payment_intent_list", listing("payment_intent")),
    Route("GET", "/v1/payment_intents/{intent}", "payment_intent_retrieve", retrieving("payment_intent")),
    Route("POST", "/v1/payment_intents/{intent}", "payment_intent_update", update_intent),
    Route("POST", "/v1/payment_intents/{intent}/cancel", "payment_intent_cancel", cancel),
    Route("GET", "/v1/charges", "charge_list", listing("charge")),
    Route("GET", "/v1/charges/{charge}", "charge_retrieve", retrieving("charge")),
    Route("POST", "/v1/charges/{charge}", "charge_update", update_charge),
)
