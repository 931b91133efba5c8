"""The lines at which a worker dies: what is called there, and whether it dies before or after the call."""

import os
import signal
from collections.abc import Callable
from importlib import import_module
from typing import Any

BEFORE, AFTER = "before", "after"

# name → (module, attribute of it, when)
POINTS: dict[str, tuple[str, str, str]] = {
    "before the claim": ("payments.settlement.sending", "_claim", BEFORE),
    "inside the claim": ("payments.models.queue", "Operation.save", AFTER),
    "after the claim": ("payments.settlement.sending", "_ask", BEFORE),
    "as the request leaves": ("stripe", "RequestsClient.request", BEFORE),
    "as the answer comes": ("stripe", "RequestsClient.request", AFTER),
    "with the answer read": ("payments.settlement.sending", "settle", BEFORE),
    "with the state moved": ("marketplace.kit.states", "Machine.apply", AFTER),
    "before the posting": ("payments.ledger", "post", BEFORE),
    "inside the posting": ("payments.ledger", "_write", BEFORE),
    "after the posting": ("payments.ledger", "post", AFTER),
    "before it is told": ("django.dispatch", "Signal.send", BEFORE),
    "before the end": ("payments.settlement.sending", "_end", BEFORE),
    "before the commit": ("payments.settlement.sending", "_end", AFTER),
    "after the commit": ("payments.settlement.sending", "settle", AFTER),
    "before an event is claimed": ("payments.settlement.inbox", "_claim", BEFORE),
    "inside the claim of an event": ("payments.models.queue", "StripeEvent.save", AFTER),
    "before Stripe is asked": ("payments.settlement.inbox", "look", BEFORE),
    "after Stripe was asked": ("payments.settlement.inbox", "look", AFTER),
    "before the event ends": ("payments.settlement.inbox", "_end", BEFORE),
    "before the event's commit": ("payments.settlement.inbox", "_end", AFTER),
    "before the approval's commit": ("django.db.backends.base.base", "BaseDatabaseWrapper.commit", BEFORE),
    "before the doorbell": ("marketplace.kit.later", "_ring", BEFORE),
}

_SENDING = [
    "before the claim", "inside the claim", "after the claim", "as the request leaves", "as the answer comes",
    "with the answer read", "with the state moved",
]  # fmt: skip
_BOOKING = ["before the posting", "inside the posting", "after the posting"]
_ENDING = ["before the end", "before the commit", "after the commit"]

# act → the points its worker passes
PASSES: dict[str, list[str]] = {
    "release": [*_SENDING, *_BOOKING, "before it is told", *_ENDING],
    "refund": [*_SENDING, *_BOOKING, "before it is told", *_ENDING],
    "payout": [*_SENDING, "before it is told", *_ENDING],
    "checkout": [*_SENDING, *_ENDING],
    "event": [
        "before an event is claimed", "inside the claim of an event", "before Stripe is asked",
        "as the request leaves", "as the answer comes", "after Stripe was asked", "with the state moved", *_BOOKING,
        "before it is told", "before the event ends", "before the event's commit",
    ],
    "approve": ["before the approval's commit", "before the doorbell"],
}  # fmt: skip


def set_trap(point: str) -> None:
    """From now on this process dies, by SIGKILL, when it comes to the point."""
    module, path, when = POINTS[point]
    owner: Any = import_module(module)
    *outer, name = path.split(".")
    for step in outer:
        owner = getattr(owner, step)
    setattr(owner, name, _dying(getattr(owner, name), when))


def _dying(real: Callable[..., Any], when: str) -> Callable[..., Any]:
    def die(*args: Any, **kwargs: Any) -> Any:
        if when == AFTER:
            real(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGKILL)

    return die
