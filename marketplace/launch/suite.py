"""`manage.py test`: every test, on servers that live as long as the tests do."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from marketplace.launch.greeting import console
from marketplace.launch.places import REPO, LaunchError
from marketplace.launch.postgres import FOR_TESTS
from marketplace.launch.tenancy import Tenancy

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
INSTALL = ["apt-get", "install", "-y", "--no-install-recommends", "chromium"]


def test(arguments: list[str]) -> int:
    """Run pytest over both cores; its exit code is ours."""
    skipped = not find_browser(arguments)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    tenancy = Tenancy(Path(tempfile.mkdtemp(prefix="goodword-test-")), "manage.py test")
    if not tenancy.try_hold():
        raise LaunchError("A fresh temporary folder is already in use. Try again.")
    try:
        os.environ.update(tenancy.start(tuning=FOR_TESTS, durable=False))
        os.environ["GOODWORD_DATA"] = str(tenancy.data)
        os.environ["DJANGO_DEBUG"] = "1"
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
        code = subprocess.run(pytest(arguments), cwd=REPO, check=False).returncode  # noqa: S603 - pytest
    finally:
        tenancy.remove()
    if skipped:
        console.print(f"[yellow]Without the browser tests.[/] To run them: sudo {' '.join(INSTALL)}")
    return code


def pytest(arguments: list[str]) -> list[str]:
    """Over all cores, unless the person chose otherwise or wants a debugger."""
    alone = {"--pdb", "--trace", "-s", "--collect-only", "--co"} & set(arguments)
    chosen = any(word == "-n" or word.startswith(("-n", "--numprocesses")) for word in arguments)
    spread = [] if alone or chosen else ["-n", "auto"]
    return [sys.executable, "-m", "pytest", *spread, *arguments]


def chromium() -> str:
    """The path of a Chromium on this machine, or nothing."""
    named = os.environ.get("GOODWORD_CHROMIUM", "")
    return named or next((path for path in map(shutil.which, BROWSERS) if path), "")


def find_browser(arguments: list[str]) -> bool:
    """True when browser tests can run or none are asked for. On CI they are never left out by accident."""
    paths = [word for word in arguments if word.startswith("tests")]
    if chromium() or (paths and not any("browser" in word for word in paths)):
        return True
    if os.environ.get("GOODWORD_SKIP_BROWSER") == "1":
        return False
    if install_chromium():
        return True
    if os.environ.get("CI"):
        raise LaunchError(
            f"The browser tests need Chromium: {' '.join(INSTALL)}. GOODWORD_SKIP_BROWSER=1 leaves them out."
        )
    os.environ["GOODWORD_SKIP_BROWSER"] = "1"
    return False


def install_chromium() -> bool:
    """As root on Debian or Ubuntu we can help ourselves."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    with console.status("Installing Chromium for the browser tests …"):
        for command in (["apt-get", "update", "-qq"], INSTALL):
            subprocess.run(command, env=quiet, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL, check=False)  # noqa: S603
    return bool(chromium())
