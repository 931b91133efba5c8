"""Every state of a hold × every verb: the table decides, and a refusal changes nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from marketplace.kit.errors import Conflict, NotAllowed
from marketplace.kit.states import Machine
from payments import services
from payments.models import Entry, Hold, Operation
from payments.states import BANK, CALLER, CHECKOUT, HOLD, PAYOUT, REFUND, TRANSFER, HoldState
from tests.plugins.sandbox import Bank

VERBS: dict[str, Callable[[Hold], Any]] = {
    "expire": services.expire_hold,
    "freeze": services.freeze,
    "unfreeze": services.unfreeze,
    "release": services.release,
    "refund": lambda hold: services.refund(hold, reason="test"),
}
ALLOWED = {
    "expire": {"awaiting_payment", "expired"},  # a second time changes nothing
    "freeze": {"secured"},
    "unfreeze": {"frozen"},
    "release": {"secured"},
    "refund": {"secured"},
}


@pytest.mark.django_db
@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_works_in_its_states_and_in_no_other(bank: Bank, verb: str) -> None:
    secured = bank.secured()
    before = (Entry.objects.count(), Operation.objects.count())

    for state in HoldState.values:
        with transaction.atomic():
            Hold.objects.update(state=state)
            worked = True
            try:
                VERBS[verb](Hold.objects.get(pk=secured.pk))
            except Conflict:
                worked = False
                assert Hold.objects.get().state == state
                assert (Entry.objects.count(), Operation.objects.count()) == before
            assert worked == (state in ALLOWED[verb]), state
            transaction.set_rollback(True)


def test_what_the_caller_may_do_is_what_the_table_says() -> None:
    theirs = {move.verb for move in HOLD if CALLER in move.roles}

    assert theirs == set(VERBS)
    for move in HOLD:
        if CALLER in move.roles:
            assert move.sources <= ALLOWED[move.verb]


@pytest.mark.parametrize("machine", [HOLD, CHECKOUT, TRANSFER, REFUND, PAYOUT], ids=lambda machine: machine.name)
def test_every_state_is_reached_and_every_verb_has_an_owner(machine: Machine) -> None:
    reached = {move.target for move in machine}
    left = {source for move in machine for source in move.sources}

    assert reached | left == set(machine.states.values)
    assert all(move.roles for move in machine)


def test_stripes_verbs_are_not_the_callers() -> None:
    for move in HOLD:
        if move.roles == {BANK}:
            with pytest.raises(NotAllowed):
                HOLD.find(next(iter(move.sources)), move.verb, [CALLER])


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [{"state": "lost"}, {"amount_minor": 0}, {"amount_minor": -1}, {"fee_minor": -1}],
    ids=str,
)
def test_the_database_refuses_holds_that_cannot_be(bank: Bank, change: dict[str, Any]) -> None:
    bank.hold()

    with pytest.raises(IntegrityError), transaction.atomic():
        Hold.objects.update(**change)
