"""What each child does. A role is entered in a process of its own and returns when it is told to stop."""

import importlib
import os
import socket
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django
from gunicorn.app.base import BaseApplication

from marketplace.launch.greeting import checked, greet
from marketplace.launch.places import LaunchError, private
from marketplace.launch.probe import check_everything

POOL = "2"
SCRATCH = "tmp"


class Site(BaseApplication):  # type: ignore[misc]
    """gunicorn with our settings, on the socket the launcher already holds."""

    def load_config(self) -> None:
        wanted = vars(importlib.import_module("marketplace.launch.web"))
        for name, value in wanted.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)
        self.cfg.set("loglevel", "warning")
        self.cfg.set("bind", f"fd://{os.environ['GOODWORD_WEB_FD']}")

    def load(self) -> Any:
        return importlib.import_module("marketplace.wsgi").application


def load_everything() -> None:
    """Import the whole product once, before the fork: no connection is opened and no thread started."""
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    django.setup()
    importlib.import_module("marketplace.wsgi")
    importlib.import_module("marketplace.urls")
    for name in ("tasks", "clock"):
        celery().autodiscover_tasks(related_name=name, force=True)
    for name in ("celery.apps.worker", "celery.worker", "celery.worker.consumer", "celery.concurrency.prefork"):
        importlib.import_module(name)
    importlib.import_module("gunicorn.workers.gthread")
    open_lines = [line for line in importlib.import_module("django.db").connections.all() if line.connection]
    if threading.active_count() > 1 or open_lines:
        raise LaunchError(f"Importing must not start threads or connections: {threading.enumerate()} {open_lines}")


def celery() -> Any:
    return importlib.import_module("marketplace.celery").app


def web() -> None:
    Site().run()


def worker() -> None:
    # A worker that is killed leaves its pool's folder behind: it lies among ours, where the next start takes it away.
    tempfile.tempdir = str(private(Path(os.environ["GOODWORD_DATA"]) / SCRATCH))
    queues = ",".join(importlib.import_module("marketplace.celery").QUEUES)
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    size = os.environ.get("WORKER_CONCURRENCY", POOL)
    celery().worker_main(["worker", "--loglevel=WARNING", f"--concurrency={size}", "-Q", queues, *quiet])


def beat() -> None:
    celery().Beat(loglevel="WARNING", quiet=True).run()


def sandbox() -> None:
    """The Stripe double, on the socket the launcher already holds."""
    serve = importlib.import_module("payments.sandbox.server").serve
    listener = socket.socket(fileno=int(os.environ["GOODWORD_SANDBOX_FD"]))
    serve(*listener.getsockname(), os.environ["GOODWORD_SANDBOX_DATA"], listener=listener)


def migrate() -> None:
    """Bring the database up to date; when nothing is missing, one look is enough."""
    management = importlib.import_module("django.core.management")
    executor_module = importlib.import_module("django.db.migrations.executor")
    connection = importlib.import_module("django.db").connection
    executor = executor_module.MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        management.call_command("migrate", interactive=False, verbosity=1)


def demo() -> None:
    """The demo's people and campaigns: what no page should be without."""
    importlib.import_module("django.core.management").call_command("demo", part="world")


def stories() -> None:
    """The demo's collaborations, paid at the Stripe double: told while the first page is already open."""
    importlib.import_module("django.core.management").call_command("demo", part="stories")
    Path(os.environ["GOODWORD_STORIES"]).touch()


def report() -> None:
    """Wait until everything answers, then greet; for `up --check` prove more and say the seconds."""
    check, began, roles = os.environ["GOODWORD_REPORT"].split()
    seconds = check_everything(set(roles.split(",")), thorough=check == "1", began=float(began))
    if check == "1":
        checked(seconds)
    else:
        greet(Path(os.environ["GOODWORD_DATA"]), seconds)


ROLES: dict[str, Callable[[], None]] = {"web": web, "worker": worker, "beat": beat, "sandbox": sandbox}
STEPS: dict[str, Callable[[], None]] = {"migrate": migrate, "demo": demo, "stories": stories, "report": report}


def main(arguments: list[str]) -> None:
    """`python -m marketplace.launch.roles web`: one role in a plain process, where forking is not wanted."""
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))
    load_everything()
    (ROLES | STEPS)[arguments[0]]()


if __name__ == "__main__":
    main(sys.argv[1:])
