"""Two hands at once, in real threads on a real database; and a way to take the guards off."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from campaigns import budget
from campaigns.services import briefs, ending, invitations, offers, teams, work
from marketplace.kit.errors import Conflict
from marketplace.kit.states import Machine, Move
from tests.cast import Cast, make_cast

LOCKING = (briefs, ending, invitations, offers, work)
Act = Callable[[], object]


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return make_cast()


def race(*acts: Act) -> list[Exception | None]:
    """Do all of them at once; what each raised, in their order."""
    start = threading.Barrier(len(acts))

    def one(act: Act) -> Exception | None:
        try:
            connection.ensure_connection()  # so that nobody is late for having to dial
            start.wait(20)
            act()
        except Exception as error:
            return error
        finally:
            connection.close()
        return None

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


def one_wins(outcomes: list[Exception | None]) -> bool:
    """One came through; everybody else was told that it is too late."""
    return outcomes.count(None) == 1 and all(o is None or isinstance(o, Conflict) for o in outcomes)


@pytest.fixture
def together(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has looked waits a moment for the other one to look as well: the worst moment, every time."""
    meet(monkeypatch, seconds=0.4)


def meet(monkeypatch: pytest.MonkeyPatch, *, seconds: float) -> None:
    meeting = threading.Barrier(2)
    for owner, name in ((Machine, "find"), (budget, "left"), (teams, "_keep_an_owner")):
        monkeypatch.setattr(owner, name, then_wait(getattr(owner, name), meeting, seconds))


def then_wait(function: Callable[..., Any], meeting: threading.Barrier, seconds: float = 0.4) -> Callable[..., Any]:
    """The function, whose callers then meet before they go on, or part after these seconds."""

    def looked(*args: Any, **kwargs: Any) -> Any:
        answer = function(*args, **kwargs)
        with suppress(threading.BrokenBarrierError):
            meeting.wait(seconds)
        return answer

    return looked


@pytest.fixture
def no_guards(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows are not locked, and moves do not compare before they swap."""
    for module in LOCKING:
        monkeypatch.setattr(module, "lock", lambda thing: None)
    monkeypatch.setattr(teams, "_lock", lambda business: None)
    monkeypatch.setattr(Machine, "apply", blind_apply)


@pytest.fixture
def unguarded(monkeypatch: pytest.MonkeyPatch, no_guards: None) -> None:
    """No guards, and both look at the same moment: nobody is held up, so both do come."""
    meet(monkeypatch, seconds=6)


def blind_apply(machine: Machine, thing: Any, verb: str, roles: Any, **fields: Any) -> Move:
    """A move that does not look whether the state is still the same."""
    move = machine.find(thing.state, verb, roles)
    values = {"state": move.target, "updated_at": timezone.now(), **fields}
    type(thing)._base_manager.filter(pk=thing.pk).update(**values)
    for name, value in values.items():
        setattr(thing, name, value)
    return move
