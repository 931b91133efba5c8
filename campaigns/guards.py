"""What a verb asks besides state and role: that its time has come, or that there is a round left.

Buttons, the API's actions and the services ask here, so that nothing is offered that would be refused.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.utils import timezone

from campaigns.deadlines import LATE_GRACE
from campaigns.models import Campaign, Collaboration, Offer
from campaigns.states import COLLABORATION
from marketplace.kit.errors import Conflict


def refusal(thing: object, verb: str) -> Conflict | None:
    """Why this verb is not for now although state and role allow it; None when it is."""
    guard = _GUARDS.get((type(thing), verb))
    return guard(thing) if guard else None


def _is_overdue(collaboration: Collaboration) -> Conflict | None:
    if collaboration.due_at is not None and timezone.now() >= collaboration.due_at + LATE_GRACE:
        return None
    return Conflict("not_overdue", "The creator still has time: work may be 72 hours late.")


def _has_a_ladder(collaboration: Collaboration) -> Conflict | None:
    """Contracts signed before the ladder was printed give nobody a kill fee; late work costs nothing to cancel."""
    if "kill_fee" not in collaboration.contract:
        return Conflict("no_kill_fee", "This contract does not say what is due when you cancel. Talk to the creator.")
    if collaboration.state in COLLABORATION.sources("cancel_late") and _is_overdue(collaboration) is None:
        return Conflict("overdue", "The work is overdue: cancel the overdue work, and you get everything back.")
    return None


def _has_not_begun(collaboration: Collaboration) -> Conflict | None:
    return Conflict("begun_already", "You have said so already.") if collaboration.begun_at else None


def _has_changes_left(collaboration: Collaboration) -> Conflict | None:
    if collaboration.revisions < settings.REVISION_MAX_ROUNDS:
        return None
    return Conflict("too_many_revisions", f"Changes can be asked for {settings.REVISION_MAX_ROUNDS} times.")


def _has_rounds_left(offer: Offer) -> Conflict | None:
    if len(offer.terms.all()) < settings.OFFER_MAX_ROUNDS:
        return None
    return Conflict("too_many_rounds", "You have gone back and forth enough: accept, decline or agree now.")


def _was_not_extended(offer: Offer) -> Conflict | None:
    return Conflict("extended_already", "An offer can be extended once.") if offer.extended_at else None


def _was_funded(campaign: Campaign) -> Conflict | None:
    return None if campaign.wallet_id else Conflict("nothing_left", "Nothing was paid into this campaign.")


_GUARDS: dict[tuple[type, str], Callable[[Any], Conflict | None]] = {
    (Campaign, "return_money"): _was_funded,
    (Collaboration, "cancel_late"): _is_overdue,
    (Collaboration, "cancel_paid"): _has_a_ladder,
    (Collaboration, "begin"): _has_not_begun,
    (Collaboration, "request_changes"): _has_changes_left,
    (Offer, "counter"): _has_rounds_left,
    (Offer, "revise"): _has_rounds_left,
    (Offer, "extend"): _was_not_extended,
}
