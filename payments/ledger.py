"""The books' only pen. ``post()`` writes one balanced posting, once; PostgreSQL checks the rest at commit."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Sum
from django.utils import timezone

from marketplace.kit.errors import Conflict
from marketplace.kit.money import Money
from payments.models import Account, Balance, Entry, Hold, Posting, Wallet
from payments.states import GUARDED, Chart


@dataclass(frozen=True, slots=True)
class Line:
    """One line to be written: ``money`` is positive for a debit, negative for a credit."""

    chart: Chart
    money: Money
    owner: str = ""


def debit(chart: Chart, money: Money, owner: str = "") -> Line:
    return Line(chart, money, owner)


def credit(chart: Chart, money: Money, owner: str = "") -> Line:
    return Line(chart, -money, owner)


def post(
    lines: Iterable[Line],
    *,
    key: str,
    kind: str,
    hold: Hold | None = None,
    wallet: Wallet | None = None,
    account: Account | None = None,
    source: str = "",
) -> Posting:
    """Write one posting, or nothing when ``key`` was written before. Lines of zero are left out.

    Raises Conflict when a guarded account would fall below zero.
    """
    written = [line for line in lines if line.money]
    totals: dict[str, int] = {}
    for line in written:
        totals[line.money.currency] = totals.get(line.money.currency, 0) + line.money.minor
    if not written or any(totals.values()):
        raise ValueError(f"{key} does not balance: {totals}")
    now = timezone.now()
    fresh = Posting(key=key, kind=kind, hold=hold, wallet=wallet, account=account, source=source, created_at=now)
    # In one order for everybody: the trigger locks balances as it meets them, so two postings never wait in a ring.
    ordered = sorted(written, key=lambda line: (line.chart, line.owner, line.money.currency))
    return fresh if _write(fresh, ordered) else Posting.objects.get(key=key)


def mirror(key: str, *, of: str, kind: str) -> Posting:
    """Take a posting back with the exact opposite, as a new posting."""
    original = Posting.objects.get(key=of)
    lines = [Line(Chart(entry.chart), -entry.money, entry.owner) for entry in original.entries.order_by("pk")]
    return post(lines, key=key, kind=kind, hold=original.hold, wallet=original.wallet, account=original.account)


def balance(chart: Chart, currency: str, owner: str | None = None) -> Money:
    """Debits minus credits, summed from the entries."""
    return Entry.objects.balance(chart, currency, owner)


def held(chart: Chart, owner: str, currency: str) -> Money:
    """What a guarded account has now, from its balance row."""
    return held_in([chart], owner, currency)[chart]


def held_in(charts: Sequence[Chart], owner: str, currency: str) -> dict[Chart, Money]:
    """What one owner has now in each of several guarded accounts, with one query."""
    rows = Balance.objects.filter(chart__in=charts, owner=owner, currency=currency)
    found = dict(rows.values_list("chart", "minor"))
    return {chart: Money(found.get(chart, 0), currency) for chart in charts}


def currencies_held(chart: Chart, owner: str) -> list[str]:
    """The currencies in which an owner has something in a guarded account, in the order of the alphabet."""
    rows = Balance.objects.filter(chart=chart, owner=owner, minor__gt=0)
    return list(rows.order_by("currency").values_list("currency", flat=True))


def trial_balance(currency: str) -> dict[str, int]:
    """Every account of the chart with its sum; all of them together are zero."""
    rows = Entry.objects.filter(currency=currency).values("chart").annotate(total=Sum("minor")).order_by("chart")
    return {row["chart"]: row["total"] for row in rows}


# One round trip: the posting, unless its key is known, and its entries in their order.
_WRITE = """
WITH fresh AS (
    INSERT INTO payments_posting (key, kind, hold_id, wallet_id, account_id, source, created_at)
    VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (key) DO NOTHING RETURNING id
), written AS (
    INSERT INTO payments_entry (posting_id, chart, owner, minor, currency)
    SELECT fresh.id, chart, owner, minor, currency
    FROM fresh, unnest(%s::text[], %s::text[], %s::bigint[], %s::text[])
        WITH ORDINALITY AS line (chart, owner, minor, currency, place)
    ORDER BY place
)
SELECT id FROM fresh
"""


def _write(posting: Posting, lines: list[Line]) -> bool:
    """Write it and its entries and give it its id; False when its key is known already."""
    facts: list[Any] = [
        posting.key,
        posting.kind,
        posting.hold_id,
        posting.wallet_id,
        posting.account_id,
        posting.source,
        posting.created_at,
    ]
    columns: list[Any] = [
        [str(line.chart) for line in lines],
        [line.owner for line in lines],
        [line.money.minor for line in lines],
        [line.money.currency for line in lines],
    ]
    try:
        with transaction.atomic(savepoint=False), connection.cursor() as cursor:
            cursor.execute(_WRITE, [*facts, *columns])
            row = cursor.fetchone()
    except IntegrityError as error:
        if "balance_never_negative" in str(error):
            short = ", ".join(f"{line.chart} {line.owner}" for line in lines if line.chart in GUARDED)
            raise Conflict("balance_short", "There is not enough money for this.", accounts=short) from error
        raise
    if row is None:
        return False
    posting.pk = row[0]
    posting._state.adding = False
    posting._state.db = connection.alias
    return True
