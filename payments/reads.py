"""The open ledger for people: one hold's story, and what a payee has earned. Read from the books, never guessed."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db.models import Exists, F, OuterRef, Subquery, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from marketplace.kit.money import Money
from payments import fees, ledger
from payments.models import Account, Claim, Entry, FeeSchedule, Hold, Payout, Posting, Refund, Share, Transfer
from payments.states import Chart, ClaimState, HoldState, PayoutState, TransferState

SECURED_STATES = [HoldState.SECURED, HoldState.FROZEN, HoldState.DISPUTED]


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One dated line both sides may see. ``state`` is “done”, “open” or “failed”; no ``at``: still to come."""

    at: datetime | None
    text: str
    money: Money
    state: str = "done"


@dataclass(frozen=True, slots=True)
class Earnings:
    """Where a payee's money is, in one currency."""

    secured: Money
    on_its_way: Money
    available: Money
    paying_out: Money
    paid_out: Money
    not_taken: tuple[Money, ...] = ()  # in other currencies: released, and waits for a bank account that takes it


def story(hold: Hold) -> list[LedgerLine]:
    """Every step of the money of one hold, in order; what is still to come stands last."""
    lines: list[LedgerLine] = []
    rows = Entry.objects.filter(posting__hold=hold).select_related("posting__account").order_by("posting", "pk")
    for posting, entries in groupby(rows, key=lambda entry: entry.posting):
        lines += _lines(hold, posting, {entry.chart: abs(entry.minor) for entry in entries})
    lines += _still_open(hold)
    return lines


def earnings(account: Account, currency: str | None = None) -> Earnings:
    """What is secured for a payee, on its way, at Stripe, and at their bank."""
    currency = currency or account.currency
    moving = list(
        Transfer.objects.moving().filter(payee=account).order_by("currency").values_list("currency", "state")
        .annotate(total=Sum("amount_minor"))
    )  # fmt: skip
    waiting = [(code, minor) for code, state, minor in moving if state == TransferState.WAITING]
    is_ready = account.transfers_active
    memos = [Chart.MEMO_CONNECTED, Chart.MEMO_PAYING_OUT, Chart.MEMO_PAID_OUT]
    held = ledger.held_in(memos, account.public_id, currency)
    return Earnings(
        secured=_secured(account, currency),
        on_its_way=Money(sum(minor for code, _state, minor in moving if code == currency), currency),
        available=held[Chart.MEMO_CONNECTED],
        paying_out=held[Chart.MEMO_PAYING_OUT],
        paid_out=held[Chart.MEMO_PAID_OUT],
        not_taken=tuple(Money(minor, code) for code, minor in waiting if is_ready and not account.keeps(code)),
    )


def owed(account: Account) -> Money:
    """What a payee has to give back, in their own currency."""
    claims = Claim.objects.filter(payee=account, currency=account.currency, state=ClaimState.OPEN)
    left = claims.aggregate(total=Sum(F("amount_minor") - F("recovered_minor")))["total"]
    return Money(left or 0, account.currency)


def _secured(account: Account, currency: str) -> Money:
    """What is held for this payee: all that is left of a hold, or their share of it."""
    held = Hold.objects.filter(state__in=SECURED_STATES, currency=currency)
    alone = held.filter(payee=account, shares=None)
    total = alone.aggregate(total=Sum("amount_minor"))["total"] or 0
    total -= Refund.objects.standing().filter(hold__in=alone).aggregate(total=Sum("amount_minor"))["total"] or 0
    for share in _shares(account).filter(hold__in=held):
        everybody = list(share.hold.shares.all())
        left = share.hold.amount - Money(share.returned or 0, currency)
        parts = fees.split(left, [one.amount_minor for one in everybody])
        total += parts[everybody.index(share)].minor
    return Money(total, currency)


def _shares(account: Account) -> Any:
    """The payee's shares that are not on their way, each with what its hold has given back (``returned``)."""
    gone = Transfer.objects.standing().filter(hold=OuterRef("hold"), payee=account)
    back = Refund.objects.standing().filter(hold=OuterRef("hold")).order_by().values("hold")
    shares = Share.objects.filter(payee=account).exclude(Exists(gone))
    returned = Subquery(back.annotate(gone=Sum("amount_minor")).values("gone"))
    return shares.select_related("hold").prefetch_related("hold__shares").annotate(returned=returned)


@dataclass(frozen=True, slots=True)
class MethodCost:
    """What one way to pay costs to process: ``estimate`` by the schedule, on that total."""

    method: str
    estimate: Money
    source: str


def method_costs(total: Money, *, country: str) -> list[MethodCost]:
    """What each way to pay is expected to cost, cheapest first."""
    prices = FeeSchedule.objects.valid_for_all(timezone.now().date(), country=country, currency=total.currency)
    costs = [MethodCost(price.method, _estimate(price, total), price.source) for price in prices]
    return sorted(costs, key=lambda cost: cost.estimate.minor)


def processing_estimate(total: Money, *, country: str, method: str = "card") -> Money | None:
    """What processing this payment is expected to cost us; None when no price is known."""
    today = timezone.now().date()
    price = FeeSchedule.objects.valid_on(today, country=country, currency=total.currency, method=method)
    return _estimate(price, total) if price else None


def _estimate(price: FeeSchedule, total: Money) -> Money:
    return fees.processing_estimate(total, bps=price.bps, fixed_minor=price.fixed_minor, cap_minor=price.cap_minor)


def _with_payouts(hold: Hold) -> list[tuple[Transfer, Payout | None]]:
    """The hold's releases, each with the payout that took its money to the bank: first in, first out. Two queries."""
    arrived = Transfer.objects.filter(
        payee=OuterRef("payee"), currency=OuterRef("currency"), state=TransferState.CONFIRMED,
        confirmed_at__lte=OuterRef("confirmed_at"),
    )  # fmt: skip
    reach = arrived.order_by().values("payee").annotate(total=Sum("amount_minor")).values("total")
    rows = hold.transfers.standing().select_related("payee").annotate(reach=Subquery(reach)).order_by("pk")
    transfers: list[Any] = list(rows)  # with what they reach, which the type does not know
    payees = {one.payee_id for one in transfers if one.state == TransferState.CONFIRMED}
    if not payees:
        return [(one, None) for one in transfers]
    sent = Payout.objects.for_accounts(payees).filter(currency=hold.currency)
    by_payee: dict[int, list[Payout]] = defaultdict(list)
    for payout in sent.exclude(state__in=[PayoutState.FAILED, PayoutState.REFUSED]).order_by("pk"):
        by_payee[payout.account_id].append(payout)
    return [(one, _that_reached(one.reach or 0, by_payee[one.payee_id])) for one in transfers]


def _that_reached(reach: int, payouts: list[Payout]) -> Payout | None:
    for payout in payouts:
        reach -= payout.amount_minor + payout.fee.minor
        if reach <= 0:
            return payout
    return None


# kind of posting → the lines people read: text, which account of the posting shows the sum, state
_TEXTS: dict[str, list[tuple[str, Chart, str]]] = {
    "funded": [
        (gettext_noop("Payment secured by %(payer)s"), Chart.HOLD, "done"),
        (gettext_noop("Payment processing, paid by the platform"), Chart.PROCESSING, "done"),
    ],
    "drawn": [(gettext_noop("Payment secured out of the wallet"), Chart.HOLD, "done")],
    "refunded_to_wallet": [(gettext_noop("Returned to the wallet"), Chart.WALLET, "done")],
    "paid_too_late": [(gettext_noop("Payment came too late"), Chart.HOLD, "done")],
    "release_reserved": [
        (gettext_noop("Released to %(payee)s"), Chart.TRANSIT, "done"),
        (gettext_noop("Platform fee, out of the payment"), Chart.PLATFORM_FEE, "done"),
    ],
    "release_confirmed": [(gettext_noop("Arrived at the account of %(payee)s"), Chart.TRANSIT, "done")],
    "release_refused": [(gettext_noop("The transfer was refused; the money is safe"), Chart.TRANSIT, "failed")],
    "release_taken_back": [(gettext_noop("Not sent: the payer's bank kept the payment"), Chart.TRANSIT, "failed")],
    "refund_reserved": [(gettext_noop("Refund decided"), Chart.REFUNDING, "done")],
    "refund_confirmed": [(gettext_noop("Refunded to %(payer)s"), Chart.REFUNDING, "done")],
    "refund_refused": [(gettext_noop("The refund did not go through; we are on it"), Chart.HOLD, "failed")],
    "refund_failed": [(gettext_noop("The refund came back from the bank; we are on it"), Chart.HOLD, "failed")],
}


def _lines(hold: Hold, posting: Posting, sums: dict[str, int]) -> Iterator[LedgerLine]:
    names = {"payer": hold.payer.name, "payee": (posting.account or hold.payee).name}
    for text, chart, state in _TEXTS.get(posting.kind, []):
        if chart in sums:
            yield LedgerLine(posting.created_at, _(text) % names, Money(sums[chart], hold.currency), state)


def _still_open(hold: Hold) -> Iterator[LedgerLine]:
    if hold.state == HoldState.AWAITING_PAYMENT:
        yield LedgerLine(None, _("Waiting for the payment"), hold.total, "open")
    for transfer, payout in _with_payouts(hold):
        if transfer.state == TransferState.WAITING:
            text = _("Waiting until %(name)s can receive money") % {"name": transfer.payee.name}
            yield LedgerLine(None, text, transfer.amount, "open")
        elif transfer.state == TransferState.SENDING:
            yield LedgerLine(None, _("On its way"), transfer.amount, "open")
        else:
            yield from _bank_lines(transfer, payout)


def _bank_lines(transfer: Transfer, payout: Payout | None) -> Iterator[LedgerLine]:
    if payout is None:
        yield LedgerLine(None, _("Waits for the next payout to the bank"), transfer.amount, "open")
    elif payout.state == PayoutState.PAID:
        yield LedgerLine(payout.paid_at, _("Arrived at the bank with a payout"), transfer.amount)
    else:
        yield LedgerLine(payout.created_at, _("On its way to the bank with a payout"), transfer.amount, "open")
