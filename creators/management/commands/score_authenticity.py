"""Scores the authenticity of creators now, instead of waiting for the clock (docs/authenticity.md).

Without --all only those whose figures changed since, or whom another version scored. A second run finds nothing to do.
"""

import json
from argparse import ArgumentParser
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from creators.authenticity import norms
from creators.models import Creator
from creators.refresh import refresh_authenticity

AT_ONCE = 2_000


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="score everybody who has figures")
        parser.add_argument("--json", action="store_true", help="print the result as JSON only")

    def handle(self, *args: Any, **options: Any) -> None:
        started = monotonic()
        rows = Creator.objects.filter(figures_at__isnull=False)
        if not options["all"]:
            rows = Creator.objects.due_for_authenticity(norms().version)
        ids = list(rows.order_by("pk").values_list("pk", flat=True))
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        console = Console(file=self.stderr, quiet=options["json"])  # type: ignore[arg-type]
        with Progress(*columns, console=console, transient=not console.is_terminal) as bars:
            task = bars.add_task("creators", total=len(ids))
            for start in range(0, len(ids), AT_ONCE):
                bars.advance(task, refresh_authenticity(ids[start : start + AT_ONCE]))
        said = {"scored": len(ids), "version": norms().version, "seconds": round(monotonic() - started, 1)}
        words = f"Scored {len(ids):,} creators by version {said['version']} in {said['seconds']} s."
        self.stdout.write(json.dumps(said) if options["json"] else words)
