"""What banks take back, and what payees owe because of it: every sum belongs to a dispute, a claim or a reversal."""

from payments.invariants.shape import Invariant

# What each bank has by our books and nobody has borne yet.
_TAKEN = """
WITH taken AS (
    SELECT split_part(posting.key, ':', 2) AS stripe_id, entry.currency, sum(entry.minor) AS minor
    FROM payments_entry entry JOIN payments_posting posting ON posting.id = entry.posting_id
    WHERE entry.chart = 'receivable:dispute' GROUP BY 1, 2
)
"""

INVARIANTS = (
    Invariant(
        "taken_money_is_disputed",
        "What banks have taken and nobody bears belongs to disputes that are not judged, or won a few days ago.",
        _TAKEN
        + """SELECT taken.stripe_id, coalesce(dispute.state, 'no dispute') || ' with ' || taken.minor FROM taken
        LEFT JOIN payments_dispute dispute USING (stripe_id, currency)
        WHERE taken.minor < 0 OR taken.minor > 0 AND (
            dispute.id IS NULL OR dispute.state IN ('lost', 'closed')
            OR dispute.state = 'won' AND dispute.closed_at < now() - interval '10 days'
        )""",
    ),
    Invariant(
        "taken_hold_is_disputed",
        "A payment that a bank has taken is not secured before it has judged, and one is disputed only until then.",
        _TAKEN
        + """, about AS (
            SELECT hold_id, id AS checkout_id FROM payments_checkout WHERE state = 'paid' AND hold_id IS NOT NULL
            UNION ALL SELECT hold_id, checkout_id FROM payments_draw WHERE returned_minor < minor
        ), undecided AS (
            SELECT about.hold_id, bool_or(coalesce(taken.minor, 0) > 0) AS is_taken
            FROM payments_dispute dispute JOIN about USING (checkout_id) LEFT JOIN taken USING (stripe_id)
            WHERE dispute.state IN ('needs_response', 'under_review', 'appealed') GROUP BY about.hold_id
        )
        SELECT hold.public_id, hold.state FROM payments_hold hold LEFT JOIN undecided ON undecided.hold_id = hold.id
        WHERE hold.state = 'disputed' AND undecided.hold_id IS NULL
            OR hold.state IN ('secured', 'frozen') AND undecided.is_taken""",
    ),
    Invariant(
        "judged_dispute_tells_its_time",
        "A dispute says since when it is judged.",
        """SELECT stripe_id, state FROM payments_dispute
        WHERE (state IN ('won', 'lost', 'closed')) <> (closed_at IS NOT NULL)""",
    ),
    Invariant(
        "verdict_is_booked_as_it_stands",
        "What a verdict took out of a hold or wallet is booked, and what it gave back is, too.",
        """SELECT refund.public_id, refund.state || ' with ' || coalesce(posting.steps, 'nothing')
        FROM payments_refund refund JOIN payments_dispute dispute ON dispute.id = refund.dispute_id
        CROSS JOIN LATERAL (
            SELECT string_agg(split_part(key, ':', 3), ' ' ORDER BY id) AS steps FROM payments_posting WHERE key IN (
                'dispute:' || dispute.stripe_id || ':lost:' || refund.public_id,
                'dispute:' || dispute.stripe_id || ':back:' || refund.public_id)
        ) AS posting
        WHERE coalesce(posting.steps, '') <> CASE refund.state WHEN 'failed' THEN 'lost back' ELSE 'lost' END""",
    ),
    Invariant(
        "claims_are_what_payees_owe",
        "What payees owe is what was claimed of them, less what came back, was written off or is no longer owed.",
        """SELECT coalesce(booked.currency, claimed.currency),
            coalesce(booked.minor, 0) || ' of ' || coalesce(claimed.minor, 0)
        FROM (
            SELECT currency, sum(minor) AS minor FROM payments_entry WHERE chart = 'receivable:payee' GROUP BY currency
        ) AS booked
        FULL JOIN (
            SELECT currency, sum(CASE WHEN state IN ('written_off', 'cancelled') THEN 0
                ELSE amount_minor - recovered_minor END) AS minor
            FROM payments_claim GROUP BY currency
        ) AS claimed ON claimed.currency = booked.currency
        WHERE coalesce(booked.minor, 0) <> coalesce(claimed.minor, 0)""",
    ),
    Invariant(
        "claim_counts_what_was_reversed",
        "A claim has recovered what reversals have brought, and is closed when that is all of it.",
        """SELECT claim.public_id, claim.state || ' ' || claim.recovered_minor || ' of ' || coalesce(back.minor, 0)
        FROM payments_claim claim LEFT JOIN (
            SELECT claim_id, sum(amount_minor) AS minor FROM payments_reversal WHERE state = 'confirmed'
            GROUP BY claim_id
        ) AS back ON back.claim_id = claim.id
        WHERE claim.recovered_minor <> coalesce(back.minor, 0)
            OR (claim.state = 'recovered') <> (claim.recovered_minor = claim.amount_minor)""",
    ),
    Invariant(
        "reversal_is_booked_as_it_stands",
        "Every reversal has the postings of its state, and no others, and its operation stands alike.",
        """SELECT reversal.public_id, reversal.state || ' with ' || coalesce(posting.steps, 'nothing')
            || ', operation ' || operation.state
        FROM payments_reversal reversal JOIN payments_operation operation ON operation.id = reversal.operation_id
        CROSS JOIN LATERAL (
            SELECT string_agg(split_part(key, ':', 3), ' ' ORDER BY id) AS steps FROM payments_posting WHERE key IN (
                'reversal:' || reversal.public_id || ':reserve', 'reversal:' || reversal.public_id || ':confirm',
                'reversal:' || reversal.public_id || ':refuse')
        ) AS posting
        WHERE coalesce(posting.steps, '') <> CASE reversal.state
                WHEN 'confirmed' THEN 'reserve confirm' WHEN 'refused' THEN 'reserve refuse' ELSE 'reserve' END
            OR reversal.state <> CASE operation.state
                WHEN 'done' THEN 'confirmed' WHEN 'refused' THEN 'refused' ELSE 'sending' END""",
    ),
    Invariant(
        "reversing_is_explained",
        "What is on its way back from a payee's account belongs to reversals that are still going out.",
        """SELECT coalesce(memo.owner, going.public_id), coalesce(memo.minor, 0) || ' of ' || coalesce(going.minor, 0)
        FROM (SELECT * FROM payments_balance WHERE chart = 'memo:reversing' AND minor <> 0) AS memo
        FULL JOIN (
            SELECT account.public_id, reversal.currency, sum(reversal.amount_minor) AS minor
            FROM payments_reversal reversal JOIN payments_claim claim ON claim.id = reversal.claim_id
            JOIN payments_account account ON account.id = claim.payee_id
            WHERE reversal.state = 'sending' GROUP BY account.public_id, reversal.currency
        ) AS going ON going.public_id = memo.owner AND going.currency = memo.currency
        WHERE coalesce(memo.minor, 0) <> coalesce(going.minor, 0)""",
    ),
)
