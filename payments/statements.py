"""What a year was for a payee: earned, claimed back, reversed, given up and paid out, as the books have it.

A year and its months are counted in UTC, like the days of the books and of invoices: they do not move when a person
does, and what is in an invoice of a year is in the statement of that year.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TypeVar

from django.db.models import Min, Q, Sum
from django.utils import timezone

from marketplace.kit.money import Money
from payments.models import Account, Claim, Entry, Posting
from payments.states import Chart, ClaimState

Key = TypeVar("Key", int, str)
EARNED, CLAIMED, REVERSED, WRITTEN_OFF = "earned", "claimed", "reversed", "written_off"
PAID_OUT, FEES = "paid_out", "fees"
KINDS = (EARNED, CLAIMED, REVERSED, WRITTEN_OFF, PAID_OUT, FEES)

# kind of posting and account of the chart → what it is for the payee, and the sign that makes it positive.
# A payout that comes back counts against what was paid out, in the month in which it came back.
_MEANING = {
    ("release_confirmed", Chart.MEMO_CONNECTED): (EARNED, -1),
    ("reversal_confirmed", Chart.MEMO_REVERSING): (REVERSED, 1),
    ("claim_written_off", Chart.RECEIVABLE_PAYEE): (WRITTEN_OFF, -1),
    ("payout_paid", Chart.MEMO_PAID_OUT): (PAID_OUT, -1),
    ("payout_failed", Chart.MEMO_PAID_OUT): (PAID_OUT, -1),
    ("payout_price", Chart.MEMO_PAYING_OUT): (FEES, 1),
    ("payout_price_back", Chart.MEMO_CONNECTED): (FEES, 1),
}
# Where a payee's money lies before it is at their bank.
_AT_STRIPE = [Chart.MEMO_CONNECTED, Chart.MEMO_REVERSING, Chart.MEMO_PAYING_OUT]


@dataclass(frozen=True, slots=True)
class Movement:
    """One thing that happened: ``payment`` is the public id of the hold it belongs to; payouts belong to none."""

    at: datetime
    kind: str
    money: Money
    payment: str
    reference: str


@dataclass(frozen=True, slots=True)
class Sums:
    """What movements come to. ``claimed`` is what was asked back; of it, ``reversed`` was taken from the account.

    ``fees`` were taken for instant payouts, and given back for those that did not arrive.
    """

    earned: Money
    claimed: Money
    reversed: Money
    written_off: Money
    paid_out: Money
    fees: Money

    def cells(self) -> list[Money]:
        """In the order of ``KINDS``."""
        return [getattr(self, kind) for kind in KINDS]


@dataclass(frozen=True, slots=True)
class Statement:
    """A year in one currency: ``opening`` + earned − reversed − paid out − fees = ``closing``; see ``unexplained``."""

    year: int
    currency: str
    opening: Money
    closing: Money
    owed: Money
    total: Sums
    months: list[tuple[int, Sums]]
    payments: list[tuple[str, Sums]]
    movements: list[Movement]

    @property
    def unexplained(self) -> Money:
        """What the books hold and no movement explains: zero, or a person must look."""
        sums = self.total
        return self.closing - self.opening - (sums.earned - sums.reversed - sums.paid_out - sums.fees)


def years_of(account: Account) -> list[int]:
    """The years in which anything can have moved, the newest first."""
    now = timezone.now().astimezone(UTC)
    first = Posting.objects.filter(account=account).aggregate(at=Min("created_at"))["at"] or now
    return list(range(now.year, first.astimezone(UTC).year - 1, -1))


def bounds(year: int) -> tuple[datetime, datetime]:
    """The first moment of a year, and of the next."""
    return datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)


def yearly(account: Account, year: int) -> list[Statement]:
    """A statement for each currency in which something lay or moved. Three queries."""
    start, end = bounds(year)
    lay = _lay(account, start, end)
    moved = sorted([*_booked(account, end), *_claims(account, end)], key=lambda one: one.at)
    found = []
    for currency in sorted(lay.keys() | {one.money.currency for one in moved}):
        until = [one for one in moved if one.money.currency == currency]
        inside = [one for one in until if one.at >= start]
        opening, closing = lay.get(currency, (Money(0, currency), Money(0, currency)))
        ever = _sums(until, currency)
        owed = ever.claimed - ever.reversed - ever.written_off
        if inside or opening or closing or owed:
            found.append(_statement(year, currency, opening, closing, owed, inside))
    return found


def _statement(
    year: int, currency: str, opening: Money, closing: Money, owed: Money, movements: list[Movement]
) -> Statement:
    return Statement(
        year=year,
        currency=currency,
        opening=opening,
        closing=closing,
        owed=owed,
        total=_sums(movements, currency),
        months=_by((one.at.month, one) for one in movements),
        payments=_by((one.payment, one) for one in movements if one.payment),
        movements=movements,
    )


def _by(pairs: Iterable[tuple[Key, Movement]]) -> list[tuple[Key, Sums]]:
    """The sums for each key, in the order in which they first moved."""
    heaps: dict[Key, list[Movement]] = {}
    for key, one in pairs:
        heaps.setdefault(key, []).append(one)
    return [(key, _sums(heap, heap[0].money.currency)) for key, heap in heaps.items()]


def _sums(movements: Iterable[Movement], currency: str) -> Sums:
    totals = dict.fromkeys(KINDS, Money(0, currency))
    for one in movements:
        totals[one.kind] += one.money
    return Sums(**totals)


def _lay(account: Account, start: datetime, end: datetime) -> dict[str, tuple[Money, Money]]:
    """What lay at Stripe at both ends, by currency, summed from the entries."""
    rows = Entry.objects.filter(owner=account.public_id, chart__in=_AT_STRIPE).values("currency")
    rows = rows.annotate(
        before=Sum("minor", filter=Q(posting__created_at__lt=start), default=0),
        after=Sum("minor", filter=Q(posting__created_at__lt=end), default=0),
    )
    return {
        row["currency"]: (Money(-row["before"], row["currency"]), Money(-row["after"], row["currency"])) for row in rows
    }


def _booked(account: Account, end: datetime) -> list[Movement]:
    """What the books have moved for this payee before that moment."""
    kinds, charts = (sorted({str(key[place]) for key in _MEANING}) for place in (0, 1))
    rows = Entry.objects.filter(
        posting__account=account, posting__created_at__lt=end, posting__kind__in=kinds, chart__in=charts
    )
    columns: Sequence[str] = ("posting__created_at", "posting__hold__public_id", "posting__key")
    found = []
    for at, payment, key, kind, chart, minor, currency in rows.order_by("pk").values_list(
        *columns, "posting__kind", "chart", "minor", "currency"
    ):
        if (kind, chart) in _MEANING:
            meaning, sign = _MEANING[kind, Chart(chart)]
            found.append(Movement(at.astimezone(UTC), meaning, Money(sign * minor, currency), payment or "", key))
    return found


def _claims(account: Account, end: datetime) -> list[Movement]:
    """What was asked back of this payee, and what of it ended with a verdict that was turned round.

    The books have both in one sum for everybody: a rule compares them.
    """
    found = []
    for claim in Claim.objects.filter(payee=account, created_at__lt=end).select_related("hold").order_by("pk"):
        made = Movement(
            claim.created_at.astimezone(UTC), CLAIMED, claim.amount, claim.hold.public_id, f"claim:{claim.public_id}"
        )
        found.append(made)
        if claim.state == ClaimState.CANCELLED and claim.updated_at < end:
            at = claim.updated_at.astimezone(UTC)
            found.append(
                replace(made, at=at, kind=WRITTEN_OFF, money=claim.left, reference=f"{made.reference}:cancelled")
            )
    return found
