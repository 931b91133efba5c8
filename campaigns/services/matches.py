"""Asking who fits."""

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from campaigns import tasks
from campaigns.models import Campaign, Match, MatchRun
from campaigns.moves import lock
from campaigns.policies import require
from campaigns.shortlist import brief_facts, brief_hash, note_shown, reading_model
from campaigns.states import MANAGER, CampaignState
from marketplace.kit.errors import Conflict
from marketplace.kit.later import later
from marketplace.users.models import User

FRESH = timedelta(minutes=5)
HOUR = timedelta(hours=1)
RANKINGS_AN_HOUR = 20
ENDED = [CampaignState.COMPLETED, CampaignState.CANCELLED, CampaignState.ARCHIVED]


@transaction.atomic
def request_matches(campaign: Campaign, *, by: User) -> MatchRun:
    """A manager asks who fits the brief; the answer comes in seconds. Asking twice does not compute twice."""
    require(by, campaign, MANAGER)
    lock(campaign)
    if campaign.state in ENDED:
        raise Conflict("campaign_over", "This campaign has ended.")
    return rank(campaign, most=RANKINGS_AN_HOUR)


def see_matches(run: MatchRun, matches: Sequence[Match]) -> None:
    """Somebody of the team looks at these places: from what was seen the ranking learns, and from nothing else."""
    note_shown(run, matches)


def rank(campaign: Campaign, *, most: int | None = None) -> MatchRun:
    """Have the pool ranked for what the brief says now, unless that was done or begun a moment ago.

    One ranking at a time for each campaign: one that waits reads the brief when its turn comes. Raises Conflict when
    there were ``most`` within the hour.
    """
    now = timezone.now()
    waiting = campaign.match_runs.filter(finished_at=None).first()
    if waiting is not None:
        return waiting
    wanted = brief_hash(brief_facts(campaign))
    recent = campaign.match_runs.filter(brief_hash=wanted, error="", created_at__gt=now - FRESH).first()
    if recent is not None and recent.model in ("", reading_model()):
        return recent
    if most is not None and campaign.match_runs.filter(created_at__gt=now - HOUR).count() >= most:
        raise Conflict("too_many_rankings", "This brief was ranked many times just now. Try again in an hour.")
    run = MatchRun.objects.create(campaign=campaign, brief_hash=wanted)
    later(tasks.run_match, run_id=run.pk)
    return run
