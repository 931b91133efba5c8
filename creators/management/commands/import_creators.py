"""Imports creators from a folder or a CSV file (docs/import.md).

Exit code 0: all rows; 1: some rows were skipped; 2: nothing was imported.
"""

import csv
import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from creators.importing.files import ImportFailed
from creators.services.imports import Report, import_creators
from creators.states import CreatorState
from marketplace.kit.commands import fail

SHOWN = 10
KINDS = ("creators", "posts", "comments", "commenters")


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, metavar="FOLDER|CSV")
        parser.add_argument("--dry-run", action="store_true", help="read and check everything, keep nothing")
        parser.add_argument("--json", action="store_true", help="print the result as JSON only")
        parser.add_argument(
            "--state", choices=[CreatorState.LISTED.value, CreatorState.IN_REVIEW.value, CreatorState.DRAFT.value],
            default=CreatorState.LISTED.value, help="the state new creators start in (default: listed)",
        )  # fmt: skip
        parser.add_argument("--report", type=Path, help="where to write the rows that were skipped, as CSV")

    def handle(self, *args: Any, **options: Any) -> None:
        started = monotonic()
        console = Console(file=self.stderr, quiet=options["json"])  # type: ignore[arg-type]
        try:
            report = _run(options, console)
        except ImportFailed as error:
            fail(self, str(error), as_json=options["json"])
        path = _write_report(report, options["report"])
        summary = _summary(report, path, monotonic() - started)
        if options["json"]:
            self.stdout.write(json.dumps(summary))
        else:
            _show(report, summary, Console(file=self.stdout))  # type: ignore[arg-type]
        if report.issues:
            sys.exit(1)


def _run(options: dict[str, Any], console: Console) -> Report:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[rows]:,} rows"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=not console.is_terminal) as bars:
        tasks: dict[str, TaskID] = {}

        def advance(file: str, rows: int, position: int) -> None:
            if file not in tasks:
                tasks[file] = bars.add_task(file, total=_size(options["path"], file), rows=0)
            bars.update(tasks[file], completed=position, rows=rows)

        return import_creators(options["path"], state=options["state"], dry_run=options["dry_run"], progress=advance)


def _size(path: Path, file: str) -> int | None:
    whole = path / file if path.is_dir() else path
    return whole.stat().st_size if whole.is_file() else None


def _write_report(report: Report, path: Path | None) -> Path | None:
    """The skipped rows as a file, so that they can be mended and given again."""
    if not report.issues:
        return None
    moment = datetime.now(tz=UTC).strftime("%Y%m%d-%H%M%S")
    path = path or Path(settings.DATA_DIR) / "imports" / f"skipped-{moment}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", errors="backslashreplace", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["file", "row", "column", "problem"])
        writer.writerows((issue.file, issue.row, issue.column, issue.problem) for issue in report.issues)
    return path


def _summary(report: Report, path: Path | None, seconds: float) -> dict[str, Any]:
    kinds = {name: asdict(getattr(report, name)) for name in KINDS}
    return {
        **kinds,
        "changed": report.changed,
        "dry_run": report.dry_run,
        "issues": len(report.issues),
        "report": str(path) if path else None,
        "seconds": round(seconds, 1),
    }


def _show(report: Report, summary: dict[str, Any], console: Console) -> None:
    table = Table("", "new", "changed", "unchanged", "skipped")
    for name in KINDS:
        row = summary[name]
        table.add_row(name, *(f"{row[key]:,}" for key in ("created", "updated", "unchanged", "skipped")))
    console.print(table)
    for issue in report.issues[:SHOWN]:
        console.print(f"{issue.file} row {issue.row}: {issue.column} {issue.problem}", markup=False, highlight=False)
    if report.issues:
        more = f" (first {SHOWN} above)" if len(report.issues) > SHOWN else ""
        console.print(f"{len(report.issues):,} problems{more}; all of them are in {summary['report']}", markup=False)
    if report.dry_run:
        console.print("Dry run: nothing was kept.")
    elif not report.changed:
        console.print("Nothing changed: all of it was here already.")
    console.print(f"Took {summary['seconds']} s.")
