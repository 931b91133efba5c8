"""A payee's year on paper and as a table for a spreadsheet. In English, whoever looks: it is one document."""

import csv
import io
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from babel.dates import format_date
from django.utils import timezone
from django.utils.translation import gettext_noop

from marketplace.kit.paper import Paper
from payments.papers.invoice import day, lines_of
from payments.statements import Statement, Sums

DEMO = "DEMO – no real money moved, or nobody is named who issues this."
HEADS = (
    gettext_noop("Earned"), gettext_noop("Claimed back"), gettext_noop("Reversed"), gettext_noop("Given up"),
    gettext_noop("Paid out"), gettext_noop("Fees"),
)  # fmt: skip
TIMES = "Months and the year are counted in UTC, as in the books and on invoices."
WORDS = (
    "Earned: what arrived on your account after a release; our fee is not taken from it. Claimed back: what you were "
    "asked to give back. Reversed: what was taken from your account for it. Given up: what we no longer ask for. "
    "Paid out: what arrived at your bank; a payout that came back counts against it in the month it came back. "
    "Fees: what instant payouts cost you; a standard payout is free."
)
WRONG = "These figures do not add up by {sum}. We know of it and look into it; please do not file this paper."
COLUMNS = ("date", "month", "currency", "kind", "amount", "work", "payment", "reference")
# A spreadsheet runs a cell that begins like this.
RISKY = ("=", "+", "-", "@", "\t", "\r")
Titles = Mapping[str, str]


def draw_statement(
    year: int, statements: list[Statement], *, titles: Titles, payee: Mapping[str, Any], issuer: Mapping[str, Any],
    demo: bool,
) -> bytes:  # fmt: skip
    """The pages of one year. The same books give the same bytes, all day long."""
    until = last_day(year)
    paper = Paper(
        f"Statement {year}",
        at=datetime(until.year, until.month, until.day, tzinfo=UTC),
        mark=DEMO if demo else "",
    )
    paper.heading(f"Statement {year}")
    paper.sides(["For", *lines_of(payee)], ["From", *lines_of(issuer)])
    paper.facts([("Period", period(year)), ("Times", TIMES)])
    for one in statements:
        _draw(paper, one, titles)
    if not statements:
        paper.note("Nothing moved in this year.")
    paper.note(WORDS)
    return paper.finish()


def write_statement(statements: list[Statement], *, titles: Titles) -> str:
    """Every movement as a line, oldest first; the lines of a kind add up to the statement's total."""
    out = io.StringIO()
    sheet = csv.writer(out)
    sheet.writerow(COLUMNS)
    for one in (movement for statement in statements for movement in statement.movements):
        sheet.writerow(
            [
                one.at.date().isoformat(), f"{one.at:%Y-%m}", one.money.currency, one.kind, f"{one.money.major:f}",
                _tame(titles.get(one.payment, "")), one.payment, one.reference,
            ]
        )  # fmt: skip
    return out.getvalue()


def last_day(year: int) -> date:
    """The last day that the statement of a year covers: today, while the year is not over (UTC)."""
    return min(timezone.now().astimezone(UTC).date(), date(year, 12, 31))


def period(year: int) -> str:
    """“1 January 2026 – 25 November 2026”, and that the year is not over."""
    until = last_day(year)
    open_end = "" if until == date(year, 12, 31) else " (the year is not over)"
    return f"{day(date(year, 1, 1))} – {day(until)}{open_end}"


def _draw(paper: Paper, one: Statement, titles: Titles) -> None:
    paper.heading(one.currency, size=13)
    if one.unexplained:
        paper.note(WRONG.format(sum=one.unexplained))
    paper.facts(
        [
            ("On your account at the beginning", one.opening.text()),
            ("On your account at the end", one.closing.text()),
            ("Still owed at the end", one.owed.text()),
        ]
    )
    months = [(str(format_date(date(one.year, month, 1), "MMMM", locale="en")), sums) for month, sums in one.months]
    _table(paper, "Month", [*months, ("Year", one.total)], columns=6)
    works = [(titles.get(key, f"Payment {key}"), sums) for key, sums in one.payments]
    _table(paper, "Work", [*works, ("Year", one.total)] if works else [], columns=4)


def _table(paper: Paper, head: str, rows: list[tuple[str, Sums]], *, columns: int) -> None:
    if rows:
        cells = [(label, *(money.text() for money in sums.cells()[:columns])) for label, sums in rows]
        widths = (100 - 14 * columns, *[14] * columns)
        paper.table((head, *HEADS[:columns]), cells, widths=widths, ends=set(range(1, columns + 1)))


def _tame(text: str) -> str:
    return f"'{text}" if text.startswith(RISKY) else text
