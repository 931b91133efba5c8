"""One run of the matching: computed outside a transaction, written inside one."""

from __future__ import annotations

from functools import partial
from time import perf_counter

import numpy as np
import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from numpy.typing import NDArray

from campaigns.mail import tell
from campaigns.matching import FIRST, BriefFacts, Weights, match
from campaigns.matching import Match as Found
from campaigns.matching.exploration import Exploration
from campaigns.matching.exposure import Bound
from campaigns.models import Campaign, Match, MatchRun
from campaigns.shortlist.brief import brief_facts, brief_hash
from campaigns.shortlist.brief_vectors import with_kept_meaning
from campaigns.shortlist.filters import Filtered, filtered
from campaigns.shortlist.impressions import Seen, Standing, seen_lately, standing_now
from campaigns.shortlist.learning import ranking_weights
from campaigns.shortlist.posts import posts_of

log = structlog.get_logger(__name__)

LONGEST = 100
RUNS_KEPT = 2


def newest_run(campaign: Campaign) -> MatchRun | None:
    """The newest finished run: its rows are the shortlist, also while another is under way."""
    return campaign.match_runs.filter(finished_at__isnull=False, error="").first()


def run_match(run_id: int, *, facts: BriefFacts | None = None) -> bool:
    """Rank the pool for a waiting run and write its rows. Returns whether this call did it; may run twice.

    `facts` are the brief as `read_briefs` has just read it; without them it is read here.
    """
    run = MatchRun.objects.select_related("campaign__town", "campaign__business").filter(pk=run_id).first()
    if run is None or run.finished_at is not None:
        return False
    began = perf_counter()
    facts = facts or brief_facts(run.campaign)
    run.brief_hash = brief_hash(facts)  # the brief may have changed while this waited
    who = filtered(run.campaign, facts)
    run.filtered = who.report
    run.pool_size = who.count
    weights = ranking_weights()
    run.weights_version = weights.version
    rows: list[Match] = []
    if who.count:
        facts = with_kept_meaning(run.campaign, facts, model=who.of.model)
        seen = seen_lately()
        run.unevenness = round(seen.uneven_among(who), 4)
        found = best(who, facts, weights=weights, seen=seen, seed=run.pk, standing=standing_now(run.campaign))
        rows = [Match(run=run, creator_id=one.creator, **one.stored()) for one in found]
    run.model = who.of.model if facts.vector is not None else ""
    run.seconds = round(perf_counter() - began, 3)
    return _write(run, rows)


def best(
    who: Filtered,
    facts: BriefFacts,
    *,
    weights: Weights = FIRST,
    limit: int = LONGEST,
    seen: Seen | None = None,
    seed: int = 0,
    standing: Standing | None = None,
) -> list[Found]:
    """The best of those who are left, with reasons. Whoever the database lets pass no longer is left out.

    With `seen` some places go to creators who were shown little, drawn by `seed`; with `standing` nobody stands on more
    than so many of all first pages (settings.FIRST_PAGES_PERCENT).
    """
    keeps, uneven = who.keeps, seen.uneven_among(who) if seen else None
    read = partial(posts_of, model=who.of.model)
    while True:
        pool = who.of.pool(who.of.narrowed(keeps, facts), facts)
        explore = Exploration(seed, seen.times(pool.ids), uneven) if seen else None
        bound = _bound(standing, pool.ids) if standing else None
        found = match(facts, pool, weights=weights, limit=limit, explore=explore, posts=read, bound=bound)
        chosen = [one.creator for one in found]
        lost = np.setdiff1d(chosen, list(who.still(chosen)))
        if not len(lost):
            return found
        keeps = keeps.copy()
        keeps[who.of.columns.rows_of(lost)] = False


def _bound(standing: Standing, ids: NDArray[np.int64]) -> Bound:
    return Bound(standing.places.times(ids), standing.lists, settings.FIRST_PAGES_PERCENT / 100)


@transaction.atomic
def _write(run: MatchRun, rows: list[Match]) -> bool:
    waiting = MatchRun.objects.select_for_update(no_key=True).order_by().filter(pk=run.pk, finished_at=None)
    if waiting.first() is None:
        return False
    Match.objects.bulk_create(rows)
    run.finished_at = timezone.now()
    run.save()
    older = run.campaign.match_runs.filter(finished_at__isnull=False).values_list("pk", flat=True)[RUNS_KEPT:]
    Match.objects.filter(run__in=list(older)).delete()
    if not run.is_quiet:
        tell(run.campaign, "matched")
    log.info("matched", campaign=run.campaign.public_id, pool=run.pool_size, rows=len(rows), seconds=run.seconds)
    return True


def give_up(run: MatchRun, *, error: str) -> None:
    """Note why a run cannot finish, so that the page can say so."""
    MatchRun.objects.filter(pk=run.pk, finished_at=None).update(error=error[:300], finished_at=timezone.now())
