"""Keeps everything running until told to stop: restarts what dies, then ends it all in order."""

import os
import select
import signal
import time
from collections.abc import Callable, Sequence
from types import FrameType

from marketplace.launch.children import Child, sweep
from marketplace.launch.places import LaunchError
from marketplace.launch.services import Service

ORDERS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
GRACE_SECONDS = 20.0


class Supervisor:
    """`run()` returns when somebody said stop, or when `until` (looked at after every event) answers True."""

    def __init__(self, children: Sequence[Child], servers: Sequence[Service], say: Callable[[str], None]) -> None:
        self.children = list(children)
        self.servers = list(servers)
        self.say = say
        self.orders = 0
        self.ears = -1

    def listen(self) -> None:
        """Signals only wake the loop; it does the work."""
        self.ears, mouth = os.pipe()
        for end in (self.ears, mouth):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(mouth, warn_on_full_buffer=False)
        for name in ORDERS:
            signal.signal(name, self.heard)
        signal.signal(signal.SIGCHLD, lambda _signum, _frame: None)

    def heard(self, _signum: int, _frame: FrameType | None) -> None:
        self.orders += 1

    def rest(self, seconds: float) -> None:
        select.select([self.ears], [], [], seconds)
        try:
            os.read(self.ears, 512)
        except BlockingIOError:
            return

    def run(self, until: Callable[[], bool]) -> None:
        for child in self.children:
            child.start()
        while not self.orders and not until():
            self.look_after_servers()
            self.look_after_children()
            self.rest(0.5)

    def look_after_children(self) -> None:
        for child in self.children:
            if child.reap():
                self.say(f"{child.name} ended ({reason(child.exit_code)}); starting it again. See {child.log}.")
            if not child.pid and time.monotonic() >= child.due:
                child.start()

    def look_after_servers(self) -> None:
        for server in self.servers:
            if not server.alive:
                self.say(f"{server.name} ended; starting it again. See {server.log}.")
                try:
                    server.start()
                except LaunchError as problem:
                    self.say(str(problem))

    def stop(self) -> None:
        """Ask all, wait for all, insist on the rest. A second order to stop shortens the wait."""
        orders = self.orders
        for child in self.children:
            child.send(signal.SIGTERM)
        deadline = time.monotonic() + GRACE_SECONDS
        while any(child.pid for child in self.children):
            for child in self.children:
                child.reap()
            if time.monotonic() > deadline or self.orders > orders:
                self.insist()
            self.rest(0.05)

    def insist(self) -> None:
        for child in self.children:
            if child.pid:
                sweep(child.pid)
                child.send(signal.SIGKILL)


def reason(code: int | None) -> str:
    if code is None or code >= 0:
        return f"exit code {code}"
    return f"killed by {signal.Signals(-code).name}" if -code in set(signal.Signals) else f"signal {-code}"
