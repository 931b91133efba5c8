"""As most people run it: not root, from a checkout in a home that nobody else can read, and begun anew with --fresh."""

import os
import pwd
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.marketplace.launch.conftest import OURS, REPO

SOMEBODY = "nobody"
SECONDS = 300
CODE = (
    "manage.py",
    "requirements.txt",
    "pyproject.toml",
    "marketplace",
    "campaigns",
    "creators",
    "payments",
    "templates",
)
LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.pyc")


@pytest.fixture
def home() -> Iterator[Path]:
    """A checkout below a closed folder that belongs to an ordinary user. Only root can give something away."""
    if os.geteuid() != 0:
        pytest.skip("this suite is run by an ordinary user already: test_up.py is the proof")
    uid = pwd.getpwnam(SOMEBODY).pw_uid
    closed = Path(tempfile.mkdtemp(prefix="goodword-home-"))
    for name in CODE:
        source, target = REPO / name, closed / "goodword" / name
        target.parent.mkdir(exist_ok=True)
        shutil.copytree(source, target, ignore=LEFT_OUT) if source.is_dir() else shutil.copy(source, target)
    # The lock has a package for Pythons before 3.11.3; the packages of these tests may be those of a newer one.
    (closed / "goodword" / "async_timeout.py").write_text("from asyncio import timeout\n")
    for path in (closed, *closed.rglob("*")):
        os.chown(path, uid, uid)
    yield closed
    shutil.rmtree(closed)


def as_somebody(command: list[str], **environment: str) -> dict[str, Any]:
    """How subprocess runs this as the ordinary user, with nothing of ours in the environment."""
    clean = {name: value for name, value in os.environ.items() if name not in OURS}
    user = pwd.getpwnam(SOMEBODY)
    who = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    quiet = {"stdin": subprocess.DEVNULL, "capture_output": True, "text": True, "timeout": SECONDS, "check": False}
    return {"args": command, "env": clean | environment, **who, **quiet}


def python() -> str:
    """A Python of this version that everybody may run; the tests' own may lie in the home of root."""
    wanted = str(sys.version_info[:2])
    for program in filter(None, (sys.executable, shutil.which("python3", path="/usr/local/bin:/usr/bin"))):
        try:
            said = subprocess.run(**as_somebody([program, "-I", "-c", "import sys; print(sys.version_info[:2])"]))
        except PermissionError:
            continue
        if said.stdout.strip() == wanted:
            return program
    pytest.skip(f"no Python {wanted} here that an ordinary user may run")


def up(home: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """`manage.py up` as the owner of this home, with the Python of these tests."""
    command = [python(), "manage.py", "up", "--check", "--no-demo", "--port", "0", *options]
    packages = sysconfig.get_path("purelib")
    own = {"HOME": str(home), "GOODWORD_BOOTSTRAP": "0", "PYTHONPATH": packages, "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(cwd=home / "goodword", **as_somebody(command, COLUMNS="200", **own))


def test_an_ordinary_user_starts_everything_afresh_in_a_closed_home(home: Path) -> None:
    uid = pwd.getpwnam(SOMEBODY).pw_uid
    data = home / "goodword" / ".data"
    for old in ("postgres/PG_VERSION", "media/old.png", "demo-0123", "logs/web.log"):
        (data / old).parent.mkdir(parents=True, exist_ok=True)
        (data / old).write_text("from before")
    for path in (data, *data.rglob("*")):
        os.chown(path, uid, uid)

    done = up(home, "--fresh")

    assert done.returncode == 0, done.stdout + done.stderr
    assert "Everything answered in" in done.stdout + done.stderr
    assert data.stat().st_mode & 0o777 == 0o700
    assert (data / "postgres" / "PG_VERSION").read_text() != "from before"
    assert not (data / "media" / "old.png").exists()
    assert not (data / "demo-0123").exists()
    assert (data / "logs" / "web.before.log").read_text() == "from before"
    assert {path.stat().st_uid for path in (data / "postgres").rglob("*")} == {uid}
