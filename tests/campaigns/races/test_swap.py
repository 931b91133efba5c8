"""Of two moves from one state, the second is told: for every pair of verbs of every life cycle, without services.

Both hands hold a row that was read before either moved: the worst moment, without threads. The last test takes the
compare-and-swap away and sees both come through, so it is the swap that refuses and nothing else.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

import pytest
from django.db import transaction

from campaigns.moves import Moving, move
from campaigns.states import MACHINES
from marketplace.kit.errors import Conflict
from marketplace.kit.states import Machine, Move
from tests import cast as people
from tests.campaigns.races.conftest import blind_apply
from tests.cast import Cast

MAKERS: dict[str, Callable[[Cast], Moving]] = {
    "campaign": people.campaign,
    "invitation": people.invitation,
    "application": people.application,
    "offer": people.offer,
    "collaboration": lambda cast: people.collaboration(cast, state="in_review"),
}
# These leave the state as it is, so the swap cannot tell; what refuses is the lock, in test_races.py.
STANDING = {
    ("campaign", "fund"),
    ("campaign", "return_money"),
    ("offer", "counter"),
    ("offer", "extend"),
    ("collaboration", "pay"),
    ("collaboration", "begin"),
}


def pairs(machine: Machine) -> Iterator[tuple[str, Move, Move]]:
    """Every two moves that start from one state; the first of them leaves it."""
    for state in machine.states:
        here = [row for row in machine if state in row.sources]
        yield from ((state, first, second) for first, second in itertools.product(here, here) if first.target != state)


def both(thing: Moving, state: str, first: Move, second: Move) -> bool:
    """Whether both came through; everything is taken back."""
    rows = type(thing)._base_manager
    with transaction.atomic():
        rows.filter(pk=thing.pk).update(state=state)
        hands = [rows.get(pk=thing.pk), rows.get(pk=thing.pk)]
        try:
            for hand, row in zip(hands, (first, second), strict=True):
                with transaction.atomic():
                    move(hand, row.verb, by=None, role=min(row.roles))
        except Conflict:
            return False
        finally:
            transaction.set_rollback(True)
    return True


@pytest.mark.parametrize("name", MACHINES)
def test_the_second_of_two_moves_is_told(cast: Cast, name: str) -> None:
    thing = MAKERS[name](cast)

    twice = [f"{state}: {a.verb}, {b.verb}" for state, a, b in pairs(MACHINES[name]) if both(thing, state, a, b)]

    assert twice == []


def test_only_the_moves_that_stay_are_not_seen_by_the_swap() -> None:
    stay = {(m.name, row.verb) for m in MACHINES.values() for row in m if row.sources == {row.target}}

    assert stay == STANDING


@pytest.mark.parametrize("name", MACHINES)
def test_without_the_swap_both_come_through(cast: Cast, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    thing = MAKERS[name](cast)
    monkeypatch.setattr(Machine, "apply", blind_apply)

    refused = [f"{state}: {a.verb}, {b.verb}" for state, a, b in pairs(MACHINES[name]) if not both(thing, state, a, b)]

    assert refused == []
