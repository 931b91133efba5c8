"""A change is followed by those shortlists alone that it concerns, once, and nobody is mailed for it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db.models import F
from django.utils import timezone

from campaigns import clock, shortlist
from campaigns.models import Campaign, MatchRun, StaleShortlist
from campaigns.services import briefs, freshness
from creators.models import Creator, CreatorChange
from creators.services.profiles import edit_profile
from marketplace.notices.models import Notice
from tests import cast as people
from tests.cast import Cast


def time_goes_by() -> None:
    """The clock finds whom the changes concern, and when their flock has passed asks for the rankings."""
    clock.refresh_stale()
    with time_machine.travel(timezone.now() + freshness.SETTLES * 2):
        clock.refresh_stale()


@pytest.fixture(autouse=True)
def _nothing_noted(cast: Cast) -> None:
    """A test is one open transaction: whom it has made itself would be told again and again."""
    CreatorChange.objects.all().delete()


def changed(*creators: Creator) -> None:
    Creator.objects.filter(pk__in=[one.pk for one in creators]).update(comments_seen=F("comments_seen") + 1)


def ranked(campaign: Campaign) -> None:
    run = MatchRun.objects.create(campaign=campaign, is_quiet=True)
    shortlist.run_match(run.pk)
    MatchRun.objects.update(created_at=timezone.now() - timedelta(hours=1))


def asked_for() -> set[Any]:
    """The campaigns that wait for a ranking."""
    return set(MatchRun.objects.filter(finished_at=None).values_list("campaign__title", flat=True))


def test_of_many_campaigns_only_those_that_keep_or_held_the_changed_creator_are_ranked(cast: Cast) -> None:
    for number in range(4):
        people.campaign(cast, title=f"abroad {number}", country="FR")
    people.campaign(cast, title="closed", state="paused")
    people.campaign(cast, title="keeps")
    ranked(people.campaign(cast, title="held", languages=["de"]))
    Creator.objects.filter(pk=cast.mina_profile.pk).update(languages=["it"])

    changed(cast.mina_profile)
    time_goes_by()

    assert asked_for() == {"keeps", "held"}  # two of seven
    assert not StaleShortlist.objects.exists()


def test_a_creator_nobody_keeps_costs_no_ranking(cast: Cast) -> None:
    people.campaign(cast, country="FR")

    changed(cast.mina_profile)
    time_goes_by()

    assert asked_for() == set()


def test_a_creator_who_is_listed_no_more_leaves_the_shortlists_that_held_them(cast: Cast) -> None:
    ranked(people.campaign(cast, title="held"))
    people.campaign(cast, title="would have kept")
    Creator.objects.filter(pk=cast.mina_profile.pk).update(state="paused")

    changed(cast.mina_profile)
    time_goes_by()
    shortlist.run_match(MatchRun.objects.get(finished_at=None).pk)

    newest = shortlist.newest_run(Campaign.objects.get(title="held"))
    assert newest is not None
    assert list(newest.matches.values_list("creator", flat=True)) == [cast.other_profile.pk]


def test_a_flock_of_changes_is_one_ranking(cast: Cast) -> None:
    campaign = people.campaign(cast)
    for _time in range(3):
        changed(cast.mina_profile, cast.other_profile)
        clock.refresh_stale()
    assert asked_for() == set()  # the flock may not have passed

    for minutes in (2, 3, 4):
        with time_machine.travel(timezone.now() + timedelta(minutes=minutes)):
            clock.refresh_stale()
            shortlist.run_match(MatchRun.objects.latest("pk").pk)
            changed(cast.mina_profile)

    assert campaign.match_runs.count() == 1
    with time_machine.travel(timezone.now() + freshness.BETWEEN * 2):
        clock.refresh_stale()
    assert campaign.match_runs.count() == 2


def test_while_a_ranking_waits_no_second_is_asked_for(cast: Cast) -> None:
    campaign = people.campaign(cast)
    MatchRun.objects.create(campaign=campaign)
    MatchRun.objects.update(created_at=timezone.now() - timedelta(hours=1))

    changed(cast.mina_profile)
    time_goes_by()

    assert campaign.match_runs.count() == 1


def test_an_edited_brief_is_ranked_again_without_mail(cast: Cast) -> None:
    campaign = people.campaign(cast)
    briefs.edit_campaign(campaign, by=cast.manager, message="Rye from now on.")

    with time_machine.travel(timezone.now() + freshness.SETTLES * 2):
        clock.refresh_stale()
    run = campaign.match_runs.get()
    shortlist.run_match(run.pk)

    run.refresh_from_db()
    assert run.finished_at is not None
    assert not Notice.objects.filter(kind="campaign.matched").exists()


def test_a_campaign_that_was_paused_meanwhile_is_left_until_it_goes_on(cast: Cast) -> None:
    campaign = people.campaign(cast)
    changed(cast.mina_profile)
    clock.refresh_stale()
    briefs.pause_campaign(campaign, by=cast.manager)
    with time_machine.travel(timezone.now() + freshness.SETTLES * 2):
        clock.refresh_stale()
    assert asked_for() == set()

    briefs.resume_campaign(campaign, by=cast.manager)
    with time_machine.travel(timezone.now() + freshness.SETTLES * 4):
        clock.refresh_stale()

    assert asked_for() == {campaign.title}


def test_an_edited_profile_is_followed(cast: Cast) -> None:
    campaign = people.campaign(cast)
    edit_profile(cast.mina_profile, by=cast.mina, languages=["fr"])

    assert freshness.find_stale() == 1

    assert StaleShortlist.objects.get().campaign == campaign


def test_a_note_of_a_creator_who_is_gone_is_no_error(cast: Cast) -> None:
    people.campaign(cast)
    people.creator(None, "gone").delete()

    assert freshness.find_stale() == 1

    assert not StaleShortlist.objects.exists()


def test_of_thousands_nobody_is_asked_about(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(freshness, "MANY", 1)
    people.campaign(cast, country="FR")

    changed(cast.mina_profile, cast.other_profile)
    freshness.find_stale()

    assert StaleShortlist.objects.count() == 1
