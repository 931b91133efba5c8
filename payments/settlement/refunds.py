"""Refunds: reserved when decided, confirmed, refused, or failed at the payer's bank much later."""

from typing import Any

from django.utils import timezone

from marketplace.kit.money import Money
from payments import amounts, gateway, ledger
from payments.models import Checkout, Hold, Operation, Refund
from payments.settlement import outbox
from payments.signals import hold_refunded
from payments.states import BANK, HOLD, REFUND, Chart, HoldState, RefundState


def reserve(checkout: Checkout, *, amount: Money, fee: Money, reason: str, late: bool = False) -> Refund:
    """Set the money aside for its way back and write the refund into the outbox."""
    hold = checkout.hold
    total = amount + fee
    operation = outbox.put(
        "refund.create",
        {
            "payment_intent": checkout.payment_intent,
            "amount": amounts.to_stripe(total),
            "reason": "requested_by_customer",
            "metadata": {"hold": hold.public_id},
        },
        # A late payment's refund has its own slot: it never stands in the way of the hold's own.
        slot=f"refund:{checkout.public_id if late else hold.public_id}",
        hold=hold,
    )
    refund = Refund.objects.create(
        hold=hold, checkout=checkout, operation=operation, amount_minor=amount.minor, fee_minor=fee.minor,
        currency=hold.currency, reason=reason[:300], late=late,
    )  # fmt: skip
    ledger.post(
        [
            ledger.debit(Chart.HOLD, total, hold.public_id),
            ledger.credit(Chart.REFUNDING, total, hold.public_id),
        ],
        key=f"refund:{refund.public_id}:reserve",
        kind="refund_reserved",
        hold=hold,
    )
    return refund


def succeeded(operation: Operation, data: dict[str, Any]) -> None:
    """Stripe has taken the refund on. Whether it has our money already, its own news will say."""
    if data.get("status") in {"failed", "canceled"}:
        refused(operation, gateway.Refused(data.get("failure_reason") or "refund_failed", "The refund failed."))
        return
    refund = Refund.objects.select_related("hold").get(operation=operation)
    refund.stripe_id = data["id"]
    refund.save(update_fields=["stripe_id", "updated_at"])
    follow(refund, data)


def follow(refund: Refund, data: dict[str, Any]) -> None:
    """Take over how the refund stands at Stripe. Only ever moves forward. The hold is locked by the caller."""
    if data.get("status") in {"failed", "canceled"}:
        failed(refund, data.get("failure_reason") or str(data["status"]))
    elif refund.state == RefundState.SENDING and data.get("balance_transaction"):
        _confirm(refund, data)


def _confirm(refund: Refund, data: dict[str, Any]) -> None:
    """Stripe took the money from our balance. Until then (it may wait until our balance suffices) we have it."""
    REFUND.apply(refund, "succeed", [BANK], confirmed_at=timezone.now())
    ledger.post(
        [
            ledger.debit(Chart.REFUNDING, refund.total, refund.hold.public_id),
            ledger.credit(Chart.STRIPE, refund.total),
        ],
        key=f"refund:{refund.public_id}:confirm",
        kind="refund_confirmed",
        hold=refund.hold,
        source=str(data.get("balance_transaction") or ""),
    )
    if refund.late:
        return
    if refund.hold.state == HoldState.REFUNDING:
        HOLD.apply(refund.hold, "confirm_refund", [BANK], closed_at=refund.confirmed_at)
    hold_refunded.send(sender=Hold, hold=refund.hold, refund=refund)


def refused(operation: Operation, refusal: gateway.Refused) -> None:
    """Stripe said no: the money is back in the hold, and a person is told by the admin's list."""
    refund = Refund.objects.select_related("hold").get(operation=operation)
    REFUND.apply(refund, "refuse", [BANK], refusal=f"{refusal.code}: {refusal.message}"[:300])
    name = f"refund:{refund.public_id}"
    ledger.mirror(f"{name}:refuse", of=f"{name}:reserve", kind="refund_refused")
    _reopen(refund)


def failed(refund: Refund, reason: str) -> None:
    """The payer's bank sent the refund back, or it never left: it is ours again, and still owed."""
    if refund.state not in {RefundState.SENDING, RefundState.SUCCEEDED}:
        return
    had_left = refund.state == RefundState.SUCCEEDED
    REFUND.apply(refund, "fail", [BANK], refusal=reason[:300])
    ledger.post(
        [
            ledger.debit(Chart.STRIPE, refund.total)
            if had_left
            else ledger.debit(Chart.REFUNDING, refund.total, refund.hold.public_id),
            ledger.credit(Chart.HOLD, refund.total, refund.hold.public_id),
        ],
        key=f"refund:{refund.public_id}:fail",
        kind="refund_failed",
        hold=refund.hold,
    )
    _reopen(refund)


def _reopen(refund: Refund) -> None:
    if not refund.late and refund.hold.state in {HoldState.REFUNDING, HoldState.REFUNDED}:
        HOLD.apply(refund.hold, "refuse_refund", [BANK], closed_at=None)
