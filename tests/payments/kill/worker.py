"""A worker that dies at a chosen line: ``worker.py POINT run|read ROW``. Started by test_kill.py as a real process."""

import os
import signal
import sys
from importlib import import_module
from typing import Any

import django

POINTS = {
    "before the call": ("payments.settlement.sending", "_ask"),
    "after the answer": ("payments.settlement.sending", "settle"),
    "inside the settling": ("payments.ledger", "post"),
    "before the commit": ("payments.settlement.sending", "_end"),
    "before the event ends": ("payments.settlement.inbox", "_end"),
}
ACTS = {"run": ("payments.settlement.sending", "run"), "read": ("payments.settlement.inbox", "read")}


def die(*_: Any, **__: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def work(point: str, act: str, row: int) -> None:
    """Do the act for the row, and never come back from the point."""
    django.setup()
    module, name = POINTS[point]
    setattr(import_module(module), name, die)
    module, name = ACTS[act]
    getattr(import_module(module), name)(row)


if __name__ == "__main__":
    work(sys.argv[1], sys.argv[2], int(sys.argv[3]))
