"""Money wanted back: a refund after the release, and what payees owe because of it."""

from django.db import transaction
from django.utils import timezone

from marketplace.kit.errors import Conflict, Invalid
from marketplace.kit.later import later
from marketplace.kit.money import Money
from marketplace.trust.services import reason_given, record
from marketplace.users.models import User
from payments import ledger, tasks
from payments.fees import split
from payments.models import Claim, Dispute, Hold, Operation, Refund
from payments.services.wallets import return_left
from payments.settlement import drawing, reversals
from payments.settlement.locks import lock_hold, lock_wallet
from payments.signals import hold_taken_back
from payments.states import (
    ADMIN,
    CLAIM,
    LIVE_OPERATIONS,
    Chart,
    CheckoutState,
    ClaimState,
    DisputeState,
    HoldState,
    RefundState,
    WalletState,
)


@transaction.atomic
def take_back(hold: Hold, *, amount: Money | None = None, reason: str, by: User) -> Refund:
    """A released payment is refunded after all: the payer gets ``amount`` (all without it) and its share of our fee.

    The payees owe it. What their accounts hold is reversed first, then the refund goes out; the rest stays a claim.
    """
    lock_hold(hold.pk)
    lock_wallet(hold.wallet_id)
    hold.refresh_from_db()
    record(act="hold.take_back", thing=hold, by=by, reason=reason_given(reason))
    if hold.state != HoldState.RELEASED:
        raise Conflict("not_released", "Only a payment that was released can be taken back.", state=hold.state)
    _must_not_be_disputed(hold)
    there = reversals.released(hold)
    amount = there if amount is None else amount
    if amount.currency != hold.currency or not 0 < amount.minor <= there.minor:
        wrong = f"Between the smallest coin and {there} can be taken back."
        raise Invalid.at("amount", "take_back_out_of_range", wrong)
    refund = _prepare(hold, amount, _fee_of(hold, amount, there), reason)
    reversals.claim_from_payees(hold, amount, reason=reason, refund=refund)
    hold_taken_back.send(sender=Hold, hold=hold, refund=refund)
    if hold.wallet is None:
        reversals.send_refund(refund)
    elif hold.wallet.state == WalletState.CLOSED:
        return_left(hold.wallet, reason=reason)
    _ring(hold)
    return refund


@transaction.atomic
def recover_claim(claim: Claim, *, reason: str, by: User) -> None:
    """A person asks once more for what a payee's account holds by now."""
    lock_hold(claim.hold_id)
    claim.refresh_from_db()
    record(act="claim.recover", thing=claim, by=by, reason=reason_given(reason))
    if claim.state != ClaimState.OPEN:
        raise Conflict("claim_closed", "Nothing is owed here any more.", state=claim.state)
    if reversals.reverse(claim) is None:
        raise Conflict("nothing_there", "The payee's account holds nothing now.")
    _ring(claim.hold)


@transaction.atomic
def write_off_claim(claim: Claim, *, reason: str, by: User) -> Claim:
    """A person decides that we bear what a payee still owes."""
    lock_hold(claim.hold_id)
    claim.refresh_from_db()
    record(act="claim.write_off", thing=claim, by=by, reason=reason_given(reason))
    if Operation.objects.filter(slot=f"reversal:{claim.public_id}", state__in=LIVE_OPERATIONS).exists():
        raise Conflict("already_on_its_way", "Some of it is on its way back. Wait for that first.")
    left = claim.left
    CLAIM.apply(claim, "write_off", [ADMIN])
    ledger.post(
        [ledger.debit(Chart.DISPUTE_LOSS, left), ledger.credit(Chart.RECEIVABLE_PAYEE, left)],
        key=f"claim:{claim.public_id}:written_off",
        kind="claim_written_off",
        hold=claim.hold,
        account=claim.payee,
    )
    return claim


def _must_not_be_disputed(hold: Hold) -> None:
    """What the payer's bank has taken is not refunded as well: Stripe would refuse it."""
    about = Dispute.objects.about(hold)
    if about.undecided().exists():
        raise Conflict("disputed", "The payer's bank has taken this payment back. Wait until it has judged.")
    if about.filter(state=DisputeState.LOST).exists():
        raise Conflict("lost_to_a_bank", "The payer's bank kept this payment: the payer has the money already.")


def _prepare(hold: Hold, amount: Money, fee: Money, reason: str) -> Refund:
    """Write the refund down: into the wallet at once, or set aside until the reversals are answered."""
    checkout = None if hold.wallet_id else hold.checkouts.get(state=CheckoutState.PAID)
    refund = Refund.objects.create(
        hold=hold, wallet=hold.wallet, checkout=checkout, amount_minor=amount.minor, fee_minor=fee.minor,
        currency=hold.currency, reason=reason[:300], after_release=True,
        state=RefundState.SENDING if checkout else RefundState.SUCCEEDED,
        confirmed_at=None if checkout else timezone.now(),
    )  # fmt: skip
    if hold.wallet is not None:
        drawing.give_back(hold, refund.total)
    chart, owner = (Chart.WALLET, hold.wallet.public_id) if hold.wallet else (Chart.REFUNDING, hold.public_id)
    ledger.post(
        [
            ledger.debit(Chart.RECEIVABLE_PAYEE, amount),
            ledger.debit(Chart.PLATFORM_FEE, fee),
            ledger.credit(chart, refund.total, owner),
        ],
        key=f"refund:{refund.public_id}:{'wallet' if hold.wallet else 'reserve'}",
        kind="taken_back",
        hold=hold,
        wallet=hold.wallet,
    )
    return refund


def _fee_of(hold: Hold, amount: Money, there: Money) -> Money:
    """The share of the fee we earned with it and have not given back."""
    earned = sum(transfer.fee_minor for transfer in hold.transfers.standing())
    earned -= sum(refund.fee_minor for refund in hold.refunds.filter(after_release=True, state__in=_STANDS))
    fee, _ = split(Money(earned, hold.currency), [amount.minor, there.minor - amount.minor])
    return fee


_STANDS = [RefundState.SENDING, RefundState.SUCCEEDED]


def _ring(hold: Hold) -> None:
    live = Operation.objects.filter(hold=hold, state__in=LIVE_OPERATIONS)
    for operation_id in live.values_list("pk", flat=True):
        later(tasks.run_operation, operation_id=operation_id)
