"""How reliable a side has been, out of what happened here: counts with their window, never a single grade."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Avg, Count, F, Q, QuerySet
from django.utils import timezone

from campaigns.models import Activity, Business, Collaboration
from campaigns.states import CollaborationState
from creators.models import Creator

WINDOW = timedelta(days=365)
ENDED = (CollaborationState.COMPLETED, CollaborationState.CANCELLED, CollaborationState.EXPIRED)
# What ended the work, by whom: the diary says it.
BY_CREATOR, BY_BUSINESS = ("cancel",), ("call_off", "cancel_paid")


@dataclass(frozen=True, slots=True)
class TrackRecord:
    """Work that ended in the window: how much of it, and how. ``revisions`` is the mean of asked rounds."""

    ended: int
    completed: int
    on_time: int
    cancelled: int
    unpaid: int
    revisions: float | None
    days: int = WINDOW.days


def of_creator(creator: Creator) -> TrackRecord:
    """What a business wants to know: was the work handed in, on time, and seldom given back?"""
    return _record(Collaboration.objects.filter(offer__creator=creator), cancelled_by=BY_CREATOR)


def of_business(business: Business) -> TrackRecord:
    """What a creator wants to know: was it paid, was the work called off, how often were changes asked for?"""
    return _record(Collaboration.objects.filter(offer__campaign__business=business), cancelled_by=BY_BUSINESS)


def _record(rows: QuerySet[Collaboration], *, cancelled_by: tuple[str, ...]) -> TrackRecord:
    """One query for everything. Payments that never came are the business's; they count for nobody's work."""
    since = timezone.now() - WINDOW
    ended = rows.filter(state__in=ENDED, updated_at__gte=since)
    is_completed = Q(state=CollaborationState.COMPLETED)
    theirs = Activity.objects.filter(collaboration__in=ended.values("pk"), verb__in=cancelled_by)
    found = ended.order_by().aggregate(
        ended=Count("pk"),
        completed=Count("pk", filter=is_completed),
        on_time=Count("pk", filter=is_completed & Q(overdue_at=None)),
        unpaid=Count("pk", filter=Q(state=CollaborationState.EXPIRED)),
        revisions=Avg(F("revisions"), filter=is_completed),
    )
    cancelled = theirs.values("collaboration").distinct().count()
    return TrackRecord(cancelled=cancelled, **found)
