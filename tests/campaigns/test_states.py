"""Every state × verb × person of the five life cycles, through the services, read from the same tables."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from campaigns.models import Activity, Application, Campaign, Collaboration, Invitation, Offer
from campaigns.moves import Moving, move
from campaigns.policies import roles_of
from campaigns.services import briefs, cancelling, ending, funding, invitations, offers, work
from campaigns.services.work import Change
from campaigns.states import APPLICATION, CAMPAIGN, COLLABORATION, INVITATION, MACHINES, OFFER
from campaigns.terms import contract_items
from marketplace.kit.errors import Conflict, NotAllowed
from marketplace.kit.money import Money
from marketplace.kit.states import Machine, Move
from marketplace.notices.models import Notice
from marketplace.users.models import User
from tests import cast as people
from tests.campaigns.conftest import Asked
from tests.cast import Cast, draft

Call = Callable[[Any, User], object]


def _changes(row: Collaboration) -> list[Change]:
    return [Change(item=contract_items(row.contract)[0], text="Closer to the oven, please.")]


def _long_due(row: Collaboration) -> Collaboration:
    Collaboration.objects.filter(pk=row.pk).update(due_at=row.signed_at - timedelta(days=9))
    return row


def _keeps(row: Collaboration) -> int:
    """What was read; where there is nothing to cancel, any number is as good."""
    try:
        return cancelling.kill_fee(row).keeps.minor
    except Conflict:
        return 0


CALLS: dict[str, dict[str, Call]] = {
    "campaign": {
        "submit": lambda row, by: briefs.submit_campaign(row, by=by),
        "approve": lambda row, by: briefs.approve_campaign(row, by=by),
        "reject": lambda row, by: briefs.reject_campaign(row, reason="Please say more.", by=by),
        "pause": lambda row, by: briefs.pause_campaign(row, by=by),
        "resume": lambda row, by: briefs.resume_campaign(row, by=by),
        "fund": lambda row, by: funding.fund_campaign(row, amount=Money(100_00, "EUR"), by=by),
        "return_money": lambda row, by: funding.return_money(row, by=by),
        "complete": lambda row, by: briefs.complete_campaign(row, by=by),
        "cancel": lambda row, by: briefs.cancel_campaign(row, by=by),
        "archive": lambda row, by: briefs.archive_campaign(row, by=by),
    },
    "invitation": {
        "view": lambda row, by: invitations.view_invitation(row, by=by),
        "accept": lambda row, by: invitations.accept_invitation(row, by=by),
        "decline": lambda row, by: invitations.decline_invitation(row, by=by),
        "withdraw": lambda row, by: invitations.withdraw_invitation(row, by=by),
        "offer": lambda row, by: offers.answer_invitation(row, terms=draft(), by=by),
    },
    "application": {
        "shortlist": lambda row, by: invitations.shortlist_application(row, by=by),
        "offer": lambda row, by: offers.answer_application(row, terms=draft(), by=by),
        "decline": lambda row, by: invitations.decline_application(row, by=by),
        "withdraw": lambda row, by: invitations.withdraw_application(row, by=by),
    },
    "offer": {
        "accept": lambda row, by: offers.accept_offer(row, version=1, signature=by.name, by=by),
        "counter": lambda row, by: offers.counter_offer(row, terms=draft(25_000), by=by),
        "decline": lambda row, by: offers.decline_offer(row, by=by),
        "take_back": lambda row, by: offers.take_back_offer(row, by=by),
        "agree": lambda row, by: offers.agree_offer(row, by=by),
        "revise": lambda row, by: offers.revise_offer(row, terms=draft(22_000), by=by),
        "extend": lambda row, by: offers.extend_offer(row, by=by),
        "withdraw": lambda row, by: offers.withdraw_offer(row, by=by),
    },
    "collaboration": {
        "pay": lambda row, by: work.pay(row, by=by),
        "begin": lambda row, by: cancelling.begin(row, by=by),
        "cancel_paid": lambda row, by: cancelling.cancel_paid(row, keeps_minor=_keeps(row), reason="No.", by=by),
        "submit": lambda row, by: work.submit_work(row, link="https://example.org/draft", by=by),
        "request_changes": lambda row, by: work.request_changes(row, changes=_changes(row), by=by),
        "approve": lambda row, by: work.approve_work(row, by=by),
        "mark_live": lambda row, by: work.mark_live(row, url="https://example.org/p/1", by=by),
        "accept_live": lambda row, by: work.accept_live(row, by=by),
        "cancel": lambda row, by: ending.cancel(row, reason="I am ill.", by=by),
        "call_off": lambda row, by: ending.call_off(row, reason="Changed plans.", by=by),
        "cancel_late": lambda row, by: ending.cancel_late(_long_due(row), by=by),
        "put_on_hold": lambda row, by: ending.put_on_hold(row, reason="We look into it.", by=by),
        "settle_release": lambda row, by: ending.settle_release(row, reason="Done as agreed.", by=by),
        "settle_refund": lambda row, by: ending.settle_refund(row, reason="Never delivered.", by=by),
    },
}
MAKERS: dict[str, Callable[[Cast], Moving]] = {
    "campaign": lambda cast: people.fund(people.campaign(cast), 300_00),
    "invitation": people.invitation,
    "application": people.application,
    "offer": people.offer,
    "collaboration": lambda cast: people.collaboration(cast, state="in_review"),
}
CELLS = [
    (machine.name, state, verb) for machine in MACHINES.values() for state in machine.states for verb in machine.verbs
]


def _row(machine: Machine, state: str, verb: str, roles: frozenset[str]) -> Move | None:
    return next((m for m in machine if m.verb == verb and state in m.sources and m.roles & roles), None)


def _put(thing: Moving, state: str) -> Moving:
    type(thing)._base_manager.filter(pk=thing.pk).update(state=state)
    thing.refresh_from_db()
    return thing


def test_every_verb_that_somebody_clicks_is_called_here() -> None:
    clicked = {(m.name, move.verb) for m in MACHINES.values() for move in m if not move.roles <= {"clock", "bank"}}

    assert clicked == {(name, verb) for name, calls in CALLS.items() for verb in calls}


@pytest.mark.parametrize(("name", "state", "verb"), [cell for cell in CELLS if cell[2] in CALLS[cell[0]]])
def test_only_those_whom_the_table_names_may_and_only_then(
    cast: Cast, bank: Asked, name: str, state: str, verb: str
) -> None:
    machine = MACHINES[name]
    thing = _put(MAKERS[name](cast), state)
    wrong = []
    for who, person in cast.persons.items():
        bank.clear()
        marks = Activity.objects.count(), Notice.objects.count()
        expected = _row(machine, state, verb, roles_of(person, thing))
        with transaction.atomic():
            outcome = _try(CALLS[name][verb], thing, person)
            after = type(thing)._base_manager.values_list("state", flat=True).get(pk=thing.pk)
            moved = (Activity.objects.count(), Notice.objects.count()) != marks or bool(bank)
            transaction.set_rollback(True)
        if expected is not None and outcome is not None:
            wrong.append(f"{who} may, but got {outcome!r}")
        if expected is None and (not isinstance(outcome, NotAllowed | Conflict) or after != state or moved):
            wrong.append(f"{who} may not, but got {outcome!r}, {after}, {bank}")
        thing.refresh_from_db()

    assert wrong == []


def _try(call: Call, thing: Moving, person: User) -> Exception | None:
    try:
        with transaction.atomic():
            call(thing, person)
    except Exception as error:
        return error
    return None


@pytest.mark.parametrize(("name", "state", "verb"), CELLS)
def test_the_clock_and_the_bank_move_only_what_is_theirs(cast: Cast, name: str, state: str, verb: str) -> None:
    machine = MACHINES[name]
    thing = _put(MAKERS[name](cast), state)
    wrong = []
    for role in ("clock", "bank"):
        expected = _row(machine, state, verb, frozenset({role}))
        before = Activity.objects.count()
        try:
            with transaction.atomic():
                move(thing, verb, by=None, role=role)
                happened = True
        except (NotAllowed, Conflict):
            happened = False
        if happened != (expected is not None):
            wrong.append(f"{role}: {happened}")
        if not happened and Activity.objects.count() != before:
            wrong.append(f"{role} left a mark")
        _put(thing, state)

    assert wrong == []


def test_the_tables_are_those_of_the_models() -> None:
    assert {CAMPAIGN.name, INVITATION.name, APPLICATION.name, OFFER.name, COLLABORATION.name} == set(CALLS)
    assert {m._meta.model_name for m in (Campaign, Invitation, Application, Offer, Collaboration)} == set(CALLS)


def test_a_loser_of_the_swap_is_told(cast: Cast) -> None:
    first = people.invitation(cast)
    second = Invitation.objects.get(pk=first.pk)
    move(first, "accept", by=cast.mina)

    with pytest.raises(Conflict, match="faster"):
        move(second, "decline", by=cast.mina)

    assert Invitation.objects.get(pk=first.pk).state == "accepted"
