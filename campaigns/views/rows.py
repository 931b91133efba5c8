"""The rows that several pages list, fetched with what their templates read."""

from datetime import UTC, datetime

from django.db.models import QuerySet, Value
from django.db.models.functions import Coalesce

from campaigns.models import Activity, Application, Collaboration, Invitation, Offer
from campaigns.states import CollaborationState as W

NEVER = datetime(9999, 12, 31, tzinfo=UTC)
NEAREST = ("deadline", "-id")
LATEST = ("-at", "-id")


def offer_rows(offers: QuerySet[Offer]) -> QuerySet[Offer]:
    """Offers with campaign, business and creator at hand."""
    return offers.select_related("campaign__business", "creator__town").order_by("-created_at", "-id")


def collaboration_rows(collaborations: QuerySet[Collaboration]) -> QuerySet[Collaboration]:
    """Collaborations with both sides and the hold at hand, the nearest deadline first."""
    joined = collaborations.select_related("offer__campaign__business", "offer__creator", "hold")
    return joined.annotate(deadline=Coalesce("due_at", Value(NEVER))).order_by(*NEAREST)


def application_rows(applications: QuerySet[Application]) -> QuerySet[Application]:
    """Applications with campaign, business and creator at hand, the newest first."""
    return applications.select_related("campaign__business", "creator__town").order_by("-created_at", "-id")


def invitation_rows(invitations: QuerySet[Invitation]) -> QuerySet[Invitation]:
    """Invitations with campaign, business and creator at hand, the newest first."""
    return invitations.select_related("campaign__business", "creator").order_by("-created_at", "-id")


STEPS = [
    (W.AWAITING_PAYMENT, "Payment secured"),
    (W.IN_PRODUCTION, "In production"),
    (W.IN_REVIEW, "In review"),
    (W.APPROVED, "Approved"),
    (W.LIVE, "Live"),
    (W.COMPLETED, "Released"),
]


def steps(room: Collaboration) -> list[dict[str, str]]:
    """The stepper: what is done, where we are, what comes. Content that is not published has no "live"."""
    publishes = bool(room.contract["terms"].get("publish_on"))
    path = [(state, label) for state, label in STEPS if publishes or state not in (W.APPROVED, W.LIVE)]
    order = [state for state, _label in path]
    now = W.IN_REVIEW if room.state == W.CHANGES_REQUESTED else room.state
    here = len(order) if now == W.COMPLETED else order.index(W(now)) if now in order else -1
    return [
        {"label": label, "state": "done" if i < here else "current" if i == here else "todo"}
        for i, (_state, label) in enumerate(path)
    ]


def event_of(activity: Activity) -> dict[str, object]:
    """One activity as the timeline shows it."""
    return {"title": activity.text, "at": activity.at, "text": activity.reason, "tone": "neutral"}
