"""Outbox and inbox: nothing is forgotten, nothing is done twice, and what is done has moved its row."""

from payments.invariants.shape import Invariant, late

INVARIANTS = (
    Invariant(
        "one_live_operation_per_slot",
        "Nothing that may happen once is on its way twice.",
        """SELECT slot, count(*)::text FROM payments_operation
        WHERE state IN ('pending', 'claimed', 'parked') AND slot <> '' GROUP BY slot HAVING count(*) > 1""",
    ),
    Invariant(
        "operation_tells_its_end",
        "An operation that is done or refused says since when.",
        "SELECT key::text, state FROM payments_operation WHERE state IN ('done', 'refused') AND settled_at IS NULL",
    ),
    Invariant(
        "operation_moves_its_row",
        "What was done or refused at Stripe has moved its transfer, refund or payout.",
        """SELECT operation.key::text, operation.state || ', transfer ' || transfer.state
            FROM payments_operation operation JOIN payments_transfer transfer ON transfer.operation_id = operation.id
            WHERE operation.state IN ('done', 'refused')
                AND transfer.state <> CASE operation.state WHEN 'done' THEN 'confirmed' ELSE 'refused' END
        UNION ALL
        SELECT operation.key::text, operation.state || ', refund ' || refund.state FROM payments_operation operation
            JOIN payments_refund refund ON refund.operation_id = operation.id
            WHERE operation.state = 'refused' AND refund.state <> 'refused'
                OR operation.state = 'done' AND refund.state = 'sending' AND refund.stripe_id IS NULL
        UNION ALL
        SELECT operation.key::text, operation.state || ', payout ' || payout.state FROM payments_operation operation
            JOIN payments_payout payout ON payout.operation_id = operation.id
            WHERE operation.state IN ('done', 'refused')
                AND (payout.state = 'requested' OR (payout.state = 'refused') <> (operation.state = 'refused'))""",
    ),
    Invariant(
        "moving_row_has_its_operation",
        "What is on its way out has an operation that carries it.",
        """SELECT 'transfer ' || transfer.public_id, coalesce(operation.state, 'no operation')
            FROM payments_transfer transfer
            LEFT JOIN payments_operation operation ON operation.id = transfer.operation_id
            WHERE transfer.state = 'sending'
                AND coalesce(operation.state, '') NOT IN ('pending', 'claimed', 'parked')
        UNION ALL SELECT 'refund ' || refund.public_id, operation.state
            FROM payments_refund refund JOIN payments_operation operation ON operation.id = refund.operation_id
            WHERE refund.state = 'sending' AND refund.stripe_id IS NULL
                AND operation.state NOT IN ('pending', 'claimed', 'parked')
        UNION ALL SELECT 'payout ' || payout.public_id, operation.state
            FROM payments_payout payout JOIN payments_operation operation ON operation.id = payout.operation_id
            WHERE payout.state = 'requested' AND operation.state NOT IN ('pending', 'claimed', 'parked')""",
    ),
    Invariant(
        "operation_asks_for_its_rows_sum",
        "Stripe is asked for exactly the sum and the currency of the row.",
        """SELECT operation.key::text, coalesce(params->>'amount', 'nothing') || ' of ' || asked.minor
        FROM payments_operation operation
        JOIN (
            SELECT operation_id, amount_minor AS minor, currency FROM payments_transfer
            UNION ALL SELECT operation_id, amount_minor + fee_minor, NULL FROM payments_refund
            UNION ALL SELECT operation_id, amount_minor, currency FROM payments_payout
        ) AS asked ON asked.operation_id = operation.id
        WHERE coalesce((params->>'amount')::bigint, 0) <> asked.minor
            OR asked.currency <> coalesce(upper(params->>'currency'), '')""",
    ),
    Invariant(
        "ended_hold_rests",
        "Nothing is on its way for a payment that is over.",
        """SELECT operation.key::text, operation.kind || ', hold ' || hold.state FROM payments_operation operation
        JOIN payments_hold hold ON hold.id = operation.hold_id
        WHERE operation.state IN ('pending', 'claimed', 'parked') AND operation.kind = 'transfer.create'
            AND hold.state IN ('released', 'refunded', 'expired', 'awaiting_payment')""",
    ),
    late(
        "no_lease_is_long_over",
        "No worker has kept an operation or an event past its time: the sweep takes them up.",
        """SELECT 'operation ' || key, lease_until::text FROM payments_operation
            WHERE state = 'claimed' AND lease_until < now() - interval '10 minutes'
        UNION ALL SELECT 'event ' || event_id, lease_until::text FROM payments_stripeevent
            WHERE state = 'claimed' AND lease_until < now() - interval '10 minutes'""",
    ),
    late(
        "no_operation_waits_for_hours",
        "What shall be done at Stripe is done within six hours.",
        """SELECT key::text, kind || ': ' || outcome FROM payments_operation
        WHERE state IN ('pending', 'claimed') AND created_at < now() - interval '6 hours'""",
    ),
    late(
        "no_operation_is_parked",
        "No operation waits for a person.",
        "SELECT key::text, kind || ': ' || outcome FROM payments_operation WHERE state = 'parked'",
    ),
    late(
        "no_event_waits_for_hours",
        "What Stripe has told is read within six hours.",
        """SELECT event_id, kind || ': ' || outcome FROM payments_stripeevent
        WHERE state IN ('received', 'claimed') AND created_at < now() - interval '6 hours'""",
    ),
    late(
        "no_event_is_parked",
        "No news from Stripe waits for a person.",
        "SELECT event_id, kind || ': ' || outcome FROM payments_stripeevent WHERE state = 'parked'",
    ),
    late(
        "refund_is_not_left_open",
        "A refund that was refused or came back was sent again, or its money has gone on.",
        """SELECT refund.public_id, refund.state || ': ' || refund.refusal FROM payments_refund refund
        WHERE state IN ('refused', 'failed') AND NOT EXISTS (
            SELECT FROM payments_refund again WHERE again.again_of_id = refund.id
                OR again.checkout_id = refund.checkout_id AND again.id > refund.id
                    AND again.amount_minor + again.fee_minor >= refund.amount_minor + refund.fee_minor
        ) AND EXISTS (
            SELECT FROM payments_checkout checkout
            LEFT JOIN payments_hold hold ON hold.id = checkout.hold_id
            LEFT JOIN payments_wallet wallet ON wallet.id = checkout.wallet_id
            JOIN payments_balance balance ON balance.chart IN ('hold', 'wallet') AND balance.minor > 0
                AND balance.owner = coalesce(hold.public_id, wallet.public_id)
            WHERE checkout.id = refund.checkout_id
        )""",
    ),
    late(
        "evidence_is_taken",
        "What we send to a payer's bank is taken, or sent anew.",
        """SELECT stripe_id, refusal FROM payments_dispute
        WHERE refusal <> '' AND submitted_at IS NULL AND state IN ('inquiry', 'needs_response')""",
    ),
    late(
        "dispute_has_evidence",
        "Three days before a bank's deadline there is something to answer it.",
        """SELECT stripe_id, 'nothing to send by ' || due_at::date FROM payments_dispute
        WHERE evidence = '{}' AND submitted_at IS NULL AND state IN ('inquiry', 'needs_response')
            AND due_at < now() + interval '3 days'""",
    ),
    late(
        "payout_arrives",
        "A payout arrives, or fails, within ten days.",
        """SELECT public_id, state FROM payments_payout
        WHERE state IN ('requested', 'on_its_way') AND created_at < now() - interval '10 days'""",
    ),
    late(
        "books_are_compared_with_stripe",
        "Once there is money, the books are compared with Stripe every night.",
        """SELECT 'reconciliation', coalesce(max(finished_at)::text, 'never') FROM payments_reconciliation
        HAVING coalesce(max(finished_at), '-infinity') < now() - interval '36 hours'
            AND EXISTS (SELECT FROM payments_posting WHERE created_at < now() - interval '36 hours')""",
    ),
)
