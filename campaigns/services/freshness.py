"""Keeping shortlists fresh: only those are ranked again that a change can concern, once for many changes.

The database notes every creator that changes (`CreatorChange`); the clock reads on in the notes from where it stopped
and marks campaigns (`StaleShortlist`). Marks are written by upsert: it waits for a clock that is just taking one away,
so no change is lost between its reading and its deleting.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.db import models, transaction
from django.utils import timezone

from campaigns import tasks
from campaigns.matching import Bounds, Limits, obstacles
from campaigns.models import Campaign, Match, MatchRun, ReadingPosition, StaleShortlist
from campaigns.shortlist import bounds_of, briefs_with_limits
from campaigns.states import CampaignState
from creators.models import Creator, CreatorChange
from creators.states import CreatorState
from marketplace.kit.later import later

SETTLES = timedelta(minutes=1)  # changes come in flocks: a saved profile, then its figures, then its meaning
BETWEEN = timedelta(minutes=10)  # two rankings of one campaign that nobody asked for
AT_ONCE, MANY = 500, 2_000


def mark_campaigns(campaign_ids: Iterable[int]) -> None:
    """The shortlists of these campaigns may be wrong now."""
    StaleShortlist.objects.bulk_create(
        [StaleShortlist(campaign_id=pk) for pk in sorted(set(campaign_ids))],
        update_conflicts=True,
        unique_fields=["campaign"],
        update_fields=["again_at"],
    )


@transaction.atomic
def find_stale() -> int:
    """Mark the campaigns that creators concern who changed since the last time. Returns how many creators that were.

    Where they are thousands, or nobody knows who, every open campaign is marked.
    """
    ReadingPosition.objects.get_or_create(pk=ReadingPosition.ONE)
    place = ReadingPosition.objects.select_for_update(no_key=True, skip_locked=True).first()
    if place is None:  # another clock is reading
        return 0
    changes = CreatorChange.unread(place.position)
    ids = sorted(changes.creator_ids)
    if changes.everybody or len(ids) > MANY:
        mark_campaigns(Campaign.objects.open().order_by("pk").values_list("pk", flat=True))
    else:
        for start in range(0, len(ids), AT_ONCE):
            mark_campaigns(concerned(ids[start : start + AT_ONCE]))
    ReadingPosition.objects.filter(pk=place.pk).update(position=changes.mark)
    return len(ids)


def concerned(creator_ids: list[int]) -> set[int]:
    """The open campaigns whose filters keep one of these creators, or whose newest shortlist holds one."""
    unmarked = Campaign.objects.open().filter(stale=None).order_by("pk")
    newest = MatchRun.objects.filter(campaign=models.OuterRef("run__campaign"), finished_at__isnull=False, error="")
    shown = Match.objects.filter(creator__in=creator_ids, run__campaign__in=unmarked)
    shown = shown.filter(run=models.Subquery(newest.order_by("-created_at", "-pk").values("pk")[:1]))
    held = set(shown.order_by().values_list("run__campaign", flat=True))
    listed = [bounds_of(one) for one in Creator.objects.filter(pk__in=creator_ids, state=CreatorState.LISTED)]
    rows, limits = briefs_with_limits(unmarked.exclude(pk__in=held)) if listed else ([], [])
    kept = {row.pk for row, limit in zip(rows, limits, strict=True) if _keeps_one(limit, listed)}
    return held | kept


def due() -> models.QuerySet[StaleShortlist]:
    """Marks old enough that their flock has passed, of campaigns that were not ranked a moment ago."""
    now = timezone.now()
    recent = MatchRun.objects.filter(campaign=models.OuterRef("campaign"), created_at__gt=now - BETWEEN)
    waiting = MatchRun.objects.filter(campaign=models.OuterRef("campaign"), finished_at=None)
    marks = StaleShortlist.objects.filter(since__lte=now - SETTLES)
    return marks.exclude(models.Exists(recent)).exclude(models.Exists(waiting))


def refresh(mark: StaleShortlist) -> MatchRun | None:
    """Ask for the ranking and take the mark away, in the clock's transaction. A change after this marks anew."""
    campaign = Campaign.objects.get(pk=mark.campaign_id)
    mark.delete()
    if campaign.state != CampaignState.OPEN:
        return None
    run = MatchRun.objects.create(campaign=campaign, is_quiet=True)
    later(tasks.run_match, run_id=run.pk)
    return run


def _keeps_one(limit: Limits, listed: list[Bounds]) -> bool:
    return any(not obstacles(limit, bounds) for bounds in listed)
