"""What goes out: every state of a transfer, refund or payout has its postings, and the clearing accounts add up."""

from payments.invariants.shape import Invariant

INVARIANTS = (
    Invariant(
        "transfer_is_booked_as_it_stands",
        "Every transfer has the postings of its state, and no others.",
        """SELECT transfer.public_id, transfer.state || ' with ' || coalesce(posting.steps, 'nothing')
        FROM payments_transfer transfer CROSS JOIN LATERAL (
            SELECT string_agg(split_part(key, ':', 3), ' ' ORDER BY id) AS steps FROM payments_posting WHERE key IN (
                'transfer:' || transfer.public_id || ':reserve', 'transfer:' || transfer.public_id || ':confirm',
                'transfer:' || transfer.public_id || ':refuse')
        ) AS posting
        WHERE coalesce(posting.steps, '') <> CASE transfer.state
            WHEN 'confirmed' THEN 'reserve confirm' WHEN 'refused' THEN 'reserve refuse' ELSE 'reserve' END""",
    ),
    Invariant(
        "refund_is_booked_as_it_stands",
        "Every refund has the postings of its state, and no others.",
        """SELECT refund.public_id, refund.state || ' with ' || coalesce(posting.steps, 'nothing')
        FROM payments_refund refund CROSS JOIN LATERAL (
            SELECT string_agg(split_part(key, ':', 3), ' ' ORDER BY id) AS steps FROM payments_posting WHERE key IN (
                'refund:' || refund.public_id || ':reserve', 'refund:' || refund.public_id || ':confirm',
                'refund:' || refund.public_id || ':refuse', 'refund:' || refund.public_id || ':fail',
                'refund:' || refund.public_id || ':wallet')
        ) AS posting
        WHERE coalesce(posting.steps, '') <> CASE WHEN refund.dispute_id IS NOT NULL THEN ''
            WHEN refund.checkout_id IS NULL THEN 'wallet' WHEN refund.state = 'succeeded' THEN 'reserve confirm'
            WHEN refund.state = 'refused' THEN 'reserve refuse' WHEN refund.state = 'failed' THEN 'reserve confirm fail'
            ELSE 'reserve' END""",
    ),
    Invariant(
        "payout_is_booked_as_it_stands",
        "Every payout has the postings of its state, and no others.",
        """SELECT payout.public_id, payout.state || ' with ' || coalesce(posting.steps, 'nothing')
        FROM payments_payout payout CROSS JOIN LATERAL (
            SELECT string_agg(split_part(key, ':', 3), ' ' ORDER BY id) AS steps FROM payments_posting WHERE key IN (
                'payout:' || payout.public_id || ':reserve', 'payout:' || payout.public_id || ':paid',
                'payout:' || payout.public_id || ':refuse', 'payout:' || payout.public_id || ':failed')
        ) AS posting
        WHERE NOT coalesce(posting.steps, '') = ANY (CASE payout.state
            WHEN 'paid' THEN ARRAY['reserve paid'] WHEN 'refused' THEN ARRAY['reserve refuse']
            WHEN 'failed' THEN ARRAY['reserve failed', 'reserve paid failed'] ELSE ARRAY['reserve'] END)""",
    ),
    Invariant(
        "move_is_in_the_holds_currency",
        "A hold's transfers and refunds are in its currency, and its transfers go to those who have a share.",
        """SELECT 'transfer ' || transfer.public_id, transfer.currency || ' of ' || hold.currency
        FROM payments_transfer transfer JOIN payments_hold hold ON hold.id = transfer.hold_id
        WHERE transfer.currency <> hold.currency OR transfer.payee_id <> hold.payee_id AND NOT EXISTS (
            SELECT FROM payments_share share WHERE share.hold_id = hold.id AND share.payee_id = transfer.payee_id
        )
        UNION ALL SELECT 'refund ' || refund.public_id, refund.currency
        FROM payments_refund refund
        LEFT JOIN payments_hold hold ON hold.id = refund.hold_id
        LEFT JOIN payments_wallet wallet ON wallet.id = refund.wallet_id
        WHERE refund.currency <> hold.currency OR refund.currency <> wallet.currency""",
    ),
    Invariant(
        "hold_moves_with_its_transfers",
        "A payment is on its way while a transfer is, released when all have arrived, else only in part by shares.",
        """SELECT hold.public_id, hold.state || ' with ' || coalesce(string_agg(transfer.state, ' '), 'no transfer')
        FROM payments_hold hold LEFT JOIN payments_transfer transfer
            ON transfer.hold_id = hold.id AND transfer.state <> 'refused'
        GROUP BY hold.id
        HAVING CASE hold.state
            WHEN 'releasing' THEN NOT coalesce(bool_or(transfer.state IN ('waiting', 'sending')), false)
            WHEN 'released' THEN NOT coalesce(bool_and(transfer.state = 'confirmed'), false)
            ELSE count(transfer.id) > 0
                AND NOT EXISTS (SELECT FROM payments_share share WHERE share.hold_id = hold.id) END""",
    ),
    Invariant(
        "hold_moves_with_its_refunds",
        "A payment is on its way back while a refund is, and refunded only when none is.",
        """SELECT hold.public_id, hold.state || ' with ' || coalesce(string_agg(refund.state, ' '), 'no refund')
        FROM payments_hold hold LEFT JOIN payments_refund refund
            ON refund.hold_id = hold.id AND NOT refund.late AND refund.state IN ('sending', 'succeeded')
        WHERE hold.state IN ('refunding', 'refunded')
        GROUP BY hold.id
        HAVING (hold.state = 'refunding') <> coalesce(bool_or(refund.state = 'sending'), false)
            OR count(refund.id) = 0""",
    ),
    Invariant(
        "transit_is_explained",
        "What was released and has not arrived belongs to transfers that are still going out.",
        """SELECT coalesce(balance.owner, going.public_id),
            coalesce(balance.minor, 0) || ' of ' || coalesce(going.minor, 0)
        FROM (SELECT * FROM payments_balance WHERE chart = 'transit' AND minor <> 0) AS balance
        FULL JOIN (
            SELECT hold.public_id, transfer.currency, sum(transfer.amount_minor) AS minor
            FROM payments_transfer transfer JOIN payments_hold hold ON hold.id = transfer.hold_id
            WHERE transfer.state IN ('waiting', 'sending') GROUP BY hold.public_id, transfer.currency
        ) AS going ON going.public_id = balance.owner AND going.currency = balance.currency
        WHERE coalesce(balance.minor, 0) <> coalesce(going.minor, 0)""",
    ),
    Invariant(
        "refunding_is_explained",
        "What is on its way back belongs to refunds that are still going out.",
        """SELECT coalesce(balance.owner, going.public_id),
            coalesce(balance.minor, 0) || ' of ' || coalesce(going.minor, 0)
        FROM (SELECT * FROM payments_balance WHERE chart = 'refunding' AND minor <> 0) AS balance
        FULL JOIN (
            SELECT coalesce(hold.public_id, wallet.public_id) AS public_id, refund.currency,
                sum(refund.amount_minor + refund.fee_minor) AS minor
            FROM payments_refund refund
            LEFT JOIN payments_hold hold ON hold.id = refund.hold_id
            LEFT JOIN payments_wallet wallet ON wallet.id = refund.wallet_id
            WHERE refund.state = 'sending' GROUP BY 1, refund.currency
        ) AS going ON going.public_id = balance.owner AND going.currency = balance.currency
        WHERE coalesce(balance.minor, 0) <> coalesce(going.minor, 0)""",
    ),
    Invariant(
        "payee_got_everything",
        "What a payee has at Stripe, on the way to the bank and at the bank is what arrived, less reversals and fees.",
        """SELECT coalesce(memo.owner, got.public_id), coalesce(memo.minor, 0) || ' of ' || coalesce(got.minor, 0)
        FROM (
            SELECT owner, currency, sum(minor) AS minor FROM payments_balance WHERE chart LIKE 'memo:%'
            GROUP BY owner, currency
        ) AS memo
        FULL JOIN (
            SELECT account.public_id, moved.currency, sum(moved.minor) AS minor FROM (
                SELECT payee_id, currency, amount_minor AS minor FROM payments_transfer WHERE state = 'confirmed'
                UNION ALL SELECT claim.payee_id, reversal.currency, -reversal.amount_minor
                FROM payments_reversal reversal JOIN payments_claim claim ON claim.id = reversal.claim_id
                WHERE reversal.state = 'confirmed'
                UNION ALL SELECT account_id, currency, fee_returned_minor - fee_minor FROM payments_payout
                WHERE fee_stripe_id IS NOT NULL
            ) AS moved JOIN payments_account account ON account.id = moved.payee_id
            GROUP BY account.public_id, moved.currency
        ) AS got ON got.public_id = memo.owner AND got.currency = memo.currency
        WHERE coalesce(memo.minor, 0) <> coalesce(got.minor, 0)""",
    ),
    Invariant(
        "received_is_what_was_sent",
        "The memo book has received what transfers have brought, and reversals and fees have not taken.",
        """SELECT coalesce(memo.currency, sent.currency), coalesce(memo.minor, 0) || ' of ' || coalesce(sent.minor, 0)
        FROM (
            SELECT currency, sum(minor) AS minor FROM payments_entry WHERE chart = 'memo:received' GROUP BY currency
        ) AS memo
        FULL JOIN (
            SELECT currency, sum(minor) AS minor FROM (
                SELECT currency, amount_minor AS minor FROM payments_transfer WHERE state = 'confirmed'
                UNION ALL SELECT currency, -amount_minor FROM payments_reversal WHERE state = 'confirmed'
                UNION ALL SELECT currency, fee_returned_minor - fee_minor FROM payments_payout
                WHERE fee_stripe_id IS NOT NULL
            ) AS moved GROUP BY currency
        ) AS sent ON sent.currency = memo.currency
        WHERE coalesce(memo.minor, 0) <> coalesce(sent.minor, 0)""",
    ),
    Invariant(
        "paying_out_is_explained",
        "What is on its way to banks, or arrived there, belongs to payouts, with the fees that are not taken yet.",
        """SELECT coalesce(memo.chart, going.chart) || ' ' || coalesce(memo.owner, going.public_id),
            coalesce(memo.minor, 0) || ' of ' || coalesce(going.minor, 0)
        FROM (
            SELECT * FROM payments_balance WHERE chart IN ('memo:paying_out', 'memo:paid_out') AND minor <> 0
        ) AS memo
        FULL JOIN (
            SELECT moved.chart, account.public_id, moved.currency, sum(moved.minor) AS minor
            FROM (
                SELECT CASE state WHEN 'paid' THEN 'memo:paid_out' ELSE 'memo:paying_out' END AS chart, account_id,
                    currency, amount_minor AS minor
                FROM payments_payout WHERE state IN ('requested', 'on_its_way', 'paid')
                UNION ALL SELECT 'memo:paying_out', account_id, currency, fee_minor
                FROM payments_payout WHERE fee_minor > 0 AND fee_stripe_id IS NULL AND state <> 'refused'
            ) AS moved JOIN payments_account account ON account.id = moved.account_id GROUP BY 1, 2, 3
        ) AS going ON going.chart = memo.chart AND going.public_id = memo.owner AND going.currency = memo.currency
        WHERE coalesce(memo.minor, 0) <> coalesce(going.minor, 0)""",
    ),
    Invariant(
        "arrived_move_is_known_to_stripe",
        "What has arrived has Stripe's number and its time.",
        """SELECT 'transfer ' || public_id, state FROM payments_transfer
            WHERE state = 'confirmed' AND (stripe_id IS NULL OR confirmed_at IS NULL)
        UNION ALL SELECT 'refund ' || public_id, state FROM payments_refund
            WHERE state IN ('succeeded', 'failed')
                AND (confirmed_at IS NULL OR stripe_id IS NULL AND checkout_id IS NOT NULL AND dispute_id IS NULL)
        UNION ALL SELECT 'payout ' || public_id, state FROM payments_payout
            WHERE (state IN ('on_its_way', 'paid', 'failed') AND stripe_id IS NULL)
                OR (state = 'paid' AND paid_at IS NULL)""",
    ),
    Invariant(
        "stripes_number_is_used_once",
        "No two rows stand for the same thing at Stripe.",
        """SELECT stripe_id, count(*)::text FROM (
            SELECT stripe_id FROM payments_transfer UNION ALL SELECT stripe_id FROM payments_refund
            UNION ALL SELECT stripe_id FROM payments_payout UNION ALL SELECT charge FROM payments_checkout
            UNION ALL SELECT payment_intent FROM payments_checkout UNION ALL SELECT stripe_id FROM payments_checkout
            UNION ALL SELECT stripe_account_id FROM payments_account
            UNION ALL SELECT stripe_customer_id FROM payments_account
        ) AS numbers WHERE stripe_id IS NOT NULL GROUP BY stripe_id HAVING count(*) > 1""",
    ),
)
