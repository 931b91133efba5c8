"""The stage of `torture money`: the product on durable servers of its own in a temporary folder, killed and revived.

The supervisor of `manage.py up` runs it. People (``people.py``) live in a child of their own, which is never killed,
as the double of Stripe is not: neither is ours to break. Files in the folder carry words between launcher and people:
`order.json` down, `progress.json` up, `calm.json` down, `figures.json` up.
"""

import importlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from marketplace.launch import roles
from marketplace.launch.children import Child, freeze, run_once
from marketplace.launch.greeting import console, step
from marketplace.launch.places import LaunchError, private, socket_folder
from marketplace.launch.setting import open_doors
from marketplace.launch.supervisor import Supervisor
from marketplace.launch.tenancy import Tenancy
from marketplace.launch.torture.killer import Killer
from marketplace.launch.up import FAREWELLS

JANITOR = Path(__file__).with_name("janitor.py")
# Ours alone: nothing of the operator's is touched, and banks answer within seconds.
FORGOTTEN = ("DATABASE_URL", "REDIS_URL", "CACHE_URL", "SITE_URL", "GOODWORD_WEB_URL", "STRIPE_SECRET_KEY",
             "STRIPE_API_BASE", "STRIPE_WEBHOOK_SECRET", "STRIPE_CONNECT_WEBHOOK_SECRET")  # fmt: skip
QUICK = {
    "GOODWORD_SANDBOX_SETTLE_SECONDS": "2",
    "GOODWORD_SANDBOX_DEBIT_SECONDS": "3",
    "GOODWORD_SANDBOX_PAYOUT_SECONDS": "2",
    "LOG_LEVEL": "WARNING",
    "WORKER_CONCURRENCY": "2",
    "WEB_THREADS": "8",
}


@dataclass(frozen=True)
class Order:
    """What was asked for: collaborations, kills, and percent of the provider's requests that meet a fault."""

    collaborations: int
    kills: int
    seed: int
    faults: int


class Stage:
    """`Stage(order).run()` → the figures. Whatever happens, nothing is left behind."""

    def __init__(self, order: Order) -> None:
        self.order = order
        self.data = Path(tempfile.mkdtemp(prefix="goodword-torture-"))
        self.tenancy = Tenancy(self.data, "manage.py torture")
        self.logs = private(self.data / "logs")
        self.people = Child("people", people, log=self.logs / "people.log", farewell=signal.SIGKILL)
        self.double = Child("sandbox", roles.sandbox, log=self.logs / "sandbox.log", farewell=FAREWELLS["sandbox"])
        self.killer: Killer | None = None
        self.bar = Progress(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
            console=console, auto_refresh=False, transient=True,
        )  # fmt: skip  # no thread of its own: it would spoil our forks
        self.task = self.bar.add_task("Getting ready", total=None)

    def run(self) -> dict[str, Any]:
        if not self.tenancy.try_hold():
            raise LaunchError("A fresh temporary folder is already in use. Try again.")
        signal.signal(signal.SIGTERM, interrupt)
        with cleaning(self.tenancy) as tell_janitor:
            self.prepare(tell_janitor)
            supervisor = Supervisor(self.children(), self.tenancy.servers, self.note)
            self.killer = Killer(supervisor.children, supervisor.servers, kills=self.order.kills, seed=self.order.seed)
            supervisor.listen()
            try:
                with self.bar:
                    supervisor.run(until=self.is_over)
            finally:
                self.people.send(signal.SIGKILL)
                supervisor.stop()
            if supervisor.orders:
                raise KeyboardInterrupt
            return self.figures()

    def prepare(self, tell_janitor: Callable[[Path], None]) -> None:
        """Servers, doors, one loaded image, an empty migrated database."""
        for name in FORGOTTEN:
            os.environ.pop(name, None)
        os.environ.update(QUICK | {"GOODWORD_DATA": str(self.data)})
        with step("Starting servers of our own …"):
            os.environ.update(self.tenancy.start())
            if self.tenancy.postgres is not None:
                tell_janitor(self.tenancy.postgres.home)  # where users may not see ours, it lies elsewhere
            open_doors(0, {"web", "sandbox"}, self.data, self.note)
        with step("Loading the product …"):
            roles.load_everything()
        with step("Preparing the database …"):
            if run_once("migrate", roles.migrate, log=self.logs / "migrate.log") != 0:
                raise LaunchError(
                    f"The database could not be migrated. {(self.logs / 'migrate.log').read_text()[-2000:]}"
                )
        write(self.data / "order.json", asdict(self.order))
        freeze()

    def children(self) -> list[Child]:
        """Web, two workers, the clock, and the double of Stripe."""
        wanted = {"web": "web", "worker": "worker", "second worker": "worker", "beat": "beat"}
        ours = [
            Child(name, roles.ROLES[role], log=self.logs / f"{name}.log", farewell=FAREWELLS[role])
            for name, role in wanted.items()
        ]
        return [self.double, *ours]

    def is_over(self) -> bool:
        """Looked at after every event: start the people, show how far they are, strike, and wait for them to end."""
        assert self.killer is not None
        if self.double.deaths:
            raise LaunchError(f"The double of Stripe ended by itself. Its last words:\n{self.double.last_words()}")
        if not self.people.pid and self.people.exit_code is None:
            self.people.start()
        progress = read(self.data / "progress.json") or {"done": 0, "whole": 1, "words": "Getting ready"}
        self.killer.look(progress["done"] / progress["whole"])
        if self.killer.is_done and not (self.data / "calm.json").exists():
            last = self.killer.last or time.time()
            write(self.data / "calm.json", {"last_kill_at": last, "kills": dict(self.killer.counts)})
        killed = sum(self.killer.counts.values())
        words = f"{progress['words']} · {killed} of {self.order.kills} kills"
        self.bar.update(self.task, description=words, completed=progress["done"], total=progress["whole"])
        self.bar.refresh()
        return self.people.reap()

    def figures(self) -> dict[str, Any]:
        found = read(self.data / "figures.json")
        if found is None:
            raise LaunchError(f"The people did not come to an end. Their last words:\n{self.people.last_words()}")
        return found

    def note(self, words: str) -> None:
        """What the supervisor would say: here it is only kept."""
        with (self.logs / "supervisor.log").open("a") as log:
            log.write(words + "\n")


def people() -> None:
    importlib.import_module("marketplace.launch.torture.people").main()


def interrupt(_signum: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


@contextmanager
def cleaning(tenancy: Tenancy) -> Iterator[Callable[[Path], None]]:
    """The folder goes in the end; if we are killed ourselves, a janitor takes it away after the last of us."""
    janitor = subprocess.Popen(  # noqa: S603 - our own script
        [sys.executable, "-I", "-S", str(JANITOR)],
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    assert janitor.stdin is not None
    pipe = janitor.stdin

    def tell(folder: Path) -> None:
        pipe.write(f"{folder}\n".encode())
        pipe.flush()

    try:
        sockets = socket_folder(tenancy.data)  # elsewhere too, when the path would be too long for a socket
        tell(tenancy.data)
        tell(sockets)
        yield tell
    finally:
        tenancy.remove()
        shutil.rmtree(sockets, ignore_errors=True)
        pipe.close()
        janitor.wait()


def write(place: Path, facts: dict[str, Any]) -> None:
    """All of it or none: the reader never sees half a file."""
    draft = place.with_suffix(f".{os.getpid()}.new")
    draft.write_text(json.dumps(facts))
    draft.replace(place)


def read(place: Path) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = json.loads(place.read_text())
    except (OSError, ValueError):
        return None
    return found
