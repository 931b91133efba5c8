"""Held money that grows old: Stripe lets a platform keep it for 90 days, and we promise 60."""

from payments.invariants.shape import Invariant
from payments.states import CaseKind, Severity


def _held(days: int, severity: Severity) -> Invariant:
    return Invariant(
        f"held_at_most_{days}_days",
        f"Nobody's money is held for more than {days} days.",
        f"""SELECT public_id, currency || ' ' || (amount_minor + fee_minor) || ' since ' || secured_at::date
        FROM payments_hold WHERE state IN ('secured', 'frozen', 'disputed', 'releasing', 'refunding')
            AND secured_at < now() - interval '{days} days'""",
        severity,
        CaseKind.AGEING,
    )


INVARIANTS = (_held(60, Severity.WARNING), _held(80, Severity.CRITICAL))
