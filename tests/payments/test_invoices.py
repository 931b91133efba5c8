"""Invoices: numbered without gaps, exactly what the books say, never changed; refunds make credit notes."""

import threading
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, connection, connections, transaction

from marketplace.kit.errors import Invalid
from marketplace.kit.money import Money
from payments import fees, ledger, services
from payments.models import Hold, Invoice, InvoiceSeries, Transfer
from payments.services.invoices import change_invoice_details
from payments.states import Chart
from tests.plugins.sandbox import Bank

pytestmark = pytest.mark.django_db

WORK = services.Work("One reel about sourdough", "Platform fee: sourdough", "Contract abc", date(2026, 11, 20))
COLUMNS = (
    "issuer_id, recipient_id, about, year, prefix, issued_on, served_on, amount_minor, tax_minor, tax_bps, currency,"
    " text, reference, seller, buyer, is_demo, hold_id, transfer_id, corrects_id, refund_id"
)


@pytest.fixture
def taxed(settings: Any) -> None:
    """An operator with a name and 19 % VAT in the fee."""
    settings.OPERATOR = replace(settings.OPERATOR, name="Goodword GmbH", vat_bps=1900, prefix="GW")


def euros(minor: int) -> Money:
    return Money(minor, "EUR")


def invoiced(bank: Bank, **parties: Any) -> list[Invoice]:
    """A released payment of €100.00 and €9.00 with its two invoices: the payee's, ours."""
    return services.issue_invoices(bank.released(**parties).transfers.get(), work=WORK)


def numbers(issuer: Any = None) -> list[int]:
    return sorted(Invoice.objects.filter(issuer=issuer).values_list("number", flat=True))


def sql(statement: str) -> None:
    """Run it, and everything that PostgreSQL checks only at the end."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def copy(number: int = 1, *, behind: str = "", **other: str) -> str:
    """Write the first invoice once more, with other columns; what is unique about it is taken off before."""
    columns = ["public_id", "created_at", "updated_at", "number", *COLUMNS.split(", ")]
    values = ["substr(md5(random()::text), 1, 14)", "now()", "now()", str(number), *COLUMNS.split(", ")]
    picked = [other.get(column, value) for column, value in zip(columns, [c.strip() for c in values], strict=True)]
    return (
        f"INSERT INTO payments_invoice ({', '.join(columns)}) SELECT {', '.join(picked)} FROM payments_invoice"  # noqa: S608
        f" WHERE id = (SELECT min(id) FROM payments_invoice) {behind}"
    )


def test_a_release_is_invoiced_by_both_sides_to_the_payer(bank: Bank) -> None:
    work, fee = invoiced(bank)

    assert (work.amount, work.issuer, work.recipient) == (euros(100_00), work.transfer.payee, work.hold.payer)
    assert (fee.amount, fee.issuer, fee.recipient) == (euros(9_00), None, work.hold.payer)
    assert (work.text, fee.text, fee.reference) == (WORK.text, WORK.fee_text, WORK.reference)
    assert (work.seller["name"], work.buyer["name"], work.seller["country"]) == ("Mina", "Oat & Ember", "DE")
    assert (fee.tax, fee.net, work.tax) == (euros(0), euros(9_00), euros(0))
    assert fee.is_demo
    assert ledger.balance(Chart.TAX_PAYABLE, "EUR") == euros(0)


def test_a_release_is_invoiced_once(bank: Bank) -> None:
    work, _fee = invoiced(bank)

    assert services.issue_invoices(work.transfer, work=WORK) == []
    assert Invoice.objects.count() == 2


def test_what_has_not_arrived_is_not_invoiced(bank: Bank) -> None:
    hold = bank.secured(payee=bank.payee(onboarded=False))
    transfer = services.release(hold)

    assert services.issue_invoices(transfer, work=WORK) == []


def test_without_a_fee_there_is_no_invoice_for_it(bank: Bank, settings: Any) -> None:
    settings.PLATFORM_FEE_BPS = 0

    (work,) = invoiced(bank)

    assert work.about == "work"


def test_numbers_count_per_issuer_and_year(bank: Bank) -> None:
    mina, ben = bank.payee("Mina"), bank.payee("Ben")
    with time_machine.travel(datetime(2026, 12, 31, 23, 59, tzinfo=UTC), tick=False):
        first, second = bank.released(payee=mina), bank.released(payee=ben)
        old = [services.issue_invoices(hold.transfers.get(), work=WORK) for hold in (first, second)]
    third = bank.released(payee=mina)
    with time_machine.travel(datetime(2027, 1, 1, 0, 0, tzinfo=UTC), tick=False):
        new = services.issue_invoices(third.transfers.get(), work=WORK)

    assert [invoice.number for pair in old for invoice in pair] == [1, 1, 1, 2]
    assert [(invoice.year, invoice.number) for invoice in new] == [(2027, 1), (2027, 1)]
    assert old[1][1].label == "GW-2026-00002"
    assert old[0][0].label == f"{mina.public_id[:6].upper()}-2026-00001"


def test_a_number_that_is_undone_is_used_by_the_next(bank: Bank) -> None:
    transfer = bank.released().transfers.get()
    with transaction.atomic():
        services.issue_invoices(transfer, work=WORK)
        transaction.set_rollback(True)

    invoiced(bank, payee=transfer.payee)

    assert numbers() == numbers(transfer.payee) == [1]


@pytest.mark.django_db(transaction=True)
def test_many_hands_at_once_leave_no_gap_and_no_double(bank: Bank) -> None:
    payees = [bank.payee("Mina"), bank.payee("Ben")]
    holds = [bank.released(payee=payees[place % 2]) for place in range(6)]
    ready = threading.Barrier(12)

    def issue(hold: Hold) -> None:
        ready.wait(timeout=10)
        services.issue_invoices(Transfer.objects.select_related("hold", "payee").get(hold=hold), work=WORK)
        connections.close_all()

    threads = [threading.Thread(target=issue, args=(hold,)) for hold in [*holds, *holds]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert numbers() == [1, 2, 3, 4, 5, 6]
    assert [numbers(payee) for payee in payees] == [[1, 2, 3], [1, 2, 3]]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE payments_invoice SET amount_minor = 1",
        "DELETE FROM payments_invoice",
        "TRUNCATE payments_invoice CASCADE",
        "UPDATE payments_invoiceseries SET last = last + 1",
        "DELETE FROM payments_invoiceseries",
        "INSERT INTO payments_invoiceseries (year, last) VALUES (2030, 7)",
        "TRUNCATE payments_invoiceseries",
        copy(),
        copy(behind="ON CONFLICT DO NOTHING"),
        copy(corrects_id="id", refund_id="(SELECT max(id) FROM payments_refund)", amount_minor="amount_minor + 1"),
        copy(corrects_id="id", refund_id="(SELECT max(id) FROM payments_refund)", currency="'USD'"),
    ],
)
def test_sql_cannot_change_renumber_or_skip(bank: Bank, statement: str) -> None:
    bank.reserve(euros(50_00))
    work, _fee = invoiced(bank)
    services.take_back(work.hold, amount=euros(1_00), reason="agreed", by=bank.admin())
    before = list(Invoice.objects.order_by("pk").values())

    with pytest.raises(DatabaseError), transaction.atomic():
        sql(statement)

    assert list(Invoice.objects.order_by("pk").values()) == before
    assert list(InvoiceSeries.objects.values_list("last", flat=True)) == [1, 1]


def test_nobody_chooses_a_number(bank: Bank) -> None:
    mina = bank.payee()
    invoiced(bank, payee=mina)
    other = bank.released(payee=mina).transfers.get()

    sql(copy(77, transfer_id=str(other.pk), hold_id=str(other.hold_id)))

    assert numbers(mina) == [1, 2]


@pytest.mark.usefixtures("taxed")
def test_the_vat_in_the_fee_is_shown_and_owed(bank: Bank) -> None:
    _work, fee = invoiced(bank)

    assert (fee.amount, fee.net, fee.tax) == (euros(9_00), euros(7_56), euros(1_44))
    assert ledger.balance(Chart.TAX_PAYABLE, "EUR") == euros(-1_44)
    assert ledger.balance(Chart.PLATFORM_FEE, "EUR") == euros(-7_56)
    assert fee.is_demo  # the key is a test's


def test_a_real_key_and_a_name_make_it_real(bank: Bank, taxed: None, settings: Any) -> None:
    transfer = bank.released().transfers.get()
    settings.STRIPE_SECRET_KEY = "sk_live_of_nobody"

    assert [one.is_demo for one in services.issue_invoices(transfer, work=WORK)] == [False, False]


@pytest.mark.usefixtures("taxed")
def test_what_is_taken_back_is_credited_in_parts_and_never_more(bank: Bank) -> None:
    bank.reserve(euros(50_00))
    work, fee = invoiced(bank)
    first = services.take_back(work.hold, amount=euros(60_00), reason="one of two", by=bank.admin())
    partly = services.issue_credit_notes(first)
    bank.settle_down()
    second = services.take_back(work.hold, amount=euros(40_00), reason="the other", by=bank.admin())
    rest = services.issue_credit_notes(second)

    assert [note.amount for note in partly] == [euros(60_00), euros(5_40)]
    assert [note.amount for note in rest] == [euros(40_00), euros(3_60)]
    assert partly[1].tax + rest[1].tax == fee.tax
    assert [(note.corrects, note.number) for note in [*partly, *rest]] == [(work, 2), (fee, 2), (work, 3), (fee, 3)]
    assert ledger.balance(Chart.TAX_PAYABLE, "EUR") == ledger.balance(Chart.PLATFORM_FEE, "EUR") == euros(0)


def test_a_refund_is_credited_once(bank: Bank) -> None:
    bank.reserve(euros(50_00))
    work, _fee = invoiced(bank)
    refund = services.take_back(work.hold, reason="agreed", by=bank.admin())
    services.issue_credit_notes(refund)

    assert services.issue_credit_notes(refund) == []
    assert Invoice.objects.filter(refund=refund).count() == 2


def test_a_refund_before_the_release_needs_no_credit_note(bank: Bank) -> None:
    bank.reserve(euros(50_00))
    hold = bank.secured()
    refund = services.refund(hold, amount=euros(40_00), reason="less was asked for")
    bank.settle_down()
    services.release(Hold.objects.get(pk=hold.pk))
    bank.settle_down()

    work, fee = services.issue_invoices(hold.transfers.get(), work=WORK)

    assert services.issue_credit_notes(refund) == []
    assert (work.amount, fee.amount) == (euros(60_00), euros(5_40))


def test_each_of_a_crew_invoices_their_part(bank: Bank) -> None:
    bank.reserve(euros(50_00))
    ada, ben = bank.payee("Ada"), bank.payee("Ben")
    hold = bank.hold_for_crew([(ada, 1), (ben, 1)])
    bank.pay(hold)
    bank.settle_down()
    services.release(Hold.objects.get(pk=hold.pk))
    bank.settle_down()
    for transfer in hold.transfers.order_by("pk"):
        services.issue_invoices(transfer, work=WORK)
    refund = services.take_back(Hold.objects.get(pk=hold.pk), amount=euros(10_00), reason="agreed", by=bank.admin())

    notes = services.issue_credit_notes(refund)

    assert [(note.issuer, note.amount) for note in notes] == [(ada, euros(5_00)), (ben, euros(5_00)), (None, euros(90))]


def test_details_are_for_later_invoices(bank: Bank) -> None:
    before, _fee = invoiced(bank)
    payee = before.issuer
    assert payee is not None
    change_invoice_details(payee, name=" Mina Park ", address="Market Street 1\n\n 89073 Ulm ", tax_id="DE123")

    after, _fee = invoiced(bank, payee=payee)

    before.refresh_from_db()
    assert before.seller["name"] == "Mina"
    assert after.seller == {
        "name": "Mina Park", "address": ["Market Street 1", "89073 Ulm"], "tax_id": "DE123", "country": "DE",
    }  # fmt: skip


def test_details_need_a_name(bank: Bank) -> None:
    with pytest.raises(Invalid) as refusal:
        change_invoice_details(bank.payee(), name=" ", address="", tax_id="")

    assert "name" in refusal.value.fields


@pytest.mark.parametrize(
    ("gross", "bps", "tax"),
    [(900, 1900, 144), (900, 0, 0), (1, 1900, 0), (540, 810, 40), (3, 2000, 1), (99_999_999, 2550, 20_318_725)],
)
def test_the_tax_in_an_amount(gross: int, bps: int, tax: int) -> None:
    assert fees.tax_within(euros(gross), bps=bps) == euros(tax)
