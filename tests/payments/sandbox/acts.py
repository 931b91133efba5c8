"""Short names for what the tests do again and again, all through the real library."""

from typing import Any

import stripe

from payments.sandbox.server import Sandbox

SUCCESS = "http://site.test/paid?session={CHECKOUT_SESSION_ID}"
CANCEL = "http://site.test/back"


def open_session(api: stripe.StripeClient, amount: int = 10_000, currency: str = "usd", **more: Any) -> Any:
    price: Any = {"currency": currency, "unit_amount": amount, "product_data": {"name": "Reel about bread"}}
    asked: Any = {
        "mode": "payment",
        "success_url": SUCCESS,
        "cancel_url": CANCEL,
        "line_items": [{"quantity": 1, "price_data": price}],
        "payment_intent_data": {"transfer_group": "hold_1", "metadata": {"op_id": "op_1"}},
        **more,
    }
    return api.v1.checkout.sessions.create(asked)


def pay(api: stripe.StripeClient, sandbox: Sandbox, amount: int = 10_000, currency: str = "usd",
        method: str = "card") -> Any:  # fmt: skip
    """A paid charge."""
    session = open_session(api, amount, currency)
    assert sandbox.control.pay_session(session=session.id, method=method) == "paid"
    seen = api.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent.latest_charge"]})
    return seen.payment_intent.latest_charge  # type: ignore[union-attr]


def open_account(api: stripe.StripeClient, sandbox: Sandbox, *, ready: bool = True, bank: str = "works",
                 country: str = "US") -> str:  # fmt: skip
    asked: Any = {
        "country": country,
        "email": "lena@creators.test",
        "controller": {
            "fees": {"payer": "application"},
            "losses": {"payments": "application"},
            "requirement_collection": "stripe",
            "stripe_dashboard": {"type": "express"},
        },
        "capabilities": {"transfers": {"requested": True}},
        "settings": {"payouts": {"schedule": {"interval": "manual"}}},
    }
    account_id = api.v1.accounts.create(asked).id
    if ready:
        sandbox.control.complete_onboarding(account=account_id, bank=bank)
    return account_id


def transfer(
    api: stripe.StripeClient, account: str, charge: str | None = None, amount: int = 9_000, **more: Any
) -> Any:
    asked: Any = {"amount": amount, "currency": "usd", "destination": account, "transfer_group": "hold_1"}
    source = {"source_transaction": charge} if charge else {}
    whole: Any = {**asked, **source, **more}
    return api.v1.transfers.create(whole)


def types(api: stripe.StripeClient, account: str | None = None) -> list[str]:
    """What happened, oldest first."""
    events = api.v1.events.list({"limit": 100}, {"stripe_account": account})
    return [str(event.type) for event in events.data][::-1]


def funds(sandbox: Sandbox, account: str = "", currency: str = "usd") -> tuple[int, int]:
    """(available, pending)"""
    balance = sandbox.control.balance(account=account)
    sums = {
        name: sum(r["amount"] for r in balance[name] if r["currency"] == currency) for name in ("available", "pending")
    }
    return sums["available"], sums["pending"]
