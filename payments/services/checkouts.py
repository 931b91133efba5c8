"""The payer's way to the hosted payment page: for a hold, or into a wallet."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from marketplace.kit.errors import Conflict, Invalid
from marketplace.kit.money import Money
from payments import amounts, gateway
from payments.models import Account, Checkout, Hold, Operation, Wallet
from payments.settlement import arrivals, outbox, readers, sending
from payments.settlement.locks import lock_purpose, lock_wallet
from payments.states import LIVE_OPERATIONS, CheckoutState, HoldState, WalletState

SHORTEST = timedelta(minutes=31)  # Stripe takes 30 minutes to 24 hours
LONGEST = timedelta(hours=23, minutes=30)
STILL_OPEN = timedelta(minutes=1)


def checkout_url(hold: Hold, *, success_url: str, cancel_url: str) -> str | None:
    """The address of the payment page for a hold; None: still preparing, ask again.

    Must not be called inside a transaction: it speaks to Stripe once, and what it wrote down must outlive that.
    """
    if not _know_customer(hold.payer):
        return None
    with transaction.atomic(durable=True):
        checkout = _live_checkout(hold)
        if checkout is None:
            until = min(max(hold.due_at - timezone.now(), SHORTEST), LONGEST)
            wanted = [(hold.description, hold.amount), ("Platform fee", hold.fee)]
            checkout = _new_checkout(hold, wanted, until=until, success_url=success_url, cancel_url=cancel_url)
    return _opened(checkout)


def wallet_url(wallet: Wallet, amount: Money, *, success_url: str, cancel_url: str) -> str | None:
    """The address of a page on which ``amount`` is paid into a wallet; None: still preparing, ask again.

    A page that is open for another amount is closed. Must not be called inside a transaction, as above.
    """
    if amount.currency != wallet.currency:
        wrong = f"This wallet is kept in {wallet.currency}."
        raise Invalid.at("amount", "bad_amount", wrong)
    amounts.check_charge(amount)
    if not _know_customer(wallet.payer):
        return None
    with transaction.atomic(durable=True):
        checkout = _live_page(wallet, amount)
        if checkout is None:
            wanted = [(wallet.description, amount)]
            checkout = _new_checkout(wallet, wanted, until=LONGEST, success_url=success_url, cancel_url=cancel_url)
    return _opened(checkout)


def refresh_checkout(purpose: Hold | Wallet) -> None:
    """Ask Stripe whether the payment arrived, for the payer who comes back before the news does."""
    waiting = purpose.checkouts.filter(state__in=[CheckoutState.OPEN, CheckoutState.PROCESSING])
    for checkout in waiting.select_related("hold", "wallet"):
        intent = _paid_intent(checkout)
        if intent is not None:
            with transaction.atomic():
                lock_purpose(checkout)
                checkout.refresh_from_db()
                arrivals.payment_arrived(checkout, intent)
    purpose.refresh_from_db()


def _opened(checkout: Checkout) -> str | None:
    if checkout.state == CheckoutState.PREPARING:
        sending.run(checkout.operation_id, patient=False)
        checkout.refresh_from_db()
    return checkout.url or None


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


def _live_page(wallet: Wallet, amount: Money) -> Checkout | None:
    """The page that is open already for this amount. Locks the wallet; raises Conflict when it is closed."""
    lock_wallet(wallet.pk)
    wallet.refresh_from_db()
    if wallet.state == WalletState.CLOSED:
        raise Conflict("wallet_closed", "This wallet is closed.", state=wallet.state)
    usable = wallet.checkouts.filter(
        state__in=[CheckoutState.PREPARING, CheckoutState.OPEN], expires_at__gt=timezone.now() + STILL_OPEN
    )
    same = usable.filter(total_minor=amount.minor).order_by("-pk").first()
    if same is None:
        arrivals.close_all(wallet)
    return same


def _new_checkout(
    purpose: Hold | Wallet, wanted: list[tuple[str, Money]], *, until: timedelta, success_url: str, cancel_url: str
) -> Checkout:
    hold, wallet = (purpose, None) if isinstance(purpose, Hold) else (None, purpose)
    expires_at = timezone.now() + until
    marked = {"purpose": purpose.public_id}
    params = {
        "mode": "payment",
        "customer": purpose.payer.stripe_customer_id,
        "client_reference_id": purpose.public_id,
        "line_items": [_line(name, money) for name, money in wanted if money],
        "success_url": success_url,
        "cancel_url": cancel_url,
        "expires_at": int(expires_at.timestamp()),
        "metadata": marked,
        "payment_intent_data": {
            "description": purpose.description,
            "transfer_group": purpose.public_id,
            "metadata": marked,
        },
    }
    # A wallet may be filled by several pages one after another; a hold has one at a time.
    slot = f"checkout:{purpose.public_id}" if hold else ""
    operation = outbox.put("checkout_session.create", params, slot=slot, hold=hold, wallet=wallet)
    return Checkout.objects.create(
        hold=hold,
        wallet=wallet,
        operation=operation,
        expires_at=expires_at,
        total_minor=sum(money.minor for _, money in wanted),
        currency=wanted[0][1].currency,
    )


def _line(name: str, money: Money) -> dict[str, Any]:
    return {
        "quantity": 1,
        "price_data": {
            "currency": money.currency.lower(),
            "unit_amount": amounts.to_stripe(money),
            "product_data": {"name": name},
        },
    }


def _paid_intent(checkout: Checkout) -> dict[str, Any] | None:
    session = gateway.call("checkout_session.retrieve", {"id": checkout.stripe_id}, key=None, patient=False)
    if not isinstance(session, gateway.Success) or session.data.get("payment_status") != "paid":
        return None
    wanted = {"id": session.data["payment_intent"], "expand": readers.WITH_BALANCE}
    intent = gateway.call("payment_intent.retrieve", wanted, key=None, patient=False)
    if not isinstance(intent, gateway.Success) or intent.data.get("status") != "succeeded":
        return None
    return intent.data
