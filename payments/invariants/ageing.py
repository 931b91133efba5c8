"""Held money that grows old: Stripe lets a platform keep it for 90 days, and we promise 60.

It is as old as the payment that brought it, however often it was drawn, given back and drawn again since.
"""

from payments.invariants.shape import Invariant
from payments.states import CaseKind, Severity


def _held(days: int, severity: Severity) -> Invariant:
    return Invariant(
        f"held_at_most_{days}_days",
        f"Nobody's money is held for more than {days} days.",
        f"""WITH old AS (
            SELECT * FROM payments_checkout
            WHERE state IN ('paid', 'returned') AND paid_at < now() - interval '{days} days'
        ), brought AS (
            SELECT hold_id, paid_at FROM old WHERE hold_id IS NOT NULL AND (state = 'paid' OR NOT EXISTS (
                SELECT FROM payments_refund refund
                WHERE refund.checkout_id = old.id AND refund.late AND refund.state = 'succeeded'
            ))
            UNION ALL SELECT draw.hold_id, old.paid_at
            FROM old JOIN payments_draw draw ON draw.checkout_id = old.id AND draw.minor > draw.returned_minor
        )
        SELECT hold.public_id,
            hold.currency || ' ' || (hold.amount_minor + hold.fee_minor) || ' since ' || min(brought.paid_at)::date
        FROM brought JOIN payments_hold hold ON hold.id = brought.hold_id
        WHERE hold.state IN ('secured', 'frozen', 'disputed', 'releasing', 'refunding') OR EXISTS (
            SELECT FROM payments_balance balance WHERE balance.chart IN ('hold', 'transit', 'refunding')
                AND balance.owner = hold.public_id AND balance.minor > 0
        )
        GROUP BY hold.id
        UNION ALL
        SELECT old.public_id, old.currency || ' ' || rest.minor || ' in a wallet since ' || old.paid_at::date
        FROM old CROSS JOIN LATERAL (
            SELECT old.total_minor - coalesce((
                SELECT sum(minor - returned_minor) FROM payments_draw draw WHERE draw.checkout_id = old.id
            ), 0) - coalesce((
                SELECT sum(amount_minor + fee_minor) FROM payments_refund refund
                WHERE refund.checkout_id = old.id AND refund.state = 'succeeded'
            ), 0) AS minor
        ) AS rest
        WHERE old.wallet_id IS NOT NULL AND rest.minor > 0""",
        severity,
        CaseKind.AGEING,
    )


INVARIANTS = (_held(60, Severity.WARNING), _held(80, Severity.CRITICAL))
