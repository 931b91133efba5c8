"""Who runs the embedded servers of a data folder, and who is using them.

One process holds the servers: `up`, or a command that needed them for a moment. Other commands borrow them, and such a
command waits for its borrowers before it stops. Both are file locks, so a killed process leaves nothing to clean up.
"""

import fcntl
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from marketplace.launch.places import LaunchError, socket_folder
from marketplace.launch.postgres import Postgres
from marketplace.launch.setting import set_stage
from marketplace.launch.valkey import Valkey

WAIT_SECONDS = 60.0
SHARED = ("DATABASE_URL", "REDIS_URL", "SITE_URL", "STRIPE_API_BASE")


class Tenancy:
    """The holder's side: the lock, the note others read, and the servers."""

    def __init__(self, data: Path, what: str) -> None:
        self.data = data
        self.what = what
        self.note = data / "services.json"
        self.lock: IO[str] = open(data / "lock", "a+", encoding="utf-8")  # noqa: SIM115 - held as long as we live
        self.postgres: Postgres | None = None
        self.valkey: Valkey | None = None

    def try_hold(self) -> bool:
        try:
            fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self.lock.close()
            return False
        self.note.unlink(missing_ok=True)
        self.lock.truncate(0)
        self.lock.write(f"{self.what} (process {os.getpid()})")
        self.lock.flush()
        return True

    def start(self, *, tuning: dict[str, str] | None = None, durable: bool = True) -> dict[str, str]:
        """Start what the environment does not already name; returns DATABASE_URL and REDIS_URL."""
        sockets = socket_folder(self.data)
        if not os.environ.get("DATABASE_URL"):
            self.postgres = Postgres(self.data, sockets, tuning=tuning).start()
        if not os.environ.get("REDIS_URL"):
            self.valkey = Valkey(self.data, sockets, durable=durable).start()
        return {
            "DATABASE_URL": self.postgres.url if self.postgres else os.environ["DATABASE_URL"],
            "REDIS_URL": self.valkey.url if self.valkey else os.environ["REDIS_URL"],
        }

    def publish(self) -> None:
        """Tell borrowers where things are; only the owner of the folder can read it."""
        draft = self.note.with_suffix(".new")
        draft.touch(mode=0o600)
        draft.write_text(json.dumps({name: os.environ[name] for name in SHARED if name in os.environ}))
        draft.replace(self.note)

    @property
    def servers(self) -> list[Postgres | Valkey]:
        return [server for server in (self.valkey, self.postgres) if server is not None]

    def stop(self) -> None:
        self.note.unlink(missing_ok=True)
        for server in self.servers:
            server.stop()
        self.postgres = self.valkey = None
        self.lock.close()

    def remove(self) -> None:
        """Stop, and throw the folder away: for servers that only lived for the tests."""
        postgres = self.postgres
        self.stop()
        if postgres is not None:
            postgres.remove()
        shutil.rmtree(self.data, ignore_errors=True)

    def wait_for_borrowers(self) -> None:
        with (self.data / "borrowers").open("a") as gate:
            fcntl.flock(gate, fcntl.LOCK_EX)


def holder(data: Path) -> str:
    """In words, who holds the servers now."""
    try:
        return (data / "lock").read_text().strip() or "another process"
    except OSError:
        return "another process"


@contextmanager
def servers_for_a_moment(data: Path, what: str) -> Iterator[None]:
    """The servers of this folder for one command: borrowed from whoever runs them, else started and stopped again."""
    if os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"):
        yield
        return
    tenancy = Tenancy(data, what)
    if tenancy.try_hold():
        try:
            os.environ.update(tenancy.start())
            set_stage(data)
            tenancy.publish()
            yield
            tenancy.wait_for_borrowers()
        finally:
            tenancy.stop()
        return
    with (data / "borrowers").open("a") as gate:
        fcntl.flock(gate, fcntl.LOCK_SH)
        for name, value in borrowed(data).items():
            os.environ.setdefault(name, value)
        set_stage(data)
        yield


def borrowed(data: Path) -> dict[str, str]:
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        try:
            urls: dict[str, str] = json.loads((data / "services.json").read_text())
        except (OSError, ValueError):
            time.sleep(0.05)
        else:
            return urls
    raise LaunchError(f"{holder(data)} holds {data} but its servers are not up. Try again when it has finished.")
