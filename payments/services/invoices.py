"""Invoices for what was released, and credit notes for what goes back after all.

Both are written in the transaction that books the money. Series are taken in one order for everybody, payees' first and
ours last, so that two settlements never wait for each other in a ring.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from marketplace.kit.errors import Invalid
from marketplace.kit.money import Money
from payments import fees, ledger
from payments.models import Account, Invoice, InvoiceAbout, InvoiceDetails, Refund, Transfer
from payments.parties import is_demo, operator, party_of
from payments.settlement.locks import lock_hold
from payments.states import Chart, TransferState

TEXT, REFERENCE = 1000, 120
PAYEE_PREFIX = 6


@dataclass(frozen=True, slots=True)
class Work:
    """What was done for the money, in the words of whoever knows."""

    text: str
    fee_text: str
    reference: str
    served_on: date


@transaction.atomic
def issue_invoices(transfer: Transfer, *, work: Work) -> list[Invoice]:
    """The payee's invoice for what has arrived, and ours for the fee earned with it; once, however often asked."""
    lock_hold(transfer.hold_id)
    if transfer.state != TransferState.CONFIRMED or transfer.invoices.filter(corrects=None).exists():
        return []
    hold = transfer.hold
    about: dict[str, Any] = {"hold": hold, "transfer": transfer, "recipient": hold.payer, "buyer": party_of(hold.payer)}
    made = [
        _write(
            issuer=transfer.payee, about=InvoiceAbout.WORK, amount=transfer.amount, text=work.text,
            seller=party_of(transfer.payee), work=work, **about,
        )
    ]  # fmt: skip
    if transfer.fee:
        bps = settings.OPERATOR.vat_bps
        made.append(
            _write(
                issuer=None, about=InvoiceAbout.FEE, amount=transfer.fee, text=work.fee_text, seller=operator(),
                work=work, tax=fees.tax_within(transfer.fee, bps=bps), tax_bps=bps, **about,
            )
        )  # fmt: skip
    return made


@transaction.atomic
def issue_credit_notes(refund: Refund) -> list[Invoice]:
    """What a refund after the release takes off the invoices: each payee's claim, then our fee. Once per refund."""
    hold = refund.hold
    if hold is None or not refund.after_release:
        return []
    lock_hold(hold.pk)
    if refund.credit_notes.exists():
        return []
    first = hold.invoices.filter(corrects=None).select_related("issuer", "recipient", "hold", "transfer").order_by("pk")
    notes: list[Invoice] = []
    for claim in refund.claims.order_by("payee_id", "pk"):
        notes += _credit(first.filter(about=InvoiceAbout.WORK, issuer=claim.payee_id), refund, claim.amount)
    fee = Money(refund.fee_minor, refund.currency)
    return notes + _credit(first.filter(about=InvoiceAbout.FEE), refund, fee)


def _credit(invoices: Iterable[Invoice], refund: Refund, amount: Money) -> list[Invoice]:
    """Take this amount off these invoices, in their order, each at most as far as it goes."""
    notes: list[Invoice] = []
    for first in invoices:
        left, tax_left = _left(first)
        part = min(amount, left, key=lambda money: money.minor)
        if part:
            tax = fees.tax_within(part, bps=first.tax_bps)
            notes.append(_correct(first, refund, part, tax_left if part == left else tax))
            amount -= part
    return notes


def _left(first: Invoice) -> tuple[Money, Money]:
    """What of an invoice, and of the tax in it, no credit note has taken off."""
    gone = first.credit_notes.aggregate(amount=Sum("amount_minor", default=0), tax=Sum("tax_minor", default=0))
    return first.amount - Money(gone["amount"], first.currency), first.tax - Money(gone["tax"], first.currency)


def _correct(first: Invoice, refund: Refund, amount: Money, tax: Money) -> Invoice:
    work = Work(text="", fee_text="", reference=first.reference, served_on=first.served_on)
    return _write(
        issuer=first.issuer, recipient=first.recipient, about=InvoiceAbout(first.about), amount=amount, tax=tax,
        tax_bps=first.tax_bps, text=first.text, work=work, seller=first.seller, buyer=first.buyer, hold=first.hold,
        transfer=first.transfer, corrects=first, refund=refund,
    )  # fmt: skip


def _write(
    *, issuer: Account | None, amount: Money, work: Work, text: str, tax: Money | None = None, **facts: Any
) -> Invoice:
    """One row; PostgreSQL gives it the next number of its series."""
    today = timezone.now().date()
    invoice = Invoice.objects.create(
        issuer=issuer, year=today.year, issued_on=today, served_on=work.served_on, amount_minor=amount.minor,
        tax_minor=tax.minor if tax else 0, currency=amount.currency, text=text[:TEXT],
        reference=work.reference[:REFERENCE], is_demo=is_demo(),
        prefix=issuer.public_id[:PAYEE_PREFIX].upper() if issuer else settings.OPERATOR.prefix[:20], **facts,
    )  # fmt: skip
    invoice.refresh_from_db(fields=["number"])
    _book_tax(invoice)
    return invoice


def _book_tax(invoice: Invoice) -> None:
    """The tax that our fee contains is not ours: it is owed, or owed no more."""
    if not invoice.tax:
        return
    owed = -invoice.tax if invoice.is_credit_note else invoice.tax
    ledger.post(
        [ledger.debit(Chart.PLATFORM_FEE, owed), ledger.credit(Chart.TAX_PAYABLE, owed)],
        key=f"invoice:{invoice.public_id}:tax",
        kind="tax_credited" if invoice.is_credit_note else "tax_owed",
        hold=invoice.hold,
    )


@transaction.atomic
def change_invoice_details(account: Account, *, name: str, address: str, tax_id: str) -> InvoiceDetails:
    """What later invoices say about this account; those that are issued stay as they are."""
    lines = [line.strip() for line in address.splitlines() if line.strip()]
    if not name.strip():
        raise Invalid.at("name", "no_name", "Write the name for invoices.")
    values = {"name": name.strip(), "address": "\n".join(lines), "tax_id": tax_id.strip()}
    details, _made = InvoiceDetails.objects.update_or_create(account=account, defaults=values)
    return details
