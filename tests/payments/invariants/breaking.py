"""For each invariant, the SQL that breaks it in the story, past every guard of the database."""

from django.db import connection

from payments.invariants import INVARIANTS, check


def change(table: str, to: str, which: str) -> str:
    """Change one row."""
    name = f"payments_{table}"
    return f"UPDATE {name} SET {to} WHERE id = (SELECT max(id) FROM {name} WHERE {which})"  # noqa: S608 - our own words


def dispute(**facts: str) -> str:
    """A bank's dispute of the last payment, which waits for an answer."""
    row = {
        "public_id": "'dispute'", "created_at": "now()", "updated_at": "now()", "stripe_id": "'dp_1'",
        "reason": "'odd'", "amount_minor": "100", "currency": "'EUR'", "state": "'needs_response'",
        "due_at": "now() + interval '9 days'",
        "evidence": "'{}'", "refusal": "''", "checkout_id": "(SELECT max(id) FROM payments_checkout)", **facts,
    }  # fmt: skip
    return f"INSERT INTO payments_dispute ({', '.join(row)}) VALUES ({', '.join(row.values())})"  # noqa: S608 - our own words


BREAKING: dict[str, str] = {
    # the books
    "posting_balances": change("entry", "minor = minor + 1", "chart = 'processing'"),
    "posting_has_entries": (
        "INSERT INTO payments_posting (key, kind, source, created_at) VALUES ('bare', 'odd', '', now())"
    ),
    "balance_is_its_entries": change("balance", "minor = minor + 1", "chart = 'hold'"),
    "balance_not_negative": change("balance", "minor = -1", "chart = 'hold'"),
    "guarded_entry_has_owner": change("entry", "owner = ''", "chart = 'hold'"),
    "money_has_an_owner": change("balance", "owner = 'nobody'", "chart = 'wallet'"),
    "memo_owner_exists": change("balance", "owner = 'nobody'", "chart = 'memo:connected'"),
    "entry_is_in_its_owners_currency": change("entry", "currency = 'USD'", "chart = 'hold'"),
    "move_at_stripe_has_source": change("posting", "source = ''", "kind = 'funded'"),
    "source_booked_once": "UPDATE payments_posting SET source = 'txn_same' WHERE kind = 'release_confirmed'",
    "matched_line_agrees": change("stripeline", "net_minor = net_minor - 1", "matched_at IS NOT NULL"),
    "stripe_is_not_overdrawn": change("entry", "minor = minor - 1000000", "chart = 'stripe'"),
    # holds
    "hold_is_explained": change("balance", "minor = minor - 1", "chart = 'hold' AND minor > 0"),
    "secured_hold_is_full": change("hold", "state = 'secured'", "state = 'released' AND wallet_id IS NULL"),
    "ended_hold_is_empty": change("hold", "state = 'refunded'", "state = 'secured'"),
    "released_hold_went_out_whole": change("transfer", "amount_minor = amount_minor - 1", "state = 'confirmed'"),
    "refunded_hold_went_back_whole": change("hold", "fee_minor = fee_minor + 1", "state = 'refunded'"),
    "no_more_out_than_in": change("transfer", "fee_minor = fee_minor + 1", "state = 'confirmed'"),
    "secured_hold_is_paid_once": change("checkout", "state = 'open'", "state = 'paid' AND hold_id IS NOT NULL"),
    "checkout_is_returned_at_most_once": change("refund", "amount_minor = amount_minor + 1", "late"),
    "late_payment_goes_back": change("refund", "late = false", "late"),
    "paid_checkout_is_booked": change("checkout", "processing_minor = processing_minor + 1", "state = 'paid'"),
    "booked_payment_has_checkout": change("checkout", "charge = 'ch_other'", "state = 'paid'"),
    "hold_tells_its_times": change("hold", "closed_at = now()", "state = 'secured'"),
    "amounts_are_positive": change("payout", "amount_minor = 0", "true"),
    "shares_are_the_amount": change("share", "amount_minor = amount_minor + 1", "true"),
    "unpaid_hold_expires": change("hold", "due_at = now() - interval '3 hours'", "state = 'awaiting_payment'"),
    # wallets
    "wallet_is_explained": change("balance", "minor = minor + 1", "chart = 'wallet'"),
    "drawn_hold_is_paid_in_full": change("draw", "minor = minor - 1", "true"),
    "drawn_hold_is_booked": change("posting", "key = 'lost'", "kind = 'drawn'"),
    "refund_into_wallet_is_left_again": change("draw", "returned_minor = returned_minor + 1", "true"),
    "payment_is_not_drawn_over": change("draw", "minor = minor + 1", "true"),
    "closed_wallet_is_empty": change("wallet", "state = 'closed'", "state = 'open'"),
    # moves
    "transfer_is_booked_as_it_stands": change("posting", "key = 'lost'", "kind = 'release_confirmed'"),
    "refund_is_booked_as_it_stands": change("posting", "key = 'lost'", "kind = 'refund_confirmed'"),
    "payout_is_booked_as_it_stands": change("posting", "key = 'lost'", "kind = 'payout_paid'"),
    "move_is_in_the_holds_currency": change("transfer", "currency = 'USD'", "true"),
    "hold_moves_with_its_transfers": change("transfer", "state = 'sending'", "state = 'confirmed'"),
    "hold_moves_with_its_refunds": change("hold", "state = 'refunded'", "state = 'refunding'"),
    "transit_is_explained": change("balance", "minor = minor + 1", "chart = 'transit'"),
    "refunding_is_explained": change("balance", "minor = minor + 1", "chart = 'refunding'"),
    "payee_got_everything": change("balance", "minor = minor + 1", "chart = 'memo:connected'"),
    "received_is_what_was_sent": change("entry", "minor = minor + 1", "chart = 'memo:received'"),
    "paying_out_is_explained": change("payout", "amount_minor = amount_minor + 1", "state = 'paid'"),
    "arrived_move_is_known_to_stripe": change("transfer", "stripe_id = NULL", "state = 'confirmed'"),
    "stripes_number_is_used_once": "UPDATE payments_checkout SET payment_intent = 'pi_same' WHERE state = 'paid'",
    # papers
    "invoice_numbers_have_no_gap": change("invoice", "number = number + 1", "true"),
    "invoice_says_what_was_released": change("invoice", "amount_minor = amount_minor + 1", "corrects_id IS NULL"),
    "credit_notes_fit_their_invoice": change("invoice", "amount_minor = amount_minor + 10000", "refund_id IS NOT NULL"),
    "invoiced_tax_is_owed": change("invoice", "tax_minor = tax_minor + 1", "about = 'fee'"),
    # disputes
    "taken_money_is_disputed": change("dispute", "state = 'lost', closed_at = now()", "state = 'needs_response'"),
    "taken_hold_is_disputed": change("hold", "state = 'frozen'", "state = 'disputed'"),
    "judged_dispute_tells_its_time": change("dispute", "closed_at = NULL", "state = 'lost'"),
    "verdict_is_booked_as_it_stands": change("posting", "key = 'lost'", "kind = 'dispute_lost'"),
    "claims_are_what_payees_owe": change("claim", "amount_minor = amount_minor + 1", "true"),
    "claim_counts_what_was_reversed": change("claim", "recovered_minor = recovered_minor - 1", "state = 'recovered'"),
    "reversal_is_booked_as_it_stands": change("posting", "key = 'lost'", "kind = 'reversal_confirmed'"),
    "reversing_is_explained": change("balance", "minor = minor + 1", "chart = 'memo:reversing'"),
    # queues
    "one_live_operation_per_slot": "UPDATE payments_operation SET slot = 'same' WHERE state = 'pending'",
    "operation_tells_its_end": change("operation", "settled_at = NULL", "state = 'done'"),
    "operation_moves_its_row": change("operation", "state = 'refused'", "kind = 'transfer.create' AND state = 'done'"),
    "moving_row_has_its_operation": change("operation", "state = 'refused'", "kind = 'payout.create'"),
    "operation_asks_for_its_rows_sum": change("operation", "params = '{}'", "kind = 'payout.create'"),
    "ended_hold_rests": change("operation", "state = 'pending'", "kind = 'transfer.create' AND state = 'done'"),
    "no_lease_is_long_over": change("operation", "state = 'claimed', lease_until = now() - interval '1 hour'", "true"),
    "no_operation_waits_for_hours": change("operation", "created_at = now() - interval '7 hours'", "state = 'pending'"),
    "no_operation_is_parked": change("operation", "state = 'parked'", "state = 'pending'"),
    "no_event_waits_for_hours": change(
        "stripeevent", "state = 'received', created_at = now() - interval '7 hours'", "true"
    ),
    "no_event_is_parked": change("stripeevent", "state = 'parked'", "true"),
    "refund_is_not_left_open": change("refund", "state = 'refused'", "amount_minor = 4000"),
    "evidence_is_taken": dispute(refusal="'too long'"),
    "dispute_has_evidence": dispute(due_at="now() + interval '2 days'"),
    "payout_arrives": change("payout", "created_at = now() - interval '11 days'", "state = 'requested'"),
    "books_are_compared_with_stripe": (
        "UPDATE payments_posting SET created_at = created_at - interval '2 days';"
        "UPDATE payments_reconciliation SET finished_at = finished_at - interval '2 days'"
    ),
    # ageing
    "held_at_most_60_days": change("checkout", "paid_at = now() - interval '61 days'", "hold_id IS NOT NULL"),
    "held_at_most_80_days": change("checkout", "paid_at = now() - interval '81 days'", "hold_id IS NOT NULL"),
    # the reserve
    "reserve_covers_what_is_owed": change("entry", "minor = minor - 300000", "chart = 'stripe'"),
}  # fmt: skip

_GUARDS = """
SELECT format('ALTER TABLE %I DISABLE TRIGGER USER', relname) FROM pg_class
    WHERE relkind = 'r' AND relname LIKE 'payments\\_%'
UNION ALL
SELECT format('ALTER TABLE %s DROP CONSTRAINT %I CASCADE', conrelid::regclass, conname) FROM pg_constraint
    WHERE contype IN ('c', 'u') AND conrelid::regclass::text LIKE 'payments\\_%'
UNION ALL
SELECT format('DROP INDEX %I', indexrelid::regclass::text) FROM pg_index
    WHERE indisunique AND NOT indisprimary AND indrelid::regclass::text LIKE 'payments\\_%'
        AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype <> 'f')
"""


def drop_guards() -> None:
    """The database without triggers, checks and unique indexes, until the test's transaction is rolled back."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(_GUARDS)
        for (statement,) in cursor.fetchall():
            cursor.execute(statement)


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        assert cursor.rowcount > 0, "nothing was broken"


def broken() -> dict[str, str]:
    """Name → what it says, for every rule that does not hold or could not be looked at."""
    looks = check(INVARIANTS, keep=False)
    return {look.invariant.name: f"{look.rows}{look.trouble}" for look in looks if look.rows or look.trouble}
