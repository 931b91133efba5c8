"""What processing was estimated to cost beside what it did cost, by country, currency and method (docs/money.md).

Exit code 0: every estimate fits, or there are too few payments to say; 1: a price is out of date or missing.
"""

import json
import sys
from argparse import ArgumentParser, ArgumentTypeError
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from rich.console import Console
from rich.table import Table

from payments.estimates import DAYS, Comparison, compare, percent_of

PIPED = 120  # columns of a file
COLOURS = {"out of date": "red", "no price": "red", "fits": "green", "too few": "dim"}


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--days", type=_days, default=DAYS, help=f"payments of how many days (default {DAYS})")
        parser.add_argument("--json", action="store_true", help="print the result as JSON only")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = compare(timezone.now() - timedelta(days=options["days"]))
        if options["json"]:
            self.stdout.write(json.dumps([asdict(_line(row)) for row in rows]))
        else:
            console = Console(file=self.stdout)  # type: ignore[arg-type]
            console.width = console.width if console.is_terminal else PIPED
            _show(rows, options["days"], console)
        sys.exit(1 if any(row.is_due for row in rows) else 0)


@dataclass(frozen=True)
class Line:
    """A comparison as JSON shows it: amounts in minor units."""

    country: str
    currency: str
    method: str
    payments: int
    volume_minor: int
    estimated_minor: int
    actual_minor: int
    difference_minor: int
    off_bps: int | None
    unpriced: int
    unpriced_minor: int
    valid_from: str | None
    verdict: str


def _line(row: Comparison) -> Line:
    return Line(
        row.country, row.currency, row.method, row.count, row.volume_minor, row.estimated_minor, row.actual_minor,
        row.difference.minor, row.off_bps, row.unpriced, row.unpriced_minor,
        row.price.valid_from.isoformat() if row.price else None, row.verdict,
    )  # fmt: skip


def _days(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= 3650:
        raise ArgumentTypeError("a number of days from 1 to 3650")
    return int(text)


def _show(rows: list[Comparison], days: int, console: Console) -> None:
    if not rows:
        console.print(f"No payment has arrived in the last {days} days.")
        return
    table = Table(title=f"Processing in the last {days} days: estimated and actual")
    for head in ("Country", "Currency", "Method"):
        table.add_column(head)
    for head in ("Payments", "Estimated", "Actual", "Difference", "Off", "Price from"):
        table.add_column(head, justify="right")
    table.add_column("")
    for row in rows:
        colour, price = COLOURS[row.verdict], row.price.valid_from.isoformat() if row.price else "–"
        table.add_row(
            row.country, row.currency, row.method, f"{row.count:,}", row.estimated.text(), row.actual.text(),
            row.difference.text(), percent_of(row.off_bps), price, f"[{colour}]{row.verdict}[/]",
        )  # fmt: skip
        if row.unpriced:
            table.add_row("", "", "", f"{row.unpriced:,}", "–", row.unpriced_actual.text(), "", "", "none", "")
    console.print(table)
    if any(row.is_due for row in rows):
        console.print("Add a price with its day and its source in the admin under Fee schedules.")
