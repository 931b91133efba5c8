"""Real processes, really killed (SIGKILL) around the moment Stripe answers: everything is paid once, and once only."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from marketplace.kit.money import Money
from payments import clock, ledger, services
from payments.models import Hold, Operation, StripeEvent
from payments.states import Chart, HoldState, OperationState
from tests.plugins.sandbox import Bank

pytestmark = pytest.mark.django_db(transaction=True)

WORKER = Path(__file__).with_name("worker.py")
AROUND_THE_ANSWER = ["before the call", "after the answer", "inside the settling", "before the commit"]


def database_url() -> str:
    """The test's own database, for a process of its own."""
    config = connection.settings_dict
    login = f"{config['USER']}:{quote(config['PASSWORD'])}" if config["PASSWORD"] else config["USER"]
    port = f":{config['PORT']}" if config["PORT"] else ""
    if config["HOST"].startswith("/"):
        return f"postgres://{login}@/{config['NAME']}?host={config['HOST']}"
    return f"postgres://{login}@{config['HOST']}{port}/{config['NAME']}"


def kill_worker(point: str, act: str, row: int | None) -> None:
    """Start a worker and see it die at the point, by the signal and by nothing else."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "marketplace.settings",
        "DJANGO_DEBUG": "1",
        "PYTHONPATH": str(settings.BASE_DIR),
        "DATABASE_URL": database_url(),
        "STRIPE_SECRET_KEY": settings.STRIPE_SECRET_KEY,
        "STRIPE_API_BASE": settings.STRIPE_API_BASE,
    }
    died = subprocess.run(
        [sys.executable, str(WORKER), point, act, str(row)],
        env=environment,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert died.returncode == -signal.SIGKILL, died.stderr.decode()


def revive(bank: Bank) -> None:
    """The dead worker's lease ends, and the sweep takes over."""
    past = timezone.now() - timedelta(seconds=1)
    Operation.objects.filter(state=OperationState.CLAIMED).update(lease_until=past)
    StripeEvent.objects.filter(state=OperationState.CLAIMED).update(lease_until=past)
    clock.sweep()
    bank.settle_down()


def at_stripe(bank: Bank, kind: str) -> Any:
    return bank.sandbox.control.state()["things"].get(kind, 0)


@pytest.mark.parametrize("point", AROUND_THE_ANSWER)
def test_a_worker_killed_around_stripes_answer_pays_once(bank: Bank, point: str) -> None:
    hold = bank.secured()
    operation = services.release(hold).operation
    assert operation is not None

    kill_worker(point, "run", operation.pk)
    operation.refresh_from_db()
    assert operation.state == OperationState.CLAIMED
    assert at_stripe(bank, "transfer") == (0 if point == "before the call" else 1)
    revive(bank)

    hold.refresh_from_db()
    assert (hold.state, at_stripe(bank, "transfer")) == (HoldState.RELEASED, 1)
    assert ledger.held(Chart.TRANSIT, hold.public_id, "EUR") == Money(0, "EUR")
    assert ledger.held(Chart.MEMO_CONNECTED, hold.payee.public_id, "EUR") == Money(100_00, "EUR")


def test_a_worker_killed_between_a_refund_and_our_commit_refunds_once(bank: Bank) -> None:
    bank.reserve(Money(10_00, "EUR"))
    hold = bank.secured()
    refund = services.refund(hold, reason="called off")

    kill_worker("after the answer", "run", refund.operation_id)
    revive(bank)

    hold.refresh_from_db()
    assert (hold.state, at_stripe(bank, "refund")) == (HoldState.REFUNDED, 1)


def test_a_worker_killed_between_a_payout_and_our_commit_pays_out_once(bank: Bank) -> None:
    payee = bank.released().payee
    bank.sandbox.control.settle()
    payout = services.request_payout(payee)

    kill_worker("after the answer", "run", payout.operation_id)
    revive(bank)

    payout.refresh_from_db()
    assert (payout.state, at_stripe(bank, "payout")) == ("on_its_way", 1)


def test_a_worker_killed_while_it_reads_that_the_payment_came_secures_it_once(bank: Bank) -> None:
    hold = bank.hold()
    bank.pay(hold)
    bank.deliver()
    event = StripeEvent.objects.get(kind="checkout.session.completed")

    kill_worker("before the event ends", "read", event.pk)
    assert Hold.objects.get().state == HoldState.AWAITING_PAYMENT
    revive(bank)

    assert Hold.objects.get().state == HoldState.SECURED
    assert ledger.held(Chart.HOLD, hold.public_id, "EUR") == Money(109_00, "EUR")
