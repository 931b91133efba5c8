"""Wake a worker once the transaction is in. The row is the queue; this is only the doorbell."""

import time
from typing import Any

import structlog
from django.db import transaction
from kombu import pools
from kombu.exceptions import OperationalError

log = structlog.get_logger(__name__)

PATIENCE_SECONDS = 0.5
# A broker that does not answer is left alone so long, for a person waits behind every ring; the sweep needs no bell.
QUIET_SECONDS = 10
_quiet = {"until": 0.0}
_HURRY = {
    "socket_timeout": PATIENCE_SECONDS,
    "socket_connect_timeout": PATIENCE_SECONDS,
    "max_retries": 0,  # else the library tries for four seconds, whatever the timeouts say
}


def later(task: Any, **kwargs: Any) -> None:
    """Run a Celery task after commit. If the broker does not answer, the sweep finds the row instead."""
    transaction.on_commit(lambda: _ring(task, kwargs), robust=True)


def _ring(task: Any, kwargs: dict[str, Any]) -> None:
    if time.monotonic() < _quiet["until"]:
        return
    line = task.app.connection_for_write(transport_options=_HURRY)
    try:
        with pools.producers[line].acquire(block=True, timeout=PATIENCE_SECONDS) as producer:
            task.apply_async(kwargs=kwargs, producer=producer, retry=False, ignore_result=True)
    except (OperationalError, OSError, *line.connection_errors, *line.channel_errors) as error:
        _quiet["until"] = time.monotonic() + QUIET_SECONDS
        log.warning("doorbell_silent", task=task.name, error=str(error))
