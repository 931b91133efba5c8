"""Who stands on many first pages gives way on the next one, and the campaign's own lists do not count against them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from campaigns import shortlist
from campaigns.matching import exposure
from campaigns.models import Campaign, Match, MatchRun
from campaigns.models.match import FIRST_PAGE
from campaigns.shortlist.impressions import standing_now
from tests import cast as people
from tests.cast import Cast


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """First pages of two places, and a share counts from the first list on."""
    monkeypatch.setattr(exposure, "FIRST_PAGE", 2)
    monkeypatch.setattr(exposure, "LEAST_LISTS", 1)
    settings.FIRST_PAGES_PERCENT = 50


def run_for(campaign: Campaign) -> MatchRun:
    run = MatchRun.objects.create(campaign=campaign, brief_hash="x")
    assert shortlist.run_match(run.pk)
    return run


def first_two(run: MatchRun) -> list[int]:
    return list(run.matches.filter(rank__lte=2).order_by("rank").values_list("creator", flat=True))


def test_the_same_brief_three_times_is_not_led_by_the_same_two(cast: Cast, small: None) -> None:
    for number in range(28):
        people.creator(None, f"c{number}", followers=1_000 + number)

    first, second, third = (run_for(people.campaign(cast)) for _ in range(3))

    led = [creator for run in (first, second, third) for creator in first_two(run)]
    assert len(set(led)) == 6  # on two of three first pages would be more than half
    moved = second.matches.get(creator=led[0])
    assert moved.rank == 3
    assert moved.change.endswith("by the score alone this would be 1st place.")
    assert moved.score == first.matches.get(rank=1).score


def test_a_campaigns_own_lists_do_not_count(cast: Cast, small: None) -> None:
    for number in range(28):
        people.creator(None, f"c{number}", followers=1_000 + number)
    campaign = people.campaign(cast)

    first, *_others, last = (run_for(campaign) for _ in range(4))

    assert first.matches.count() == 0  # of a campaign only the newest lists are kept
    assert last.matches.get(rank=1).change.startswith("Stands on") is False


def test_places_on_first_pages_are_counted_and_others_are_not(cast: Cast, django_assert_num_queries: Any) -> None:
    campaign, other = people.campaign(cast), people.campaign(cast)
    run = run_for(other)
    Match.objects.filter(run=run, rank=2).update(rank=FIRST_PAGE + 1)
    ids = list(Match.objects.filter(run=run).order_by("rank").values_list("creator", flat=True))

    with django_assert_num_queries(2):
        standing = standing_now(campaign)

    assert standing.places.times(np.array(ids)).tolist() == [1, 0]
    assert standing.lists == 1
    assert standing_now(other).lists == 0
