"""Invoices: numbered without gaps, and saying what the books say."""

from payments.invariants.shape import Invariant

INVARIANTS = (
    Invariant(
        "invoice_numbers_have_no_gap",
        "The invoices of an issuer and year are numbered 1, 2, 3 … to the last one.",
        """SELECT coalesce(series.issuer_id::text, 'ours') || ' ' || series.year,
            count(invoice.id) || ' invoices, the last is ' || series.last
        FROM payments_invoiceseries series LEFT JOIN payments_invoice invoice
            ON invoice.issuer_id IS NOT DISTINCT FROM series.issuer_id AND invoice.year = series.year
        GROUP BY series.id
        HAVING count(invoice.id) <> series.last OR coalesce(max(invoice.number), 0) <> series.last""",
    ),
    Invariant(
        "invoice_says_what_was_released",
        "An invoice is for exactly what its transfer brought the payee, or for the fee we earned with it.",
        """SELECT invoice.public_id, invoice.amount_minor || ' for ' || transfer.amount_minor || ' + '
            || transfer.fee_minor
        FROM payments_invoice invoice JOIN payments_transfer transfer ON transfer.id = invoice.transfer_id
        WHERE invoice.corrects_id IS NULL AND (
            transfer.state <> 'confirmed' OR invoice.currency <> transfer.currency
            OR invoice.hold_id <> transfer.hold_id OR invoice.about = 'work' AND invoice.issuer_id <> transfer.payee_id
            OR invoice.amount_minor
                <> CASE invoice.about WHEN 'work' THEN transfer.amount_minor ELSE transfer.fee_minor END
        )""",
    ),
    Invariant(
        "credit_notes_fit_their_invoice",
        "Credit notes take no more off an invoice than it was for, and come from a refund of the same payment.",
        """SELECT first.public_id, sum(note.amount_minor) || ' of ' || first.amount_minor
        FROM payments_invoice first JOIN payments_invoice note ON note.corrects_id = first.id
        JOIN payments_refund refund ON refund.id = note.refund_id
        GROUP BY first.id
        HAVING sum(note.amount_minor) > first.amount_minor OR sum(note.tax_minor) > first.tax_minor
            OR bool_or(refund.hold_id <> first.hold_id OR NOT refund.after_release)""",
    ),
    Invariant(
        "invoiced_tax_is_owed",
        "The tax on invoices, less that on credit notes, is what the books say we owe.",
        """SELECT coalesce(booked.currency, invoiced.currency),
            coalesce(booked.minor, 0) || ' of ' || coalesce(invoiced.minor, 0)
        FROM (
            SELECT currency, -sum(minor) AS minor FROM payments_entry WHERE chart = 'tax_payable' GROUP BY currency
        ) AS booked
        FULL JOIN (
            SELECT currency, sum(CASE WHEN corrects_id IS NULL THEN tax_minor ELSE -tax_minor END) AS minor
            FROM payments_invoice WHERE tax_minor > 0 GROUP BY currency
        ) AS invoiced ON invoiced.currency = booked.currency
        WHERE coalesce(booked.minor, 0) <> coalesce(invoiced.minor, 0)""",
    ),
)
