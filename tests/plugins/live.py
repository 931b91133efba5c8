"""The product as people meet it: gunicorn, a Celery worker and Stripe's double as running processes on real servers.

One stack per test process, started when a test first asks for it. Nothing is patched inside: the test's own process
only looks at the same database, reads the same mail folder and moves the double's clock.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

import pytest
import redis
import requests
from django.conf import settings
from django.db import connection

from marketplace.celery import QUEUES
from marketplace.kit import later
from payments.sandbox.server import Sandbox, start_in_thread
from tests.payments.shapes import complaints, misspelt

Found = TypeVar("Found")
SECRET, CONNECT_SECRET = "whsec_platform_of_the_story", "whsec_connect_of_the_story"
REDIS_ROOMS = range(15, 0, -1)
CLAIM, CLAIM_SECONDS = "goodword-tests-claim", 1800
PATIENCE = 30.0


def until(look: Callable[[], Found | None], *, seconds: float = PATIENCE, what: str = "what was waited for") -> Found:
    """Look often until there is something; the real worker and real webhooks take their own time."""
    deadline = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        assert time.monotonic() < deadline, f"{what} did not come within {seconds:.0f} s"
        time.sleep(0.05)


@dataclass
class Stack:
    """The running product. ``bank.control`` moves Stripe's side of the world."""

    url: str
    bank: Sandbox
    data: Path
    broker: "redis.Redis[bytes]"
    processes: dict[str, subprocess.Popen[bytes]]
    environment: dict[str, str]
    door: int

    def mails(self, to: str) -> list[EmailMessage]:
        """Everything mailed to this address, oldest first."""
        found = []
        for path in sorted((self.data / "mail").glob("*.log"), key=lambda path: path.stat().st_mtime_ns):
            for part in path.read_bytes().split(b"\n" + b"-" * 79 + b"\n"):
                if part.strip():
                    found.append(message_from_bytes(part.lstrip(), policy=policy.default))
        return [mail for mail in found if to in str(mail["To"])]

    def rest(self) -> None:
        """Wait until no webhook is on its way, no task is queued and no mail is unsent."""
        until(self._is_quiet, what="a quiet moment")

    def last_words(self) -> str:
        """What the processes said, for a failing test."""
        return "\n".join(f"--- {name}\n{self._log(name)[-3000:]}" for name in self.processes)

    def _log(self, name: str) -> str:
        return (self.data / f"{name}.log").read_text(errors="replace")

    def _is_quiet(self) -> bool:
        queued = sum(self.broker.llen(queue) for queue in QUEUES)
        started = self.broker.hlen("unacked")
        return not (queued or started or self.bank.control.state()["webhooks_waiting"])


@pytest.fixture(scope="session")
def running(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Start everything once, stop everything in order."""
    data = tmp_path_factory.mktemp("live")
    room, broker = _claim_room()
    with socket.create_server(("127.0.0.1", 0)) as door:
        url = f"http://127.0.0.1:{door.getsockname()[1]}"
        bank = start_in_thread(
            data_path=str(data / "stripe.sqlite3"),
            webhook_url=f"{url}/webhooks/stripe",
            secret=SECRET,
            connect_secret=CONNECT_SECRET,
        )
        surroundings = environment(data, url=url, stripe=bank.url, room=room, door=door.fileno())
        stack = Stack(url, bank, data, broker, {}, surroundings, door.fileno())
        try:
            for role in ("web", "worker"):
                stack.processes[role] = start(role, data, surroundings, door.fileno())
            wait_until_served(stack)
            yield stack
        finally:
            for process in stack.processes.values():
                process.terminate()
            for process in stack.processes.values():
                process.wait(timeout=20)
            unexpected = complaints(bank) + misspelt(bank)
            bank.stop()
            broker.delete(CLAIM)
            broker.close()
    assert unexpected == []


@pytest.fixture
def stack(running: Stack, transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stack]:
    """The running product with an empty database. Rows a test writes itself ring no bell."""
    monkeypatch.setattr(later, "_ring", lambda task, kwargs: None)
    for old in (running.data / "mail").glob("*"):
        old.unlink()
    yield running
    running.rest()
    for name, process in running.processes.items():
        assert process.poll() is None, f"{name} died\n{running.last_words()}"


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """A failing test also shows what the running processes said."""
    outcome: Any = yield
    report = outcome.get_result()
    found = getattr(item, "funcargs", {}).get("running")
    if report.failed and isinstance(found, Stack):
        report.sections.append(("what the processes said", found.last_words()))


def environment(data: Path, *, url: str, stripe: str, room: int, door: int) -> dict[str, str]:
    broker, cache = _redis_urls(room)
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "COV_"))},
        "DJANGO_SETTINGS_MODULE": "marketplace.settings",
        "DJANGO_DEBUG": "1",
        "DATABASE_URL": database_url(),
        "REDIS_URL": broker,
        "CACHE_URL": cache,
        "SITE_URL": url,
        "GOODWORD_DATA": str(data),
        "GOODWORD_WEB_FD": str(door),
        "STRIPE_API_BASE": stripe,
        "STRIPE_SECRET_KEY": "sk_test_of_the_story",
        "STRIPE_WEBHOOK_SECRET": SECRET,
        "STRIPE_CONNECT_WEBHOOK_SECRET": CONNECT_SECRET,
        "LOG_LEVEL": "WARNING",
        "WEB_THREADS": "8",
    }


def start(role: str, data: Path, surroundings: dict[str, str], door: int) -> subprocess.Popen[bytes]:
    """One of the launcher's own roles, as `manage.py up` runs it."""
    with (data / f"{role}.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "marketplace.launch.roles", role],
            cwd=settings.BASE_DIR,
            env=surroundings,
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            pass_fds=[door],
        )


def wait_until_served(stack: Stack) -> None:
    def served() -> bool:
        for name, process in stack.processes.items():
            assert process.poll() is None, f"{name} did not start\n{stack.last_words()}"
        try:
            return requests.get(f"{stack.url}/healthz", timeout=5).ok
        except requests.RequestException:
            return False

    until(served, seconds=60, what="the first page")


def database_url() -> str:
    """The test's own database, for processes of their own."""
    config = connection.settings_dict
    assert "test" in config["NAME"], "Tests that use the running stack need the mark django_db."
    login = f"{config['USER']}:{quote(config['PASSWORD'])}" if config["PASSWORD"] else config["USER"]
    port = f":{config['PORT']}" if config["PORT"] else ""
    if config["HOST"].startswith("/"):
        return f"postgres://{login}@/{config['NAME']}?host={config['HOST']}"
    return f"postgres://{login}@{config['HOST']}{port}/{config['NAME']}"


def _redis_urls(room: int) -> tuple[str, str]:
    """The broker's and the cache's address in one numbered room of the Redis of the environment."""
    parts = urlsplit(settings.REDIS_URL)
    if parts.scheme == "unix":
        return f"unix://{parts.path}?virtual_host={room}", f"unix://{parts.path}?db={room}"
    both = parts._replace(path=f"/{room}").geturl()
    return both, both


def _claim_room() -> tuple[int, "redis.Redis[bytes]"]:
    """A Redis database of our own, so that test runs side by side never take each other's tasks."""
    for room in REDIS_ROOMS:
        client = redis.Redis.from_url(_redis_urls(room)[1])
        if client.set(CLAIM, os.getpid(), nx=True, ex=CLAIM_SECONDS):
            for key in client.scan_iter():
                if key != CLAIM.encode():
                    client.delete(key)
            return room, client
        client.close()
    raise AssertionError("Every database of this Redis is taken by other test runs.")
