"""How people behave when things break: they look again, and press the button once more if it is still there."""

import time
from collections.abc import Callable
from typing import Any, TypeVar

import requests
from django.conf import settings
from django.db import Error, connection
from django.db.transaction import TransactionManagementError

from marketplace.kit.errors import DomainError

Found = TypeVar("Found")
PAUSE_SECONDS, LONGEST_SECONDS = 0.3, 400.0
PASSING = (Error, TransactionManagementError, DomainError, requests.RequestException, OSError)


class GaveUp(Exception):
    """Somebody waited too long for something that was promised."""


def persist(act: Callable[[], Found | None], what: str) -> Found:
    """Do it until it gives something; what fails meanwhile is tried again, on a fresh connection."""
    deadline = time.monotonic() + LONGEST_SECONDS
    last: Exception | None = None
    while time.monotonic() < deadline:
        try:
            found = act()
        except PASSING as problem:
            last = problem
            if not isinstance(problem, DomainError):
                connection.close()
        else:
            if found:
                return found
        time.sleep(PAUSE_SECONDS)
    raise GaveUp(f"{what}: {last}") from last


def at_stripe(act: str, **facts: Any) -> Any:
    """Do something on the other side: on Stripe's pages, or at a bank."""
    answer = requests.post(f"{settings.STRIPE_API_BASE}/_control/{act}", json=facts, timeout=10)
    answer.raise_for_status()
    return answer.json()["result"]
