"""The books: balanced, append-only, guarded, whoever writes. Tried with plain SQL, past all of our code."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from marketplace.kit.errors import Conflict
from marketplace.kit.money import Money
from payments import ledger
from payments.models import Balance, Entry, Posting
from payments.states import GUARDED, Chart

pytestmark = pytest.mark.django_db

EUROS = Money(100_00, "EUR")


def fund(key: str = "k", money: Money = EUROS, owner: str = "holdone") -> Posting:
    lines = [ledger.debit(Chart.STRIPE, money), ledger.credit(Chart.HOLD, money, owner)]
    return ledger.post(lines, key=key, kind="funded")


def sql(statement: str) -> None:
    """Run it, and everything that PostgreSQL checks only at the end."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_posting_is_written_once_per_key() -> None:
    first = fund()
    second = fund()

    assert first == second
    assert Entry.objects.count() == 2
    assert ledger.held(Chart.HOLD, "holdone", "EUR") == EUROS


def test_a_posting_is_one_round_trip(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        posting = fund()

    assert Posting.objects.get() == posting
    assert Posting.objects.get().created_at == posting.created_at
    assert [entry.chart for entry in posting.entries.order_by("pk")] == ["hold", "stripe"]


def test_lines_of_zero_are_left_out() -> None:
    lines = [
        ledger.debit(Chart.HOLD, EUROS, "holdone"),
        ledger.credit(Chart.PLATFORM_FEE, Money(0, "EUR")),
        ledger.credit(Chart.TRANSIT, EUROS, "holdone"),
    ]
    fund()

    posting = ledger.post(lines, key="release", kind="release")

    assert posting.entries.count() == 2


def test_an_unbalanced_posting_is_refused_before_it_is_written() -> None:
    with pytest.raises(ValueError, match="does not balance"):
        ledger.post([ledger.debit(Chart.STRIPE, EUROS)], key="k", kind="odd")

    assert Posting.objects.count() == 0


def test_two_currencies_never_balance_each_other() -> None:
    lines = [ledger.debit(Chart.STRIPE, EUROS), ledger.credit(Chart.HOLD, Money(100_00, "USD"), "h")]

    with pytest.raises(ValueError, match="does not balance"):
        ledger.post(lines, key="k", kind="odd")


def test_a_mirror_takes_a_posting_back_exactly() -> None:
    fund()

    ledger.mirror("back", of="k", kind="taken_back")

    assert ledger.balance(Chart.STRIPE, "EUR") == Money(0, "EUR")
    assert ledger.held(Chart.HOLD, "holdone", "EUR") == Money(0, "EUR")
    assert Entry.objects.count() == 4


def test_a_guarded_account_never_falls_below_zero() -> None:
    fund()
    more = Money(100_01, "EUR")
    lines = [ledger.debit(Chart.HOLD, more, "holdone"), ledger.credit(Chart.STRIPE, more)]

    with pytest.raises(Conflict) as refusal, transaction.atomic():
        ledger.post(lines, key="too much", kind="refund")

    assert refusal.value.code == "balance_short"
    assert ledger.held(Chart.HOLD, "holdone", "EUR") == EUROS


UNBALANCED: list[Callable[[], None]] = [
    lambda: sql(
        "INSERT INTO payments_entry (posting_id, chart, owner, minor, currency)"
        " SELECT id, 'stripe', '', 1, 'EUR' FROM payments_posting"
    ),
    lambda: sql(
        "INSERT INTO payments_entry (posting_id, chart, owner, minor, currency)"
        " SELECT id, chart, '', minor, currency FROM payments_posting,"
        " (VALUES ('stripe', 5, 'EUR'), ('processing', -5, 'USD')) AS line (chart, minor, currency)"
    ),
    lambda: sql(
        "INSERT INTO payments_entry (posting_id, chart, owner, minor, currency)"
        " SELECT id, chart, '', minor, 'EUR' FROM payments_posting,"
        " (VALUES ('stripe', 5), ('memo:received', -5)) AS line (chart, minor)"
    ),
    lambda: sql("INSERT INTO payments_posting (key, kind, source, created_at) VALUES ('empty', 'odd', '', now())"),
]


@pytest.mark.parametrize("attempt", UNBALANCED, ids=["one line", "across currencies", "across books", "no lines"])
def test_sql_cannot_write_an_unbalanced_posting(attempt: Callable[[], None]) -> None:
    fund()

    with pytest.raises(IntegrityError, match=r"does not balance|has no entries"):
        attempt()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE payments_entry SET minor = minor * 2",
        "UPDATE payments_posting SET kind = 'other'",
        "DELETE FROM payments_entry",
        "DELETE FROM payments_posting",
        "TRUNCATE payments_entry CASCADE",
        "TRUNCATE payments_posting CASCADE",
        "TRUNCATE payments_balance",
        "UPDATE payments_balance SET minor = minor + 1",
        "DELETE FROM payments_balance",
        "INSERT INTO payments_balance (chart, owner, currency, minor) VALUES ('hold', 'mine', 'EUR', 1000000)",
    ],
)
def test_sql_cannot_change_what_was_written(statement: str) -> None:
    fund()
    sql("SET CONSTRAINTS ALL IMMEDIATE")

    with pytest.raises(DatabaseError, match=r"append-only|by entries alone"):
        sql(statement)

    assert ledger.held(Chart.HOLD, "holdone", "EUR") == EUROS
    assert ledger.balance(Chart.STRIPE, "EUR") == EUROS


ADD_TO_EVERY_POSTING = (
    "INSERT INTO payments_entry (posting_id, chart, owner, minor, currency)"
    " SELECT id, chart, '', minor, 'EUR' FROM payments_posting,"
    " (VALUES ('stripe', 5), ('processing', -5)) AS line (chart, minor)"
)


@pytest.mark.django_db(transaction=True)
def test_sql_cannot_add_to_a_posting_that_was_written_before() -> None:
    with transaction.atomic():
        fund()

    with pytest.raises(DatabaseError, match="takes no more entries"), transaction.atomic():
        sql(ADD_TO_EVERY_POSTING)

    assert Entry.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_posting_and_its_entries_may_be_written_in_savepoints_of_one_transaction() -> None:
    with transaction.atomic():
        with transaction.atomic():
            fund()
        with transaction.atomic():
            sql(ADD_TO_EVERY_POSTING)  # nobody has seen the posting yet

    assert Entry.objects.count() == 4


def test_it_is_the_guard_that_refuses() -> None:
    fund()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE payments_entry DISABLE TRIGGER payments_entry_append_only")

    sql("UPDATE payments_entry SET minor = minor * 2")

    assert ledger.balance(Chart.STRIPE, "EUR") == Money(200_00, "EUR")


def test_an_entry_on_a_guarded_account_needs_an_owner() -> None:
    with pytest.raises(IntegrityError, match="needs an owner"), transaction.atomic():
        fund(owner="")


def test_the_chart_is_exact() -> None:
    assert Chart.values == [
        "stripe", "bank", "receivable:dispute", "receivable:payee",
        "hold", "fee_deferred", "transit", "refunding", "affiliate_payable", "wallet", "tax_payable",
        "platform_fee",
        "processing", "connect", "dispute_fee", "dispute_loss", "affiliate", "rounding",
        "memo:received", "memo:connected", "memo:reversing", "memo:paying_out", "memo:paid_out",
    ]  # fmt: skip


def test_an_account_that_is_not_on_the_chart_is_refused() -> None:
    posting = fund()

    with pytest.raises(IntegrityError, match="entry_on_the_chart"), transaction.atomic():
        Entry.objects.create(posting=posting, chart="slush", minor=1, currency="EUR")


def test_postgresql_guards_what_the_code_calls_guarded() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT payments_guarded()")
        (names,) = cursor.fetchone()

    assert names == list(GUARDED)


def test_balances_are_the_sums_of_their_entries() -> None:
    fund("one")
    fund("two", owner="holdtwo")
    fund("three", Money(500, "JPY"))

    rows = Balance.objects.all()

    assert rows.count() == 3
    for row in rows:
        assert ledger.balance(Chart(row.chart), row.currency, row.owner).minor == -row.minor
