"""The nightly sweep: every open campaign once a night, by several workers, through crashes."""

from __future__ import annotations

import json
from datetime import date, datetime
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from campaigns import clock, shortlist
from campaigns.models import BriefVector, Campaign, MatchRun, StaleShortlist, Sweep, SweepRow
from campaigns.services import freshness, matches, sweeps
from creators.embedding import DIMENSIONS
from marketplace.notices.models import Notice
from tests import cast as people
from tests.cast import Cast

NIGHT = date(2026, 12, 1)
AT_THREE = datetime(2026, 12, 1, 3, tzinfo=ZoneInfo("Europe/Berlin"))


def finished() -> list[int]:
    """For each campaign with a finished run, how many it has."""
    runs = MatchRun.objects.filter(finished_at__isnull=False, error="").values_list("campaign", flat=True)
    return sorted(list(runs).count(pk) for pk in set(runs))


def test_each_open_campaign_is_ranked_once_a_night_and_nobody_is_mailed(cast: Cast) -> None:
    for _number in range(3):
        people.campaign(cast)
    people.campaign(cast, state="paused")

    for _time in range(2):
        sweep = sweeps.start_sweep(NIGHT)
        sweeps.work(sweep, seconds=60)

    assert finished() == [1, 1, 1]
    assert sweeps.progress_of(sweep) == sweeps.Progress(total=3, done=3, failed=0)
    assert sweeps.unfinished() is None
    assert not Notice.objects.filter(kind="campaign.matched").exists()


def test_the_clock_begins_at_night_and_wakes_workers_until_it_is_done(
    cast: Cast, bell: list[tuple[str, dict[str, Any]]], django_capture_on_commit_callbacks: Any
) -> None:
    people.campaign(cast)
    with time_machine.travel(AT_THREE.replace(hour=12)):
        clock.sweep()
    assert not Sweep.objects.exists()

    with time_machine.travel(AT_THREE), django_capture_on_commit_callbacks(execute=True):
        clock.sweep()
        clock.sweep()
    assert Sweep.objects.count() == 1
    assert [kwargs["shard"] for name, kwargs in bell if name == "campaigns.sweep_shard"] == [0, 1, 0, 1]
    clock.sweep_shard(shard=0)
    bell.clear()
    with time_machine.travel(AT_THREE), django_capture_on_commit_callbacks(execute=True):
        clock.sweep()

    assert bell == []
    assert finished() == [1]


def test_a_ranking_somebody_asked_for_tonight_is_not_made_again(cast: Cast) -> None:
    campaign = people.campaign(cast)
    sweep = sweeps.start_sweep(NIGHT)
    matches.request_matches(campaign, by=cast.manager)
    shortlist.run_match(campaign.match_runs.get().pk)

    sweeps.work(sweep, seconds=60)

    assert finished() == [1]
    assert sweeps.progress_of(sweep).done == 1


def test_the_sweep_takes_over_what_waits_to_be_refreshed(cast: Cast) -> None:
    campaign = people.campaign(cast)
    freshness.mark_campaigns([campaign.pk])

    sweeps.work(sweeps.start_sweep(NIGHT), seconds=60)

    assert not StaleShortlist.objects.exists()


def test_a_campaign_that_closed_before_its_turn_is_passed_over(cast: Cast) -> None:
    people.campaign(cast)
    sweep = sweeps.start_sweep(NIGHT)
    Campaign.objects.update(state="cancelled")

    sweeps.work(sweep, seconds=60)

    assert finished() == []
    assert sweeps.progress_of(sweep).is_over


def test_what_breaks_is_tried_three_times_and_the_others_are_done(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    bad, good = people.campaign(cast), people.campaign(cast)
    run_match = shortlist.run_match

    def breaks(run_id: int, **facts: Any) -> bool:
        if MatchRun.objects.get(pk=run_id).campaign_id == bad.pk:
            raise RuntimeError("no such thing")
        return run_match(run_id, **facts)

    monkeypatch.setattr(shortlist, "run_match", breaks)
    sweep = sweeps.start_sweep(NIGHT)
    for night in range(4):
        with time_machine.travel(timezone.now() + sweeps.LEASE * 2 * night):
            sweeps.work(sweep, seconds=60)

    assert sweeps.progress_of(sweep) == sweeps.Progress(total=2, done=1, failed=1)
    assert SweepRow.objects.get(campaign=bad).tries == sweeps.TRIES
    assert "no such thing" in SweepRow.objects.get(campaign=bad).error
    assert good.match_runs.get().error == ""
    assert bad.match_runs.get().error != ""  # the page does not wait for ever


def test_a_row_that_kills_its_worker_each_time_is_given_up(cast: Cast) -> None:
    people.campaign(cast)
    sweep = sweeps.start_sweep(NIGHT)
    SweepRow.objects.update(tries=sweeps.TRIES, lease_until=timezone.now() - sweeps.LEASE)

    sweeps.work(sweep, seconds=60)

    assert sweeps.progress_of(sweep).failed == 1
    assert sweeps.unfinished() is None


def test_a_worker_leaves_rows_that_another_has_leased(cast: Cast) -> None:
    people.campaign(cast)
    sweep = sweeps.start_sweep(NIGHT)
    SweepRow.objects.update(lease_until=timezone.now() + sweeps.LEASE)

    assert not sweeps.work(sweep, seconds=60)
    assert finished() == []


def test_the_briefs_of_a_batch_are_read_together_and_kept(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []

    def encode(texts: list[str], **_: Any) -> Any:
        calls.append(len(texts))
        return np.eye(len(texts), DIMENSIONS, dtype=np.float32)

    monkeypatch.setattr("campaigns.shortlist.brief_vectors.encode", encode)
    for number in range(5):
        people.campaign(cast, message=f"Bread {number}")

    sweeps.work(sweeps.start_sweep(NIGHT), seconds=60)
    with time_machine.travel(timezone.now() + sweeps.KEPT):
        sweeps.work(sweeps.start_sweep(date(2027, 1, 5)), seconds=60)

    assert calls == [5]
    assert BriefVector.objects.count() == 5
    assert list(Sweep.objects.values_list("night", flat=True)) == [date(2027, 1, 5)]


def test_the_command_sweeps_and_says_how_far_it_is(cast: Cast) -> None:
    people.campaign(cast)
    said = StringIO()

    with pytest.raises(SystemExit) as ended:
        call_command("sweep_matches", "--json", stdout=said)
    call_command("sweep_matches", "--status", stdout=said)

    first, _rest = said.getvalue().split("}", 1)
    assert ended.value.code == 0
    assert json.loads(first + "}") | {"seconds": 0} == {
        "night": str(timezone.localdate()), "total": 1, "done": 1, "failed": 0, "seconds": 0,
    }  # fmt: skip
    assert "1 of 1 campaigns ranked, 0 failed" in said.getvalue()


def test_an_admin_sees_how_far_the_night_is(cast: Cast) -> None:
    people.campaign(cast)
    sweeps.start_sweep(NIGHT)
    browser = Client()
    browser.force_login(cast.admin, backend="django.contrib.auth.backends.ModelBackend")

    page = browser.get("/admin/campaigns/sweep/").content.decode()

    assert "0 of 1" in page
