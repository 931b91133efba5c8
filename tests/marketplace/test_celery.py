"""The app that wakes work up: its settings, its clock, its one lock."""

import time

import psycopg
import pytest
from django.core.cache import cache
from django.db import connection
from django.test import override_settings
from psycopg.conninfo import make_conninfo

from marketplace.celery import QUEUES, app, schedule
from marketplace.health import HEARTBEAT
from marketplace.launch.beat import LOCK, LonelyScheduler

LOCAL_CACHE = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "clock"}}


def test_a_lost_worker_loses_no_task() -> None:
    assert app.conf.task_acks_late is True
    assert app.conf.task_reject_on_worker_lost is True
    assert app.conf.worker_prefetch_multiplier == 1
    assert app.conf.task_ignore_result is True
    assert app.conf.accept_content == ["json"]


def test_a_task_taken_by_a_dead_worker_comes_back_soon() -> None:
    """The visibility timeout alone does nothing for minutes; and a task must end before it is taken for lost."""
    options = app.conf.broker_transport_options

    assert options["unacked_restore_throttle"] == 1
    assert options["unacked_restore_interval"] == 5
    assert app.conf.task_time_limit < options["visibility_timeout"]


def test_every_job_of_the_clock_is_a_task_that_exists() -> None:
    app.loader.import_default_modules()

    jobs = schedule()

    assert [name for name, job in jobs.items() if job["task"] not in app.tasks] == []
    assert all(0 < job["schedule"] <= 86_400 for job in jobs.values())


def test_every_task_goes_to_a_queue_that_is_worked_and_rankings_hold_nobody_up() -> None:
    app.loader.import_default_modules()

    queues = {name: app.amqp.router.route({}, name)["queue"].name for name in app.tasks}

    assert set(queues.values()) <= set(QUEUES)
    rankings = {"campaigns.run_match", "campaigns.prepare_match", "campaigns.sweep_shard", "campaigns.prove_plan"}
    assert {name for name, queue in queues.items() if queue == "match"} == rankings


@pytest.mark.django_db(transaction=True)
@override_settings(CACHES=LOCAL_CACHE)
def test_the_clock_ticks_and_says_so() -> None:
    scheduler = LonelyScheduler(app=app, lazy=True)
    scheduler.setup_schedule()
    scheduler.schedule.clear()

    try:
        scheduler.tick()
    finally:
        unlock()

    assert time.time() - cache.get(HEARTBEAT) < 5


@pytest.mark.django_db(transaction=True)
def test_a_second_clock_waits_and_one_that_lost_its_lock_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    with psycopg.connect(conninfo(), autocommit=True) as first:
        assert first.execute("SELECT pg_try_advisory_lock(%s)", [LOCK]).fetchone() == (True,)

        def while_waiting(seconds: float) -> None:
            waited.append(seconds)
            first.close()

        monkeypatch.setattr("marketplace.launch.beat.time.sleep", while_waiting)
        second = LonelyScheduler(app=app, lazy=True)

        second.setup_schedule()

    assert waited
    unlock()
    with pytest.raises(SystemExit):
        second.tick()


def unlock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock_all()")


def conninfo() -> str:
    facts = connection.settings_dict
    known = {"host": facts["HOST"], "port": facts["PORT"], "dbname": facts["NAME"], "user": facts["USER"]}
    return make_conninfo(
        "", password=facts["PASSWORD"] or None, **{name: value or None for name, value in known.items()}
    )
