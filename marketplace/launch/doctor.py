"""`manage.py doctor`: what is wrong here, and how to mend it."""

import os
import shutil
import socket
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from rich.table import Table

from marketplace.launch.bootstrap import RUNTIME, environment, is_ready
from marketplace.launch.greeting import console
from marketplace.launch.places import REPO, LaunchError, data_folder
from marketplace.launch.ports import HOST
from marketplace.launch.postgres import installation
from marketplace.launch.probe import readiness_complaint
from marketplace.launch.suite import INSTALL, chromium
from marketplace.launch.tenancy import Tenancy, borrowed, holder, servers_for_a_moment
from marketplace.launch.valkey import program

ROOM_NEEDED = 1_000_000_000


class Finding(NamedTuple):
    """`well` is True, False (mend it) or None (works, but you may want to know)."""

    what: str
    words: str
    well: bool | None = True
    mend: str = ""


def doctor(_arguments: list[str]) -> int:
    """Look at everything the product stands on; non-zero when something must be mended."""
    findings = [examine() for examine in EXAMINATIONS]
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    marks = {True: "[green]✓[/]", False: "[red]✗[/]", None: "[yellow]![/]"}
    for finding in findings:
        mend = f"\n[bold]{finding.mend}[/]" if finding.mend and finding.well is not True else ""
        table.add_row(marks[finding.well], finding.what, finding.words + mend)
    console.print(table)
    return int(any(finding.well is False for finding in findings))


def python() -> Finding:
    version = sys.version.split()[0]
    return Finding("Python", version, sys.version_info >= (3, 11), "Install Python 3.11 or newer.")


def packages() -> Finding:
    well = is_ready(environment(), RUNTIME) or os.environ.get("GOODWORD_BOOTSTRAP") == "0"
    words = f"as locked, in {environment()}" if well else "not as requirements.txt says"
    return Finding("Packages", words, well, "rm -r .venv, then python3 manage.py up")


def disk() -> Finding:
    free = shutil.disk_usage(data_folder()).free
    return Finding("Disk", f"{free / 1e9:.1f} GB free", free > ROOM_NEEDED, "Make room: at least 1 GB.")


def data() -> Finding:
    folder = data_folder()
    facts = folder.stat()
    private = facts.st_uid == os.geteuid() and not facts.st_mode & 0o077
    return Finding("Data folder", str(folder), private, f"chown {os.geteuid()} {folder} && chmod 700 {folder}")


def secrets() -> Finding:
    place = data_folder() / "secrets"
    if os.environ.get("SECRET_KEY"):
        return Finding("Secrets", "SECRET_KEY from the environment")
    if not place.exists():
        return Finding("Secrets", "made by the first `up`")
    private = not stat.S_IMODE(place.stat().st_mode) & 0o077
    return Finding("Secrets", str(place), private, f"chmod 600 {place}")


def chromium_here() -> Finding:
    path = chromium()
    words = path or "none: browser tests cannot run"
    return Finding("Chromium", words, True if path else None, f"sudo {' '.join(INSTALL)}")


def port() -> Finding:
    wanted = int(os.environ.get("PORT", "8000"))
    with socket.socket() as line:
        line.settimeout(1)
        busy = line.connect_ex((HOST, wanted)) == 0
    words = f"{wanted} is in use; `up` will take the next" if busy else f"{wanted} is free"
    return Finding("Port", words, None if busy else True, "python3 manage.py up --port …")


def programs() -> Finding:
    """The servers we would start, unless the environment names others."""
    words, well = [], True
    for name, find in (("DATABASE_URL", installation), ("REDIS_URL", program)):
        if os.environ.get(name):
            words.append(f"{name} is yours")
            continue
        try:
            words.append(version_of(find))
        except LaunchError as problem:
            words, well = [*words, str(problem)], False
    return Finding("Servers", " · ".join(words), well, "Set DATABASE_URL and REDIS_URL.")


def version_of(find: Callable[[], Path]) -> str:
    place = find()
    binary = place / "bin" / "postgres" if place.is_dir() else place
    done = subprocess.run([str(binary), "--version"], capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode != 0:
        raise LaunchError(f"{binary} does not run on this machine: {done.stderr.strip()}")
    return " ".join(done.stdout.split()[:3])


def running() -> Finding:
    tenancy = Tenancy(data_folder(), "manage.py doctor")
    if tenancy.try_hold():
        tenancy.stop()
        return Finding("Running", "no; start with python3 manage.py up")
    return readiness(holder(data_folder()))


def readiness(who: str) -> Finding:
    """What the running product says of itself."""
    try:
        site = borrowed(data_folder())["SITE_URL"]
    except (LaunchError, KeyError):
        return Finding("Running", who)
    wrong = readiness_complaint(f"{site}/readyz")
    return Finding("Running", f"{who}. {wrong}" if wrong else who, well=not wrong, mend="Look into the logs folder.")


def migrations() -> Finding:
    """Asked of the database itself; on an embedded one that was never started there is nothing to ask."""
    if not os.environ.get("DATABASE_URL") and not (data_folder() / "postgres" / "ready").exists():
        return Finding("Database", "made by the first `up`")
    try:
        with servers_for_a_moment(data_folder(), "manage.py doctor"):
            asked = subprocess.run(
                [sys.executable, "-m", "django", "migrate", "--check"],
                cwd=REPO,
                capture_output=True,
                text=True,
                check=False,
            )
    except LaunchError as problem:
        return Finding(
            "Database", str(problem), well=False, mend="Mend what it says, or start anew: manage.py up --fresh"
        )
    if asked.returncode == 0:
        return Finding("Database", "answers, and every migration is applied")
    said = asked.stderr.strip().splitlines()[-1:] or ["migrations are waiting"]
    return Finding("Database", said[0], well=False, mend="python3 manage.py migrate")


EXAMINATIONS = (python, packages, disk, data, secrets, programs, running, migrations, port, chromium_here)
