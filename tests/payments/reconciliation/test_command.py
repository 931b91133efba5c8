"""`manage.py reconcile`, and the night's own run."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import psycopg
import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from psycopg.conninfo import make_conninfo

from marketplace.celery import app
from marketplace.kit.money import Money
from payments import clock
from payments.models import Case, Posting, Reconciliation, StripeLine
from tests.payments.reconciliation.nights import LATER, kinds, move_at_stripe, top_up
from tests.plugins.sandbox import Bank

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> tuple[int, str]:
    """The exit code, and what was printed."""
    out = StringIO()
    with time_machine.travel(timezone.now() + LATER), pytest.raises(SystemExit) as ended:
        call_command("reconcile", *arguments, stdout=out, stderr=StringIO())
    return int(str(ended.value.code)), out.getvalue()


@contextmanager
def somebody_at_it() -> Iterator[None]:
    config = connection.settings_dict
    given = {"dbname": config["NAME"], "user": config["USER"], "password": config["PASSWORD"] or None,
             "host": config["HOST"], "port": config["PORT"] or None}  # fmt: skip
    with psycopg.connect(make_conninfo(**{name: value for name, value in given.items() if value})) as other:
        other.execute("SELECT pg_advisory_lock(hashtext('payments.reconcile'))")
        yield


def test_a_table_and_a_zero_when_everything_agrees(bank: Bank) -> None:
    bank.released()

    code, said = run()

    assert code == 0
    assert "Everything agrees, to the cent." in said
    assert "lines copied" in said


def test_a_one_and_the_cases_when_something_does_not(bank: Bank) -> None:
    bank.released()
    move_at_stripe(bank, Money(-5_00, "EUR"))

    code, said = run()

    assert code == 1
    assert "-€5.00" in said
    assert "1 open: unbooked" in said


def test_an_open_case_is_a_one_even_when_all_agrees_again(bank: Bank) -> None:
    Case.objects.create(kind="balance", key="balance:EUR", text="It did not agree.")

    assert run()[0] == 1


def test_json_for_machines(bank: Bank) -> None:
    bank.released()
    move_at_stripe(bank, Money(-5_00, "EUR"))

    code, said = run("--json", "--dry-run")

    told = json.loads(said)
    assert (code, told["dry_run"], told["open"], told["trouble"]) == (1, True, {}, "")
    assert sorted(one["kind"] for one in told["found"]) == ["balance", "unbooked"]
    assert told["counts"]["lines copied"] == 3
    assert not Case.objects.exists()


def test_a_dry_run_says_that_it_kept_nothing(bank: Bank) -> None:
    top_up(bank, Money(1_000_00, "EUR"))

    code, said = run("--dry-run")

    assert code == 0
    assert "nothing was booked" in said
    assert not Posting.objects.exists()


def test_a_two_when_stripe_does_not_answer(bank: Bank) -> None:
    bank.released()
    bank.sandbox.control.fault(route="GET /v1/balance_transactions", kind="cut", count=99)

    code, said = run()

    assert code == 2
    assert "Stripe did not answer" in said
    assert not Case.objects.exists()


def test_a_two_when_somebody_else_is_at_it(bank: Bank) -> None:
    with somebody_at_it():
        assert run()[0] == 2


def test_from_a_day_on(bank: Bank) -> None:
    bank.released()

    code, _ = run("--since", (timezone.now() + timedelta(days=1)).date().isoformat())

    assert code == 0
    assert Reconciliation.objects.get().since is not None


@pytest.mark.parametrize(("hour", "runs"), [(0, 0), (1, 1), (9, 1)])
def test_the_clock_compares_once_a_night(bank: Bank, hour: int, runs: int) -> None:
    top_up(bank, Money(1_000_00, "EUR"))

    with time_machine.travel(datetime(2035, 5, 5, hour, 30, tzinfo=UTC), tick=False):
        clock.reconcile()
        clock.reconcile()

    assert Reconciliation.objects.count() == runs
    assert Reconciliation.objects.exclude(finished_at=None).count() == runs


def test_an_unanswered_night_is_tried_again_by_the_next_ring(bank: Bank) -> None:
    top_up(bank, Money(1_000_00, "EUR"))
    bank.sandbox.control.fault(route="GET /v1/balance", kind="500", count=1)

    with time_machine.travel(datetime(2035, 5, 5, 1, 30, tzinfo=UTC), tick=False):
        clock.reconcile()
        silent = Reconciliation.objects.get().trouble
        clock.reconcile()

    assert silent.startswith("Stripe did not answer")
    assert Reconciliation.objects.get().finished_at is not None
    assert kinds() == []


def test_a_long_night_goes_on_ring_by_ring(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "RECONCILE_SECONDS", 0)
    monkeypatch.setattr("payments.reconciliation.asking.PAGE", 1)
    for _ in range(3):
        top_up(bank, Money(1_000_00, "EUR"))

    with time_machine.travel(datetime(2035, 5, 5, 1, 30, tzinfo=UTC), tick=False):
        for _ in range(4):
            clock.reconcile()

    assert StripeLine.objects.count() == 3
    assert Reconciliation.objects.get().finished_at is not None


@pytest.mark.parametrize(
    ("task", "queue"), [(clock.reconcile, "default"), (clock.check_invariants, "default"), (clock.sweep, "money")]
)
def test_looking_does_not_stand_in_the_way_of_money(task: Any, queue: str, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[str] = []
    monkeypatch.setattr(app.amqp, "send_task_message", lambda *_, **options: sent.append(options["queue"].name))

    task.apply_async()

    assert sent == [queue]


def test_only_one_at_a_time(bank: Bank) -> None:
    with somebody_at_it(), time_machine.travel(datetime(2035, 5, 5, 1, 30, tzinfo=UTC), tick=False):
        clock.reconcile()

    assert not Reconciliation.objects.exists()


def test_progress_is_told(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    bank.released()
    shown: list[Any] = []
    monkeypatch.setattr("rich.progress.Progress.update", lambda self, task, **fields: shown.append(fields))

    run()

    assert {"description": "lines copied: 2"} in shown
