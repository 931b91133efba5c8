"""Going through what is due: a row that breaks is written down, and the others are done all the same."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

import structlog
from celery.exceptions import SoftTimeLimitExceeded

from marketplace.kit.errors import DomainError

log = structlog.get_logger(__name__)
Row = TypeVar("Row")


def one_by_one(rows: Iterable[Row], act: Callable[[Row], object], *, job: str) -> None:
    """Call ``act`` for each row; a refusal is a warning, anything else an error with its traceback.

    Only the end of the task's own time stops the rest.
    """
    for row in rows:
        try:
            act(row)
        except SoftTimeLimitExceeded:
            raise
        except DomainError as error:
            log.warning("sweep_refused", job=job, row=row, code=error.code)
        except Exception:
            log.exception("sweep_broke", job=job, row=row)


def together(rows: Sequence[Row], act: Callable[[Sequence[Row]], object], *, job: str) -> None:
    """Call ``act`` once for all rows; when that breaks, for each half, until the broken row is alone."""
    try:
        if rows:
            act(rows)
    except SoftTimeLimitExceeded:
        raise
    except Exception:
        if len(rows) == 1:
            log.exception("sweep_broke", job=job, row=rows[0])
            return
        middle = len(rows) // 2
        together(rows[:middle], act, job=job)
        together(rows[middle:], act, job=job)
