"""Checkout sessions: Stripe's own page, on which a business pays."""

from typing import Any

from payments.sandbox import cards, tariff
from payments.sandbox.errors import ApiError, malformed
from payments.sandbox.resources.customers import merged
from payments.sandbox.routes import Call, Route, listing, retrieving
from payments.sandbox.store import Thing
from payments.sandbox.world import DAY, World

HALF_HOUR = 1_800
KIND = "checkout.session"


def create(call: Call) -> Thing:
    items = _items(call)
    currency = items[0]["currency"]
    amount = sum(item["amount_total"] for item in items)
    tariff.check_charge(amount, currency, "line_items")
    if call.params.get("customer"):
        if "customer_email" in call.params:
            raise malformed("You may only specify one of these parameters: customer, customer_email.", "customer")
        call.world.get("customer", call.params["customer"], call.account, param="customer")
    session = call.world.add(KIND, "cs_test", call.account, **_blank(call), **_asked(call, currency))
    session.update(amount_subtotal=amount, amount_total=amount, currency=currency)
    session["url"] = f"{call.world.config.url}/c/pay/{session['id']}"
    session["_items"] = items
    session["_intent"] = call.params.get("payment_intent_data", {})
    call.world.save(session, call.account)
    return session


def expire(call: Call) -> Thing:
    session = call.world.get(KIND, call.ids[0], call.account)
    if session["status"] != "open":
        raise ApiError(
            'Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of '
            f"{session['status']}.",
            param="session",
        )
    return close(call.world, session)


def close(world: World, session: Thing) -> Thing:
    """The session ends unpaid: nobody can pay it any more."""
    session.update(status="expired", url=None)
    world.save(session)
    world.emit("checkout.session.expired", session)
    return session


def update(call: Call) -> Thing:
    session = call.world.get(KIND, call.ids[0], call.account)
    session["metadata"] = merged(session["metadata"], call)
    call.world.save(session)
    return session


def line_items(call: Call) -> Thing:
    session = call.world.get(KIND, call.ids[0], call.account)
    return {"object": "list", "url": call.path, "has_more": False, "data": session["_items"]}


def expire_due(world: World) -> None:
    for _, session in world.store.marked(KIND, None, "status", "open"):
        if session["expires_at"] <= world.now():
            close(world, session)


def _items(call: Call) -> list[Thing]:
    lines = call.need("line_items")
    if call.need("mode") != "payment":
        raise ApiError("The sandbox takes payments only: mode must be payment.", param="mode", began=False)
    items = [_item(call, line, f"line_items[{place}]") for place, line in enumerate(lines)]
    if len({item["currency"] for item in items}) != 1:
        raise malformed("All line items must have the same currency.", "line_items")
    return items


def _item(call: Call, line: dict[str, Any], path: str) -> Thing:
    price = line.get("price_data")
    if price is None:
        raise malformed(f"The sandbox needs prices in place: {path}[price_data].", f"{path}[price_data]")
    currency = tariff.check_currency(price["currency"], f"{path}[price_data][currency]")
    unit = price.get("unit_amount")
    if unit is None:
        raise malformed(
            f"You must specify either `unit_amount` or `unit_amount_decimal` in {path}.", f"{path}[price_data]"
        )
    quantity = line.get("quantity", 0)
    if quantity < 1:
        raise malformed(f"Quantity is required. Add `quantity` to `{path}`", f"{path}[quantity]")
    if unit < 0:
        raise malformed("Invalid non-negative integer", f"{path}[price_data][unit_amount]", "parameter_invalid_integer")
    name = price.get("product_data", {}).get("name", "Payment")
    amounts = dict.fromkeys(("amount_subtotal", "amount_total"), unit * quantity)
    return {
        "id": call.world.new_id("li"),
        "object": "item",
        "amount_discount": 0,
        "amount_tax": 0,
        **amounts,
        "currency": currency,
        "description": name,
        "price": _price(call, unit, currency),
        "quantity": quantity,
        "_about": price.get("product_data", {}).get("description", ""),
    }


def _price(call: Call, unit: int, currency: str) -> Thing:
    return {
        "id": call.world.new_id("price"),
        "object": "price",
        "active": False,
        "billing_scheme": "per_unit",
        "created": call.world.now(),
        "currency": currency,
        "livemode": False,
        "lookup_key": None,
        "metadata": {},
        "nickname": None,
        "product": call.world.new_id("prod"),
        "recurring": None,
        "tax_behavior": "unspecified",
        "tiers_mode": None,
        "transform_quantity": None,
        "type": "one_time",
        "unit_amount": unit,
        "unit_amount_decimal": str(unit),
    }


def _asked(call: Call, currency: str) -> dict[str, Any]:
    """What the caller may choose."""
    params = call.params
    now = call.world.now()
    expires_at = params.get("expires_at", now + DAY)
    if not now + HALF_HOUR - 60 <= expires_at <= now + DAY + 60:
        raise malformed(
            "The `expires_at` timestamp must be between 30 minutes and 24 hours from Checkout Session creation.",
            "expires_at",
        )
    return {
        "cancel_url": params.get("cancel_url"),
        "client_reference_id": params.get("client_reference_id"),
        "customer": params.get("customer"),
        "customer_email": params.get("customer_email"),
        "customer_creation": None if params.get("customer") else params.get("customer_creation", "if_required"),
        "expires_at": expires_at,
        "locale": params.get("locale"),
        "metadata": call.metadata(),
        "payment_method_types": _methods(params, currency),
        "submit_type": params.get("submit_type"),
        "success_url": call.need("success_url"),
        "allow_promotion_codes": params.get("allow_promotion_codes"),
        "billing_address_collection": params.get("billing_address_collection"),
    }


def _methods(params: dict[str, Any], currency: str) -> list[str]:
    """What Stripe would show, narrowed by what the caller allows and excludes."""
    allowed, excluded = params.get("allowed_payment_method_types"), params.get("excluded_payment_method_types", [])
    offered = cards.method_types(currency)
    kept = [one for one in offered if one not in excluded and (allowed is None or one in allowed)]
    if not kept:
        raise malformed("No payment method is left for this session.", "allowed_payment_method_types")
    return kept


def _blank(call: Call) -> dict[str, Any]:
    """What a fresh session looks like."""
    nothing = ("after_expiration", "client_secret", "consent", "consent_collection", "currency_conversion",
               "customer_details", "invoice", "payment_intent", "payment_link", "recovered_from", "setup_intent",
               "shipping_address_collection", "shipping_cost", "subscription", "return_url",
               "payment_method_configuration_details", "saved_payment_method_options")  # fmt: skip
    return {
        **dict.fromkeys(nothing),
        "adaptive_pricing": {"enabled": False},
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "custom_fields": [],
        "custom_text": dict.fromkeys(("after_submit", "shipping_address", "submit", "terms_of_service_acceptance")),
        "mode": call.params["mode"],
        "payment_method_collection": "if_required",
        "payment_method_options": {"card": {"request_three_d_secure": "automatic"}},
        "payment_status": "unpaid",
        "phone_number_collection": {"enabled": False},
        "shipping_options": [],
        "status": "open",
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        "ui_mode": "hosted_page",
    }


ROUTES = (
    Route("POST", "/v1/checkout/sessions", "checkout/session_create", create),
    Route("GET", "/v1/checkout/sessions", "checkout/session_list", listing(KIND)),
    Route("GET", "/v1/checkout/sessions/{session}", "checkout/session_retrieve", retrieving(KIND)),
    Route("POST", "/v1/checkout/sessions/{session}", "checkout/session_update", update),
    Route("POST", "/v1/checkout/sessions/{session}/expire", "checkout/session_expire", expire),
    Route("GET", "/v1/checkout/sessions/{session}/line_items", "checkout/session_line_item_list", line_items),
)
