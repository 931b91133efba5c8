"""Refunds: reserved when decided, confirmed, refused, or failed at the payer's bank much later."""

from typing import Any

from django.utils import timezone

from marketplace.kit.money import Money
from payments import gateway, ledger
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
            "amount": total.minor,
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


def sent(operation: Operation, data: dict[str, Any]) -> None:
    """Stripe has taken the refund on. It leaves our balance at once, or as soon as there is enough in it."""
    refund = Refund.objects.select_related("hold").get(operation=operation)
    refund.stripe_id = data["id"]
    refund.save(update_fields=["stripe_id", "updated_at"])
    follow(refund, data)


def follow(refund: Refund, data: dict[str, Any]) -> None:
    """Take over how the refund stands at Stripe; the hold is locked by the caller. Only ever moves forward.

    What has moved our balance there has a balance transaction, and is booked with it: out, and back when it failed.
    """
    if refund.state == RefundState.SENDING and data.get("balance_transaction"):
        _leave(refund, str(data["balance_transaction"]))
    if data.get("status") not in {"failed", "canceled"}:
        return
    reason = data.get("failure_reason") or str(data["status"])
    if refund.state == RefundState.SENDING:
        _take_back(refund, f"{reason}: The refund failed.")
    elif refund.state == RefundState.SUCCEEDED and data.get("failure_balance_transaction"):
        _come_back(refund, reason, str(data["failure_balance_transaction"]))


def refused(operation: Operation, refusal: gateway.Refused) -> None:
    """Stripe said no: the money is back in the hold, and a person is told by the admin's list."""
    refund = Refund.objects.select_related("hold").get(operation=operation)
    _take_back(refund, f"{refusal.code}: {refusal.message}")


def _leave(refund: Refund, line: str) -> None:
    """The money has left our balance."""
    REFUND.apply(refund, "succeed", [BANK], confirmed_at=timezone.now())
    ledger.post(
        [
            ledger.debit(Chart.REFUNDING, refund.total, refund.hold.public_id),
            ledger.credit(Chart.STRIPE, refund.total),
        ],
        key=f"refund:{refund.public_id}:confirm",
        kind="refund_confirmed",
        hold=refund.hold,
        source=line,
    )
    if refund.late:
        return
    if refund.hold.state == HoldState.REFUNDING:
        HOLD.apply(refund.hold, "confirm_refund", [BANK], closed_at=refund.confirmed_at)
    hold_refunded.send(sender=Hold, hold=refund.hold, refund=refund)


def _take_back(refund: Refund, why: str) -> None:
    """It never left our balance: the reserve is mirrored."""
    REFUND.apply(refund, "refuse", [BANK], refusal=why[:300])
    name = f"refund:{refund.public_id}"
    ledger.mirror(f"{name}:refuse", of=f"{name}:reserve", kind="refund_refused")
    _reopen(refund)


def _come_back(refund: Refund, reason: str, line: str) -> None:
    """The payer's bank sent the refund back: it is ours again, and still owed."""
    REFUND.apply(refund, "fail", [BANK], refusal=reason[:300])
    ledger.post(
        [
            ledger.debit(Chart.STRIPE, refund.total),
            ledger.credit(Chart.HOLD, refund.total, refund.hold.public_id),
        ],
        key=f"refund:{refund.public_id}:fail",
        kind="refund_failed",
        hold=refund.hold,
        source=line,
    )
    _reopen(refund)


def _reopen(refund: Refund) -> None:
    if not refund.late and refund.hold.state in {HoldState.REFUNDING, HoldState.REFUNDED}:
        HOLD.apply(refund.hold, "refuse_refund", [BANK], closed_at=None)
