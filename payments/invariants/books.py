"""The books themselves: balanced, complete, about somebody, and each move at Stripe booked once."""

from payments.invariants.shape import Invariant, late
from payments.states import GUARDED

_GUARDED = ", ".join(f"'{chart.value}'" for chart in GUARDED)

INVARIANTS = (
    Invariant(
        "posting_balances",
        "Every posting balances in each currency and in each book.",
        """SELECT posting.key, wrong.currency || ' ' || wrong.minor
        FROM (
            SELECT posting_id, currency, sum(minor) AS minor FROM payments_entry
            GROUP BY posting_id, currency, chart LIKE 'memo:%' HAVING sum(minor) <> 0
        ) AS wrong JOIN payments_posting posting ON posting.id = wrong.posting_id""",
    ),
    Invariant(
        "posting_has_entries",
        "Every posting has entries.",
        """SELECT key, 'no entries' FROM payments_posting posting
        WHERE NOT EXISTS (SELECT FROM payments_entry entry WHERE entry.posting_id = posting.id)""",
    ),
    Invariant(
        "balance_is_its_entries",
        "Every balance is the sum of its entries, and every guarded account with entries has one.",
        f"""SELECT coalesce(kept.chart, sums.chart) || ' ' || coalesce(kept.owner, sums.owner),
            coalesce(kept.minor, 0) || ' is not ' || coalesce(sums.minor, 0)
        FROM payments_balance kept
        FULL JOIN (
            SELECT chart, owner, currency, -sum(minor) AS minor FROM payments_entry
            WHERE chart IN ({_GUARDED}) GROUP BY chart, owner, currency
        ) AS sums USING (chart, owner, currency)
        WHERE coalesce(kept.minor, 0) <> coalesce(sums.minor, 0)""",
    ),
    Invariant(
        "balance_not_negative",
        "No guarded account is below zero.",
        "SELECT chart || ' ' || owner, currency || ' ' || minor FROM payments_balance WHERE minor < 0",
    ),
    Invariant(
        "guarded_entry_has_owner",
        "Every entry on a guarded account says whose it is.",
        f"SELECT id::text, chart FROM payments_entry WHERE owner = '' AND chart IN ({_GUARDED})",
    ),
    Invariant(
        "money_has_an_owner",
        "Money that is held, released, put aside or on its way back belongs to a hold or a wallet that exists.",
        """SELECT chart || ' ' || owner, currency || ' ' || minor FROM payments_balance balance
        WHERE chart IN ('hold', 'transit', 'refunding', 'wallet')
            AND NOT (chart <> 'wallet' AND EXISTS (SELECT FROM payments_hold WHERE public_id = owner))
            AND NOT (
                chart IN ('refunding', 'wallet') AND EXISTS (SELECT FROM payments_wallet WHERE public_id = owner)
            )""",
    ),
    Invariant(
        "memo_owner_exists",
        "Money at payees' accounts belongs to a payee whom Stripe knows.",
        """SELECT chart || ' ' || owner, currency || ' ' || minor FROM payments_balance balance
        WHERE chart LIKE 'memo:%' AND NOT EXISTS (
            SELECT FROM payments_account account
            WHERE account.public_id = balance.owner AND account.kind = 'payee' AND account.stripe_account_id <> ''
        )""",
    ),
    Invariant(
        "entry_is_in_its_owners_currency",
        "What is booked for a hold or a wallet is in its currency.",
        """SELECT posting.key, entry.currency || ' is not ' || coalesce(hold.currency, wallet.currency)
        FROM payments_posting posting
        LEFT JOIN payments_hold hold ON hold.id = posting.hold_id
        LEFT JOIN payments_wallet wallet ON wallet.id = posting.wallet_id
        JOIN payments_entry entry ON entry.posting_id = posting.id
        WHERE entry.currency <> hold.currency OR entry.currency <> wallet.currency""",
    ),
    Invariant(
        "move_at_stripe_has_source",
        "Every posting on Stripe's account names Stripe's balance transaction.",
        """SELECT key, kind FROM payments_posting posting WHERE source = ''
            AND EXISTS (SELECT FROM payments_entry entry WHERE entry.posting_id = posting.id AND chart = 'stripe')""",
    ),
    Invariant(
        "source_booked_once",
        "Each of Stripe's balance transactions is booked once.",
        """SELECT source, string_agg(key, ', ') FROM payments_posting WHERE source <> ''
        GROUP BY source HAVING count(*) > 1""",
    ),
    Invariant(
        "matched_line_agrees",
        "What was matched with Stripe's list is still the same.",
        """SELECT line.stripe_id, line.currency || ' ' || line.net_minor
        FROM payments_stripeline line
        LEFT JOIN payments_posting posting ON posting.source = line.stripe_id
        LEFT JOIN payments_entry entry ON entry.posting_id = posting.id AND entry.chart = 'stripe'
            AND entry.currency = line.currency
        WHERE line.matched_at IS NOT NULL
        GROUP BY line.id HAVING coalesce(sum(entry.minor), 0) <> line.net_minor""",
    ),
    late(
        "stripe_is_not_overdrawn",
        "Our balance at Stripe is not below zero by our books.",
        """SELECT currency, sum(minor)::text FROM payments_entry WHERE chart = 'stripe'
        GROUP BY currency HAVING sum(minor) < 0""",
    ),
)
