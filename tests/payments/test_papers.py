"""Invoices on paper: everything an office looks for, in text that can be read out."""

import io
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from pypdf import PdfReader

from marketplace.kit.money import Money
from payments import services
from payments.models import Invoice
from payments.papers import draw_invoice
from payments.papers.invoice import percent
from tests.plugins.sandbox import Bank

pytestmark = pytest.mark.django_db
WORK = services.Work("One reel about sourdough", "Platform fee: sourdough", "Contract abc", date(2026, 11, 20))


def text_of(invoice: Invoice) -> str:
    reader = PdfReader(io.BytesIO(draw_invoice(Invoice.objects.get(pk=invoice.pk))))
    return "\n".join(page.extract_text() for page in reader.pages)


def issued(bank: Bank) -> list[Invoice]:
    return services.issue_invoices(bank.released().transfers.get(), work=WORK)


def test_the_payees_invoice_says_who_what_when_and_how_much(bank: Bank) -> None:
    work, _fee = issued(bank)

    text = text_of(work)

    for words in (
        "Invoice", work.label, "Mina", "Oat & Ember", "Germany", "20 November 2026", "Contract abc",
        "One reel about sourdough", "€100.00", "Total (EUR)", "Self-billed", "VAT is not computed", work.hold.public_id,
    ):  # fmt: skip
        assert words in text
    assert text.startswith("DEMO")


def test_our_invoice_shows_the_vat_in_the_fee(bank: Bank, settings: Any) -> None:
    settings.OPERATOR = replace(
        settings.OPERATOR,
        name="Goodword GmbH",
        address=("Market Street 1",),
        country="DE",
        vat_id="DE123",
        vat_bps=1900,
    )
    _work, fee = issued(bank)

    text = text_of(fee)

    for words in ("Goodword GmbH", "Market Street 1", "DE123", "€7.56", "VAT 19 %", "€1.44", "€9.00"):
        assert words in text


def test_without_vat_our_invoice_says_so(bank: Bank) -> None:
    _work, fee = issued(bank)

    assert "Demo operator" in text_of(fee)
    assert "No VAT is shown" in text_of(fee)


def test_a_credit_note_names_its_invoice_and_takes_off(bank: Bank) -> None:
    bank.reserve(Money(50_00, "EUR"))
    work, _fee = issued(bank)
    refund = services.take_back(work.hold, amount=Money(40_00, "EUR"), reason="agreed", by=bank.admin())

    note, _fee_note = services.issue_credit_notes(refund)

    for words in ("Credit note", note.label, f"Invoice {work.label} of", "-€40.00"):
        assert words in text_of(note)


def test_a_real_invoice_bears_no_mark(bank: Bank, settings: Any) -> None:
    transfer = bank.released().transfers.get()
    settings.OPERATOR = replace(settings.OPERATOR, name="Goodword GmbH")
    settings.STRIPE_SECRET_KEY = "sk_live_of_nobody"

    work, fee = services.issue_invoices(transfer, work=WORK)

    assert "DEMO" not in text_of(work) + text_of(fee)


def test_the_same_invoice_is_the_same_file(bank: Bank) -> None:
    work, _fee = issued(bank)

    assert draw_invoice(Invoice.objects.get(pk=work.pk)) == draw_invoice(Invoice.objects.get(pk=work.pk))


@pytest.mark.parametrize(("bps", "words"), [(1900, "19"), (810, "8.1"), (775, "7.75"), (0, "0")])
def test_a_rate_is_written_plainly(bps: int, words: str) -> None:
    assert percent(bps) == words
