"""How agreed work ends: completed and paid, cancelled and refunded, expired, or decided by an admin."""

from django.db import transaction
from django.utils import timezone

from campaigns.mail import tell
from campaigns.models import Collaboration
from campaigns.moves import check, lock, move
from campaigns.states import COLLABORATION, CollaborationState
from marketplace.kit.money import Money
from marketplace.trust.services import reason_given, record, strike
from marketplace.users.models import User
from payments import services as bank
from payments.states import HoldState


def complete(collaboration: Collaboration) -> None:
    """The work is done: the payment goes to the creator."""
    now = timezone.now()
    Collaboration.objects.filter(pk=collaboration.pk).update(completed_at=now, due_at=None)
    collaboration.completed_at, collaboration.due_at = now, None
    bank.release(collaboration.hold)
    tell(collaboration, "complete")


@transaction.atomic
def cancel(collaboration: Collaboration, *, reason: str, by: User) -> Collaboration:
    """The creator gives the work back; the business gets everything back."""
    lock(collaboration)
    was_unpaid = collaboration.state == CollaborationState.AWAITING_PAYMENT
    move(collaboration, "cancel", by=by, reason=reason_given(reason), state_reason=reason[:500], due_at=None)
    _give_back(collaboration, was_unpaid=was_unpaid, reason="cancelled_by_creator")
    tell(collaboration, "cancel")
    return collaboration


@transaction.atomic
def call_off(collaboration: Collaboration, *, reason: str, by: User) -> Collaboration:
    """A manager cancels before the payment is secured; nothing is due."""
    lock(collaboration)
    move(collaboration, "call_off", by=by, reason=reason_given(reason), state_reason=reason[:500], due_at=None)
    bank.expire_hold(collaboration.hold)
    tell(collaboration, "call_off")
    return collaboration


@transaction.atomic
def cancel_late(collaboration: Collaboration, *, reason: str = "", by: User) -> Collaboration:
    """A manager cancels work that is more than 72 hours late; the business gets everything back."""
    lock(collaboration)
    check(collaboration, "cancel_late", by=by)
    move(collaboration, "cancel_late", by=by, reason=reason, state_reason=reason[:500], due_at=None)
    _give_back(collaboration, was_unpaid=False, reason="work_overdue")
    tell(collaboration, "cancel_late")
    return collaboration


@transaction.atomic
def expire(collaboration: Collaboration, *, role: str = "clock") -> None:
    """Nobody paid in time, as the clock or the bank found first: the creator is free, the business gets a strike."""
    lock(collaboration)
    if collaboration.state != CollaborationState.AWAITING_PAYMENT:
        return
    move(collaboration, "expire", by=None, role=role, due_at=None)
    if role == "clock":
        bank.expire_hold(collaboration.hold)
    strike(
        collaboration.offer.signed_by,
        kind="unpaid_collaboration",
        reason="The payment for signed work was not secured in time.",
        thing=collaboration,
    )
    tell(collaboration, "expire")


@transaction.atomic
def pay_again(collaboration: Collaboration) -> None:
    """What the creator has earned, or keeps of cancelled work, is released once more after it was refused."""
    lock(collaboration)
    if collaboration.hold.state != HoldState.SECURED:
        return
    if collaboration.state == CollaborationState.COMPLETED:
        collaboration.save(update_fields=["updated_at"])
        bank.release(collaboration.hold)
    elif collaboration.state == CollaborationState.CANCELLED and collaboration.kept_minor:
        collaboration.save(update_fields=["updated_at"])
        currency = collaboration.hold.currency
        kept, fee = Money(collaboration.kept_minor, currency), Money(collaboration.kept_fee_minor or 0, currency)
        bank.release(collaboration.hold, earned=(kept, fee))


@transaction.atomic
def put_on_hold(collaboration: Collaboration, *, reason: str, by: User) -> Collaboration:
    """An admin freezes the work and its money while something is looked into."""
    lock(collaboration)
    move(collaboration, "put_on_hold", by=by, reason=reason_given(reason), state_reason=reason[:500], due_at=None)
    record(act="collaboration.put_on_hold", thing=collaboration, by=by, reason=reason)
    bank.freeze(collaboration.hold)
    tell(collaboration, "put_on_hold")
    return collaboration


@transaction.atomic
def stop_for_bank(collaboration: Collaboration) -> None:
    """The business's bank has taken the payment back while work is under way: it rests until the bank has judged."""
    lock(collaboration)
    reason = "The bank of the business has taken the payment back and is looking into it."
    if collaboration.state in COLLABORATION.sources("put_on_hold"):
        move(collaboration, "put_on_hold", by=None, role="bank", reason=reason, state_reason=reason, due_at=None)
        tell(collaboration, "put_on_hold")


def has_lost(collaboration: Collaboration) -> bool:
    """The bank's verdict has cost this work its payment: it was taken out of it, or it had been paid out."""
    gone = {HoldState.RELEASING, HoldState.RELEASED, HoldState.REFUNDED}
    return collaboration.hold.state in gone or collaboration.hold.refunds.exclude(dispute=None).exists()


@transaction.atomic
def charge_back(collaboration: Collaboration) -> None:
    """The bank of the business has kept the payment: unfinished work ends, and the business gets a strike."""
    lock(collaboration)
    reason = "The bank of the business kept the payment."
    if collaboration.state in COLLABORATION.sources("charge_back") and collaboration.hold.state == HoldState.REFUNDED:
        move(collaboration, "charge_back", by=None, role="bank", reason=reason, state_reason=reason, due_at=None)
    strike(collaboration.offer.signed_by, kind="chargeback", reason=reason, thing=collaboration)
    tell(collaboration, "charge_back")


@transaction.atomic
def reopen(collaboration: Collaboration) -> None:
    """The bank has given back what had ended this work: it is on hold again, for an admin to decide."""
    lock(collaboration)
    if collaboration.state == CollaborationState.CANCELLED and collaboration.hold.state == HoldState.FROZEN:
        reason = "The bank of the business gave the payment back after all."
        move(collaboration, "reopen", by=None, role="bank", reason=reason, state_reason=reason)


@transaction.atomic
def settle_release(collaboration: Collaboration, *, reason: str, by: User) -> Collaboration:
    """An admin decides that the creator is paid."""
    lock(collaboration)
    move(collaboration, "settle_release", by=by, reason=reason_given(reason), state_reason=reason[:500])
    record(act="collaboration.settle_release", thing=collaboration, by=by, reason=reason)
    bank.unfreeze(collaboration.hold)
    complete(collaboration)
    tell(collaboration, "settle_release")
    return collaboration


@transaction.atomic
def settle_refund(collaboration: Collaboration, *, reason: str, by: User) -> Collaboration:
    """An admin decides that the business gets its money back."""
    lock(collaboration)
    move(collaboration, "settle_refund", by=by, reason=reason_given(reason), state_reason=reason[:500])
    record(act="collaboration.settle_refund", thing=collaboration, by=by, reason=reason)
    bank.unfreeze(collaboration.hold)
    _give_back(collaboration, was_unpaid=False, reason="decided_by_admin")
    tell(collaboration, "settle_refund")
    return collaboration


def _give_back(collaboration: Collaboration, *, was_unpaid: bool, reason: str) -> None:
    if was_unpaid:
        bank.expire_hold(collaboration.hold)
    else:
        bank.refund(collaboration.hold, reason=reason)
