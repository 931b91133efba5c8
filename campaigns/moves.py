"""The only door to a new state: checks the table, moves by compare-and-swap, writes the activity row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from campaigns.guards import refusal
from campaigns.models import Activity, Application, Campaign, Collaboration, Invitation, Offer
from campaigns.policies import Standing, roles_of
from campaigns.states import APPLICATION, CAMPAIGN, COLLABORATION, INVITATION, OFFER
from marketplace.kit.states import Machine, Move
from payments.models import Hold

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from marketplace.users.models import User

Moving = Campaign | Invitation | Application | Offer | Collaboration

_MACHINES: dict[type, Machine] = {
    Campaign: CAMPAIGN,
    Invitation: INVITATION,
    Application: APPLICATION,
    Offer: OFFER,
    Collaboration: COLLABORATION,
}
_NOBODY = {"clock": "The clock", "bank": "The bank"}


def machine_of(thing: Moving) -> Machine:
    """The table this thing lives by."""
    return _MACHINES[type(thing)]


def actions(thing: Moving, *, by: User | AnonymousUser | Standing) -> list[Move]:
    """What this person may do with this thing now; API, pages and tests read the same list."""
    roles = by.roles(thing) if isinstance(by, Standing) else roles_of(by, thing)
    return [made for made in machine_of(thing).actions(thing.state, roles) if refusal(thing, made.verb) is None]


def lock(thing: Moving) -> None:
    """Hold the row until the transaction ends, and read it anew: whoever waited sees what happened meanwhile.

    ``no_key`` lets others write rows that point here meanwhile (a line of the diary, say): they would wait for this row
    while holding what this transaction takes next. The payment comes before the work it pays for, as when the bank
    brings news; so the two never wait for each other.
    """
    if isinstance(thing, Collaboration):
        Hold.objects.select_for_update(no_key=True).order_by().filter(pk=thing.hold_id).values("pk").first()
    rows: Any = type(thing)._base_manager.select_for_update(no_key=True)
    thing.refresh_from_db(from_queryset=rows)


def check(thing: Moving, verb: str, *, by: User | None, role: str = "") -> Move:
    """Raise what `move` would raise, and change nothing: first may they, then is the rest in order, then move."""
    roles = roles_of(by, thing) if by is not None else frozenset({role})
    made = machine_of(thing).find(thing.state, verb, roles)
    if refused := refusal(thing, verb):
        raise refused
    return made


def move(
    thing: Moving, verb: str, *, by: User | None, role: str = "", who: str = "", reason: str = "", **fields: Any
) -> Move:
    """Make one move and write it down. ``by=None`` needs ``role`` ("clock" or "bank"): nobody clicked.

    Raises NotAllowed when the verb is never theirs, Conflict when it is too late or somebody was faster.
    """
    machine = machine_of(thing)
    roles = roles_of(by, thing) if by is not None else frozenset({role})
    made = machine.apply(thing, verb, roles, **fields)
    acting = sorted(made.roles & roles)[0]
    note(thing, verb, made.past, by=by, role=acting, who=who, reason=reason)
    return made


def note(
    thing: Moving, verb: str, past: str, *, by: User | None, role: str, who: str = "", reason: str = ""
) -> Activity:
    """Write down what happened to a thing, for both sides to read."""
    who = who or (by.name if by is not None else _NOBODY.get(role, role))
    return Activity.objects.create(
        **_place(thing),
        by=by,
        role=role,
        thing=machine_of(thing).name,
        verb=verb,
        text=f"{who} {past}"[:300],
        reason=reason[:500],
    )


def _place(thing: Moving) -> dict[str, Any]:
    match thing:
        case Campaign():
            return {"campaign": thing}
        case Offer():
            return {"campaign": thing.campaign, "offer": thing}
        case Collaboration():
            return {"campaign": thing.offer.campaign, "offer": thing.offer, "collaboration": thing}
        case _:
            return {"campaign": thing.campaign}
