"""Which command does what. Ours come first; everything else is Django's, with the servers it needs."""

import sys
from collections.abc import Callable

from django.core.management import execute_from_command_line

from marketplace.launch.checks import fix, lint
from marketplace.launch.doctor import doctor
from marketplace.launch.greeting import console
from marketplace.launch.locking import lock
from marketplace.launch.places import REPO, LaunchError, data_folder
from marketplace.launch.setting import read_env_file, set_stage
from marketplace.launch.suite import test
from marketplace.launch.tenancy import servers_for_a_moment
from marketplace.launch.torture.command import torture
from marketplace.launch.up import up

OURS: dict[str, tuple[Callable[[list[str]], int], str]] = {
    "up": (up, "run the whole product on this machine"),
    "test": (test, "run every test (arguments go to pytest)"),
    "lint": (lint, "check style, types, layers, templates, migrations and the API description"),
    "fix": (fix, "mend what can be mended by itself"),
    "lock": (lock, "renew the locked requirements"),
    "torture": (torture, "try the bank's promises under kill -9 and provider faults: torture money, torture machine"),
    "doctor": (doctor, "say what is wrong here, and how to mend it"),
}
NEEDS_NOTHING = {"help", "--help", "-h", "--version", "version"}


def main(arguments: list[str]) -> int:
    """Run one command; what the person can mend is said in a sentence, not in a traceback."""
    name = arguments[1] if len(arguments) > 1 else "help"
    try:
        if name != "test":
            read_env_file(REPO / ".env")
        if name in OURS:
            return OURS[name][0](arguments[2:])
        return django(name, arguments)
    except LaunchError as problem:
        console.print(f"[red]✗[/] {problem}", soft_wrap=True)
        return 1
    except KeyboardInterrupt:
        return 130


def django(name: str, arguments: list[str]) -> int:
    """One of Django's commands (or the product's own), beside a running `up` or with servers started for it."""
    data = data_folder()
    if name in NEEDS_NOTHING:
        list_ours()
        set_stage(data)
        execute_from_command_line(arguments)
        return 0
    with servers_for_a_moment(data, f"manage.py {name}"):
        execute_from_command_line(arguments)
    return 0


def list_ours() -> None:
    for name, (_, words) in OURS.items():
        sys.stdout.write(f"  {name:8} {words}\n")
    sys.stdout.write("\n")
