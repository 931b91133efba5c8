"""Holds: paid once, full while secured, empty when over, and never more out than in."""

from payments.invariants.shape import Invariant, late

# What has gone out of each hold for good or is on its way, and what came in, counted from the rows that decide it.
_FLOWS = """
WITH paid AS (
    SELECT hold_id, sum(total_minor) AS minor FROM payments_checkout WHERE state IN ('paid', 'returned')
    GROUP BY hold_id
), drawn AS (
    SELECT hold_id, sum(minor) AS minor FROM payments_draw GROUP BY hold_id
), back AS (
    SELECT hold_id,
        sum(amount_minor + fee_minor) FILTER (WHERE stands AND NOT after_release) AS minor,
        sum(amount_minor) FILTER (WHERE stands AND NOT late AND NOT after_release) AS amount,
        sum(fee_minor) FILTER (WHERE stands AND NOT late AND NOT after_release) AS fee,
        count(*) FILTER (WHERE NOT stands) AS came_back,
        bool_or(after_release AND NOT stands) AS owed_again
    FROM (SELECT *, state NOT IN ('refused', 'failed') AS stands FROM payments_refund) AS refund GROUP BY hold_id
), onward AS (
    SELECT hold_id, sum(amount_minor) AS amount, sum(fee_minor) AS fee
    FROM payments_transfer WHERE state <> 'refused' GROUP BY hold_id
), flows AS (
    SELECT hold.*, hold.amount_minor + hold.fee_minor AS total,
        coalesce(paid.minor, 0) + coalesce(drawn.minor, 0) AS came_in,
        coalesce(back.minor, 0) AS went_back,
        coalesce(back.amount, 0) AS amount_back, coalesce(back.fee, 0) AS fee_back,
        coalesce(back.came_back, 0) AS came_back, coalesce(back.owed_again, false) AS owed_again,
        coalesce(onward.amount, 0) AS amount_on, coalesce(onward.fee, 0) AS fee_on,
        coalesce(balance.minor, 0) AS held
    FROM payments_hold hold
    LEFT JOIN paid ON paid.hold_id = hold.id
    LEFT JOIN drawn ON drawn.hold_id = hold.id
    LEFT JOIN back ON back.hold_id = hold.id
    LEFT JOIN onward ON onward.hold_id = hold.id
    LEFT JOIN payments_balance balance
        ON balance.chart = 'hold' AND balance.owner = hold.public_id AND balance.currency = hold.currency
)
"""

INVARIANTS = (
    Invariant(
        "hold_is_explained",
        "What lies in a hold is what came in, less what went back and on.",
        _FLOWS
        + """SELECT public_id, held || ' is not ' || (came_in - went_back - amount_on - fee_on) FROM flows
        WHERE held <> came_in - went_back - amount_on - fee_on AND NOT owed_again""",
    ),
    Invariant(
        "secured_hold_is_full",
        "While a payment is secured, all of it is there that has not gone out; and that is not nothing.",
        _FLOWS
        + """SELECT public_id, held || ' of ' || (total - amount_back - fee_back - amount_on - fee_on) FROM flows
        WHERE state IN ('secured', 'frozen', 'disputed')
            AND (held < total - amount_back - fee_back - amount_on - fee_on OR held = 0)""",
    ),
    Invariant(
        "ended_hold_is_empty",
        "Nothing lies in a hold that is over, unless a refund came back.",
        _FLOWS
        + """SELECT public_id, state || ' with ' || held FROM flows
        WHERE state IN ('released', 'refunded', 'expired', 'awaiting_payment') AND held <> 0 AND came_back = 0""",
    ),
    Invariant(
        "released_hold_went_out_whole",
        "What went on to payees and what went back are the whole payment.",
        _FLOWS
        + """SELECT public_id, (amount_on + amount_back) || ' + ' || (fee_on + fee_back) FROM flows
        WHERE state IN ('releasing', 'released') AND came_back = 0
            AND (amount_on + amount_back <> amount_minor OR fee_on + fee_back <> fee_minor)""",
    ),
    Invariant(
        "refunded_hold_went_back_whole",
        "Of a refunded payment everything went back that had not gone on.",
        _FLOWS
        + """SELECT public_id, (amount_on + amount_back) || ' + ' || (fee_on + fee_back) FROM flows
        WHERE state IN ('refunding', 'refunded')
            AND (amount_on + amount_back <> amount_minor OR fee_on + fee_back <> fee_minor)""",
    ),
    Invariant(
        "no_more_out_than_in",
        "No more is refunded and released of a payment than was paid, neither of the amount nor of the fee.",
        _FLOWS
        + """SELECT public_id, (amount_on + amount_back) || ' + ' || (fee_on + fee_back) FROM flows
        WHERE amount_on + amount_back > amount_minor OR fee_on + fee_back > fee_minor""",
    ),
    Invariant(
        "secured_hold_is_paid_once",
        "A payment that was secured has one checkout that counts, or a wallet; one that was not has neither.",
        """SELECT hold.public_id, hold.state || ', paid ' || count(checkout.id)
        FROM payments_hold hold LEFT JOIN payments_checkout checkout
            ON checkout.hold_id = hold.id AND checkout.state = 'paid'
        GROUP BY hold.id
        HAVING count(checkout.id) + (hold.wallet_id IS NOT NULL)::int
            <> (hold.state NOT IN ('awaiting_payment', 'expired'))::int""",
    ),
    Invariant(
        "checkout_is_returned_at_most_once",
        "No more of a payment goes back than it brought.",
        """SELECT checkout.public_id, sum(refund.amount_minor + refund.fee_minor)::text
        FROM payments_refund refund JOIN payments_checkout checkout ON checkout.id = refund.checkout_id
        WHERE refund.state NOT IN ('refused', 'failed')
        GROUP BY checkout.id HAVING sum(refund.amount_minor + refund.fee_minor) > checkout.total_minor""",
    ),
    Invariant(
        "late_payment_goes_back",
        "A payment that came too late has a refund.",
        """SELECT checkout.public_id, checkout.charge FROM payments_checkout checkout
        WHERE state = 'returned' AND NOT EXISTS (
            SELECT FROM payments_refund refund WHERE refund.checkout_id = checkout.id AND refund.late
        )""",
    ),
    Invariant(
        "paid_checkout_is_booked",
        "What was paid is in the books, in full, with what the processing cost.",
        """SELECT checkout.public_id, checkout.state || ' ' || coalesce(checkout.charge, 'no charge')
        FROM payments_checkout checkout
        LEFT JOIN payments_posting posting ON posting.key = 'charge:' || checkout.charge
            AND posting.kind = CASE checkout.state WHEN 'paid' THEN 'funded' ELSE 'paid_too_late' END
        LEFT JOIN payments_entry held ON held.posting_id = posting.id AND held.chart IN ('hold', 'wallet')
        LEFT JOIN payments_entry cost ON cost.posting_id = posting.id AND cost.chart = 'processing'
        WHERE checkout.state IN ('paid', 'returned') AND (
            coalesce(-held.minor, 0) <> checkout.total_minor
            OR coalesce(cost.minor, 0) <> coalesce(checkout.processing_minor, -1) OR checkout.paid_at IS NULL
        )""",
    ),
    Invariant(
        "booked_payment_has_checkout",
        "Every payment in the books has the checkout that brought it.",
        """SELECT posting.key, posting.kind FROM payments_posting posting
        WHERE kind IN ('funded', 'paid_too_late') AND NOT EXISTS (
            SELECT FROM payments_checkout checkout WHERE checkout.charge = substr(posting.key, 8)
                AND checkout.state IN ('paid', 'returned')
                AND (checkout.hold_id, checkout.wallet_id) IS NOT DISTINCT FROM (posting.hold_id, posting.wallet_id)
        )""",
    ),
    Invariant(
        "hold_tells_its_times",
        "A secured payment says since when, and one that is over says since when.",
        """SELECT public_id, state FROM payments_hold
        WHERE (state NOT IN ('awaiting_payment', 'expired') AND secured_at IS NULL)
            OR (state IN ('released', 'refunded', 'expired')) <> (closed_at IS NOT NULL)""",
    ),
    Invariant(
        "amounts_are_positive",
        "Nobody owes, gets or returns less than nothing.",
        """SELECT 'hold ' || public_id, amount_minor || ' + ' || fee_minor FROM payments_hold
            WHERE amount_minor <= 0 OR fee_minor < 0
        UNION ALL SELECT 'transfer ' || public_id, amount_minor || ' + ' || fee_minor FROM payments_transfer
            WHERE amount_minor <= 0 OR fee_minor < 0
        UNION ALL SELECT 'refund ' || public_id, amount_minor || ' + ' || fee_minor FROM payments_refund
            WHERE amount_minor < 0 OR fee_minor < 0 OR amount_minor + fee_minor = 0
        UNION ALL SELECT 'payout ' || public_id, amount_minor::text FROM payments_payout WHERE amount_minor <= 0""",
    ),
    Invariant(
        "shares_are_the_amount",
        "The shares of a payment add up to its amount.",
        """SELECT hold.public_id, sum(share.amount_minor) || ' of ' || hold.amount_minor
        FROM payments_share share JOIN payments_hold hold ON hold.id = share.hold_id
        GROUP BY hold.id HAVING sum(share.amount_minor) <> hold.amount_minor""",
    ),
    late(
        "unpaid_hold_expires",
        "An unpaid payment expires when its time is over, unless a bank debit is on its way.",
        """SELECT public_id, due_at::text FROM payments_hold hold
        WHERE state = 'awaiting_payment' AND due_at < now() - interval '2 hours' AND NOT EXISTS (
            SELECT FROM payments_checkout checkout WHERE checkout.hold_id = hold.id AND checkout.state = 'processing'
        )""",
    ),
)
