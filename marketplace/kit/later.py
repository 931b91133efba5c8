"""Wake a worker once the transaction is in. The row is the queue; this is only the doorbell."""

from typing import Any

import structlog
from django.db import transaction
from kombu.exceptions import OperationalError

log = structlog.get_logger(__name__)


def later(task: Any, **kwargs: Any) -> None:
    """Run a Celery task after commit. If the broker does not answer, the sweep finds the row instead."""
    transaction.on_commit(lambda: _ring(task, kwargs), robust=True)


def _ring(task: Any, kwargs: dict[str, Any]) -> None:
    try:
        task.apply_async(kwargs=kwargs, retry=False, ignore_result=True)
    except (OperationalError, OSError) as error:
        log.warning("doorbell_silent", task=task.name, error=str(error))
