"""How long until a stranger sees the page, and what it weighs.

`python3 benchmarks/startup.py [--runs 3] [--table FILE]` copies the tracked files into an empty folder and measures
there: from the empty folder to the page (environment, database and demo included), a re-run, the stop, and the memory
of everything (PSS: shared pages counted once). The package cache of this machine is used, as a second checkout would.
"""

import argparse
import json
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

REPO = Path(__file__).resolve().parent.parent
LIMITS = {"empty folder to page": 20.0, "re-run to page": 4.0, "memory of everything": 450.0}
OURS = ("DATABASE_URL", "REDIS_URL", "CACHE_URL", "DJANGO_DEBUG", "GOODWORD_DATA", "SITE_URL", "VIRTUAL_ENV")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--table", type=Path, help="also write the figures as JSON")
    options = parser.parse_args()
    figures: dict[str, list[float]] = {}
    for number in range(1, options.runs + 1):
        folder = Path(tempfile.mkdtemp(prefix="goodword-startup-"))
        try:
            for name, value in measure(folder).items():
                figures.setdefault(name, []).append(value)
                print(f"run {number}: {name} {value:.1f}", flush=True)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    return report(figures, options.table)


def measure(folder: Path) -> dict[str, float]:
    copy_tracked_files(folder)
    first, first_stop, _ = start_and_stop(folder)
    again, again_stop, memory = start_and_stop(folder)
    return {
        "empty folder to page": first,
        "re-run to page": again,
        "memory of everything": memory,
        "stop": max(first_stop, again_stop),
    }


def copy_tracked_files(folder: Path) -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=REPO, capture_output=True, check=True).stdout
    for name in filter(None, listed.decode().split("\0")):
        if (REPO / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(REPO / name, folder / name)


def start_and_stop(folder: Path) -> tuple[float, float, float]:
    """Seconds to the page, seconds to stop, megabytes after a few pages."""
    clean = {name: value for name, value in os.environ.items() if name not in OURS}
    log = folder / "up.txt"
    began = time.monotonic()
    with log.open("wb") as out:
        up = subprocess.Popen(
            ["python3", "manage.py", "up", "--port", "0"], cwd=folder, env=clean, stdout=out, stderr=out
        )
    try:
        address = wait_for_page(up, log)
        seconds = time.monotonic() - began
        time.sleep(3)  # let the worker and the clock arrive, then look around as a visitor does
        for path in ("/", "/accounts/login/", "/readyz", "/"):
            fetch(address + path)
        memory = sum(pss(pid) for pid in family(up.pid))
    finally:
        stopping = time.monotonic()
        up.send_signal(signal.SIGINT)
        up.wait(60)
    return seconds, time.monotonic() - stopping, memory


def wait_for_page(up: "subprocess.Popen[bytes]", log: Path) -> str:
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline:
        found = re.search(r"http://127\.0\.0\.1:\d+", log.read_text(errors="replace"))
        if found and fetch(found.group() + "/"):
            return found.group()
        if up.poll() is not None:
            break
        time.sleep(0.02)
    sys.exit(f"It did not come up:\n{log.read_text(errors='replace')}")


def fetch(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:  # noqa: S310
            return answer.status == 200
    except OSError:
        return False


def family(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [pid, *(found for child in children for found in family(int(child)))]


def pss(pid: int) -> float:
    try:
        found = re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.M)
    except OSError:
        return 0.0
    return int(found.group(1)) / 1024 if found else 0.0


def report(figures: dict[str, list[float]], table: Path | None) -> int:
    print(f"\n{'':24}{'median':>10}{'worst':>10}{'limit':>10}")
    broken = 0
    for name, values in figures.items():
        unit, limit = ("MB" if name.startswith("memory") else "s"), LIMITS.get(name)
        median = statistics.median(values)
        mark = "" if limit is None or median <= limit else "  broken"
        broken += bool(mark)
        print(f"{name:24}{median:8.1f} {unit:2}{max(values):8.1f} {unit:2}{limit or '':>8}{mark}")
    if table:
        table.write_text(json.dumps(figures, indent=2))
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
