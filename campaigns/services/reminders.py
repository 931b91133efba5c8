"""What people are told before a deadline passes, and what is noted when it did."""

from django.db import transaction
from django.utils import timezone

from campaigns.deadlines import REMIND_BEFORE
from campaigns.mail import tell
from campaigns.models import Application, Collaboration, Invitation, Offer
from campaigns.moves import note
from campaigns.states import CollaborationState, OfferState

__all__ = ["REMIND_BEFORE", "note_late", "remind"]

S = CollaborationState
EVENTS = {
    S.AWAITING_PAYMENT: "remind_payment",
    S.IN_PRODUCTION: "remind_work",
    S.CHANGES_REQUESTED: "remind_work",
    S.IN_REVIEW: "remind_review",
    S.APPROVED: "remind_publish",
    S.LIVE: "remind_live",
}


@transaction.atomic
def remind(thing: Invitation | Application | Offer | Collaboration) -> None:
    """Whoever must act is told that a day is left; once for each deadline."""
    now = timezone.now()
    if not type(thing)._base_manager.filter(pk=thing.pk, reminded_at=None).update(reminded_at=now):
        return
    thing.reminded_at = now
    tell(thing, _event(thing))


def _event(thing: Invitation | Application | Offer | Collaboration) -> str:
    match thing:
        case Collaboration():
            return EVENTS[S(thing.state)]
        case Offer() if thing.state == OfferState.COUNTERED:
            return "remind_business"
        case _:
            return "remind"


@transaction.atomic
def note_late(collaboration: Collaboration) -> None:
    """The work is late: both sides are told, and it is kept for the reliability figures."""
    now = timezone.now()
    if Collaboration.objects.filter(pk=collaboration.pk, overdue_at=None).update(overdue_at=now):
        note(collaboration, "late", "noted that the work is late", by=None, role="clock")
        tell(collaboration, "late")
