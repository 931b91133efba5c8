"""Compares our books with Stripe, and looks at every rule of the books (docs/money.md).

Exit code 0: everything agrees; 1: a case is open; 2: Stripe did not answer, or another run is at it.
"""

import json
import sys
from argparse import ArgumentParser
from contextlib import nullcontext
from datetime import UTC, datetime
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import Count
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from marketplace.kit.alone import alone
from payments.invariants import INVARIANTS, check
from payments.models import Case
from payments.reconciliation import Report, reconcile, start


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--since", type=_day, metavar="DAY", help="compare from this day on (2026-11-25)")
        parser.add_argument("--dry-run", action="store_true", help="compare, but open no case and book nothing")
        parser.add_argument("--json", action="store_true", help="print the result as JSON only")

    def handle(self, *args: Any, **options: Any) -> None:
        began, keep = monotonic(), not options["dry_run"]
        console = Console(file=self.stderr, quiet=options["json"])  # type: ignore[arg-type]
        with alone("payments.reconcile") as mine:
            if not mine:
                self.stderr.write("Another run is comparing already.")
                sys.exit(2)
            report, broken = _run(options["since"], keep=keep, console=console)
        summary = _summary(report, broken, keep=keep, seconds=monotonic() - began)
        if options["json"]:
            self.stdout.write(json.dumps(summary))
        else:
            _show(summary, Console(file=self.stdout))  # type: ignore[arg-type]
        sys.exit(1 if summary["found"] or summary["open"] else 2 if report.trouble else 0)


def _day(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)


def _run(since: datetime | None, *, keep: bool, console: Console) -> tuple[Report, list[dict[str, str]]]:
    bars = Progress(SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), console=console)
    with bars if console.is_terminal else nullcontext():
        task = bars.add_task("Asking Stripe …")

        def tell(step: str, count: int) -> None:
            bars.update(task, description=f"{step}: {count:,}")

        report = reconcile(start(since=since), Report(keep=keep, tell=tell))
        bars.update(task, description="Looking at the rules of the books …")
        looks = check(INVARIANTS, keep=keep)
    broken = [
        {"kind": str(look.invariant.kind), "text": f"{look.invariant.sentence} Not so: {what} ({wrong})"}
        for look in looks
        for what, wrong in look.rows[:1]
    ]
    unseen = [look.invariant.name for look in looks if look.trouble]
    if unseen:
        report.trouble = f"{report.trouble} These rules could not be looked at: {', '.join(unseen)}".strip()
    report.counts["rules of the books looked at"] = len(looks) - len(unseen)
    return report, broken


def _summary(report: Report, broken: list[dict[str, str]], *, keep: bool, seconds: float) -> dict[str, Any]:
    rows = Case.objects.open().values_list("kind").annotate(cases=Count("pk")).order_by("kind")
    return {
        "counts": dict(report.counts),
        "found": [{"kind": str(one.kind), "text": one.text} for one in report.found] + broken,
        "open": dict(rows),
        "trouble": report.trouble,
        "dry_run": not keep,
        "seconds": round(seconds, 1),
    }


def _show(summary: dict[str, Any], console: Console) -> None:
    table = Table("Compared", "", show_header=False, box=None)
    for step, count in summary["counts"].items():
        table.add_row(step, f"{count:,}")
    console.print(table)
    if summary["found"]:
        found = Table("What", "Not as it must be")
        for one in summary["found"]:
            found.add_row(one["kind"], one["text"])
        console.print(found)
    for kind, count in summary["open"].items():
        console.print(f"{count} open: {kind}", markup=False)
    if summary["trouble"]:
        console.print(f"Not everything could be compared: {summary['trouble']}", markup=False)
    elif not summary["found"] and not summary["open"]:
        console.print("Everything agrees, to the cent.")
    if summary["dry_run"]:
        console.print("Dry run: no case was opened, nothing was booked.")
    console.print(f"Took {summary['seconds']} s.")
