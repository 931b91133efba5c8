"""The clock, one of it: the scheduler holds a database lock, and says it lives by a heartbeat in the cache."""

import logging
import time
from typing import Any

from celery.beat import Scheduler
from django.core.cache import cache
from django.db import DatabaseError, connection
from redis.exceptions import RedisError

from marketplace.celery import schedule
from marketplace.health import HEARTBEAT

logger = logging.getLogger(__name__)
LOCK = 0x600D_BEA7
STANDBY_SECONDS = 3


class LonelyScheduler(Scheduler):
    """Celery's in-memory scheduler. A second one waits in line until the first has gone."""

    def setup_schedule(self) -> None:
        self.wait_in_line()
        self.install_default_entries({})
        self.update_from_dict(schedule())

    def wait_in_line(self) -> None:
        """A session lock: PostgreSQL lets it go by itself when this process dies."""
        while not try_lock():
            time.sleep(STANDBY_SECONDS)

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """Send what is due, as long as we are the one. Losing the database means losing the lock: leave at once."""
        try:
            if not holds_lock():
                raise SystemExit("Another clock took over.")
        except DatabaseError as problem:
            raise SystemExit("The database is gone, and with it the lock.") from problem
        seconds: float = super().tick(*args, **kwargs)
        beat_heart()
        return seconds


def try_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        return bool(cursor.fetchone()[0])


def holds_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted"
            " AND pid = pg_backend_pid() AND objid = %s)",
            [LOCK & 0xFFFF_FFFF],
        )
        return bool(cursor.fetchone()[0])


def beat_heart() -> None:
    try:
        cache.set(HEARTBEAT, time.time(), timeout=600)
    except (RedisError, OSError):
        logger.warning("The heartbeat could not be written: the cache does not answer.")
