"""Measures the matching on a folder of real collaborations (docs/matching.md).

Exit code 0: measured; 2: the folder or the model cannot be read.
"""

import json
import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from campaigns.evaluation import ROUNDS, FolderError, Shape, evaluate
from creators.embedding import LEXICAL, MODEL, EmbeddingError

TITLES = {
    "cold": "Cold: the brand is new here",
    "warm": "Warm: half of the brand's collaborators are known",
    "ablation": "What each part adds",
}


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="FOLDER")
        parser.add_argument("--json", action="store_true", help="print the result as JSON only")
        parser.add_argument("--letters", action="store_true", help="read captions by letters alone: fast, less telling")
        parser.add_argument("--draws", type=int, default=Shape.draws, help="trials for each brief (default: 5)")
        parser.add_argument("--folds", type=int, default=Shape.folds, help="groups of brands (default: 5)")
        parser.add_argument("--rounds", type=int, default=ROUNDS, help="trees to learn (default: 150)")

    def handle(self, *args: Any, **options: Any) -> None:
        started, load = monotonic(), os.getloadavg()[0]
        console = Console(file=self.stderr, quiet=options["json"])  # type: ignore[arg-type]
        try:
            report = _measured(options, console)
        except (FolderError, EmbeddingError) as error:
            self._fail(str(error), as_json=options["json"])
        report |= {"seconds": round(monotonic() - started, 1), "load": round(load, 1)}
        if options["json"]:
            self.stdout.write(json.dumps(report))
        else:
            _show(report, Console(file=self.stdout, width=None if self.stdout.isatty() else 140))  # type: ignore[arg-type]

    def _fail(self, message: str, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps({"error": message}))
        else:
            self.stderr.write(message)
        sys.exit(2)


def _measured(options: dict[str, Any], console: Console) -> dict[str, Any]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=not console.is_terminal) as bars:
        tasks: dict[str, TaskID] = {}

        def tell(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = bars.add_task(step, total=total)
            bars.update(tasks[step], completed=done, total=total)

        return evaluate(
            options["folder"],
            data_dir=Path(settings.DATA_DIR),
            model=LEXICAL if options["letters"] else MODEL,
            shape=Shape(draws=max(options["draws"], 1), folds=max(options["folds"], 2)),
            rounds=max(options["rounds"], 1),
            tell=tell,
        )


def _show(report: dict[str, Any], console: Console) -> None:
    for name, title in TITLES.items():
        rows = report[name]
        measures = list(next(iter(rows.values())))
        table = Table("", *measures, "95 % of AUC", title=title, title_justify="left")
        for ranker, told in rows.items():
            low, high = told["AUC"][1:]
            table.add_row(
                ranker, *(_number(measure, told[measure][0]) for measure in measures), f"{low:.3f} to {high:.3f}"
            )
        console.print(table)
    said = (
        "{creators:,} creators, {briefs} briefs, learned from {learned_from} brands, {seconds} s, load {load}, {model}"
    )
    console.print(said.format(**report), highlight=False)


def _number(measure: str, value: float) -> str:
    return f"{value:.1f}" if measure == "MedR" else f"{value:.3f}"
