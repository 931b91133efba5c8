"""Customers: who pays."""

from payments.sandbox.routes import Call, Route, listing, retrieving
from payments.sandbox.store import Thing

_TEXTS = ("name", "email", "phone", "description")


def create(call: Call) -> Thing:
    params = call.params
    customer = call.world.add(
        "customer",
        "cus",
        call.account,
        address=params.get("address") or None,
        balance=0,
        currency=None,
        default_source=None,
        delinquent=False,
        discount=None,
        invoice_prefix=call.world.new_id("inv")[-8:].upper(),
        invoice_settings={
            "custom_fields": None,
            "default_payment_method": None,
            "footer": None,
            "rendering_options": None,
        },
        metadata=call.metadata(),
        next_invoice_sequence=1,
        preferred_locales=params.get("preferred_locales", []),
        shipping=params.get("shipping") or None,
        tax_exempt=params.get("tax_exempt") or "none",
        test_clock=None,
        **{name: params.get(name) or None for name in _TEXTS},
    )
    call.world.emit("customer.created", customer, call.account)
    return customer


def update(call: Call) -> Thing:
    customer = call.world.get("customer", call.ids[0], call.account)
    before = {name: customer[name] for name in _TEXTS if name in call.params}
    customer.update({name: call.params[name] or None for name in before})
    customer["metadata"] = merged(customer["metadata"], call)
    call.world.save(customer)
    call.world.emit("customer.updated", customer, call.account, before)
    return customer


def merged(old: dict[str, str], call: Call) -> dict[str, str]:
    """Stripe merges metadata; an empty value removes its key."""
    if "metadata" not in call.params:
        return old
    return {name: value for name, value in {**old, **call.metadata()}.items() if value != ""}


ROUTES = (
    Route("POST", "/v1/customers", "customer_create", create),
    Route("GET", "/v1/customers", "customer_list", listing("customer")),
    Route("GET", "/v1/customers/{customer}", "customer_retrieve", retrieving("customer")),
    Route("POST", "/v1/customers/{customer}", "customer_update", update),
)
