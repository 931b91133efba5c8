"""Our balance at Stripe, compared with the books to the cent."""

from collections import defaultdict
from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from marketplace.kit.money import Money
from payments import amounts
from payments.models import StripeLine
from payments.reconciliation.asking import ask
from payments.reconciliation.judging import GRACE
from payments.reconciliation.lines import copy
from payments.reconciliation.report import Report
from payments.states import CaseKind

TRIES = 3
TAIL = timedelta(minutes=5)

# In one statement, so in one moment: what the books say, what Stripe has moved and we have not booked, and the reverse.
_BOOKS = """
SELECT currency, sum(booked), sum(unbooked), sum(unseen) FROM (
    SELECT currency, minor AS booked, 0 AS unbooked, 0 AS unseen FROM payments_entry WHERE chart = 'stripe'
    UNION ALL
    SELECT currency, 0, net_minor, 0 FROM payments_stripeline line
    WHERE matched_at IS NULL AND (happened_at > %(young)s OR id = ANY(%(waiting)s))
        AND NOT EXISTS (SELECT FROM payments_posting posting WHERE posting.source = line.stripe_id)
    UNION ALL
    SELECT entry.currency, 0, 0, entry.minor FROM payments_posting posting
    JOIN payments_entry entry ON entry.posting_id = posting.id AND entry.chart = 'stripe'
    WHERE posting.created_at > %(young)s
        AND NOT EXISTS (SELECT FROM payments_stripeline line WHERE line.stripe_id = posting.source)
) AS both_sides GROUP BY currency
"""


def compare_ours(report: Report) -> None:
    """Available and pending at Stripe must be what the books say, but for what is on its way into one of them."""
    for _ in range(TRIES):
        _copy_tail()
        at_stripe = sums(ask("balance.retrieve", {}))
        expected = _expected(report)
        if _copy_tail() == 0:  # nothing moved while we asked
            break
    else:
        report.count("balances that would not stand still")
        return
    for currency in sorted(at_stripe.keys() | expected.keys()):
        report.count("balances compared")
        _agree(report, currency, at_stripe[currency], **expected.get(currency, {"books": 0, "on_its_way": 0}))


def _agree(report: Report, currency: str, at_stripe: int, *, books: int, on_its_way: int) -> None:
    off = Money(at_stripe - books - on_its_way, currency)
    if not off:
        report.agrees(f"balance:{currency}")
        return
    report.mismatch(
        CaseKind.BALANCE, f"balance:{currency}",
        f"We have {Money(at_stripe, currency)} at Stripe; the books say {Money(books, currency)}: {off} off.",
        things=[f"{currency} {off.minor}"], money=off, at_stripe=at_stripe, books=books, on_its_way=on_its_way,
    )  # fmt: skip


def _expected(report: Report) -> dict[str, dict[str, int]]:
    """Currency → what the books say, and what is on its way into them (or, negative, into Stripe's list)."""
    with connection.cursor() as cursor:
        cursor.execute(_BOOKS, {"young": timezone.now() - GRACE, "waiting": report.waiting})
        rows = cursor.fetchall()
    return {row[0]: {"books": int(row[1]), "on_its_way": int(row[2]) - int(row[3])} for row in rows}


def sums(balance: dict[str, Any]) -> dict[str, int]:
    """Currency → available and pending together, in our minor units."""
    together: dict[str, int] = defaultdict(int)
    for row in (*balance["available"], *balance["pending"]):
        together[row["currency"].upper()] += row["amount"]
    return {code: amounts.from_stripe(units, code, rounding_down=True).minor for code, units in together.items()}


def _copy_tail() -> int:
    """Copy what Stripe has moved since the newest line we know. Returns how many lines were new."""
    newest = StripeLine.objects.order_by("-happened_at").values_list("happened_at", flat=True).first()
    return sum(page.fresh for page in copy(newest - TAIL if newest else None))
