"""The whole product, started as a person starts it. Slow as tests go, and worth it: this is the first command."""

import json
import os
import re
import signal
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.marketplace.launch.conftest import OURS, REPO, alive, descendants, kill, wait_until

SECONDS = 180.0


class Up:
    """A running `manage.py up` on a data folder of its own."""

    def __init__(self, data: Path, *arguments: str) -> None:
        self.data = data
        self.out = data.parent / "up.txt"
        self.process = start(data, self.out, *arguments)

    @property
    def said(self) -> str:
        return self.out.read_text()

    @property
    def address(self) -> str:
        found = re.search(r"http://127\.0\.0\.1:\d+", self.said)
        return found.group() if found else ""

    def ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/readyz", timeout=5) as answer:  # noqa: S310
                return bool(json.load(answer)["ready"])
        except (OSError, ValueError):
            return False


def start(data: Path, out: Path, *arguments: str) -> subprocess.Popen[bytes]:
    clean = {name: value for name, value in os.environ.items() if name not in OURS}
    with out.open("wb") as file:
        return subprocess.Popen(
            ["python3", "manage.py", *arguments],
            cwd=REPO,
            env=clean | {"GOODWORD_DATA": str(data), "COLUMNS": "200"},
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
        )


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Up]:
    up = Up(tmp_path / "data", "up", "--no-demo", "--port", "0")
    yield up
    if up.process.poll() is None:
        up.process.terminate()
        up.process.wait(SECONDS)


def test_one_life_of_up(running: Up, tmp_path: Path) -> None:
    """One test, because each step needs the one before and a start costs seconds."""
    assert wait_until(lambda: "Goodword is up" in running.said, SECONDS), running.said
    assert wait_until(running.ready, SECONDS), running.said
    with urllib.request.urlopen(f"{running.address}/", timeout=20) as page:  # noqa: S310
        assert b"<html" in page.read()
    assert str(running.data) in running.said

    second = start(running.data, tmp_path / "second.txt", "up")
    guest = start(running.data, tmp_path / "guest.txt", "migrate", "--check")
    assert second.wait(SECONDS) == 1
    assert f"process {running.process.pid}" in (tmp_path / "second.txt").read_text()
    assert guest.wait(SECONDS) == 0, (tmp_path / "guest.txt").read_text()

    for victim in [pid for pid in descendants(running.process.pid) if parent(pid) == running.process.pid]:
        if alive(victim):
            kill(victim)
    assert wait_until(lambda: "PostgreSQL ended" in running.said and "web ended" in running.said, SECONDS)
    assert wait_until(running.ready, SECONDS), running.said

    below = descendants(running.process.pid)
    assert len(below) > 8
    kill(running.process.pid)
    running.process.wait()
    assert wait_until(lambda: not any(alive(pid) for pid in below), SECONDS)

    check = start(running.data, tmp_path / "check.txt", "up", "--check", "--no-demo", "--port", "0")
    assert check.wait(SECONDS) == 0, (tmp_path / "check.txt").read_text()
    assert "Everything answered in" in (tmp_path / "check.txt").read_text()


def test_told_to_stop_it_stops_in_order(tmp_path: Path) -> None:
    up = Up(tmp_path / "data", "up", "--no-demo", "--port", "0", "--only", "web")
    assert wait_until(lambda: "Goodword is up" in up.said, SECONDS), up.said
    below = descendants(up.process.pid)

    up.process.send_signal(signal.SIGINT)

    assert up.process.wait(SECONDS) == 0
    assert not any(alive(pid) for pid in below)
    assert not (up.data / "services.json").exists()


def parent(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
    except OSError:
        return 0
