"""The life of a hold: opened, expired, frozen, released, refunded."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from marketplace.kit.errors import Conflict, Invalid
from marketplace.kit.later import later
from marketplace.kit.money import Money
from marketplace.trust.services import record
from marketplace.users.models import User
from payments import amounts, tasks
from payments.fees import platform_fee, split
from payments.models import Account, Hold, Refund, Transfer
from payments.settlement import arrivals, refunds, releases
from payments.signals import hold_expired
from payments.states import CALLER, HOLD, AccountKind, CheckoutState, HoldState, RefundState


def open_hold(
    *, payer: Account, payee: Account, amount: Money, reference: str, description: str, due_at: datetime
) -> Hold:
    """The payer owes ``amount`` for the payee and our fee on top, to be paid by ``due_at``."""
    if payer.kind != AccountKind.PAYER or payee.kind != AccountKind.PAYEE:
        raise Invalid("wrong_accounts", "A payer pays a payee.")
    if amount.minor <= 0:
        raise _bad_amount("not_positive", "The amount must be more than zero.")
    fee = platform_fee(amount)
    amounts.to_stripe(amount)  # what the payee gets is sent as one sum, too
    amounts.check_charge(amount + fee)
    if due_at <= timezone.now():
        raise Invalid("due_in_the_past", "The time to pay must be in the future.")
    return Hold.objects.create(
        payer=payer, payee=payee, amount_minor=amount.minor, fee_minor=fee.minor, currency=amount.currency,
        reference=reference[:64], description=description[:200], due_at=due_at,
    )  # fmt: skip


@transaction.atomic
def expire_hold(hold: Hold) -> Hold:
    """Nobody paid in time, or the reason to pay is gone. A payment that comes later is written down and sent back."""
    _lock(hold)
    if hold.state == HoldState.EXPIRED:
        return hold
    if hold.checkouts.filter(state=CheckoutState.PROCESSING).exists():
        raise Conflict("payment_on_its_way", "A payment is on its way from the bank.")
    HOLD.apply(hold, "expire", [CALLER], closed_at=timezone.now())
    arrivals.close_all(hold)
    hold_expired.send(sender=Hold, hold=hold)
    return hold


@transaction.atomic
def freeze(hold: Hold) -> Hold:
    """Nobody gets the secured money until it is unfrozen."""
    _lock(hold)
    HOLD.apply(hold, "freeze", [CALLER])
    return hold


@transaction.atomic
def unfreeze(hold: Hold) -> Hold:
    """The secured money can move again."""
    _lock(hold)
    HOLD.apply(hold, "unfreeze", [CALLER])
    return hold


@transaction.atomic
def release(hold: Hold) -> Transfer:
    """What is left of the secured payment goes to the payee, and our fee is earned."""
    _lock(hold)
    HOLD.apply(hold, "release", [CALLER])
    amount, fee = _left(hold)
    transfer = releases.reserve(hold, amount=amount, fee=fee)
    if transfer.operation_id:
        later(tasks.run_operation, operation_id=transfer.operation_id)
    return transfer


@transaction.atomic
def refund(hold: Hold, *, amount: Money | None = None, reason: str) -> Refund:
    """The payer gets ``amount`` of the payee's money back, and the same share of the fee; everything without it."""
    _lock(hold)
    if hold.state in {HoldState.RELEASING, HoldState.RELEASED}:
        raise Conflict("already_released", "The money was released already.", state=hold.state)
    HOLD.find(hold.state, "refund", [CALLER])
    left, fee_left = _left(hold)
    amount = left if amount is None else amount
    if amount.currency != hold.currency or not 0 < amount.minor <= left.minor:
        raise _bad_amount("refund_out_of_range", f"Between the smallest coin and {left} can be refunded.")
    paid = hold.checkouts.get(state=CheckoutState.PAID)
    if amount == left:
        fee = fee_left
        HOLD.apply(hold, "refund", [CALLER])
    else:
        fee, _ = split(fee_left, [amount.minor, left.minor - amount.minor])
    paid.hold = hold
    made = refunds.reserve(paid, amount=amount, fee=fee, reason=reason)
    later(tasks.run_operation, operation_id=made.operation_id)
    return made


@transaction.atomic
def refund_again(failed: Refund, *, reason: str, by: User) -> Refund:
    """A refund that the bank sent back, or Stripe refused, is tried once more as a new one."""
    if not reason.strip():
        raise Invalid("reason_missing", "Please give a reason.", fields={"reason": ["Please fill this in."]})
    _lock(failed.hold)
    failed.refresh_from_db()
    record(act="refund.again", thing=failed, by=by, reason=reason.strip())
    if failed.state not in {RefundState.REFUSED, RefundState.FAILED}:
        raise Conflict("refund_stands", "This refund stands.", state=failed.state)
    amount, fee = Money(failed.amount_minor, failed.currency), Money(failed.fee_minor, failed.currency)
    if not failed.late:
        return refund(failed.hold, amount=amount, reason=failed.reason)
    made = refunds.reserve(failed.checkout, amount=amount, fee=fee, reason=failed.reason, late=True)
    later(tasks.run_operation, operation_id=made.operation_id)
    return made


def _lock(hold: Hold) -> None:
    """Keep the row until the transaction ends, and see what happened meanwhile."""
    hold.refresh_from_db(from_queryset=Hold.objects.select_for_update())


def _left(hold: Hold) -> tuple[Money, Money]:
    """What of the payee's amount and of the fee has not gone back."""
    gone: dict[str, Any] = hold.refunds.standing().aggregate(amount=Sum("amount_minor"), fee=Sum("fee_minor"))
    return (
        hold.amount - Money(gone["amount"] or 0, hold.currency),
        hold.fee - Money(gone["fee"] or 0, hold.currency),
    )


def _bad_amount(code: str, message: str) -> Invalid:
    return Invalid(code, message, fields={"amount": [message]})
