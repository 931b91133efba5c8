"""`manage.py up`: the whole product on one machine, from the database to the page."""

import argparse
import hashlib
import os
import shutil
import signal
import time
from pathlib import Path
from types import FrameType

from marketplace.launch import roles
from marketplace.launch.children import Child, freeze, run_once
from marketplace.launch.greeting import console, say, step
from marketplace.launch.places import LaunchError, data_folder, private
from marketplace.launch.setting import open_doors
from marketplace.launch.supervisor import Supervisor
from marketplace.launch.tenancy import Tenancy, holder

FAREWELLS = {"web": signal.SIGQUIT, "worker": signal.SIGQUIT, "beat": signal.SIGTERM, "sandbox": signal.SIGTERM}
HOPELESS = 5
KEPT_WHEN_FRESH = {"lock", "borrowers", "secrets", "logs"}


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="manage.py up", description="Run the whole product on this machine.")
    parser.add_argument(
        "--port", type=int, default=int(os.environ.get("PORT", "8000")), help="where the page is served"
    )
    parser.add_argument("--fresh", action="store_true", help="throw the embedded data away and begin anew")
    parser.add_argument("--no-demo", action="store_true", help="begin with an empty market")
    parser.add_argument("--demo", action="store_true", help="fill in the demo even on a database of your own")
    parser.add_argument("--only", default="", metavar="ROLES", help=f"some of: {','.join(roles.ROLES)}")
    parser.add_argument("--check", action="store_true", help="start, prove that page and worker answer, stop")
    options = parser.parse_args(arguments)
    options.roles = set(options.only.split(",")) if options.only else set(roles.ROLES)
    unknown = options.roles - set(roles.ROLES)
    if unknown:
        parser.error(f"--only knows {', '.join(roles.ROLES)}; not {', '.join(sorted(unknown))}")
    if not 0 <= options.port <= 65535:
        parser.error("--port takes a number from 0 to 65535")
    if options.fresh and os.environ.get("DATABASE_URL"):
        parser.error("--fresh only empties the embedded database; DATABASE_URL names one of yours")
    return options


def up(arguments: list[str]) -> int:
    """Start everything, stay until told to stop, stop everything."""
    began = time.monotonic()
    options = parse(arguments)
    data = data_folder()
    tenancy = Tenancy(data, "manage.py up")
    if not tenancy.try_hold():
        raise LaunchError(
            f"{holder(data)} already runs on {data}. Stop it first, or set GOODWORD_DATA to another folder."
        )
    signal.signal(signal.SIGTERM, interrupt)
    try:
        if options.fresh:
            empty(data)
        return run(options, data, tenancy, began)
    except KeyboardInterrupt:
        return 130
    finally:
        with step("Stopping the servers …"):
            tenancy.stop()


def interrupt(_signum: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def empty(data: Path) -> None:
    for entry in data.iterdir():
        if entry.name in KEPT_WHEN_FRESH:
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()


def run(options: argparse.Namespace, data: Path, tenancy: Tenancy, began: float) -> int:
    """From the servers to the page, then watch over it."""
    logs = private(data / "logs")
    shutil.rmtree(data / roles.SCRATCH, ignore_errors=True)
    real_database = bool(os.environ.get("DATABASE_URL"))
    with step("Starting the servers …"):
        os.environ.update(tenancy.start())
        open_doors(options.port, options.roles, data, say)
        tenancy.publish()
    with step("Loading the product …"):
        roles.load_everything()
    prepare_database(options, data, logs, real_database=real_database)
    freeze()
    os.environ["GOODWORD_REPORT"] = f"{int(options.check)} {began} {','.join(sorted(options.roles))}"
    supervisor = Supervisor(children(options, logs), tenancy.servers, say)
    supervisor.listen()
    report = Child("report", roles.report, log=None, farewell=signal.SIGTERM)
    stories = Child("stories", roles.stories, log=logs / "stories.log", farewell=signal.SIGTERM)
    beside = [stories] if os.environ.get("GOODWORD_STORIES") and "sandbox" in options.roles else []
    watch = Watch(report, supervisor.children, beside=beside, once=options.check)
    try:
        supervisor.run(until=watch.done)
    finally:
        with step("Stopping …"):
            watch.dismiss()
            supervisor.stop()
    return watch.verdict()


def children(options: argparse.Namespace, logs: Path) -> list[Child]:
    """The roles that were asked for; the Stripe double only where no real key is set."""
    wanted = [name for name in roles.ROLES if name in options.roles]
    if "STRIPE_API_BASE" not in os.environ:
        wanted = [name for name in wanted if name != "sandbox"]
    found = []
    for name in wanted:
        log = logs / f"{name}.log"
        if log.exists():
            log.replace(log.with_suffix(".before.log"))
        found.append(Child(name, roles.ROLES[name], log=log, farewell=FAREWELLS[name]))
    return found


def prepare_database(options: argparse.Namespace, data: Path, logs: Path, *, real_database: bool) -> None:
    """Migrate, then the demo, once for each database. A database of the operator's own is only filled when told to."""
    with step("Preparing the database …"):
        log = logs / "migrate.log"
        if run_once("migrate", roles.migrate, log=log) != 0:
            raise LaunchError(f"The database could not be migrated:\n{tail(log)}\nAll of it: {log}")
    name = hashlib.sha256(os.environ["DATABASE_URL"].encode()).hexdigest()[:12]
    stamp, told = data / f"demo-{name}", data / f"stories-{name}"
    wanted = options.demo if real_database else not options.no_demo
    if not wanted:
        return
    if not told.exists() and not options.check:
        os.environ["GOODWORD_STORIES"] = str(told)
    if stamp.exists():
        return
    console.print("Filling in the demo, once …")
    log = logs / "demo.log"
    if run_once("demo", roles.demo, log=log) != 0:
        raise LaunchError(f"The demo could not be filled in; --no-demo starts without it.\n{tail(log)}")
    stamp.touch()


def tail(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-12:])


class Watch:
    """Waits for the page and greets, or with `once` checks everything and so ends the run; `beside` are errands."""

    def __init__(self, report: Child, children: list[Child], *, beside: list[Child], once: bool) -> None:
        self.report = report
        self.beside = beside
        self.children = children
        self.once = once
        self.began = False

    def done(self) -> bool:
        if not self.began:
            self.began = True
            for child in [self.report, *self.beside]:
                child.start()
        for child in self.beside:
            child.reap()
        if self.report.reap() and self.report.exit_code and not self.once:
            say("It did not come up; still trying. The logs say why.")
        return self.once and (self.report.exit_code is not None or self.hopeless())

    def hopeless(self) -> bool:
        """A check need not wait for a child that dies again and again."""
        return any(child.deaths >= HOPELESS for child in self.children)

    def dismiss(self) -> None:
        """Errands end before what they need is taken away."""
        for child in [self.report, *self.beside]:
            child.send(signal.SIGTERM)

    def verdict(self) -> int:
        """What `up` answers: an orderly stop is a success, a failed check is not."""
        if not self.once:
            return 0
        code = self.report.exit_code
        if code != 0:
            for child in self.children:
                say(f"{child.name} said last:\n{child.last_words()}\n")
        return 1 if code is None else int(code != 0)
