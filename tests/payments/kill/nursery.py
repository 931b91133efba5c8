"""Where workers are born to die: one process with the product loaded, which forks a worker for each order.

Reads an order per line (JSON: point, act, row, stripe), answers with the worker's end per line: minus the signal that
killed it, or its exit code. It has no thread and no connection, so every worker starts clean. Started by test_kill.py.
"""

import json
import os
import sys
import time
import traceback
from collections.abc import Callable

import django

django.setup()

from django.conf import settings  # noqa: E402 - the settings come first
from django.utils import timezone  # noqa: E402

from marketplace.kit import later  # noqa: E402
from payments import gateway, services  # noqa: E402
from payments.models import Hold, Operation, StripeEvent  # noqa: E402
from payments.settlement import inbox, sending  # noqa: E402
from tests.payments.kill.points import set_trap  # noqa: E402

TRIES = 8


def run(row: int) -> None:
    """Send the operation, again and again, as a worker does whose answers are unclear."""
    for _ in range(TRIES):
        Operation.objects.filter(pk=row, state="pending").update(next_try_at=timezone.now())
        sending.run(row)


def read(row: int) -> None:
    for _ in range(TRIES):
        StripeEvent.objects.filter(pk=row, state="received").update(next_try_at=timezone.now())
        inbox.read(row)


def approve(row: int) -> None:
    services.release(Hold.objects.get(pk=row))


ACTS: dict[str, Callable[[int], None]] = {
    "release": run,
    "refund": run,
    "payout": run,
    "checkout": run,
    "event": read,
    "approve": approve,
}


def work(order: dict[str, str]) -> None:
    """Do the act for the row, and never come back from the point."""
    settings.STRIPE_API_BASE, gateway.NETWORK_RETRIES = order["stripe"], 0
    later._ring = lambda task, kwargs: None
    set_trap(order["point"])
    ACTS[order["act"]](int(order["row"]))


def give_birth(order: dict[str, str]) -> int:
    """A worker of its own for the order. Returns how it ended."""
    child = os.fork()
    if child == 0:
        try:
            work(order)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    for line in sys.stdin:
        started = time.monotonic()
        ended = give_birth(json.loads(line))
        print(json.dumps({"ended": ended, "seconds": time.monotonic() - started}), flush=True)  # noqa: T201
