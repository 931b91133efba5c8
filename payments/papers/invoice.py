"""An invoice or a credit note on paper. In English, whoever looks: it is one document."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from babel import Locale
from babel.dates import format_date

from marketplace.kit.money import Money
from marketplace.kit.paper import Paper
from payments.models import Invoice, InvoiceAbout

DEMO = "DEMO – this is no invoice. No real money moved, or nobody is named who issues it."
SELF_BILLED = (
    "Self-billed: issued by the platform in the name and on account of the seller, with the seller's own number."
)
NO_VAT_OF_SELLER = (
    "VAT is not computed by the platform. The amount is the whole agreed fee; whether it contains VAT, and at which "
    "rate, is for the seller to say."
)
NO_VAT_OF_OURS = "No VAT is shown: the operator has not set any."
BORNE = "The buyer paid this by the secured payment named above; nothing is left to pay."


def draw_invoice(invoice: Invoice) -> bytes:
    """The page. The same invoice always gives the same bytes."""
    paper = Paper(
        f"{title_of(invoice)} {invoice.label}",
        at=datetime.combine(invoice.issued_on, time(), UTC),
        mark=DEMO if invoice.is_demo else "",
    )
    paper.heading(title_of(invoice))
    paper.sides(["Seller", *lines_of(invoice.seller)], ["Buyer", *lines_of(invoice.buyer)])
    paper.facts(facts_of(invoice))
    paper.table(("What", "Amount"), rows_of(invoice), widths=(75, 25), ends={1})
    for note in notes_of(invoice):
        paper.note(note)
    return paper.finish()


def title_of(invoice: Invoice) -> str:
    return "Credit note" if invoice.is_credit_note else "Invoice"


def facts_of(invoice: Invoice) -> list[tuple[str, str]]:
    """The facts that stand above the lines."""
    found = [("Number", invoice.label), ("Date", day(invoice.issued_on)), ("Date of service", day(invoice.served_on))]
    if invoice.corrects is not None:
        found.append(("Takes off", f"Invoice {invoice.corrects.label} of {day(invoice.corrects.issued_on)}"))
    return [*found, ("Agreed in", invoice.reference), ("Payment", invoice.hold.public_id)]


def rows_of(invoice: Invoice) -> list[tuple[str, str]]:
    """The lines and the total; VAT where it is known."""
    sign = -1 if invoice.is_credit_note else 1

    def money(minor: int) -> str:
        return Money(sign * minor, invoice.currency).text()

    rows = [(invoice.text, money(invoice.amount_minor - invoice.tax_minor))]
    if invoice.tax_bps:
        rows.append((f"VAT {percent(invoice.tax_bps)} %", money(invoice.tax_minor)))
    return [*rows, (f"Total ({invoice.currency})", money(invoice.amount_minor))]


def notes_of(invoice: Invoice) -> list[str]:
    """What must be known about it."""
    paid = "The amount goes back the way it was paid." if invoice.is_credit_note else BORNE
    if invoice.about == InvoiceAbout.WORK:
        return [paid, SELF_BILLED, NO_VAT_OF_SELLER]
    return [paid] if invoice.tax_bps else [paid, NO_VAT_OF_OURS]


def percent(bps: int) -> str:
    """1900 basis points are “19”, 810 are “8.1”."""
    return f"{bps // 100}.{bps % 100:02d}".rstrip("0").rstrip(".")


def day(on: date) -> str:
    return str(format_date(on, "d MMMM y", locale="en"))


def country_of(code: str) -> str:
    return str(Locale("en").territories.get(code, code))


def lines_of(party: Mapping[str, Any]) -> list[str]:
    tax = f"Tax number: {party['tax_id']}" if party["tax_id"] else ""
    return [line for line in (party["name"], *party["address"], country_of(party["country"]), tax) if line]
