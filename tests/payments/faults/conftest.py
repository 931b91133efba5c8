"""The running product on a Redis of its own, which a test may flush and freeze without anybody else noticing."""

import os
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import redis

from marketplace.celery import QUEUES
from marketplace.kit import later
from marketplace.launch.valkey import Valkey
from payments.models import Operation, StripeEvent
from payments.sandbox.server import start_in_thread
from tests.plugins import live
from tests.plugins.live import CONNECT_SECRET, SECRET, Stack, until


@dataclass
class Fragile:
    """A stack, and the hand on its Redis."""

    stack: Stack
    valkey: Valkey

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Redis takes connections and answers nothing."""
        pid = int(self.valkey.pid_file.read_text())
        os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(pid, signal.SIGCONT)

    def kill_worker(self) -> None:
        """The worker and its pool die by SIGKILL, and another one is started, as the supervisor does."""
        worker = self.stack.processes["worker"]
        worker.kill()
        worker.wait(timeout=20)
        self.stack.processes["worker"] = self.start("worker")

    def is_working(self) -> bool:
        """Whether a task is queued, or a row is in somebody's hands."""
        queued = any(self.stack.broker.llen(queue) for queue in QUEUES)
        return queued or any(rows.filter(state="claimed").exists() for rows in (Operation.objects, StripeEvent.objects))

    def start(self, role: str) -> "subprocess.Popen[bytes]":
        return live.start(role, self.stack.data, self.stack.environment, self.stack.door)


@pytest.fixture(scope="module")
def fragile_stack(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fragile]:
    data = tmp_path_factory.mktemp("fragile")
    sockets = tempfile.TemporaryDirectory(prefix="goodword-")  # a socket's path is short
    valkey = Valkey(data, Path(sockets.name)).start()
    broker: redis.Redis[bytes] = redis.Redis.from_url(valkey.url, socket_timeout=5)
    with socket.create_server(("127.0.0.1", 0)) as door:
        url = f"http://127.0.0.1:{door.getsockname()[1]}"
        bank = start_in_thread(data_path=str(data / "stripe.sqlite3"), webhook_url=f"{url}/webhooks/stripe",
                               secret=SECRET, connect_secret=CONNECT_SECRET)  # fmt: skip
        environment = live.environment(data, url=url, stripe=bank.url, room=0, door=door.fileno())
        environment |= {"REDIS_URL": valkey.url, "CACHE_URL": valkey.url}
        stack = Stack(url, bank, data, broker, {}, environment, door.fileno())
        try:
            for role in ("web", "worker"):
                stack.processes[role] = live.start(role, data, environment, door.fileno())
            live.wait_until_served(stack)
            yield Fragile(stack, valkey)
        finally:
            for process in stack.processes.values():
                process.terminate()
            for process in stack.processes.values():
                process.wait(timeout=20)
            bank.stop()
            broker.close()
            valkey.stop()
            sockets.cleanup()


@pytest.fixture
def fragile(
    fragile_stack: Fragile, transactional_db: None, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> Iterator[Fragile]:
    """With an empty database. What a test decides itself rings no bell; what it asks of Stripe, it asks the stack's."""
    monkeypatch.setattr(later, "_ring", lambda task, kwargs: None)
    settings.STRIPE_API_BASE = fragile_stack.stack.bank.url
    settings.STRIPE_SECRET_KEY = fragile_stack.stack.environment["STRIPE_SECRET_KEY"]
    yield fragile_stack
    until(lambda: not fragile_stack.stack.bank.control.state()["webhooks_waiting"], what="the last news")
    until(lambda: not fragile_stack.is_working(), what="an idle worker")
