"""The nightly sweep: every open campaign is ranked anew, by as many workers as there are, each campaign once.

A worker leases a few rows at a time and passes over those that others hold (SKIP LOCKED). If it dies, its rows are free
again when the lease ends. A row's run is made before the ranking and written at its end by compare-and-swap, so that
two workers at one row, or one that comes back from the dead, write one shortlist.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from time import monotonic

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from campaigns import shortlist
from campaigns.matching import BriefFacts
from campaigns.models import Campaign, MatchRun, StaleShortlist, Sweep, SweepRow
from campaigns.states import CampaignState

log = structlog.get_logger(__name__)

AT_ONCE = 16  # their briefs are read together: starting the language model takes longer than reading with it
LEASE = timedelta(minutes=2)
TRIES = 3
KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a sweep is; what is neither done nor failed is still to do."""

    total: int
    done: int
    failed: int

    @property
    def is_over(self) -> bool:
        return self.done + self.failed == self.total


@transaction.atomic
def start_sweep(night: date) -> Sweep:
    """The sweep of a night, with a row for each campaign that is open now; the same again when it began before."""
    sweep, is_new = Sweep.objects.get_or_create(night=night, defaults={"started_at": timezone.now()})
    if is_new:
        open_now = Campaign.objects.open().order_by("pk").values_list("pk", flat=True)
        SweepRow.objects.bulk_create([SweepRow(sweep=sweep, campaign_id=pk) for pk in open_now], batch_size=5_000)
        Sweep.objects.filter(night__lt=night - KEPT).delete()
    return sweep


def unfinished() -> Sweep | None:
    """The newest sweep, while something of it is to do. One that the next night overtakes is left."""
    newest = Sweep.objects.order_by("-night").first()
    return newest if newest is not None and newest.finished_at is None else None


def progress_of(sweep: Sweep) -> Progress:
    """Counts in one query."""
    counts = sweep.rows.aggregate(
        total=Count("pk"), done=Count("pk", filter=~Q(done_at=None)), failed=Count("pk", filter=~Q(failed_at=None))
    )
    return Progress(**counts)


def work(sweep: Sweep, *, seconds: float, tell: Callable[[], object] = lambda: None) -> bool:
    """Rank campaigns of this sweep for about so long. Returns whether there was something to do."""
    until, did = monotonic() + seconds, False
    while monotonic() < until and (rows := _claim(sweep)):
        did = True
        briefs = shortlist.read_briefs([row.campaign for row in rows])
        for row in rows:
            _rank(row, briefs[row.campaign_id])
            tell()
    _finish(sweep)
    return did


@transaction.atomic
def _claim(sweep: Sweep) -> list[SweepRow]:
    """Lease the next rows that nobody has, and give each its run. Rows whose worker died each time are given up."""
    now = timezone.now()
    free = sweep.rows.free(now).order_by("pk")
    free.filter(tries__gte=TRIES).update(failed_at=now, error="Its worker died each time.")
    joined = free.select_related("campaign", "run").select_for_update(no_key=True, skip_locked=True, of=("self",))
    rows = list(joined[:AT_ONCE])
    for row in rows:
        row.tries += 1
        row.lease_until = now + LEASE
        row.run = row.run if row.run and not row.run.error else _run_of(row, sweep)
    SweepRow.objects.bulk_update(rows, ["tries", "lease_until", "run"])
    return rows


def _run_of(row: SweepRow, sweep: Sweep) -> MatchRun:
    """The campaign's run of this night: one that somebody asked for since it began, else a new, quiet one."""
    tonight = row.campaign.match_runs.filter(error="", created_at__gte=sweep.started_at).first()
    if tonight is None:
        StaleShortlist.objects.filter(campaign=row.campaign_id).delete()  # what changed until now, this run will see
        return MatchRun.objects.create(campaign=row.campaign, is_quiet=True)
    return tonight


def _rank(row: SweepRow, facts: BriefFacts) -> None:
    """One campaign; what breaks is tried again twice, by whoever finds its lease ended, and then given up."""
    mine = SweepRow.objects.filter(pk=row.pk, done_at=None)
    mine.update(lease_until=timezone.now() + LEASE)
    try:
        if row.run is not None and Campaign.objects.filter(pk=row.campaign_id, state=CampaignState.OPEN).exists():
            shortlist.run_match(row.run.pk, facts=facts)
        elif row.run is not None:
            shortlist.give_up(row.run, error="The campaign was closed before its turn came.")
    except SoftTimeLimitExceeded:
        raise
    except Exception as error:
        log.exception("sweep_broke", job="sweep", row=row.pk)
        _note_failure(row, f"{type(error).__name__}: {error}"[:300])
        return
    mine.update(done_at=timezone.now(), error="")


def _note_failure(row: SweepRow, error: str) -> None:
    is_last = row.tries >= TRIES
    failed_at = timezone.now() if is_last else None
    SweepRow.objects.filter(pk=row.pk, done_at=None).update(error=error, failed_at=failed_at)
    if is_last and row.run is not None:
        shortlist.give_up(row.run, error="This could not be ranked. Please ask again.")


def _finish(sweep: Sweep) -> None:
    if not sweep.rows.undone().exists():
        Sweep.objects.filter(pk=sweep.pk, finished_at=None).update(finished_at=timezone.now())
