"""What ends with a campaign, or when it is taken back: the talks that led to nothing yet."""

from campaigns.mail import tell
from campaigns.models import Application, Campaign, Invitation, Offer
from campaigns.moves import Moving, move
from campaigns.states import LIVE_OFFER, ApplicationState, InvitationState
from marketplace.users.models import User

ASKED = [InvitationState.SENT, InvitationState.VIEWED]
ASKING = [ApplicationState.SUBMITTED, ApplicationState.SHORTLISTED]


def close_talks(campaign: Campaign, *, by: User | None, reason: str = "The campaign ended.") -> None:
    """Live offers and invitations are withdrawn and applications declined; when nobody of theirs acts, they expire."""
    offers = Offer.objects.select_for_update().filter(campaign=campaign, state__in=LIVE_OFFER)
    invitations = Invitation.objects.select_for_update().filter(campaign=campaign, state__in=ASKED)
    applications = Application.objects.select_for_update().filter(campaign=campaign, state__in=ASKING)
    for offer in offers.order_by("pk"):
        _end(offer, "withdraw", by=by, reason=reason)
    for invitation in invitations.order_by("pk"):
        _end(invitation, "withdraw", by=by, reason=reason)
    for application in applications.order_by("pk"):
        _end(application, "decline", by=by, reason=reason)


def _end(thing: Moving, verb: str, *, by: User | None, reason: str) -> None:
    word = verb if by is not None else "expire"
    move(thing, word, by=by, role="clock", reason=reason)
    tell(thing, word)
