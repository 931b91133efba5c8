"""The life of a hold: opened, expired, frozen, released, refunded."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from marketplace.kit.errors import Conflict, Invalid
from marketplace.kit.later import later
from marketplace.kit.money import Money
from marketplace.trust.services import reason_given, record
from marketplace.users.models import User
from payments import amounts, tasks
from payments.fees import division, platform_fee, split
from payments.models import Account, Checkout, Hold, Refund, Share, Transfer, Wallet
from payments.services.wallets import return_left
from payments.settlement import arrivals, drawing, refunds, releases
from payments.settlement.locks import lock_purpose, lock_wallet
from payments.signals import hold_expired
from payments.states import CALLER, HOLD, AccountKind, CheckoutState, HoldState, RefundState, WalletState


@transaction.atomic
def open_hold(
    *,
    payer: Account,
    payee: Account,
    amount: Money,
    reference: str,
    description: str,
    due_at: datetime,
    shares: Sequence[tuple[Account, int]] = (),
) -> Hold:
    """The payer owes ``amount`` for the payee and our fee on top, to be paid by ``due_at``.

    ``shares`` divides the amount among several payees by weight; the payee is the first of them and gets what
    rounding leaves over.
    """
    if payer.kind != AccountKind.PAYER or {payee.kind, *(one.kind for one, _ in shares)} != {AccountKind.PAYEE}:
        raise Invalid("wrong_accounts", "A payer pays a payee.")
    if shares and shares[0][0] != payee:
        raise Invalid("wrong_accounts", "The payee is the first who gets a share.")
    if amount.minor <= 0:
        raise Invalid.at("amount", "not_positive", "The amount must be more than zero.")
    fee = platform_fee(amount)
    amounts.to_stripe(amount)  # what the payee gets is sent as one sum, too
    amounts.check_charge(amount + fee)
    if due_at <= timezone.now():
        raise Invalid("due_in_the_past", "The time to pay must be in the future.")
    hold = Hold.objects.create(
        payer=payer, payee=payee, amount_minor=amount.minor, fee_minor=fee.minor, currency=amount.currency,
        reference=reference[:64], description=description[:200], due_at=due_at,
    )  # fmt: skip
    _share_out(hold, shares)
    return hold


def _share_out(hold: Hold, shares: Sequence[tuple[Account, int]]) -> None:
    if not shares:
        return
    parts = split(hold.amount, [weight for _, weight in shares])
    if not all(parts):
        raise Invalid.at("amount", "share_too_small", "The amount is too small to be divided like this.")
    Share.objects.bulk_create(
        Share(hold=hold, payee=payee, amount_minor=part.minor) for (payee, _), part in zip(shares, parts, strict=True)
    )


@transaction.atomic
def prolong(hold: Hold, *, due_at: datetime) -> Hold:
    """The payer has longer to pay, never shorter. Raises Conflict when it is paid or over."""
    _lock(hold)
    if hold.state != HoldState.AWAITING_PAYMENT:
        raise Conflict("not_waiting", "This does not wait for a payment.", state=hold.state)
    if due_at > hold.due_at:
        hold.due_at = due_at
        hold.save(update_fields=["due_at", "updated_at"])
    return hold


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
def release(hold: Hold, *, earned: tuple[Money, Money] | None = None) -> Transfer:
    """What is left of the secured payment goes to the payee, and our fee is earned. Returns the (first) transfer.

    ``earned`` is the payee's part and our fee on it when the rest is the payer's: so much of it goes out as has not.
    """
    _lock(hold)
    HOLD.apply(hold, "release", [CALLER])
    amount, fee = hold.left() if earned is None else hold.left_of(*earned)
    if not amount:
        raise Conflict("nothing_left", "The payee has had their part of this.", state=hold.state)
    return _send_on(hold, amount, fee)


@transaction.atomic
def divide(hold: Hold, *, to_payee: Money, reason: str) -> None:
    """The payee gets ``to_payee`` of what is left, the payer the rest; our fee is earned and returned in proportion."""
    _lock(hold)
    left, fee_left = hold.left()
    if to_payee.currency != hold.currency or not 0 <= to_payee.minor <= left.minor:
        raise Invalid.at("amount", "share_out_of_range", f"Between nothing and {left} can go to the payee.")
    if not to_payee:
        refund(hold, reason=reason)
        return
    HOLD.apply(hold, "release", [CALLER])
    rest = left - to_payee
    earned, returned = division(left, fee_left, to_payee=to_payee)
    if rest:
        _send_back(hold, rest, returned, reason)
    _send_on(hold, to_payee, earned)


@transaction.atomic
def refund(hold: Hold, *, amount: Money | None = None, reason: str) -> Refund:
    """The payer gets ``amount`` of the payee's money back, and the same share of the fee; everything without it."""
    _lock(hold)
    if hold.state in {HoldState.RELEASING, HoldState.RELEASED}:
        raise Conflict("already_released", "The money was released already.", state=hold.state)
    HOLD.find(hold.state, "refund", [CALLER])
    left, fee_left = hold.left()
    amount = left if amount is None else amount
    if amount.currency != hold.currency or not 0 < amount.minor <= left.minor:
        raise Invalid.at("amount", "refund_out_of_range", f"Between the smallest coin and {left} can be refunded.")
    if amount == left:
        fee = fee_left
        HOLD.apply(hold, "refund", [CALLER])
    else:
        fee, _ = split(fee_left, [amount.minor, left.minor - amount.minor])
    return _send_back(hold, amount, fee, reason)


@transaction.atomic
def refund_again(failed: Refund, *, reason: str, by: User) -> Refund:
    """A refund that the bank sent back, or Stripe refused, is tried once more as a new one."""
    reason = reason_given(reason)
    lock_purpose(failed)
    failed.refresh_from_db()
    record(act="refund.again", thing=failed, by=by, reason=reason)
    if failed.state not in {RefundState.REFUSED, RefundState.FAILED} or failed.checkout is None or failed.dispute_id:
        raise Conflict("refund_stands", "This refund stands.", state=failed.state)
    if Refund.objects.filter(again_of=failed).exists():
        raise Conflict("tried_again_already", "This refund was tried again already; look at that one.")
    made = _make_again(failed, Money(failed.amount_minor, failed.currency), Money(failed.fee_minor, failed.currency))
    made.again_of = failed
    made.save(update_fields=["again_of", "updated_at"])
    return made


def _make_again(failed: Refund, amount: Money, fee: Money) -> Refund:
    """The same once more, out of what is still there for it; from a hold only as any other refund of it."""
    hold, checkout = failed.hold, failed.checkout
    assert checkout is not None, "only what was sent can have failed"
    if hold is not None and not failed.late and not failed.after_release:
        if hold.state not in {HoldState.RELEASING, HoldState.RELEASED}:
            return refund(hold, amount=amount, reason=failed.reason)
        left, fee_left = hold.left()
        if left < amount or fee_left < fee:
            raise Conflict("nothing_left", "The money of this refund has gone on.", state=hold.state)
    elif failed.wallet is not None and not failed.late:
        _must_be_left(failed.wallet, checkout, amount + fee)
    made = refunds.reserve(
        checkout, amount=amount, fee=fee, reason=failed.reason, late=failed.late, after_release=failed.after_release
    )
    later(tasks.run_operation, operation_id=made.operation_id)
    return made


def _must_be_left(wallet: Wallet, checkout: Checkout, money: Money) -> None:
    """Of one payment into a wallet no more goes back than was not drawn or returned."""
    left = dict(drawing.free_of_payments(wallet)).get(checkout, Money(0, money.currency))
    if left < money:
        raise Conflict("nothing_left", f"Only {left} of this payment is left to return.")


def _send_on(hold: Hold, amount: Money, fee: Money) -> Transfer:
    made = releases.reserve(hold, amount=amount, fee=fee)
    for transfer in made:
        if transfer.operation_id:
            later(tasks.run_operation, operation_id=transfer.operation_id)
    return made[0]


def _send_back(hold: Hold, amount: Money, fee: Money, reason: str) -> Refund:
    """Through the payment that paid for it, or into the wallet that did; a closed wallet passes it on."""
    if hold.wallet is None:
        paid = hold.checkouts.get(state=CheckoutState.PAID)
        paid.hold = hold
        made = refunds.reserve(paid, amount=amount, fee=fee, reason=reason)
        later(tasks.run_operation, operation_id=made.operation_id)
        return made
    lock_wallet(hold.wallet_id)
    hold.wallet.refresh_from_db()
    made = refunds.into_wallet(hold, amount=amount, fee=fee, reason=reason)
    if hold.wallet.state == WalletState.CLOSED:
        return_left(hold.wallet, reason=reason)
    return made


def _lock(hold: Hold) -> None:
    """Keep the row until the transaction ends, and see what happened meanwhile."""
    hold.refresh_from_db(from_queryset=Hold.objects.select_for_update())
