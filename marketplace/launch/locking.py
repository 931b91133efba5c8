"""`manage.py lock`: resolve the requirements again and write down exact versions and hashes."""

import subprocess
import sys

from marketplace.launch.greeting import console
from marketplace.launch.indexes import installer_environment
from marketplace.launch.places import REPO

COMPILE = ["--universal", "--python-version", "3.11", "--generate-hashes", "-q"]
SAY = ["--custom-compile-command", "python3 manage.py lock"]
LOCKS = {
    "requirements.txt": ["pyproject.toml"],
    "tests/requirements.txt": ["pyproject.toml", "tests/requirements.in", "-c", "requirements.txt"],
}
INSTALLER = "marketplace/launch/uv.txt"


def lock(arguments: list[str]) -> int:
    """Write both locks, and the installer's own. Arguments go to uv: `lock --upgrade`."""
    environment = installer_environment([sys.executable, "-m", "pip"])
    jobs = [(source, target, None) for target, source in LOCKS.items()]
    for source, target, words in [*jobs, (["-"], INSTALLER, "uv\n")]:
        with console.status(f"Locking {target} …"):
            done = subprocess.run(  # noqa: S603 - uv from our venv
                [sys.executable, "-m", "uv", "pip", "compile", *source, *COMPILE, *SAY, "-o", target, *arguments],
                cwd=REPO,
                env=environment,
                input=words,
                text=True,
                check=False,
            )
        if done.returncode != 0:
            return done.returncode
        console.print(f"[green]✓[/] {target}")
    return 0
