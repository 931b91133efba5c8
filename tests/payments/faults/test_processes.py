"""Redis flushed or frozen, workers and database backends killed, while real processes are at work."""

import json
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import psycopg
import pytest
import requests
from django.db import OperationalError, connection
from django.utils import timezone

from marketplace.celery import app
from marketplace.kit.money import Money
from payments import clock, ledger, services, tasks
from payments.models import Hold, Operation, StripeEvent
from payments.sandbox.webhooks import sign
from payments.settlement import sending
from payments.states import Chart, HoldState
from tests.payments.agreement import differences
from tests.payments.faults.conftest import Fragile
from tests.plugins.live import SECRET, database_url, until
from tests.plugins.sandbox import Bank

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE_SECONDS = 3.0
FEW = 3


def teller(fragile: Fragile) -> Bank:
    """A bank teller at the running stack: the news goes to its web server by itself."""
    return Bank(fragile.stack.bank, [])


def paying(fragile: Fragile, currency: str) -> list[Hold]:
    """A few holds, each paid this moment; the news is on its way to the web server.

    The stack's Stripe remembers the other tests, so each test has a currency of its own.
    """
    bank = teller(fragile)
    people = {"payer": bank.payer(currency=currency), "payee": bank.payee(currency=currency, onboarded=False)}
    holds = [bank.hold(Money(100_00, currency), **people) for _ in range(FEW)]
    for hold in holds:
        bank.pay(hold)
    return holds


def take_over() -> bool:
    """Leases of the dead end, pauses are over, and the sweep comes by. Whether that was enough, others say."""
    past = timezone.now() - timedelta(seconds=1)
    for rows in (Operation.objects, StripeEvent.objects):
        rows.filter(state="claimed").update(lease_until=past)
        rows.filter(state__in=["pending", "received"]).update(next_try_at=past)
    clock.sweep()
    return False


def is_secured(hold: Hold) -> bool:
    services.refresh_checkout(hold)
    return hold.state == HoldState.SECURED


def all_secured() -> bool:
    return set(Hold.objects.values_list("state", flat=True)) == {HoldState.SECURED}


def seconds_for(act: Callable[[], Any]) -> float:
    started = time.monotonic()
    act()
    return time.monotonic() - started


def post_news(fragile: Fragile, number: int) -> None:
    event = {"id": f"evt_{number}", "object": "event", "type": "customer.created", "created": int(time.time()),
             "livemode": False, "data": {"object": {"id": "cus_1"}}}  # fmt: skip
    body = json.dumps(event).encode()
    headers = {"Stripe-Signature": sign(body, SECRET, int(time.time())), "Content-Type": "application/json"}
    answer = requests.post(f"{fragile.stack.url}/webhooks/stripe/platform/", body, headers=headers, timeout=30)
    assert answer.status_code == 200


def test_a_frozen_redis_keeps_nobody_waiting(fragile: Fragile) -> None:
    statuses = [look(f"{fragile.stack.url}/")]

    with fragile.frozen():
        waits = {f"news {n}": seconds_for(partial(post_news, fragile, n)) for n in range(3)}
        for page in ("/", "/healthz", "/accounts/login/", "/api/v1/creators/"):
            waits[page] = seconds_for(partial(look_into, statuses, f"{fragile.stack.url}{page}"))
        ready = look(f"{fragile.stack.url}/readyz")

    assert {name: wait for name, wait in waits.items() if wait > PATIENCE_SECONDS} == {}
    assert [status for status in statuses if status >= 500] == []
    assert ready == 503
    assert StripeEvent.objects.count() == 3


def look_into(statuses: list[int], url: str) -> None:
    statuses.append(look(url))


def look(url: str) -> int:
    return requests.get(url, timeout=30).status_code


def test_payments_that_arrive_while_redis_is_frozen_are_secured_afterwards(fragile: Fragile) -> None:
    with fragile.frozen():
        paying(fragile, "EUR")
        until(lambda: StripeEvent.objects.filter(kind="checkout.session.completed").count() == FEW, what="the news")

    until(lambda: take_over() or all_secured(), what="every payment")
    assert differences(fragile.stack.bank) == []
    assert Hold.objects.count() == FEW


def test_a_flushed_redis_loses_no_payment(fragile: Fragile) -> None:
    paying(fragile, "USD")
    fragile.stack.broker.flushall()
    until(lambda: StripeEvent.objects.filter(kind="checkout.session.completed").count() == FEW, what="the news")
    fragile.stack.broker.flushall()

    until(lambda: take_over() or all_secured(), what="every payment")
    assert differences(fragile.stack.bank) == []


def test_a_worker_killed_in_the_middle_of_its_work_pays_once(fragile: Fragile) -> None:
    bank = teller(fragile)
    payee = bank.payee(currency="GBP", onboarded=False)
    assert services.start_onboarding(payee, return_url="https://a.example", refresh_url="https://a.example")
    bank.sandbox.control.complete_onboarding(account=payee.stripe_account_id, currency="gbp")
    hold = bank.hold(Money(100_00, "GBP"), payee=payee)
    bank.pay(hold)
    until(lambda: is_secured(hold), what="the payment")
    transfers = bank.sandbox.control.state()["things"].get("transfer", 0)
    bank.sandbox.control.fault(route="POST /v1/transfers", kind="delay", after=True, seconds=3)
    services.refresh_account(payee)
    operation = services.release(hold).operation
    assert operation is not None

    with app.connection_for_write(fragile.valkey.url.replace("unix://", "redis+socket://")) as line:
        tasks.run_operation.apply_async(kwargs={"operation_id": operation.pk}, connection=line)  # type: ignore[call-arg]
    until(lambda: Operation.objects.filter(pk=operation.pk, state="claimed").exists(), what="the claim")
    fragile.kill_worker()

    until(lambda: take_over() or Hold.objects.get().state == HoldState.RELEASED, what="the release")
    assert bank.sandbox.control.state()["things"]["transfer"] == transfers + 1
    assert differences(bank.sandbox) == []


@pytest.mark.parametrize("moment", ["ledger.post", "_end", "_claim"])
def test_a_database_backend_killed_under_a_worker_loses_nothing(
    bank: Bank, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    hold = bank.secured()
    operation = services.release(hold).operation
    assert operation is not None
    name = f"payments.{moment}" if "." in moment else f"payments.settlement.sending.{moment}"

    with monkeypatch.context() as patched:
        patched.setattr(name, killing(name))
        with pytest.raises(OperationalError):
            sending.run(operation.pk)
    connection.close()
    take_over()
    bank.settle_down()

    hold.refresh_from_db()
    assert (hold.state, bank.sandbox.control.state()["things"]["transfer"]) == (HoldState.RELEASED, 1)
    assert ledger.held(Chart.TRANSIT, hold.public_id, "EUR") == Money(0, "EUR")
    assert differences(bank.sandbox) == []


def killing(name: str) -> Callable[..., Any]:
    """The same function, after PostgreSQL has ended the connection it works on."""
    module, _, function = name.rpartition(".")
    real = getattr({"payments.ledger": ledger, "payments.settlement.sending": sending}[module], function)

    def act(*args: Any, **kwargs: Any) -> Any:
        connection.ensure_connection()
        with psycopg.connect(database_url(), autocommit=True) as executioner:
            executioner.execute("SELECT pg_terminate_backend(%s, 5000)", [connection.connection.info.backend_pid])
        return real(*args, **kwargs)

    return act
