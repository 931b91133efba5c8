"""What was seen is written down, and what came of it is read from the rows that are there anyway."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from django.db.models import Count
from django.utils import timezone
from numpy.typing import NDArray

from campaigns.matching.exploration import unevenness
from campaigns.matching.learning import ACCEPTED, APPROVED, DECLINED, REPEATED, Event, examined
from campaigns.models import Application, Campaign, Collaboration, Impression, Invitation, Match, MatchRun, Offer
from campaigns.models.match import FIRST_PAGE
from campaigns.shortlist.filters import Filtered
from campaigns.states import CollaborationState, InvitationState

SCORED, EXPLORED = "score/1", "explore/1"
LATELY = timedelta(days=30)
DIGITS = 6
MOST = 200_000  # Newest places that are learned from: what businesses chose by long ago fades.
DONE = [CollaborationState.APPROVED, CollaborationState.LIVE, CollaborationState.COMPLETED]
Pair = tuple[int, int]


def note_shown(run: MatchRun, matches: Sequence[Match]) -> None:
    """These places of a run are before somebody's eyes now. One statement; what was seen before stays as it is.

    Only parts that were known are kept, so that nothing is learned from a guess.
    """
    rows = [
        Impression(
            run=run,
            campaign_id=run.campaign_id,
            creator_id=one.creator_id,
            position=one.rank,
            policy=EXPLORED if one.explored else SCORED,
            weights_version=run.weights_version,
            propensity=examined(one.rank),
            values={name: round(part["value"], DIGITS) for name, part in one.parts.items() if part.get("known")},
        )
        for one in matches
    ]
    if rows:
        Impression.objects.bulk_create(rows, ignore_conflicts=True)


@dataclass(frozen=True)
class Seen:
    """Creators who stood on a first page lately: `ids` ascending, and `counts`, how often."""

    ids: NDArray[np.int64]
    counts: NDArray[np.int64]

    def times(self, ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """How often each of these, in any order."""
        times = np.zeros(len(ids), dtype=np.int64)
        known = np.isin(ids, self.ids)
        times[known] = self.counts[np.searchsorted(self.ids, ids[known])]
        return times

    def uneven_among(self, who: Filtered) -> float:
        """How unevenly those who passed the filters were shown. Only the few who were shown at all are looked at."""
        rows = who.of.columns.rows_of(self.ids)
        shown = self.counts[(rows >= 0) & who.keeps[rows]]
        return unevenness(shown, others=who.count - len(shown))


@dataclass(frozen=True)
class Standing:
    """Whose places are on how many of the first pages of so many lists."""

    places: Seen
    lists: int


def seen_lately() -> Seen:
    """Everybody's places on first pages in the last 30 days, in one query."""
    lately = Impression.objects.filter(shown_at__gt=timezone.now() - LATELY, position__lte=FIRST_PAGE)
    rows = list(lately.order_by("creator_id").values_list("creator_id").annotate(Count("pk")))
    pairs = np.array(rows, dtype=np.int64).reshape(-1, 2)
    return Seen(pairs[:, 0], pairs[:, 1])


def standing_now(campaign: Campaign) -> Standing:
    """Everybody's places on the first pages of the shortlists there are, this campaign's own left out; two queries."""
    others = Match.objects.filter(rank__lte=FIRST_PAGE).exclude(run__campaign=campaign)
    rows = list(others.order_by("creator_id").values_list("creator_id").annotate(Count("pk")))
    pairs = np.array(rows, dtype=np.int64).reshape(-1, 2)
    lists = Match.objects.filter(rank=1).exclude(run__campaign=campaign).count()
    return Standing(Seen(pairs[:, 0], pairs[:, 1]), lists)


def events() -> list[Event]:
    """Every creator a campaign's people saw lately, once: the last time before they were asked, else the last time. Who
    was asked before any shortlist named them, or applied, was found in another way and teaches nothing."""
    asked, gains = _asked(), _gains()
    applied = set(Application.objects.order_by().values_list("campaign_id", "creator_id"))
    last: dict[Pair, Impression] = {}
    for row in Impression.objects.order_by("-shown_at", "-pk")[:MOST].iterator():
        pair = (row.campaign_id, row.creator_id)
        if pair not in applied and (pair not in asked or row.shown_at <= asked[pair]):
            last.setdefault(pair, row)
    return [
        Event(
            campaign=campaign,
            values=row.values,
            propensity=row.propensity,
            asked=(campaign, creator) in asked,
            gain=gains.get((campaign, creator)),
        )
        for (campaign, creator), row in sorted(last.items())
    ]


def _asked() -> dict[Pair, datetime]:
    """Whom a business invited or sent an offer, and when first."""
    found: dict[Pair, datetime] = {}
    for rows in (Offer.objects.order_by(), Invitation.objects.order_by()):
        for campaign, creator, at in rows.values_list("campaign_id", "creator_id", "created_at"):
            found[campaign, creator] = min(at, found.get((campaign, creator), at))
    return found


def _gains() -> dict[Pair, float]:
    """The best that came of it: work approved and repeated 3, approved 2, signed 1; "not for me" costs."""
    found: dict[Pair, float] = {}
    declined = Invitation.objects.filter(state=InvitationState.DECLINED).order_by()
    for pair in declined.values_list("campaign_id", "creator_id"):
        found[pair] = DECLINED
    work = Collaboration.objects.order_by("pk").values_list(
        "offer__campaign_id", "offer__creator_id", "offer__campaign__business_id", "state"
    )
    rows = list(work)
    together = _together()
    for campaign, creator, business, state in rows:
        done = state in DONE
        again = together.get((business, creator), 0) > 1
        gain = REPEATED if done and again else APPROVED if done else ACCEPTED
        found[campaign, creator] = max(gain, found.get((campaign, creator), gain))
    return found


def _together() -> dict[Pair, int]:
    """How often a business and a creator finished work together."""
    done = Offer.objects.filter(collaboration__state__in=DONE).order_by()
    counted = done.values("campaign__business_id", "creator_id").annotate(times=Count("pk"))
    return {(row["campaign__business_id"], row["creator_id"]): row["times"] for row in counted}
