"""Real processes, really killed (SIGKILL) at every line that matters, on good and on bad days: each pays once.

The quick share kills at every point of every act on one kind of day; the long suite (-m slow) on every kind.
"""

import itertools
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from payments import clock, services
from payments.models import Account, Hold, Operation, Payout, Refund, StripeEvent
from payments.states import HoldState, OperationState
from tests.payments.agreement import differences
from tests.payments.kill.points import PASSES
from tests.plugins.live import database_url
from tests.plugins.sandbox import PAGE, Bank

pytestmark = pytest.mark.django_db(transaction=True)

DAYS: dict[str, dict[str, Any]] = {
    "a good day": {},
    "an answer is lost": {"kind": "cut", "after": True},
    "Stripe says 500": {"kind": "500"},
}
ROUTES = {
    "release": "POST /v1/transfers",
    "refund": "POST /v1/refunds",
    "payout": "POST /v1/payouts",
    "checkout": "POST /v1/checkout/sessions",
    "event": "GET /v1/payment_intents/{intent}",
}
AT_STRIPE = {"release": "transfer", "refund": "refund", "payout": "payout", "checkout": "checkout.session"}
People = dict[str, Account]
UNFINISHED = ("pending", "received", "claimed")
Nursery = Callable[[str, str, int], int]


@pytest.fixture(scope="module")
def process(django_db_setup: None) -> Iterator["subprocess.Popen[str]"]:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "marketplace.settings",
        "DJANGO_DEBUG": "1",
        "PYTHONPATH": str(settings.BASE_DIR),
        "DATABASE_URL": database_url(),
        "STRIPE_SECRET_KEY": "sk_test_of_the_tests",
    }
    with subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("nursery.py"))],
        env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as running:  # fmt: skip
        yield running
        running.stdin.close()  # type: ignore[union-attr]
        running.wait(timeout=20)


@pytest.fixture
def nursery(process: "subprocess.Popen[str]", bank: Bank) -> Nursery:
    """``nursery(act, point, row)`` starts a worker and tells how it ended."""

    def give_birth(act: str, point: str, row: int) -> int:
        order = {"act": act, "point": point, "row": row, "stripe": bank.sandbox.url}
        process.stdin.write(json.dumps(order) + "\n")  # type: ignore[union-attr]
        process.stdin.flush()  # type: ignore[union-attr]
        ended: int = json.loads(process.stdout.readline())["ended"]  # type: ignore[union-attr]
        return ended

    return give_birth


def revive(bank: Bank) -> None:
    """The dead worker's lease ends, the pauses pass, and the sweep takes over."""
    past = timezone.now() - timedelta(seconds=1)
    for _ in range(10):
        for rows in (Operation.objects, StripeEvent.objects):
            rows.filter(state="claimed").update(lease_until=past)
            rows.filter(state__in=["pending", "received"]).update(next_try_at=past)
        bank.deliver()
        clock.sweep()
        if not any(rows.filter(state__in=UNFINISHED).exists() for rows in (Operation.objects, StripeEvent.objects)):
            return
    raise AssertionError("it does not come to rest")


def decide(bank: Bank, act: str, people: People) -> int:
    """Something to be done, decided and committed. Returns its row."""
    if act == "approve":
        return bank.secured(**people).pk
    if act == "event":
        hold = bank.hold(**people)
        bank.pay(hold)
        bank.deliver()
        paid = StripeEvent.objects.filter(kind="checkout.session.completed").latest("pk")
        return paid.pk
    operation = _DECISIONS[act](bank, people)
    assert operation is not None
    return operation.pk


def _checkout(bank: Bank, people: People) -> Operation | None:
    bank.pay(bank.hold(**people))  # so that Stripe knows the payer
    hold = bank.hold(**people)
    bank.sandbox.control.fault(route="POST /v1/checkout/sessions", kind="cut")
    assert services.checkout_url(hold, success_url=PAGE, cancel_url=PAGE) is None
    return hold.checkouts.get().operation


def _payout(bank: Bank, people: People) -> Operation | None:
    payee = bank.released(**people).payee
    bank.sandbox.control.settle()
    return services.request_payout(payee).operation


_DECISIONS: dict[str, Callable[[Bank, People], Operation | None]] = {
    "release": lambda bank, people: services.release(bank.secured(**people)).operation,
    "refund": lambda bank, people: services.refund(bank.secured(**people), reason="called off").operation,
    "payout": _payout,
    "checkout": _checkout,
}


def at_stripe(bank: Bank, act: str) -> int:
    return int(bank.sandbox.control.state()["things"].get(AT_STRIPE.get(act, "transfer"), 0))


def is_done(act: str, row: int) -> bool:
    """Did it come to the end it was decided for?"""
    if act == "approve":
        return Hold.objects.get(pk=row).state in {HoldState.SECURED, HoldState.RELEASED}
    if act == "event":
        return StripeEvent.objects.get(pk=row).state == "done" and Hold.objects.latest("pk").state == HoldState.SECURED
    return Operation.objects.get(pk=row).state == OperationState.DONE


@pytest.fixture
def people(bank: Bank) -> People:
    """Who pays and who is paid, the same all through a test."""
    return {"payer": bank.payer(), "payee": bank.payee()}


def kill_and_revive(bank: Bank, nursery: Nursery, people: People, act: str, point: str, day: str) -> None:
    """One worker dies at the point on such a day; the next one finishes what it left, and no news helps it."""
    row = decide(bank, act, people)
    before = at_stripe(bank, act)
    bank.sandbox.control.set_webhooks(drop=True)
    if DAYS[day] and act in ROUTES:
        bank.sandbox.control.fault(route=ROUTES[act], **DAYS[day])

    assert nursery(act, point, row) == -signal.SIGKILL, f"{act}, {point}, {day}: the worker did not get there"
    revive(bank)

    assert is_done(act, row), f"{act}, {point}, {day}: not done"
    made = at_stripe(bank, act) - before
    expected = {"event": {0}, "approve": {0, 1}}.get(act, {1})
    assert made in expected, f"{act}, {point}, {day}: {made} at Stripe"
    assert differences(bank.sandbox) == [], f"{act}, {point}, {day}"
    bank.sandbox.control.clear_faults()
    bank.sandbox.control.set_webhooks(drop=False)


@pytest.mark.parametrize("act", PASSES)
def test_a_worker_killed_at_any_point_pays_once(bank: Bank, nursery: Nursery, people: People, act: str) -> None:
    for point, day in zip(PASSES[act], itertools.cycle(DAYS), strict=False):
        kill_and_revive(bank, nursery, people, act, point, day)


@pytest.mark.slow
@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("act", PASSES)
def test_a_worker_killed_at_any_point_on_any_day_pays_once(
    bank: Bank, nursery: Nursery, people: People, act: str, day: str
) -> None:
    for point in PASSES[act]:
        kill_and_revive(bank, nursery, people, act, point, day)


def test_an_approval_is_there_whole_or_not_at_all(bank: Bank, nursery: Nursery) -> None:
    uncommitted, committed = bank.secured(), bank.secured()

    nursery("approve", "before the approval's commit", uncommitted.pk)
    nursery("approve", "before the doorbell", committed.pk)
    states = [Hold.objects.get(pk=hold.pk).state for hold in (uncommitted, committed)]
    revive(bank)

    assert states == [HoldState.SECURED, HoldState.RELEASING]
    assert Hold.objects.get(pk=committed.pk).state == HoldState.RELEASED
    assert at_stripe(bank, "release") == 1


def test_the_trap_is_real(bank: Bank, nursery: Nursery) -> None:
    """A point that is not on the way kills nobody, so a death in the tests above is a death at the point."""
    hold = bank.secured()
    operation = services.release(hold).operation
    assert operation is not None

    assert nursery("release", "before the event ends", operation.pk) == 0

    hold.refresh_from_db()
    assert hold.state == HoldState.RELEASED
    assert (Payout.objects.count(), Refund.objects.count()) == (0, 0)


def test_there_are_points_enough() -> None:
    assert all(len(PASSES[act]) >= 10 for act in ("release", "refund", "payout", "checkout", "event"))
    assert len({point for points in PASSES.values() for point in points}) >= 20
