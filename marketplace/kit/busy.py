"""When PostgreSQL says “not now”."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction

from marketplace.kit.errors import Busy

CANCELLED = "57014"


def as_busy(error: Exception) -> Busy | None:
    """A wait for a lock that took too long, or a deadlock, as the refusal it is; None for anything else."""
    state = getattr(error.__cause__, "sqlstate", "") if isinstance(error, OperationalError) else ""
    if state in ("55P03", "40P01", "40001"):
        return Busy("busy", "Somebody is changing this right now. Nothing was changed; please try again in a moment.")
    return None


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Reads that may take so long each, and are then given up with Busy, ``too_slow``; what was read before stays.

    In their own transaction, so that the connection is sound afterwards.
    """
    is_inner = connection.in_atomic_block
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [f"{max(round(1_000 * seconds), 1)}ms"])
            yield
            if is_inner:
                cursor.execute("SET LOCAL statement_timeout TO DEFAULT")
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") != CANCELLED:
            raise
        raise Busy("too_slow", "This takes too long to look up right now. Ask for less, or try again later.") from error
