"""What the person at the keyboard reads when everything is up."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.panel import Panel
from rich.table import Table

console = Console(stderr=True, highlight=False)


def say(words: str) -> None:
    """A plain line, never wrapped and never read as markup."""
    console.print(words, markup=False, soft_wrap=True)


@contextmanager
def step(words: str) -> Iterator[None]:
    """A line that shows what is being waited for, and goes away. No spinner: its thread would spoil our forks."""
    if not console.is_terminal:
        yield
        return
    console.print(f"[dim]{words}[/]", end="\r")
    try:
        yield
    finally:
        console.print(" " * len(words), end="\r")


def logins(data: Path) -> Table | None:
    """The demo's people, when the demo was filled in."""
    try:
        people: list[dict[str, str]] = json.loads((data / "demo-logins.json").read_text())
    except (OSError, ValueError):
        return None
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for title in ("E-mail", "Password"):
        table.add_column(title, no_wrap=True)
    table.add_column("Who", overflow="fold")
    for person in people:
        table.add_row(person["email"], person["password"], person["who"])
    return table


def greet(data: Path, seconds: float) -> None:
    """Where to go, who to be, where the data lies, how to stop."""
    site = os.environ["SITE_URL"]
    facts = Table.grid(padding=(0, 2))
    facts.add_row("[dim]Open[/]", f"[bold link={site}]{site}[/]")
    facts.add_row("[dim]Admin[/]", f"{site}/admin/")
    facts.add_row("[dim]API[/]", f"{site}/api/docs/")
    facts.add_row("[dim]Data[/]", f"{data}  [dim](mail in mail/, logs in logs/)[/]")
    facts.add_row("[dim]Stop[/]", f"Ctrl-C, or [bold]kill {os.getppid()}[/]")
    console.print(Panel(facts, title=f"Goodword is up · {seconds:.1f} s", title_align="left", border_style="green"))
    people = logins(data)
    if people is not None:
        console.print(people)


def checked(seconds: float) -> None:
    console.print(f"[green]Everything answered[/] in {seconds:.1f} s: the page, and a task through broker and worker.")
