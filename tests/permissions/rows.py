"""Reading the tables of the matrix: one line per route, method and thing, one word per person."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.permissions.world import PERSONS, World

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
WORDS = {"ok", "ok+", "go", "go+", "login", "400", "401", "403", "404", "405", "409", "503"}
# allauth's pages, and Django's admin with its own rules: test_accounts_and_admin.py.
GENERIC = ("accounts/", "admin/")


@dataclass(frozen=True)
class Route:
    """One address of the URLconf."""

    name: str
    pattern: str
    arguments: tuple[str, ...]
    callback: Any = None


@dataclass(frozen=True)
class Row:
    """What each person gets who sends this to that address. “+” after a word: something is different afterwards."""

    name: str
    method: str
    things: tuple[str, ...]
    words: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.name} {self.method} {'/'.join(self.things) or '-'}"

    def path(self, world: World, *, missing: bool = False) -> str:
        """The address; ``missing`` puts an id that nobody has in the place of the first thing."""
        parts = [world.id_of(thing) for thing in self.things]
        if missing:
            parts[0] = "0" * len(parts[0])
        return reverse(self.name, args=parts)


def read_rows(table: str) -> list[Row]:
    """The lines of a table; a hash begins a comment."""
    rows = []
    for line in table.strip().splitlines():
        cells = line.split("#")[0].split()
        if not cells:
            continue
        name, method, things, *words = cells
        assert len(words) == len(PERSONS), f"{len(words)} words for {len(PERSONS)} persons: {line}"
        assert set(words) <= WORDS, line
        rows.append(Row(name, method, tuple(things.split("/")) if things != "-" else (), tuple(words)))
    return rows


def walk() -> Iterator[Route]:
    """Every address of the URLconf."""
    yield from _walk(get_resolver(), "", ())


def _walk(resolver: URLResolver, prefix: str, arguments: tuple[str, ...]) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        pattern = prefix + str(entry.pattern)
        inside = (*arguments, *entry.pattern.regex.groupindex)
        if isinstance(entry, URLPattern):
            yield Route(entry.name or "", pattern, inside, entry.callback)
        else:
            yield from _walk(entry, pattern, inside)


def own_routes() -> list[Route]:
    """The routes that need a row each."""
    return [route for route in walk() if not route.pattern.startswith(GENERIC)]


Fields = dict[tuple[str, str], Callable[[World], dict[str, Any]] | dict[str, Any]]


def fields_of(row: Row, fields: Fields, world: World) -> dict[str, Any]:
    """What this row sends: by route and things, else by route and the last of them, else by route alone."""
    keys = "/".join(row.things), row.things[-1] if row.things else "", ""
    found = next((fields[row.name, key] for key in keys if (row.name, key) in fields), {})
    return found(world) if callable(found) else found
