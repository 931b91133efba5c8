"""Measures the matching on a folder of real collaborations (docs/matching.md).

Exit code 0: measured; 2: the folder or the model cannot be read.
"""

import json
import os
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from campaigns.evaluation import ROUNDS, FolderError, Shape, Tell, evaluate, plain, show
from creators.embedding import LEXICAL, LIGHT, MODEL, EmbeddingError
from marketplace.kit.commands import fail

WIDTH = 180  # of the tables where no terminal says its own


def _at_least(least: int) -> Callable[[str], int]:
    def number(said: str) -> int:
        if not said.isdecimal() or int(said) < least:
            raise ArgumentTypeError(f"{said!r} is no number from {least} on")
        return int(said)

    return number


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="FOLDER")
        parser.add_argument("--json", action="store_true", help="print the result as JSON only")
        reader = parser.add_mutually_exclusive_group()
        reader.add_argument("--letters", action="store_true", help="read captions by letters alone: fast, less telling")
        reader.add_argument("--light", action="store_true", help="read captions by the light model (package wordllama)")
        parser.add_argument(
            "--draws", type=_at_least(1), default=Shape.draws, help="trials for each brief (default: 5)"
        )
        parser.add_argument("--folds", type=_at_least(2), default=Shape.folds, help="groups of brands (default: 5)")
        parser.add_argument("--rounds", type=_at_least(1), default=ROUNDS, help="trees to learn (default: 150)")

    def handle(self, *args: Any, **options: Any) -> None:
        started, load = monotonic(), os.getloadavg()[0]
        console = Console(file=self.stderr, quiet=options["json"])  # type: ignore[arg-type]
        try:
            report = _measured(options, console)
        except (FolderError, EmbeddingError) as error:
            fail(self, str(error), as_json=options["json"])
        report |= {"seconds": round(monotonic() - started, 1), "load": round(load, 1)}
        if options["json"]:
            self.stdout.write(json.dumps(plain(report)))
        else:
            show(report, Console(file=self.stdout, width=None if self.stdout.isatty() else WIDTH))  # type: ignore[arg-type]


def _measured(options: dict[str, Any], console: Console) -> dict[str, Any]:
    if not console.is_terminal:
        return _evaluated(options, _lines(console))
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as bars:
        tasks: dict[str, TaskID] = {}

        def tell(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = bars.add_task(step, total=total)
            bars.update(tasks[step], completed=done, total=total)

        return _evaluated(options, tell)


def _lines(console: Console) -> Tell:
    """For a log: a line at the start of each step and at every tenth of it."""
    last: dict[str, int] = {}

    def tell(step: str, done: int, total: int) -> None:
        tenth = 10 * done // max(total, 1)
        if last.get(step) != tenth:
            last[step] = tenth
            console.print(f"{step}: {done:,} of {total:,}", highlight=False)

    return tell


def _evaluated(options: dict[str, Any], tell: Tell) -> dict[str, Any]:
    return evaluate(
        options["folder"],
        data_dir=Path(settings.DATA_DIR),
        model=LEXICAL if options["letters"] else LIGHT if options["light"] else MODEL,
        shape=Shape(draws=options["draws"], folds=options["folds"]),
        rounds=options["rounds"],
        tell=tell,
    )
