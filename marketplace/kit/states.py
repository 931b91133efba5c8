"""Life cycles as tables: a verb, the states it starts from, the state it leads to, who may."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils import timezone

from marketplace.kit.errors import Conflict, NotAllowed


@dataclass(frozen=True, slots=True)
class Move:
    """One row of the table. ``label`` is the button, ``past`` what the diary says after somebody's name."""

    verb: str
    sources: frozenset[str]
    target: str
    roles: frozenset[str]
    label: str
    past: str


def row(verb: str, sources: Iterable[str], target: str, roles: Iterable[str], label: str = "", past: str = "") -> Move:
    """A readable way to write a Move: row("accept", [SENT], ACCEPTED, ["creator"])."""
    name = label or verb.replace("_", " ").capitalize()
    return Move(verb, frozenset(sources), target, frozenset(roles), name, past or f"{verb.replace('_', ' ')}")


class Machine:
    """One life cycle. Reads the table of moves and applies one by compare-and-swap on ``state``."""

    def __init__(self, name: str, states: type[models.TextChoices], moves: Iterable[Move]) -> None:
        self.name = name
        self.states = states
        self.moves = tuple(moves)
        self._by_verb: dict[str, list[Move]] = {}
        for move in self.moves:
            self._by_verb.setdefault(move.verb, []).append(move)

    def __iter__(self) -> Iterator[Move]:
        return iter(self.moves)

    @property
    def verbs(self) -> list[str]:
        return list(self._by_verb)

    def sources(self, verb: str) -> frozenset[str]:
        """Every state this verb starts from, whoever uses it."""
        return frozenset().union(*(move.sources for move in self._by_verb[verb]))

    def actions(self, state: str, roles: Collection[str]) -> list[Move]:
        """The moves somebody with these roles may make from this state, in the table's order."""
        return [m for m in self.moves if state in m.sources and m.roles.intersection(roles)]

    def find(self, state: str, verb: str, roles: Collection[str]) -> Move:
        """The move, or NotAllowed when the verb is never theirs, or Conflict when it is not its time."""
        rows = self._by_verb[verb]
        theirs = [m for m in rows if m.roles.intersection(roles)]
        if not theirs:
            raise NotAllowed("not_yours", f"This is not yours to do: {rows[0].label.lower()}.", verb=verb)
        for move in theirs:
            if state in move.sources:
                return move
        raise Conflict(
            "wrong_state",
            f"This {self.name.replace('_', ' ')} is {self.states(state).label.lower()} now, "
            f"so “{theirs[0].label}” is no longer possible.",
            verb=verb,
            state=state,
        )

    def apply(self, thing: Any, verb: str, roles: Collection[str], **fields: Any) -> Move:
        """Move ``thing`` and set ``fields`` in the same UPDATE. The loser of a race gets Conflict."""
        move = self.find(thing.state, verb, roles)
        values = {"state": move.target, "updated_at": timezone.now(), **fields}
        rows = type(thing)._base_manager.filter(pk=thing.pk, state=thing.state)
        if rows.update(**values) == 0:
            raise Conflict("lost_race", "Somebody else was faster. Please look again.", verb=verb)
        for name, value in values.items():
            setattr(thing, name, value)
        return move
