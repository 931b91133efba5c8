"""Is it really up? The page is fetched, and a task goes through the broker to a worker and answers."""

import importlib
import json
import os
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable

PATIENCE = 60.0


def wait_for(what: str, ready: Callable[[], str], seconds: float = PATIENCE) -> None:
    """Ask until the answer is empty; else leave with the last complaint."""
    deadline = time.monotonic() + seconds
    while complaint := ready():
        if time.monotonic() > deadline:
            sys.exit(f"{what}: {complaint}")
        time.sleep(0.03)


def fetch(url: str) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(url, timeout=20) as answer:  # noqa: S310 - our own address
            return answer.status, answer.read()
    except urllib.error.HTTPError as answer:
        return answer.code, answer.read()
    except OSError as problem:
        return 0, str(problem).encode()


def page_complaint(url: str) -> str:
    status, body = fetch(url)
    if status == 200 and b"<html" in body[:2000].lower():
        return ""
    return f"{url} answered {status or 'nothing'} ({body[:200].decode(errors='replace')!r})"


def readiness_complaint(url: str) -> str:
    status, body = fetch(url)
    if status == 200 and json.loads(body)["ready"] is True:
        return ""
    return f"{url} answered {status or 'nothing'}: {body[:300].decode(errors='replace')}"


def round_trip() -> None:
    """A task we send now is done by a worker: only a worker writes this token."""
    cache = importlib.import_module("django.core.cache").cache
    token = uuid.uuid4().hex
    importlib.import_module("marketplace.celery").ping.delay(token=token)
    wait_for("The worker", lambda: "" if cache.get(f"ping:{token}") else "no answer to a task")


def check_everything(roles: set[str], *, thorough: bool, began: float) -> float:
    """Seconds until a visitor gets the front page; with `thorough`, until a task came back and the clock ticked too."""
    here = os.environ.get("GOODWORD_WEB_URL", "")
    if "web" in roles:
        wait_for("The page", lambda: page_complaint(here + "/"))
    if thorough and "worker" in roles:
        round_trip()
    if thorough and {"web", "beat"} <= roles:
        wait_for("Readiness", lambda: readiness_complaint(here + "/readyz"))
    return time.monotonic() - began
