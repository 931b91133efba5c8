"""Who bears a lost dispute: what is left of that payment, then what is held of it, then we, then payees."""

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from marketplace.kit.money import Money
from payments import ledger
from payments.fees import split
from payments.minimums import about
from payments.models import Checkout, Dispute, Entry, Hold, Posting, Refund, Transfer
from payments.settlement import drawing, refunds, releases, reversals
from payments.settlement.arrivals import NotYet
from payments.states import Chart, CheckoutState, HoldState, RefundState, TransferState

HELD = {HoldState.SECURED, HoldState.FROZEN, HoldState.DISPUTED}


def withdrawn(dispute: Dispute) -> Money:
    """What the bank has, by our books: withdrawn, not given back, and not borne by anybody yet."""
    posted = Entry.objects.filter(posting__key__startswith=f"dispute:{dispute.stripe_id}:")
    return posted.balance(Chart.RECEIVABLE_DISPUTE, dispute.currency)


def borne(dispute: Dispute) -> Money:
    """What was written down as lost, and not given back since."""
    name = f"dispute:{dispute.stripe_id}:"
    ours = Q(posting__key__startswith=f"{name}lost:") | Q(posting__key__startswith=f"{name}back:")
    return -Entry.objects.filter(ours).balance(Chart.RECEIVABLE_DISPUTE, dispute.currency)


def wait_for_answers(dispute: Dispute) -> None:
    """Raise NotYet while Stripe has not answered to a release or refund of it: where that money is decides the loss."""
    releasing = Transfer.objects.filter(hold__in=Hold.objects.paid_by(dispute.checkout), state=TransferState.SENDING)
    sending = Refund.objects.filter(checkout=dispute.checkout, state=RefundState.SENDING, stripe_id=None)
    if releasing.exists() or sending.exclude(operation=None).exists():
        raise NotYet(f"money of {dispute.stripe_id} is on its way")


def bear(dispute: Dispute, loss: Money) -> None:
    """The bank keeps ``loss``: write down whose money that was. What it pays for is locked by the caller."""
    rest = loss - _out_of_what_came_back(dispute, loss)
    rest -= _out_of_the_wallet(dispute, rest)
    holds = list(Hold.objects.paid_by(dispute.checkout).order_by("-pk"))
    for hold in holds:
        if hold.state in HELD and rest:
            rest -= _out_of(hold, dispute, rest)
    taken, owed = _of_the_payees(dispute, holds, rest)
    rest -= taken
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


def _out_of_what_came_back(dispute: Dispute, most: Money) -> Money:
    """What should have gone back through this payment already: paid too late or twice, or taken back from a payee."""
    checkout, taken = dispute.checkout, Money(0, dispute.currency)
    for last, rest in _came_back(checkout):
        there = ledger.held(refunds.kept_on(checkout), checkout.purpose.public_id, checkout.currency)
        part = _less(_less(most - taken, rest), there)
        if part:
            taken += _take(dispute, checkout.hold, *split(part, [last.amount_minor, last.fee_minor]), after=last)
    return taken


def _came_back(checkout: Checkout) -> list[tuple[Refund, Money]]:
    """What of refunds that failed was neither sent again nor taken by a bank since; of what is not in the hold as such.

    With the last row of each: what a bank takes of it is written down as its next try.
    """
    rows = list(checkout.refunds.filter(Q(late=True) | Q(after_release=True)).order_by("pk"))
    next_of = {row.again_of_id: row for row in rows}
    back: list[tuple[Refund, Money]] = []
    for failed in rows:
        if failed.state in {RefundState.REFUSED, RefundState.FAILED} and failed.dispute_id is None:
            last, rest = failed, failed.total
            while (after := next_of.get(last.pk)) is not None and after.dispute_id is not None:
                last, rest = after, rest - after.total
            if after is None and rest:
                back.append((last, rest))
    return back


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


def _take(dispute: Dispute, hold: Hold | None, amount: Money, fee: Money, *, after: Refund | None = None) -> Money:
    """Written down like a refund that has arrived, though nothing was sent."""
    wallet = dispute.checkout.wallet
    refund = Refund.objects.create(
        hold=hold, wallet=None if hold else wallet, checkout=dispute.checkout, amount_minor=amount.minor,
        fee_minor=fee.minor, currency=amount.currency, reason=_reason(dispute), dispute=dispute,
        confirmed_at=timezone.now(), state=RefundState.SUCCEEDED, late=after is not None and after.late,
        after_release=after is not None and after.after_release, again_of=after,
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


def _of_the_payees(dispute: Dispute, holds: list[Hold], rest: Money) -> tuple[Money, Money]:
    """Above the part that we bear, payees bear what they had or wait for: it is taken back where nothing was sent yet,
    and owed where it has arrived. Returns what was taken and what is owed."""
    taken = owed = nothing = Money(0, rest.currency)
    over = max(rest.minor - about(settings.DISPUTE_BORNE_MINOR, rest.currency).minor, 0)
    pots = [pot for hold in holds for pot in _pots(hold, dispute.checkout) if pot[2]]
    if not over or not pots:
        return nothing, nothing
    weights = [most.minor for _, _, most in pots]
    parts = split(Money(min(over, sum(weights)), rest.currency), weights)
    for (hold, waiting, _), part in zip(pots, parts, strict=True):
        if waiting:
            taken += _take_waiting(hold, dispute, waiting, part)
        else:
            made = reversals.claim_from_payees(hold, part, reason=_reason(dispute), dispute=dispute)
            owed += Money(sum(claim.amount_minor for claim in made), rest.currency)
    return taken, owed


def _pots(hold: Hold, checkout: Checkout) -> list[tuple[Hold, list[Transfer], Money]]:
    """What of this payment has arrived at payees, and what waits for them: hold, waiting transfers, how much."""
    waiting = list(hold.transfers.filter(state=TransferState.WAITING).select_related("hold", "payee").order_by("pk"))
    coming = Money(sum((one.amount + one.fee).minor for one in waiting), hold.currency)
    paid_for = _paid_for(hold, checkout)
    arrived = _less(reversals.released(hold), split(paid_for, [hold.amount_minor, hold.fee_minor])[0])
    return [(hold, [], arrived), (hold, waiting, _less(coming, paid_for - arrived))]


def _take_waiting(hold: Hold, dispute: Dispute, waiting: list[Transfer], part: Money) -> Money:
    """Out of releases that wait for the payee's account, of the amount and of our fee in proportion."""
    taken = Money(0, part.currency)
    parts = split(part, [(one.amount + one.fee).minor for one in waiting])
    for transfer, share in zip(waiting, parts, strict=True):
        amount, fee = split(share, [transfer.amount_minor, transfer.fee_minor])
        fee = transfer.fee if amount == transfer.amount else fee  # a fee of nothing would be left behind
        if amount:
            releases.shorten(transfer, amount=amount, fee=fee, reason=_reason(dispute))
            taken += _take(dispute, hold, amount, fee)
    releases.close_if_over(hold)
    return taken


def _paid_for(hold: Hold, checkout: Checkout) -> Money:
    """How much of this hold that payment still pays for."""
    if checkout.hold_id:
        return hold.total
    return drawing.still_paid(hold).get(checkout.pk, Money(0, hold.currency))


def _reason(dispute: Dispute) -> str:
    return f"bank dispute lost: {dispute.reason}"


def _less(one: Money, other: Money) -> Money:
    return min(one, other, key=lambda money: money.minor)
