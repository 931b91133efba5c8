"""Stripe's balance transactions, copied into a table of ours and matched there: a page at a time, however many."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction

from payments import amounts
from payments.models import StripeLine
from payments.reconciliation.asking import pages

_SUMS = ("amount", "fee", "net")
# A line agrees with the books when exactly one posting names it and moves Stripe's account by its net.
_MATCH = """
WITH booked AS (
    SELECT line.id,
        count(DISTINCT posting.id) AS postings,
        coalesce(sum(entry.minor) FILTER (WHERE entry.currency = line.currency), 0) AS net,
        count(entry.id) FILTER (WHERE entry.currency <> line.currency) AS strange
    FROM payments_stripeline line
    LEFT JOIN payments_posting posting ON posting.source = line.stripe_id
    LEFT JOIN payments_entry entry ON entry.posting_id = posting.id AND entry.chart = 'stripe'
    WHERE line.stripe_id = ANY(%s)
    GROUP BY line.id
)
UPDATE payments_stripeline line
SET matched_at = CASE
    WHEN booked.postings = 1 AND booked.net = line.net_minor AND booked.strange = 0
    THEN coalesce(line.matched_at, now())
END
FROM booked WHERE booked.id = line.id
"""


@dataclass(frozen=True, slots=True)
class Page:
    """How many lines came, how many of them were new to us, and the last one: the next page begins after it."""

    lines: int
    fresh: int
    last: str


def copy(since: datetime | None, until: datetime | None = None, *, after: str = "") -> Iterator[Page]:
    """Copy and match the lines of that time, newest first, page by page. Raises NoAnswer; what came before is kept."""
    for page in pages("balance_transaction.list", since=since, until=until, after=after):
        yield Page(len(page), keep(page), page[-1]["id"])


@transaction.atomic
def keep(page: Iterable[dict[str, Any]]) -> int:
    """Store these lines and match them. Returns how many were new."""
    rows = [_line(data) for data in page]
    names = [row.stripe_id for row in rows]
    known = StripeLine.objects.filter(stripe_id__in=names).count()
    StripeLine.objects.bulk_create(rows, ignore_conflicts=True)
    match(names)
    return len(rows) - known


def match(names: list[str]) -> None:
    """Look anew whether each of these lines has its one posting."""
    with connection.cursor() as cursor:
        cursor.execute(_MATCH, [names])


def _line(data: dict[str, Any]) -> StripeLine:
    amount, fee, net = (amounts.from_stripe(data[name], data["currency"], rounding_down=True) for name in _SUMS)
    return StripeLine(
        stripe_id=data["id"],
        kind=data["type"][:40],
        thing=str(data.get("source") or "")[:64],
        amount_minor=amount.minor,
        fee_minor=fee.minor,
        net_minor=net.minor,
        currency=net.currency,
        happened_at=datetime.fromtimestamp(data["created"], UTC),
    )
