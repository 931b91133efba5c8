"""Measures the authenticity model: on accounts labelled as fake or real, on a folder of real creators, or on both.

--accounts CSV, several times or several files: AUC, average precision and Brier score, by cross-validation within each
file and from each file to every other. --folder: how often the bands hold, and which injected frauds are noticed.
Docs: docs/authenticity.md. Exit code 0: measured; 2: something cannot be read.
"""

import json
import os
from argparse import ArgumentParser
from pathlib import Path
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand
from rich.console import Console
from rich.table import Table

from creators.evaluation import FolderError, evaluate
from creators.evaluation.labelled import columns_named
from marketplace.kit.commands import fail

FIGURES = {"auc": "AUC", "average_precision": "AP", "brier": "Brier"}


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--accounts", type=Path, nargs="+", action="extend", default=[], metavar="CSV")
        parser.add_argument("--columns", default="", metavar="OURS=THEIRS,…", help="names of columns, like fake=label")
        parser.add_argument("--folder", type=Path, help="creators, posts and comment figures, as import_creators takes")
        parser.add_argument("--json", action="store_true", help="print the result as JSON only")

    def handle(self, *args: Any, **options: Any) -> None:
        started, load = monotonic(), os.getloadavg()[0]
        try:
            report = self._measured(options)
        except FolderError as error:
            fail(self, str(error), as_json=options["json"])
        report |= {"seconds": round(monotonic() - started, 1), "load": round(load, 1)}
        if options["json"]:
            self.stdout.write(json.dumps(report))
        else:
            _show(report, Console(file=self.stdout, width=None if self.stdout.isatty() else 140))  # type: ignore[arg-type]

    def _measured(self, options: dict[str, Any]) -> dict[str, Any]:
        if not options["accounts"] and not options["folder"]:
            raise FolderError("Give labelled accounts with --accounts CSV, a folder with --folder, or both.")
        console = Console(file=self.stderr, quiet=options["json"])  # type: ignore[arg-type]
        with console.status("Measuring") as status:
            return evaluate(
                options["accounts"], options["folder"], columns=columns_named(options["columns"]), tell=status.update
            )


def _show(report: dict[str, Any], console: Console) -> None:
    if "accounts" in report:
        _show_accounts(report["accounts"], console)
    if "creators" in report:
        _show_creators(report["creators"], console)
    console.print("What this cannot know:", highlight=False)
    for line in report["cannot_know"]:
        console.print(f"- {line}", highlight=False)
    console.print(f"{report['seconds']} s, load {report['load']}.", highlight=False)


def _show_accounts(said: dict[str, Any], console: Console) -> None:
    table = Table(
        "file", "accounts", "fake", "judged by", *FIGURES.values(), title="Within a file", title_justify="left"
    )
    for name, file in said["files"].items():
        learned = " (learned from it)" if file["shipped_learned_from_it"] else ""
        for judge, label in (("cross_validated", "10-fold"), ("shipped", f"the shipped model{learned}")):
            counts = (f"{file['accounts']:,}", f"{file['fake']:,}")
            table.add_row(name, *counts, label, *_figures(file[judge]))
    console.print(table)
    if said["transfer"]:
        title = "From one file to another (the honest figure)"
        table = Table("learned from", "judged", "alike", *FIGURES.values(), title=title, title_justify="left")
        for row in said["transfer"]:
            table.add_row(row["learned_from"], row["judged"], str(row["shared"]), *_figures(row))
        console.print(table)
    for name, file in said["files"].items():
        for warning in file["warnings"]:
            console.print(f"{name}: {warning}", markup=False, highlight=False)


def _figures(said: dict[str, float]) -> list[str]:
    return [f"{said[name]:.3f}" for name in FIGURES]


def _show_creators(said: dict[str, Any], console: Console) -> None:
    table = Table("bands", "creators", "80 % band", "95 % band", title="How often the bands hold", title_justify="left")
    for name, row in said["coverage"].items():
        table.add_row(name, f"{row['creators']:,}", f"{row['within_80']:.1%}", f"{row['within_95']:.1%}")
    console.print(table)
    title = "Injected frauds: AUC"
    table = Table("fraud", "creators", "the score", "a test for it alone", title=title, title_justify="left")
    for name, row in said["frauds"].items():
        table.add_row(name, f"{row['creators']:,.0f}", f"{row['score']:.3f}", f"{row['own_test']:.3f}")
    console.print(table)
    console.print(
        f"{said['creators']:,} creators scored in {said['scored_in_seconds']} s by norms {said['norms']}; "
        f"{said['with_enough_evidence']:,} with enough evidence, mean score {said['mean_score']}, mean 80 % band "
        f"{said['mean_band']} points ({said['mean_band_unknown']} where nothing is known).",
        highlight=False,
    )
