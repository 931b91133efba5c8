"""`manage.py lint` and `fix`: every rule a machine can hold, side by side, with one table at the end."""

import os
import subprocess
import sys
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from rich.table import Table
from rich.text import Text

from marketplace.launch.greeting import console
from marketplace.launch.places import REPO

CODE = ["marketplace", "campaigns", "creators", "payments", "tests", "benchmarks", "manage.py"]
TYPED = [name for name in CODE if name != "benchmarks"]
LAYERS = (
    "import sys; from importlinter.cli import lint_imports_command; sys.argv = ['lint-imports']; lint_imports_command()"
)
# The slowest first, so that the rest runs beside it.
CHECKS = {
    "types": ["-m", "mypy", *TYPED],
    "templates: format": ["-m", "djlint", "templates", "--check", "--quiet"],
    "templates: lint": ["-m", "djlint", "templates", "--lint", "--quiet"],
    "style": ["-m", "ruff", "check", *CODE],
    "format": ["-m", "ruff", "format", "--check", *CODE],
    "layers": ["-c", LAYERS],
    "migrations": ["-m", "django", "makemigrations", "--check", "--dry-run"],
    "API description": ["-m", "django", "spectacular", "--validate", "--fail-on-warn", "--file", os.devnull],
    "deployment": ["-W", "ignore", "-m", "django", "check", "--deploy", "--fail-level", "WARNING"],
}
ON_A_LAPTOP = {"DJANGO_DEBUG": "1"}
# As an operator would set it up; nothing here is a secret of anybody.
ON_A_SERVER = {
    "DJANGO_DEBUG": "0",
    "GOODWORD_LOCAL": "0",
    "SECRET_KEY": "only-for-the-check-0123456789-abcdefghijklmnopqrstuvwxyz",
    "ALLOWED_HOSTS": "goodword.example",
    "SITE_URL": "https://goodword.example",
    "STRIPE_SECRET_KEY": "sk_live_only-for-the-check",
    "STRIPE_WEBHOOK_SECRET": "whsec_platform",
    "STRIPE_CONNECT_WEBHOOK_SECRET": "whsec_connect",
    "OPERATOR_NAME": "Goodword of the check",
}
ON_A_SERVER_UNSET = ("GOODWORD_HTTPS", "SECURE_SSL_REDIRECT", "STRIPE_API_BASE", "DJANGO_ALLOW_ASYNC_UNSAFE")
FIXES = {
    "style": ["-m", "ruff", "check", "--fix", *CODE],
    "format": ["-m", "ruff", "format", *CODE],
    "templates": ["-m", "djlint", "templates", "--reformat", "--quiet"],
}


@dataclass(frozen=True)
class Result:
    name: str
    code: int
    seconds: float
    words: str


def lint(arguments: list[str]) -> int:
    """Every check; names as arguments run only those. Non-zero when any fails."""
    wanted = {
        name: command
        for name, command in CHECKS.items()
        if not arguments or any(name.lower().startswith(word.lower()) for word in arguments)
    }
    if not wanted:
        console.print(f"lint knows {', '.join(CHECKS)}.")
        return 2
    with console.status("Checking …"), ThreadPoolExecutor(max_workers=os.cpu_count() or 2) as pool:
        results = list(pool.map(run, wanted.items()))
    return report(results)


def fix(_arguments: list[str]) -> int:
    """Mend what can be mended by itself; what is left is said by lint."""
    return report([run(item) for item in FIXES.items()])


def run(item: tuple[str, list[str]]) -> Result:
    name, command = item
    began = time.monotonic()
    done = subprocess.run(  # noqa: S603 - our own checks
        [sys.executable, *command],
        cwd=REPO,
        env=environment(name),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return Result(name, done.returncode, time.monotonic() - began, done.stdout.strip())


def environment(check: str) -> dict[str, str]:
    """What this check sees of the world: a server for the check of deployments, a laptop for the others."""
    found = os.environ | {"DJANGO_SETTINGS_MODULE": "marketplace.settings"}
    if check != "deployment":
        return found | ON_A_LAPTOP
    return {name: value for name, value in found.items() if name not in ON_A_SERVER_UNSET} | ON_A_SERVER


def report(results: Iterable[Result]) -> int:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for title in ("", "Check", "Seconds"):
        table.add_column(title, justify="right" if title == "Seconds" else "left")
    failed = []
    for result in results:
        mark = "[green]✓[/]" if result.code == 0 else "[red]✗[/]"
        table.add_row(mark, result.name, f"{result.seconds:.1f}")
        if result.code != 0:
            failed.append(result)
    for result in failed:
        console.rule(f"[red]{result.name}")
        console.print(Text(result.words), soft_wrap=True)
    console.print(table)
    return 1 if failed else 0
