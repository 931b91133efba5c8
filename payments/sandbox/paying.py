"""What happens when somebody pays on the checkout page: declined, challenged, paid, or paid some days later."""

from typing import Any

from payments.sandbox import balances, cards, tariff
from payments.sandbox.cards import Method
from payments.sandbox.resources.charges import add_charge, add_intent, billing
from payments.sandbox.resources.disputes import open_dispute
from payments.sandbox.store import Thing
from payments.sandbox.world import World

KIND = "checkout.session"


def pay(world: World, session: Thing, method: Method, *, name: str = "", email: str = "") -> str:
    """Try to pay an open session. Answers paid, processing, challenge, declined, or the state it is in already."""
    if session["status"] != "open":
        return str(session["status"])
    if session["expires_at"] <= world.now():
        return "expired"
    intent = _intent(world, session)
    intent["_who"] = {"name": name or None, "email": email or session["customer_email"] or None}
    intent["_method"] = method.name
    intent["payment_method"] = _payment_method(world, intent, method)["id"]
    if method.outcome == "challenge":
        return _ask(world, session, intent)
    if method.outcome == "declined":
        return _decline(world, intent, method, method.decline_code)
    if method.debit:
        return _begin_debit(world, session, intent, method)
    return _collect(world, session, intent, method)


def answer_challenge(world: World, session: Thing, *, passed: bool) -> str:
    """The bank's 3-D Secure page was answered."""
    intent = world.maybe(session["payment_intent"] or "")
    if session["status"] != "open" or intent is None or intent["status"] != "requires_action":
        return str(session["status"])
    method = cards.METHODS[intent["_method"]]
    intent["next_action"] = None
    if passed:
        return _collect(world, session, intent, method)
    return _decline(world, intent, method, "authentication_required")


def finish_debit(world: World, intent: Thing, *, succeeded: bool) -> None:
    """A bank debit has its answer."""
    session = world.get(KIND, intent["_session"], None)
    charge = world.get("charge", intent["latest_charge"])
    method = cards.METHODS[intent["_method"]]
    if succeeded:
        _receive(world, session, intent, charge, method)
        world.emit("checkout.session.async_payment_succeeded", session)
        return
    charge.update(status="failed", paid=False, failure_code="insufficient_funds",
                  failure_message="The customer's account has insufficient funds to cover this payment.")  # fmt: skip
    world.save(charge)
    world.emit("charge.failed", charge)
    _refuse(world, intent, charge, "insufficient_funds")
    world.emit("checkout.session.async_payment_failed", session)


def finish_debits_due(world: World) -> None:
    for _, intent in world.store.marked("payment_intent", None, "status", "processing"):
        if intent["_due"] <= world.now():
            finish_debit(world, intent, succeeded=not cards.METHODS[intent["_method"]].fails_later)


def _intent(world: World, session: Thing) -> Thing:
    if session["payment_intent"]:
        return world.get("payment_intent", session["payment_intent"])
    intent = add_intent(world, session)
    session["payment_intent"] = intent["id"]
    world.save(session)
    return intent


def _ask(world: World, session: Thing, intent: Thing) -> str:
    url = f"{world.config.url}/c/pay/{session['id']}/challenge"
    action = {"type": "redirect_to_url", "redirect_to_url": {"url": url, "return_url": None}}
    intent.update(status="requires_action", last_payment_error=None, next_action=action)
    world.save(intent)
    world.emit("payment_intent.requires_action", intent)
    return "challenge"


def _decline(world: World, intent: Thing, method: Method, code: str) -> str:
    charge = _charge(world, intent, method, status="failed", paid=False, captured=False, amount_captured=0,
                     failure_code="card_declined", failure_message=cards.DECLINES[code])  # fmt: skip
    charge["outcome"] = {**_outcome("issuer_declined"), "reason": code, "network_decline_code": None}
    world.save(charge)
    world.emit("charge.failed", charge)
    _refuse(world, intent, charge, code)
    return "declined"


def _refuse(world: World, intent: Thing, charge: Thing, code: str) -> None:
    intent.update(
        status="requires_payment_method",
        latest_charge=charge["id"],
        next_action=None,
        payment_method=None,
        last_payment_error={
            "charge": charge["id"],
            "code": charge["failure_code"],
            "decline_code": code,
            "message": charge["failure_message"],
            "type": "card_error",
        },
    )
    world.save(intent)
    world.emit("payment_intent.payment_failed", intent)


def _begin_debit(world: World, session: Thing, intent: Thing, method: Method) -> str:
    charge = _charge(world, intent, method, status="pending", paid=False)
    intent.update(status="processing", latest_charge=charge["id"], last_payment_error=None)
    intent["_due"] = world.now() + world.config.debit_seconds
    world.save(intent)
    _complete(world, session, intent, "unpaid")
    world.emit("charge.pending", charge)
    world.emit("payment_intent.processing", intent)
    world.emit("checkout.session.completed", session)
    return "processing"


def _collect(world: World, session: Thing, intent: Thing, method: Method) -> str:
    charge = _charge(world, intent, method)
    _receive(world, session, intent, charge, method)
    world.emit("checkout.session.completed", session)
    if method.disputed:
        open_dispute(world, charge, inquiry=method.disputed == "inquiry")
    return "paid"


def _receive(world: World, session: Thing, intent: Thing, charge: Thing, method: Method) -> None:
    amount, currency = charge["amount"], charge["currency"]
    kind = "card" if not method.debit else "debit"
    line = balances.book(
        world,
        kind="charge" if kind == "card" else "payment",
        source=charge["id"],
        amount=amount,
        currency=currency,
        fee=tariff.processing_fee(kind, amount, currency),
        available_on=world.now() if method.at_once else world.now() + world.config.settle_seconds,
        description=charge["description"],
    )
    charge.update(status="succeeded", paid=True, balance_transaction=line["id"], outcome=_outcome("authorized"))
    world.save(charge)
    intent.update(status="succeeded", amount_received=amount, latest_charge=charge["id"], last_payment_error=None)
    world.save(intent)
    _complete(world, session, intent, "paid")
    world.emit("charge.succeeded", charge)
    world.emit("payment_intent.succeeded", intent)


def _complete(world: World, session: Thing, intent: Thing, payment_status: str) -> None:
    who = intent["_who"]
    session.update(
        status="complete",
        payment_status=payment_status,
        url=None,
        customer_details={"address": None, "business_name": None, "individual_name": None, "phone": None,
                          "tax_exempt": "none", "tax_ids": [], **who},
    )  # fmt: skip
    world.save(session)


def _charge(world: World, intent: Thing, method: Method, **fields: Any) -> Thing:
    charge = add_charge(
        world,
        intent["amount"],
        intent["currency"],
        billing_details=billing(**intent["_who"]),
        calculated_statement_descriptor="GOODWORD",
        customer=intent["customer"],
        description=intent["description"],
        metadata=intent["metadata"],
        payment_intent=intent["id"],
        payment_method=intent["payment_method"],
        payment_method_details=_details(intent["currency"], method),
        transfer_group=intent["transfer_group"] or f"group_{intent['id']}",
        **fields,
    )
    charge.update(receipt_url=f"{world.config.url}/receipts/{charge['id']}", _refund=method.refund)
    if method.debit:
        charge["_refund"] = "pending"  # a bank debit goes back as a bank transfer, which takes days
    world.save(charge)
    return charge


def _outcome(network_status: str) -> dict[str, Any]:
    refused = network_status != "authorized"
    return {
        "advice_code": None,
        "network_advice_code": None,
        "network_decline_code": None,
        "network_status": "declined_by_network" if refused else "approved_by_network",
        "reason": None,
        "risk_level": "normal",
        "risk_score": 12,
        "seller_message": "The bank did not approve it." if refused else "Payment complete.",
        "type": network_status,
    }


def _payment_method(world: World, intent: Thing, method: Method) -> Thing:
    kind = _details(intent["currency"], method)["type"]
    card = {"brand": method.brand, "country": "US", "exp_month": 12, "exp_year": 2034, "funding": "credit",
            "fingerprint": method.number[::-1], "last4": method.last4}  # fmt: skip
    about: Thing = {kind: card if kind == "card" else {"last4": method.last4}}
    return world.add("payment_method", "pm", billing_details=billing(**intent["_who"]), customer=None, metadata={},
                     type=kind, **about)  # fmt: skip


def _details(currency: str, method: Method) -> Thing:
    if method.debit:
        kind = cards.DEBIT_OF.get(currency, "us_bank_account")
        return {"type": kind, kind: {"last4": method.last4}}
    challenged = {"authentication_flow": "challenge", "result": "authenticated", "version": "2.2.0"}
    card = {"brand": method.brand, "country": "US", "exp_month": 12, "exp_year": 2034, "funding": "credit",
            "last4": method.last4, "network": method.brand}  # fmt: skip
    return {"type": "card", "card": {**card, "three_d_secure": challenged if method.outcome == "challenge" else None}}
