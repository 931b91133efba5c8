"""A payee's year: exactly what the books say, whole at its edges, and loud when the books say something else."""

import csv
import io
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone
from pypdf import PdfReader

from marketplace.kit.money import Money
from marketplace.users.models import User
from payments import ledger, services
from payments.invariants import INVARIANTS, check
from payments.models import Account, Balance, Claim, Entry, Invoice, Operation, Payout, PayoutMethod, Transfer
from payments.papers import draw_statement, write_statement
from payments.parties import operator, party_of
from payments.settlement import payouts, prices
from payments.statements import Statement, Sums, yearly, years_of
from payments.states import BANK, CLAIM, Chart
from tests.payments.invariants import story

pytestmark = pytest.mark.django_db
AT_STRIPE = [Chart.MEMO_CONNECTED, Chart.MEMO_REVERSING, Chart.MEMO_PAYING_OUT]


def euros(minor: int) -> Money:
    return Money(minor, "EUR")


def sums(
    earned: int = 0, claimed: int = 0, reversed_: int = 0, written_off: int = 0, paid_out: int = 0, fees: int = 0
) -> Sums:
    return Sums(*(euros(minor) for minor in (earned, claimed, reversed_, written_off, paid_out, fees)))


def release(payee: Account, at: str) -> Transfer:
    """€100.00 arrive at that moment, and are invoiced."""
    with time_machine.travel(datetime.fromisoformat(at).replace(tzinfo=UTC), tick=False):
        transfer = story.release(story.pay(story.opened(payee))).transfers.get()
        day = timezone.now().date()
        services.issue_invoices(transfer, work=services.Work("One reel", "Fee", "Contract 1", day))
        return transfer


def on(day: str) -> time_machine.travel:
    return time_machine.travel(datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=UTC), tick=False)


@pytest.fixture
def payee() -> Account:
    return story.account("payee", "Mina")


@pytest.fixture
def three_years(payee: Account) -> Account:
    """Earned at the very end of 2025 and the very beginning of 2026; taken back, paid out, given up, come back."""
    ada = User.objects.create_superuser("ada.years@goodword.example", "x", name="Ada")
    release(payee, "2025-12-31T23:59:59.900")
    second = release(payee, "2026-01-01T00:00:00.100")
    with on("2026-03-10"):
        back = services.take_back(second.hold, amount=euros(25_00), reason="one post is gone", by=ada)
        story.answered(Operation.objects.get(kind="transfer_reversal.create"))
        back.refresh_from_db()
        story.answered(back.operation)
    with on("2026-04-01"):
        bank = story.bank_of(payee)
        payout = payouts.reserve(payee, euros(175_00), bank, method=PayoutMethod.STANDARD, fee=euros(0))
        story.answered(payout.operation)
        payout.refresh_from_db()
        payouts.follow(payout, {"id": payout.stripe_id, "status": "paid"})
    with on("2026-05-05"):
        services.take_back(second.hold, amount=euros(40_00), reason="the other, too", by=ada)
    with on("2026-06-06"):
        services.write_off_claim(second.hold.claims.get(amount_minor=40_00), reason="bankrupt", by=ada)
    with on("2027-01-02"):
        payouts.follow(Payout.objects.get(), {"id": payout.stripe_id, "status": "failed", "failure_code": "closed"})
    return payee


def moved(payee: Account, money: Money) -> list[ledger.Line]:
    """Entries as if this had come to the payee's account."""
    return [ledger.debit(Chart.MEMO_RECEIVED, money), ledger.credit(Chart.MEMO_CONNECTED, money, payee.public_id)]


def only(payee: Account, year: int) -> Statement:
    (found,) = yearly(payee, year)
    return found


def test_a_year_is_by_month_and_by_payment_and_both_come_to_its_total(three_years: Account) -> None:
    year = only(three_years, 2026)

    assert year.total == sums(100_00, 65_00, 25_00, 40_00, 175_00)
    assert dict(year.months) == {
        1: sums(100_00), 3: sums(0, 25_00, 25_00), 4: sums(paid_out=175_00), 5: sums(0, 40_00),
        6: sums(written_off=40_00),
    }  # fmt: skip
    second = Transfer.objects.order_by("-pk")[0].hold.public_id
    assert year.payments == [(second, sums(100_00, 65_00, 25_00, 40_00))]
    assert (year.opening, year.closing, year.owed, year.unexplained) == (euros(100_00), euros(0), euros(0), euros(0))


def test_what_an_instant_payout_cost_is_a_fee_and_comes_back_with_it(payee: Account) -> None:
    release(payee, "2026-02-01")
    with on("2026-02-02"):
        story.pay_out_at_once(payee, taken=True)
    payout = Payout.objects.get()
    with on("2026-02-03"):
        payouts.follow(payout, {"id": payout.stripe_id, "status": "paid"})
    paid = only(payee, 2026)
    with on("2026-03-01"):
        payouts.follow(payout, {"id": payout.stripe_id, "status": "failed", "failure_code": "closed"})
        back = {"id": "fr_1", "amount": 1_00, "balance_transaction": "txn_back"}
        prices.follow(payout, {"amount_refunded": 1_00, "refunds": {"data": [back]}})
    failed = only(payee, 2026)

    assert (paid.total, paid.unexplained) == (sums(100_00, paid_out=99_00, fees=1_00), euros(0))
    assert (failed.total, failed.closing, failed.unexplained) == (sums(100_00), euros(100_00), euros(0))


def test_a_year_begins_and_ends_in_utc_wherever_somebody_is(three_years: Account) -> None:
    here = yearly(three_years, 2025)

    with timezone.override(ZoneInfo("Asia/Tokyo")):
        assert yearly(three_years, 2025) == here
    assert [one.total for one in here] == [sums(100_00)]
    assert here[0].closing == only(three_years, 2026).opening


def test_a_payout_that_comes_back_counts_where_it_came_back(three_years: Account) -> None:
    year = only(three_years, 2027)

    assert year.total == sums(paid_out=-175_00)
    assert (year.opening, year.closing, year.unexplained) == (euros(0), euros(175_00), euros(0))


def test_a_price_that_is_not_taken_yet_still_lies_there(payee: Account) -> None:
    release(payee, "2026-05-05T12:00")
    with on("2026-06-06"):
        story.pay_out_at_once(payee, taken=False)

    year = only(payee, 2026)
    assert (year.total, year.closing, year.unexplained) == (sums(100_00), euros(100_00), euros(0))


def test_the_years_together_are_the_books(three_years: Account) -> None:
    with on("2027-06-01"):
        years = years_of(three_years)
    statements = [only(three_years, year) for year in years]

    def total(kind: str) -> int:
        return sum(getattr(one.total, kind).minor for one in statements)

    there = Balance.objects.filter(owner=three_years.public_id)
    at_stripe = sum(there.filter(chart__in=AT_STRIPE).values_list("minor", flat=True))
    assert years == [2027, 2026, 2025]
    assert total("paid_out") == -Entry.objects.balance(Chart.MEMO_PAID_OUT, "EUR", three_years.public_id).minor
    assert total("earned") - total("reversed") == ledger.balance(Chart.MEMO_RECEIVED, "EUR").minor
    assert statements[0].closing.minor == at_stripe
    assert statements[0].owed == ledger.balance(Chart.RECEIVABLE_PAYEE, "EUR") == euros(0)
    assert not any(one.unexplained for one in statements)
    broken = {look.invariant.name for look in check(INVARIANTS, keep=False) if look.rows}
    assert not broken & {"claims_are_what_payees_owe", "payee_got_everything", "invoice_says_what_was_released"}


def test_a_year_earns_what_its_invoices_say(three_years: Account) -> None:
    for year in (2025, 2026):
        invoiced = Invoice.objects.filter(issuer=three_years, corrects=None, year=year)
        assert only(three_years, year).total.earned.minor == sum(invoiced.values_list("amount_minor", flat=True))


def test_money_that_no_movement_explains_is_said_aloud(three_years: Account) -> None:
    with on("2026-08-08"):
        ledger.post(moved(three_years, euros(5)), key="by:hand", kind="by_hand", account=three_years)

    assert only(three_years, 2026).unexplained == euros(5)
    assert only(three_years, 2027).unexplained == euros(0)
    assert "do not add up by €0.05" in paper(three_years, 2026)
    assert "do not add up" not in paper(three_years, 2027)


def test_what_is_still_owed_stays_on_the_next_statement(payee: Account) -> None:
    ada = User.objects.create_superuser("ada.owed@goodword.example", "x", name="Ada")
    transfer = release(payee, "2025-05-05T12:00")
    with on("2025-06-06"):
        story.pay_out(payee, arrives=True)
        services.take_back(transfer.hold, amount=euros(30_00), reason="gone", by=ada)

    assert [only(payee, year).owed for year in (2025, 2026)] == [euros(30_00), euros(30_00)]
    assert only(payee, 2026).movements == []


def test_a_claim_that_ended_with_its_verdict_is_owed_no_more(payee: Account) -> None:
    transfer = release(payee, "2025-05-05T12:00")
    with on("2025-06-06"):
        made = {"payee": payee, "hold": transfer.hold, "amount_minor": 30_00, "currency": "EUR", "reason": "lost"}
        claim = Claim.objects.create(**made)
    with on("2026-02-02"):
        CLAIM.apply(claim, "cancel", [BANK])

    first, second = only(payee, 2025), only(payee, 2026)
    assert (first.owed, second.owed) == (euros(30_00), euros(0))
    assert (first.total, second.total) == (sums(100_00, 30_00), sums(written_off=30_00))


def test_each_currency_has_a_statement_of_its_own(payee: Account) -> None:
    release(payee, "2026-02-02T12:00")
    with on("2026-02-03"):
        ledger.post(moved(payee, Money(7, "USD")), key="transfer:x", kind="release_confirmed", account=payee)

    assert [(one.currency, one.total.earned.minor) for one in yearly(payee, 2026)] == [("EUR", 100_00), ("USD", 7)]


def test_somebody_elses_money_is_in_no_year_of_mine(three_years: Account, payee: Account) -> None:
    other = story.account("payee", "Ben")

    assert yearly(other, 2026) == []
    with on("2026-08-08"):
        assert years_of(other) == [2026]


def test_a_crew_is_told_of_each_ones_own_part() -> None:
    crew = [story.account("payee", name) for name in ("Mina", "Ben", "Cleo")]
    with on("2026-02-02"):
        shared = story.pay(story.opened(crew=crew))
        services.release(shared)
        for transfer in shared.transfers.all():
            story.answered(transfer.operation)

    assert [only(one, 2026).total.earned for one in crew] == [euros(33_34), euros(33_33), euros(33_33)]


def paper(payee: Account, year: int) -> str:
    reader = PdfReader(io.BytesIO(drawn(payee, year)))
    return "\n".join(page.extract_text() for page in reader.pages)


def drawn(payee: Account, year: int) -> bytes:
    titles = {payment: "Our sourdough, Rosa's Bakery" for payment, _sums in only(payee, year).payments}
    return draw_statement(year, yearly(payee, year), titles=titles, payee=party_of(payee), issuer=operator(), demo=True)


def test_the_paper_says_what_the_books_say(three_years: Account) -> None:
    with on("2027-08-08"):
        text = paper(three_years, 2026)
        open_year = paper(three_years, 2027)

    for words in (
        "Statement 2026", "1 January 2026 – 31 December 2026", "counted in UTC", "Mina", "Germany", "DEMO", "March",
        "Our sourdough, Rosa's Bakery", "€100.00", "€65.00", "€25.00", "€40.00", "€175.00", "Still owed at the end",
    ):  # fmt: skip
        assert words in text
    assert "8 August 2027 (the year is not over)" in open_year
    assert "-€175.00" in open_year


def test_the_same_books_are_the_same_file(three_years: Account) -> None:
    assert drawn(three_years, 2026) == drawn(three_years, 2026)


def test_the_table_for_a_spreadsheet_comes_to_the_totals(three_years: Account) -> None:
    year = only(three_years, 2026)
    payment = year.payments[0][0]

    rows = list(csv.DictReader(io.StringIO(write_statement([year], titles={payment: "=1+1"}))))

    for kind in ("earned", "claimed", "reversed", "written_off", "paid_out", "fees"):
        cents = sum(int(row["amount"].replace(".", "")) for row in rows if row["kind"] == kind)
        assert cents == getattr(year.total, kind).minor
    assert {row["work"] for row in rows} == {"'=1+1", ""}
    assert rows[0]["date"] == "2026-01-01"
    assert {row["month"] for row in rows} == {"2026-01", "2026-03", "2026-04", "2026-05", "2026-06"}
