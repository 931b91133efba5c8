"""The Celery app. It only wakes work up: rows are the queue, and every task may run twice (house.md)."""

import ctypes
import importlib
import os
import signal
import sys
from typing import Any

from celery import Celery
from celery.signals import worker_process_init
from django.core.cache import cache

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")

QUEUES = ("money", "mail", "media", "match", "default")
CLOCKS = ("marketplace.notices.clock", "payments.clock", "creators.clock", "campaigns.clock")
PR_SET_PDEATHSIG = 1

app = Celery("goodword")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    worker_hijack_root_logger=False,
    worker_cancel_long_running_tasks_on_connection_loss=True,
    beat_scheduler="marketplace.launch.beat.LonelyScheduler",
    beat_max_loop_interval=5,
)
app.autodiscover_tasks()
app.autodiscover_tasks(related_name="clock")


def schedule() -> dict[str, dict[str, Any]]:
    """What the apps' clocks want done, and how often: name → task and seconds."""
    found: dict[str, dict[str, Any]] = {}
    for name in CLOCKS:
        wanted: dict[str, tuple[str, float]] = importlib.import_module(name).SCHEDULE
        for job, (task, seconds) in wanted.items():
            found[job] = {"task": task, "schedule": seconds}
    return found


@worker_process_init.connect
def die_with_the_worker(**_: object) -> None:
    """A pool child must not outlive its worker: nobody would feed it, stop it or count it."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)


@app.task(name="marketplace.ping")
def ping(*, token: str) -> None:
    """Answer through the cache that this token went through the broker to a worker."""
    cache.set(f"ping:{token}", 1, timeout=60)
