"""Workers at one sweep: none takes another's rows, and what a killed one held is taken over when its lease ends."""

from __future__ import annotations

import os
import signal
import time
from datetime import date
from typing import Any

import pytest
import time_machine
from django.db import connections
from django.utils import timezone

from campaigns import shortlist
from campaigns.models import MatchRun, Sweep, SweepRow
from campaigns.services import sweeps
from tests import cast as people
from tests.campaigns.races.conftest import race
from tests.cast import Cast

NIGHT = date(2026, 12, 1)


def test_two_workers_share_the_rows(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeps, "AT_ONCE", 2)
    for _number in range(8):
        people.campaign(cast)
    sweep = sweeps.start_sweep(NIGHT)

    outcomes = race(*[lambda: sweeps.work(sweep, seconds=60)] * 2)

    assert outcomes == [None, None]
    assert set(SweepRow.objects.values_list("tries", flat=True)) == {1}
    assert MatchRun.objects.filter(finished_at__isnull=False).count() == 8
    assert MatchRun.objects.count() == 8


def test_two_clocks_begin_one_sweep(cast: Cast) -> None:
    people.campaign(cast)

    outcomes = race(*[lambda: sweeps.start_sweep(NIGHT)] * 2)

    assert outcomes == [None, None]
    assert SweepRow.objects.count() == 1


def test_a_killed_worker_loses_nothing_and_nothing_is_ranked_twice(cast: Cast) -> None:
    for _number in range(4):
        people.campaign(cast)
    sweep = sweeps.start_sweep(NIGHT)

    kill_at_its_second_campaign(sweep)

    assert sweeps.progress_of(sweep).done == 1
    assert not sweeps.work(sweep, seconds=60)  # the dead one's lease still runs
    with time_machine.travel(timezone.now() + sweeps.LEASE * 2):
        sweeps.work(sweep, seconds=60)
    assert sweeps.progress_of(sweep) == sweeps.Progress(total=4, done=4, failed=0)
    assert MatchRun.objects.count() == 4
    assert MatchRun.objects.filter(finished_at__isnull=False, error="").count() == 4


def kill_at_its_second_campaign(sweep: Sweep) -> None:
    """A process of its own sweeps, ranks one campaign, and is killed in the midst of the second."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        run_match = shortlist.run_match
        ranked: list[int] = []

        def hang(run_id: int, **facts: Any) -> bool:
            if ranked:
                time.sleep(60)
            ranked.append(run_id)
            return run_match(run_id, **facts)

        shortlist.run_match = hang
        sweeps.work(sweep, seconds=60)
        os._exit(1)
    until = time.monotonic() + 20
    while not SweepRow.objects.exclude(done_at=None).exists() and time.monotonic() < until:
        time.sleep(0.02)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == -signal.SIGKILL
