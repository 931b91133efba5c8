"""Payments coming in: sessions that open and close, and money that arrives in time, twice, or too late."""

from typing import Any

from django.utils import timezone

from marketplace.kit.errors import Invalid
from marketplace.kit.money import Money
from payments import amounts, gateway, ledger
from payments.models import Checkout, Hold, Operation, Wallet
from payments.settlement import outbox, refunds
from payments.signals import checkout_returned_late, debit_bounced, hold_secured, wallet_filled
from payments.states import BANK, CHECKOUT, HOLD, Chart, CheckoutState, HoldState, WalletState


class NotYet(Exception):
    """Stripe speaks of something that is not complete, or that we do not know yet: ask again later."""


class Puzzling(Exception):
    """Stripe says something that must not be: a person has to look."""


def session_opened(operation: Operation, data: dict[str, Any]) -> None:
    """The hosted payment page exists."""
    checkout = Checkout.objects.get(operation=operation)
    if checkout.state == CheckoutState.PREPARING:
        CHECKOUT.apply(checkout, "open", [BANK], stripe_id=data["id"], url=data.get("url") or "")
    if _is_over(checkout):
        close(checkout)


def session_refused(operation: Operation, refusal: gateway.Refused) -> None:
    """Stripe did not make the page; the next ask makes a new one."""
    CHECKOUT.apply(Checkout.objects.get(operation=operation), "fail", [BANK])


def session_closed(operation: Operation, data: dict[str, Any]) -> None:
    """The page takes no payment any more."""
    follow_session(data)


def session_not_closed(operation: Operation, refusal: gateway.Refused) -> None:
    """It was paid or closed meanwhile: its own event tells which."""


def close(checkout: Checkout) -> None:
    """Ask Stripe to close the payment page."""
    if checkout.state == CheckoutState.OPEN and checkout.stripe_id:
        wanted = {"id": checkout.stripe_id}
        outbox.put("checkout_session.expire", wanted, hold=checkout.hold, wallet=checkout.wallet)


def close_all(purpose: Hold | Wallet) -> None:
    """No page for this takes a payment any more."""
    for checkout in purpose.checkouts.filter(state=CheckoutState.OPEN).select_related("hold", "wallet"):
        close(checkout)


def follow_session(data: dict[str, Any]) -> None:
    """Take over how an unpaid session stands: closed, failed, or a bank debit on its way."""
    checkout = Checkout.objects.filter(stripe_id=data["id"]).first()
    if checkout is None:
        raise NotYet(f"no checkout {data['id']}")
    unpaid = data.get("payment_status") != "paid"
    if data.get("status") == "expired" and checkout.state in {CheckoutState.PREPARING, CheckoutState.OPEN}:
        CHECKOUT.apply(checkout, "expire", [BANK])
    if data.get("status") == "complete" and unpaid and checkout.state in {CheckoutState.PREPARING, CheckoutState.OPEN}:
        CHECKOUT.apply(checkout, "wait", [BANK], payment_intent=data.get("payment_intent"))


def debit_failed(data: dict[str, Any]) -> None:
    """A bank debit did not come through: the payer may try again."""
    checkout = Checkout.objects.filter(stripe_id=data["id"]).first()
    if checkout is None:
        raise NotYet(f"no checkout {data['id']}")
    if checkout.state in {CheckoutState.PREPARING, CheckoutState.OPEN, CheckoutState.PROCESSING}:
        CHECKOUT.apply(checkout, "fail", [BANK])
        debit_bounced.send(sender=Checkout, checkout=checkout)


def payment_arrived(checkout: Checkout, intent: dict[str, Any]) -> None:
    """The money is here. It secures the hold or fills the wallet; where that is over or paid already, it is written
    down and sent back.

    The hold or wallet is locked by the caller. Running twice changes nothing.
    """
    if checkout.state in {CheckoutState.PAID, CheckoutState.RETURNED}:
        return
    checkout.purpose.refresh_from_db()
    in_time = not _is_over(checkout)
    _write_down(checkout, intent, in_time=in_time)
    if not in_time:
        _send_back(checkout)
    elif checkout.hold is not None:
        HOLD.apply(checkout.hold, "secure", [BANK], secured_at=checkout.paid_at)
        close_all(checkout.hold)
        hold_secured.send(sender=Hold, hold=checkout.hold)
    else:
        wallet_filled.send(sender=Wallet, wallet=checkout.wallet, checkout=checkout)


def _send_back(checkout: Checkout) -> None:
    hold = checkout.hold
    amount, fee = (hold.amount, hold.fee) if hold else (checkout.total, Money(0, checkout.currency))
    refund = refunds.reserve(checkout, amount=amount, fee=fee, reason="paid too late or twice", late=True)
    checkout_returned_late.send(sender=Checkout, checkout=checkout, refund=refund)


def _write_down(checkout: Checkout, intent: dict[str, Any], *, in_time: bool) -> None:
    charge = intent.get("latest_charge")
    line = charge.get("balance_transaction") if isinstance(charge, dict) else None
    if not isinstance(charge, dict) or not isinstance(line, dict):
        raise NotYet(f"{intent['id']} has no balance transaction yet")
    net, fee = _check(checkout, intent, line)
    CHECKOUT.apply(
        checkout,
        "pay" if in_time else "give_back",
        [BANK],
        payment_intent=intent["id"],
        charge=charge["id"],
        method=(charge.get("payment_method_details") or {}).get("type") or "",
        processing_minor=fee.minor,
        paid_at=timezone.now(),
    )
    ledger.post(
        [
            ledger.debit(Chart.STRIPE, net),
            ledger.debit(Chart.PROCESSING, fee),
            ledger.credit(refunds.kept_on(checkout), checkout.total, checkout.purpose.public_id),
        ],
        key=f"charge:{charge['id']}",
        kind="funded" if in_time else "paid_too_late",
        hold=checkout.hold,
        wallet=checkout.wallet,
        source=line["id"],
    )


def _check(checkout: Checkout, intent: dict[str, Any], line: dict[str, Any]) -> tuple[Money, Money]:
    """What the payment left us and what its processing took. Raises Puzzling when it is not what was asked for."""
    received = (intent.get("amount_received"), str(intent.get("currency")).upper())
    settled = (line["amount"], str(line["currency"]).upper())
    wanted = (amounts.to_stripe(checkout.total), checkout.currency)
    for units, currency in (received, settled):
        if (units, currency) != wanted:
            raise Puzzling(f"{intent['id']} brought {units} {currency}, not {wanted[0]} {wanted[1]}")
    try:
        return amounts.from_stripe(line["net"], checkout.currency), amounts.from_stripe(line["fee"], checkout.currency)
    except Invalid as error:
        raise Puzzling(f"{intent['id']}: {error.message}") from error


def _is_over(checkout: Checkout) -> bool:
    """The hold is not waiting for this payment (any more), or the wallet is closed."""
    if checkout.hold_id:
        state = Hold.objects.values_list("state", flat=True).get(pk=checkout.hold_id)
        return state != HoldState.AWAITING_PAYMENT
    return Wallet.objects.filter(checkouts=checkout, state=WalletState.CLOSED).exists()
