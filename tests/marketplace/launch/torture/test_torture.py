"""`manage.py torture money`, as a person runs it, at its smallest; and that it sees a broken promise."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from marketplace.launch.children import Child
from marketplace.launch.torture import killer
from marketplace.launch.torture.killer import Killer
from marketplace.launch.torture.report import broken, rows
from tests.marketplace.launch.conftest import OURS, REPO, descendants, wait_until

SECONDS = 400.0
GOOD: dict[str, Any] = {
    "collaborations": 3, "kills": 2, "seed": 1, "faults": 12, "created": 3, "paid": 3, "released": 2, "refunded": 1,
    "refunds": 1, "came_too_late": 0, "expired": 0, "payouts": 1, "paid_out": {"EUR": 100}, "postings": 9,
    "requests_tried_again": 1, "paid_twice": 0, "lost": 0, "stuck": 0, "difference": {"EUR": 0}, "payees_difference": 0,
    "kills_by_victim": {"web": 1, "beat": 1}, "seconds_to_settle": 12.0, "complaints": [], "load": 1.0,
}  # fmt: skip
BREAKS: dict[str, Any] = {
    "created": 2, "paid_twice": 1, "lost": 1, "stuck": 1, "difference": {"EUR": -1}, "payees_difference": 1,
    "kills_by_victim": {"web": 1}, "seconds_to_settle": None, "complaints": ["Plot 1: GaveUp: the refund"],
}  # fmt: skip


def start(folder: Path, *arguments: str) -> subprocess.Popen[bytes]:
    """The command with a temporary folder of its own."""
    folder.mkdir()
    clean = {name: value for name, value in os.environ.items() if name not in OURS}
    with (folder.parent / "out").open("wb") as out, (folder.parent / "err").open("wb") as errors:
        return subprocess.Popen(
            [sys.executable, "manage.py", "torture", "money", *arguments],
            cwd=REPO, env=clean | {"TMPDIR": str(folder)}, stdin=subprocess.DEVNULL, stdout=out, stderr=errors,
        )  # fmt: skip


def test_a_few_collaborations_survive_a_killed_database_and_worker(tmp_path: Path) -> None:
    """By this seed PostgreSQL is killed first, then a worker."""
    process = start(tmp_path / "t", "--collaborations", "6", "--kills", "2", "--seed", "161", "--json")

    try:
        code = process.wait(SECONDS)
    finally:
        process.kill()

    assert code == 0, (tmp_path / "err").read_text()
    figures = json.loads((tmp_path / "out").read_text())
    assert (figures["created"], sum(figures["kills_by_victim"].values())) == (6, 2)
    assert figures["kills_by_victim"]["PostgreSQL"] == 1
    assert (figures["lost"], figures["paid_twice"], figures["stuck"]) == (0, 0, 0)
    assert figures["payouts"] > 0
    assert list((tmp_path / "t").iterdir()) == []


def test_killed_itself_it_leaves_nothing_behind(tmp_path: Path) -> None:
    process = start(tmp_path / "t", "--collaborations", "50", "--kills", "1", "--seed", "5")
    running = wait_until(lambda: bool(list((tmp_path / "t").glob("*/progress.json"))), SECONDS)
    assert running, (tmp_path / "err").read_text()
    family = descendants(process.pid)
    assert len(family) > 8

    process.send_signal(signal.SIGKILL)
    process.wait(10)

    assert wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in family), 60)
    assert wait_until(lambda: list((tmp_path / "t").iterdir()) == [], 60)


def test_nothing_is_broken_when_all_is_well() -> None:
    assert broken(GOOD) == []
    assert ("ledger − Stripe, EUR", "0") in rows(GOOD)
    assert ("kills", "1 beat, 1 web") in rows(GOOD)


@pytest.mark.parametrize("name", BREAKS)
def test_each_broken_promise_is_named(name: str) -> None:
    assert len(broken({**GOOD, name: BREAKS[name]})) == 1


def test_late_is_broken_too() -> None:
    assert broken({**GOOD, "seconds_to_settle": 120.5}) == ["not settled 120 s after the last kill"]


def test_the_plan_of_kills_comes_from_the_seed(monkeypatch: pytest.MonkeyPatch) -> None:
    struck: list[int] = []

    def note(pid: int) -> bool:
        struck.append(pid)
        return True

    monkeypatch.setattr(killer, "kill", note)
    monkeypatch.setattr(killer, "GAP_SECONDS", 0.0)
    children = [Child(name, lambda: None, log=None, farewell=signal.SIGTERM) for name in ("web", "beat", "sandbox")]
    for number, child in enumerate(children):
        child.pid = 1_000_000_000 + number

    plans = []
    for _ in range(2):
        plan = Killer(children, [], kills=8, seed=3)
        for percent in range(101):
            plan.look(percent / 100)
        plans.append([struck.pop(0) for _ in range(len(struck))])

    assert plans[0] == plans[1]
    assert set(plans[0]) == {1_000_000_000, 1_000_000_001}  # Stripe's double is not ours to kill
