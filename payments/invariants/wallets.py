"""Wallets: what lies in them came in and was not drawn, and each payment pays for no more than it brought."""

from payments.invariants.shape import Invariant

INVARIANTS = (
    Invariant(
        "wallet_is_explained",
        "What lies in a wallet is what came in, less what holds have drawn and what went back.",
        """SELECT wallet.public_id, coalesce(balance.minor, 0) || ' is not ' || moved.minor
        FROM payments_wallet wallet
        LEFT JOIN payments_balance balance ON balance.chart = 'wallet' AND balance.owner = wallet.public_id
            AND balance.currency = wallet.currency
        CROSS JOIN LATERAL (
            SELECT coalesce((
                SELECT sum(total_minor) FROM payments_checkout
                WHERE wallet_id = wallet.id AND state IN ('paid', 'returned')
            ), 0) - coalesce((
                SELECT sum(minor - returned_minor) FROM payments_draw draw
                JOIN payments_checkout checkout ON checkout.id = draw.checkout_id WHERE checkout.wallet_id = wallet.id
            ), 0) - coalesce((
                SELECT sum(amount_minor + fee_minor) FROM payments_refund
                WHERE wallet_id = wallet.id AND hold_id IS NULL AND state NOT IN ('refused', 'failed')
            ), 0) AS minor
        ) AS moved
        WHERE coalesce(balance.minor, 0) <> moved.minor""",
    ),
    Invariant(
        "drawn_hold_is_paid_in_full",
        "What a wallet pays for is drawn in full, and nothing is drawn for anything else.",
        """SELECT hold.public_id, coalesce(sum(draw.minor), 0) || ' of ' || (hold.amount_minor + hold.fee_minor)
        FROM payments_hold hold LEFT JOIN payments_draw draw ON draw.hold_id = hold.id
        WHERE hold.wallet_id IS NOT NULL OR draw.id IS NOT NULL
        GROUP BY hold.id
        HAVING hold.wallet_id IS NULL OR coalesce(sum(draw.minor), 0) <> hold.amount_minor + hold.fee_minor""",
    ),
    Invariant(
        "drawn_hold_is_booked",
        "What a wallet paid for is in the books.",
        """SELECT public_id, 'not booked' FROM payments_hold hold WHERE wallet_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM payments_posting posting WHERE posting.key = 'hold:' || hold.public_id || ':drawn'
                AND posting.wallet_id = hold.wallet_id
        )""",
    ),
    Invariant(
        "refund_into_wallet_is_left_again",
        "What went back into a wallet is left again of the payments that had paid.",
        """SELECT hold.public_id, coalesce(back.minor, 0) || ' is not ' || coalesce(returned.minor, 0)
        FROM (
            SELECT hold_id, sum(returned_minor) AS minor FROM payments_draw GROUP BY hold_id
        ) AS returned
        FULL JOIN (
            SELECT hold_id, sum(amount_minor + fee_minor) AS minor FROM payments_refund
            WHERE hold_id IS NOT NULL AND wallet_id IS NOT NULL GROUP BY hold_id
        ) AS back USING (hold_id)
        JOIN payments_hold hold ON hold.id = hold_id
        WHERE coalesce(back.minor, 0) <> coalesce(returned.minor, 0)""",
    ),
    Invariant(
        "payment_is_not_drawn_over",
        "No payment into a wallet pays for more than it brought.",
        """SELECT checkout.public_id, (drawn.minor + coalesce(back.minor, 0)) || ' of ' || checkout.total_minor
        FROM (
            SELECT checkout_id, sum(minor - returned_minor) AS minor FROM payments_draw GROUP BY checkout_id
        ) AS drawn
        JOIN payments_checkout checkout ON checkout.id = drawn.checkout_id
        LEFT JOIN (
            SELECT checkout_id, sum(amount_minor + fee_minor) AS minor FROM payments_refund
            WHERE hold_id IS NULL AND state NOT IN ('refused', 'failed') GROUP BY checkout_id
        ) AS back ON back.checkout_id = checkout.id
        WHERE drawn.minor + coalesce(back.minor, 0) > checkout.total_minor""",
    ),
    Invariant(
        "closed_wallet_is_empty",
        "Nothing is left in a closed wallet, unless a refund came back or a bank has not judged.",
        """SELECT wallet.public_id, balance.minor::text
        FROM payments_wallet wallet JOIN payments_balance balance
            ON balance.chart = 'wallet' AND balance.owner = wallet.public_id AND balance.minor <> 0
        WHERE wallet.state = 'closed' AND NOT EXISTS (
            SELECT FROM payments_refund refund
            WHERE refund.wallet_id = wallet.id AND refund.state IN ('refused', 'failed')
        ) AND NOT EXISTS (
            SELECT FROM payments_dispute dispute JOIN payments_checkout checkout ON checkout.id = dispute.checkout_id
            WHERE checkout.wallet_id = wallet.id AND dispute.state IN ('needs_response', 'under_review', 'appealed')
        )""",
    ),
)
