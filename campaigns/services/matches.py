"""Asking who fits."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from campaigns import tasks
from campaigns.models import Campaign, MatchRun
from campaigns.moves import lock
from campaigns.policies import require
from campaigns.shortlist import brief_facts, brief_hash, reading_model
from campaigns.states import MANAGER, CampaignState
from marketplace.kit.errors import Conflict
from marketplace.kit.later import later
from marketplace.users.models import User

FRESH = timedelta(minutes=5)
ENDED = [CampaignState.COMPLETED, CampaignState.CANCELLED, CampaignState.ARCHIVED]


@transaction.atomic
def request_matches(campaign: Campaign, *, by: User) -> MatchRun:
    """A manager asks who fits the brief; the answer comes in seconds. Asking twice does not compute twice."""
    require(by, campaign, MANAGER)
    lock(campaign)
    if campaign.state in ENDED:
        raise Conflict("campaign_over", "This campaign has ended.")
    return rank(campaign)


def rank(campaign: Campaign) -> MatchRun:
    """Have the pool ranked for what the brief says now, unless that was done or begun a moment ago."""
    wanted = brief_hash(brief_facts(campaign))
    recent = campaign.match_runs.filter(brief_hash=wanted, error="", created_at__gt=timezone.now() - FRESH).first()
    if recent is not None and (recent.finished_at is None or recent.model in ("", reading_model())):
        return recent
    run = MatchRun.objects.create(campaign=campaign, brief_hash=wanted)
    later(tasks.run_match, run_id=run.pk)
    return run
