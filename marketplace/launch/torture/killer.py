"""Who is killed next, and when: the plan comes from the seed, the moment from the work that is done."""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from marketplace.launch.children import Child
from marketplace.launch.services import Service

GAP_SECONDS = 1.0
LAST_MOMENT = 0.97  # of the work; afterwards everything has to settle


class Killer:
    """`look(share)` strikes when so much of the work is done. SIGKILL, always."""

    def __init__(self, children: Sequence[Child], servers: Sequence[Service], *, kills: int, seed: int) -> None:
        chance = random.Random(f"kills {seed}")  # noqa: S311 - a plan that can be repeated
        self.moments = sorted(chance.uniform(0.02, LAST_MOMENT) for _ in range(kills))
        self.chance = chance
        self.children = children
        self.servers = servers
        self.last = 0.0
        self.counts: Counter[str] = Counter()

    @property
    def is_done(self) -> bool:
        return not self.moments

    def look(self, share: float) -> None:
        """One at a time: what was killed gets a moment to come back, so that every kill meets something."""
        if self.moments and share >= self.moments[0] and time.time() - self.last >= GAP_SECONDS:
            victims = self.victims()
            name = self.chance.choice(sorted(victims)) if victims else ""
            if name and kill(victims[name]):
                self.moments.pop(0)
                self.last = time.time()
                self.counts[name] += 1

    def victims(self) -> dict[str, int]:
        """Everything that lives now, by name: process number."""
        found = {child.name: child.pid for child in self.children if child.pid and child.name != "sandbox"}
        for child in self.children:
            hands = below(child.pid) if child.name.startswith("worker") else []
            if hands:
                found[f"{child.name}'s hand"] = self.chance.choice(hands)
        for server in self.servers:
            if server.alive and server.process is not None:
                found[server.name] = server.process.pid
        return found


def kill(pid: int) -> bool:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def below(pid: int) -> list[int]:
    """The processes that this one started: a worker's pool."""
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []
