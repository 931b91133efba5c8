"""The payer's way to the hosted payment page."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from marketplace.kit.errors import Conflict
from payments import amounts, gateway
from payments.models import Account, Checkout, Hold, Operation
from payments.settlement import arrivals, outbox, readers, sending
from payments.states import LIVE_OPERATIONS, CheckoutState, HoldState

SHORTEST = timedelta(minutes=31)  # Stripe takes 30 minutes to 24 hours
LONGEST = timedelta(hours=23, minutes=30)
STILL_OPEN = timedelta(minutes=1)


def checkout_url(hold: Hold, *, success_url: str, cancel_url: str) -> str | None:
    """The address of the payment page; None: still preparing, ask again.

    Must not be called inside a transaction: it speaks to Stripe once, and what it wrote down must outlive that.
    """
    if not _know_customer(hold.payer):
        return None
    with transaction.atomic(durable=True):
        checkout = _live_checkout(hold) or _new_checkout(hold, success_url=success_url, cancel_url=cancel_url)
    if checkout.state == CheckoutState.PREPARING:
        sending.run(checkout.operation_id, patient=False)
        checkout.refresh_from_db()
    return checkout.url or None


def refresh_checkout(hold: Hold) -> Hold:
    """Ask Stripe whether the payment arrived, for the payer who comes back before the news does."""
    checkout = hold.checkouts.filter(state__in=[CheckoutState.OPEN, CheckoutState.PROCESSING]).first()
    if checkout is not None and hold.state == HoldState.AWAITING_PAYMENT:
        intent = _paid_intent(checkout)
        if intent is not None:
            with transaction.atomic():
                Hold.objects.select_for_update().get(pk=hold.pk)
                checkout.refresh_from_db()
                arrivals.payment_arrived(checkout, intent)
    hold.refresh_from_db()
    return hold


def _know_customer(payer: Account) -> bool:
    slot = f"customer:{payer.public_id}"
    with transaction.atomic(durable=True):
        payer.refresh_from_db(from_queryset=Account.objects.select_for_update())
        if payer.stripe_customer_id:
            return True
        operation = Operation.objects.filter(slot=slot, state__in=LIVE_OPERATIONS).first() or outbox.put(
            "customer.create",
            {"name": payer.name, "email": payer.email, "metadata": {"account": payer.public_id}},
            slot=slot,
            account=payer,
        )
    sending.run(operation.pk, patient=False)
    payer.refresh_from_db()
    return bool(payer.stripe_customer_id)


def _live_checkout(hold: Hold) -> Checkout | None:
    """The page that is open already. Locks the hold; raises Conflict when there is nothing to pay any more."""
    hold.refresh_from_db(from_queryset=Hold.objects.select_for_update())
    if hold.is_secured:
        raise Conflict("already_paid", "This is paid already.", state=hold.state)
    if hold.state == HoldState.EXPIRED or hold.due_at <= timezone.now():
        raise Conflict("hold_expired", "The time to pay is over.", state=hold.state)
    checkout = hold.checkouts.live().order_by("-pk").first()
    if checkout is None:
        return None
    if checkout.state == CheckoutState.PROCESSING:
        raise Conflict("payment_on_its_way", "Your payment is on its way from the bank. This can take some days.")
    return checkout if checkout.expires_at > timezone.now() + STILL_OPEN else None


def _new_checkout(hold: Hold, *, success_url: str, cancel_url: str) -> Checkout:
    now = timezone.now()
    expires_at = now + min(max(hold.due_at - now, SHORTEST), LONGEST)
    params = {
        "mode": "payment",
        "customer": hold.payer.stripe_customer_id,
        "client_reference_id": hold.public_id,
        "line_items": _lines(hold),
        "success_url": success_url,
        "cancel_url": cancel_url,
        "expires_at": int(expires_at.timestamp()),
        "metadata": {"hold": hold.public_id},
        "payment_intent_data": {
            "description": hold.description,
            "transfer_group": hold.public_id,
            "metadata": {"hold": hold.public_id},
        },
    }
    operation = outbox.put("checkout_session.create", params, slot=f"checkout:{hold.public_id}", hold=hold)
    return Checkout.objects.create(hold=hold, operation=operation, expires_at=expires_at)


def _lines(hold: Hold) -> list[dict[str, Any]]:
    wanted = [(hold.description, hold.amount), ("Platform fee", hold.fee)]
    return [
        {
            "quantity": 1,
            "price_data": {
                "currency": hold.currency.lower(),
                "unit_amount": amounts.to_stripe(money),
                "product_data": {"name": name},
            },
        }
        for name, money in wanted
        if money
    ]


def _paid_intent(checkout: Checkout) -> dict[str, Any] | None:
    session = gateway.call("checkout_session.retrieve", {"id": checkout.stripe_id}, key=None, patient=False)
    if not isinstance(session, gateway.Success) or session.data.get("payment_status") != "paid":
        return None
    wanted = {"id": session.data["payment_intent"], "expand": readers.WITH_BALANCE}
    intent = gateway.call("payment_intent.retrieve", wanted, key=None, patient=False)
    if not isinstance(intent, gateway.Success) or intent.data.get("status") != "succeeded":
        return None
    return intent.data
