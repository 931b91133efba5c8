"""Who bears a lost dispute: what is left of that payment, then what is held of it, then we, then payees."""

from django.conf import settings
from django.utils import timezone

from marketplace.kit.money import Money
from payments import ledger
from payments.fees import split
from payments.models import Checkout, Dispute, Entry, Hold, Posting, Refund
from payments.settlement import drawing, refunds, reversals
from payments.states import Chart, CheckoutState, HoldState, RefundState

HELD = {HoldState.SECURED, HoldState.FROZEN, HoldState.DISPUTED}


def withdrawn(dispute: Dispute) -> Money:
    """What the bank has, by our books: withdrawn, not given back, and not borne by anybody yet."""
    posted = Entry.objects.filter(posting__key__startswith=f"dispute:{dispute.stripe_id}:")
    return posted.balance(Chart.RECEIVABLE_DISPUTE, dispute.currency)


def bear(dispute: Dispute, loss: Money) -> None:
    """The bank keeps ``loss``: write down whose money that was. What it pays for is locked by the caller."""
    rest = loss - _out_of_the_wallet(dispute, loss)
    holds = list(Hold.objects.paid_by(dispute.checkout).order_by("-pk"))
    for hold in holds:
        if hold.state in HELD and rest:
            rest -= _out_of(hold, dispute, rest)
    owed = _claims(dispute, [hold for hold in holds if hold.state not in HELD], rest)
    name = f"dispute:{dispute.stripe_id}:lost"
    if rest:
        ledger.post(
            [
                ledger.credit(Chart.RECEIVABLE_DISPUTE, rest),
                ledger.debit(Chart.DISPUTE_LOSS, rest - owed),
                ledger.debit(Chart.RECEIVABLE_PAYEE, owed),
            ],
            key=f"{name}:{Posting.objects.filter(key__startswith=f'{name}:').count()}",
            kind="dispute_lost",
            hold=dispute.checkout.hold,
            wallet=dispute.checkout.wallet,
        )


def _out_of_the_wallet(dispute: Dispute, most: Money) -> Money:
    """What nothing was drawn for yet goes first."""
    checkout, nothing = dispute.checkout, Money(0, dispute.currency)
    if checkout.wallet is None or checkout.state != CheckoutState.PAID:
        return nothing
    amount = _less(most, dict(drawing.left_of_payments(checkout.wallet)).get(checkout, nothing))
    return _take(dispute, None, amount, nothing) if amount else nothing


def _out_of(hold: Hold, dispute: Dispute, most: Money) -> Money:
    """What is still held of this payment, of the amount and of our fee in proportion."""
    amount, fee = hold.left()
    taken = _less(_less(most, amount + fee), _paid_for(hold, dispute.checkout))
    if not taken:
        return taken
    return _take(dispute, hold, *split(taken, [amount.minor, fee.minor]))


def _take(dispute: Dispute, hold: Hold | None, amount: Money, fee: Money) -> Money:
    """Written down like a refund that has arrived, though nothing was sent."""
    wallet = dispute.checkout.wallet
    refund = Refund.objects.create(
        hold=hold, wallet=None if hold else wallet, checkout=dispute.checkout, amount_minor=amount.minor,
        fee_minor=fee.minor, currency=amount.currency, reason=_reason(dispute), dispute=dispute,
        confirmed_at=timezone.now(), state=RefundState.SUCCEEDED,
    )  # fmt: skip
    chart = Chart.HOLD if hold else refunds.kept_on(dispute.checkout)
    ledger.post(
        [
            ledger.debit(chart, refund.total, refund.purpose.public_id),
            ledger.credit(Chart.RECEIVABLE_DISPUTE, refund.total),
        ],
        key=f"dispute:{dispute.stripe_id}:lost:{refund.public_id}",
        kind="dispute_lost",
        hold=hold,
        wallet=wallet,
    )
    return refund.total


def _claims(dispute: Dispute, holds: list[Hold], rest: Money) -> Money:
    """What payees owe who had this payment's money: what is above the part that we bear."""
    over = Money(max(rest.minor - settings.DISPUTE_BORNE_MINOR, 0), rest.currency)
    had = [_less(reversals.released(hold), _amount_paid_for(hold, dispute.checkout)).minor for hold in holds]
    owed = 0
    if over and any(had):
        parts = split(Money(min(over.minor, sum(had)), over.currency), had)
        for hold, part in zip(holds, parts, strict=True):
            made = reversals.claim_from_payees(hold, part, reason=_reason(dispute))
            owed += sum(claim.amount_minor for claim in made)
    return Money(owed, rest.currency)


def _paid_for(hold: Hold, checkout: Checkout) -> Money:
    """How much of this hold that payment still pays for."""
    if checkout.hold_id:
        return hold.total
    return drawing.still_paid(hold).get(checkout.pk, Money(0, hold.currency))


def _amount_paid_for(hold: Hold, checkout: Checkout) -> Money:
    return split(_paid_for(hold, checkout), [hold.amount_minor, hold.fee_minor])[0]


def _reason(dispute: Dispute) -> str:
    return f"bank dispute lost: {dispute.reason}"


def _less(one: Money, other: Money) -> Money:
    return min(one, other, key=lambda money: money.minor)
