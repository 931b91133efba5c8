"""Ranks every open campaign anew: begins tonight's sweep, or goes on with it, beside the workers that are at it.

Exit code 0: all are ranked; 1: some could not be; 2: some are still leased by another worker when this one has no more.
"""

import json
import sys
from argparse import ArgumentParser
from contextlib import nullcontext
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from campaigns.models import Sweep
from campaigns.services import sweeps

STEP_SECONDS = 5.0


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the result as JSON only")
        parser.add_argument("--status", action="store_true", help="only say how far the newest sweep is")

    def handle(self, *args: Any, **options: Any) -> None:
        began = monotonic()
        console = Console(file=self.stderr, quiet=options["json"])  # type: ignore[arg-type]
        if options["status"]:
            sweep = Sweep.objects.first()
        else:
            sweep = sweeps.start_sweep(timezone.localdate())
            _work(sweep, console)
        if sweep is None:
            self.stdout.write(json.dumps(None) if options["json"] else "There was no sweep yet.")
            return
        found = sweeps.progress_of(sweep)
        said = {"night": str(sweep.night), "total": found.total, "done": found.done, "failed": found.failed}
        if options["json"]:
            self.stdout.write(json.dumps(said | {"seconds": round(monotonic() - began, 1)}))
        else:
            self.stdout.write(
                f"{found.done:,} of {found.total:,} campaigns ranked, {found.failed:,} failed ({sweep.night})."
            )
        if not options["status"]:
            sys.exit(1 if found.failed else 0 if found.is_over else 2)


def _work(sweep: Sweep, console: Console) -> None:
    columns = (TextColumn("Ranking"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    bars = Progress(*columns, console=console)
    with bars if console.is_terminal else nullcontext():
        found = sweeps.progress_of(sweep)
        bar = bars.add_task("", total=found.total, completed=found.done + found.failed)
        while sweeps.work(sweep, seconds=STEP_SECONDS, tell=lambda: bars.advance(bar)):
            found = sweeps.progress_of(sweep)
            bars.update(bar, completed=found.done + found.failed)
