"""Draws every life cycle into docs/states.md from the tables themselves."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from campaigns.states import MACHINES
from creators.states import CREATOR
from marketplace.kit.states import Machine
from payments.states import HOLD

TARGET = Path(settings.BASE_DIR) / "docs" / "states.md"
HEAD = """# Life cycles

Drawn by `python3 manage.py draw_states` from the tables in `states.py`; a test fails when the two differ. Each
arrow is a verb with who may use it.

What is not here: a campaign is not “running”, for its collaborations say so; a product on its way and a concept to be
looked at get their states with the features that move them, as rows in the same tables.
"""


def machines() -> list[Machine]:
    """Every life cycle of the product, in the order of the story."""
    return [CREATOR, *MACHINES.values(), HOLD]


def drawn() -> str:
    """The whole page."""
    return "\n".join([HEAD, *(_section(machine) for machine in machines())])


def _section(machine: Machine) -> str:
    arrows = [
        f"    {source} --> {move.target}: {move.verb} ({', '.join(sorted(move.roles))})"
        for move in machine
        for source in sorted(move.sources)
    ]
    rows = [
        f"| `{m.verb}` | {m.label} | {', '.join(sorted(m.sources))} | {m.target} | {', '.join(sorted(m.roles))} |"
        for m in machine
    ]
    return "\n".join(
        [
            f"## {machine.name.capitalize()}\n",
            "```mermaid\nstateDiagram-v2",
            *arrows,
            "```\n",
            "| verb | button | from | to | who |\n|---|---|---|---|---|",
            *rows,
            "",
        ]
    )


class Command(BaseCommand):
    """Writes docs/states.md, or with --check says whether it is up to date."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="only compare; exit 1 when the page is stale")

    def handle(self, *args: Any, **options: Any) -> None:
        page = drawn()
        if not options["check"]:
            TARGET.write_text(page)
            self.stdout.write(f"wrote {TARGET.name}: {len(machines())} life cycles")
        elif not TARGET.exists() or TARGET.read_text() != page:
            raise CommandError("docs/states.md is stale: run python3 manage.py draw_states")
