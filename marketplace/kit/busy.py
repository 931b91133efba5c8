"""When PostgreSQL says “not now”."""

from django.db import OperationalError

from marketplace.kit.errors import Busy


def as_busy(error: Exception) -> Busy | None:
    """A wait for a lock that took too long, or a deadlock, as the refusal it is; None for anything else."""
    state = getattr(error.__cause__, "sqlstate", "") if isinstance(error, OperationalError) else ""
    if state in ("55P03", "40P01", "40001"):
        return Busy("busy", "Somebody is changing this right now. Nothing was changed; please try again in a moment.")
    return None
