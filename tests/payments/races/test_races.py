"""Two hands at once, in real threads on real connections. Each race is first shown to be lost without its guard."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

from marketplace.kit.errors import Conflict, DomainError
from marketplace.kit.money import Money
from marketplace.kit.states import Machine
from payments import ledger, services
from payments.models import Hold, Operation, Refund, Transfer, Wallet
from payments.services import holds
from payments.settlement import inbox, outbox, sending
from payments.states import Chart, HoldState
from tests.payments.races.racing import race, winners
from tests.plugins.sandbox import PAGE, Bank

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 8


def fresh(hold: Hold) -> Hold:
    return Hold.objects.get(pk=hold.pk)


@contextmanager
def without_guards(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The bank without row lock, compare-and-swap, the unique index on releases, and guarded balances."""
    everybody_has_looked = threading.Barrier(2)

    real_left = Hold.left

    def left_for_both(hold: Hold) -> tuple[Money, Money]:
        left = real_left(hold)
        everybody_has_looked.wait(timeout=10)
        return left

    tables = ("payments_posting", "payments_entry", "payments_balance", "payments_invoice")
    with monkeypatch.context() as patched, connection.cursor() as cursor:
        patched.setattr(holds, "_lock", lambda hold: hold.refresh_from_db())
        patched.setattr(Hold, "left", left_for_both)
        patched.setattr(
            Machine, "apply", lambda machine, thing, verb, roles, **_: machine.find(thing.state, verb, roles)
        )
        patched.setattr("payments.settlement.releases.send_if_ready", lambda transfer: False)
        cursor.execute("DROP INDEX one_release_per_payee")
        cursor.execute("ALTER TABLE payments_balance DROP CONSTRAINT balance_never_negative")
        try:
            yield
        finally:
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            cursor.execute(f"TRUNCATE {', '.join(tables)}, payments_transfer, payments_reversal")
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            cursor.execute(
                "CREATE UNIQUE INDEX one_release_per_payee ON payments_transfer (hold_id, payee_id)"
                " WHERE NOT (state = 'refused')"
            )
            cursor.execute("ALTER TABLE payments_balance ADD CONSTRAINT balance_never_negative CHECK (minor >= 0)")


def test_without_the_guards_a_hold_is_released_twice(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    hold = bank.secured()

    with without_guards(monkeypatch):
        results = race(lambda: services.release(fresh(hold)), lambda: services.release(fresh(hold)))
        left = ledger.balance(Chart.HOLD, "EUR", hold.public_id)

    assert len(winners(results)) == 2
    assert left == Money(109_00, "EUR")  # a debit: paid out of nothing


def test_without_the_guards_a_hold_is_released_and_refunded(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    hold = bank.secured()

    with without_guards(monkeypatch):
        results = race(lambda: services.release(fresh(hold)), lambda: services.refund(fresh(hold), reason="no"))
        left = ledger.balance(Chart.HOLD, "EUR", hold.public_id)

    assert len(winners(results)) == 2
    assert left == Money(109_00, "EUR")


def test_a_hold_is_released_once(bank: Bank) -> None:
    hold = bank.secured()

    results = race(*[lambda: services.release(fresh(hold))] * THREADS)
    bank.settle_down()

    assert len(winners(results)) == 1
    assert all(isinstance(result, Conflict) for result in results if isinstance(result, Exception))
    assert Transfer.objects.count() == 1
    assert bank.sandbox.control.state()["things"]["transfer"] == 1


def test_release_and_refund_at_once_have_one_winner(bank: Bank) -> None:
    bank.reserve(Money(10_00, "EUR"))
    hold = bank.secured()

    results = race(
        *[lambda: services.release(fresh(hold)), lambda: services.refund(fresh(hold), reason="no")] * (THREADS // 2)
    )
    bank.settle_down()

    assert len(winners(results)) == 1
    assert all(isinstance(result, DomainError) for result in results if isinstance(result, Exception))
    assert Transfer.objects.count() + Refund.objects.count() == 1
    assert ledger.held(Chart.HOLD, hold.public_id, "EUR") == Money(0, "EUR")
    assert fresh(hold).state in {HoldState.RELEASED, HoldState.REFUNDED}


def test_freezing_and_releasing_at_once_have_one_winner(bank: Bank) -> None:
    hold = bank.secured()

    results = race(lambda: services.release(fresh(hold)), lambda: services.freeze(fresh(hold)))

    assert len(winners(results)) == 1


def test_expiry_and_payment_at_once_lose_no_money(bank: Bank) -> None:
    hold = bank.hold()
    bank.pay(hold)
    bank.deliver()

    race(lambda: services.expire_hold(fresh(hold)), inbox.read_due, lambda: services.refresh_checkout(fresh(hold)))
    bank.settle_down()

    secured = ledger.held(Chart.HOLD, hold.public_id, "EUR")
    if fresh(hold).state == HoldState.SECURED:
        assert secured == Money(109_00, "EUR")
        assert Refund.objects.count() == 0
    else:
        assert (secured, fresh(hold).state) == (Money(0, "EUR"), HoldState.EXPIRED)
        assert Refund.objects.get().late


def test_many_clicks_on_pay_make_one_page_and_one_customer(bank: Bank) -> None:
    hold = bank.hold()

    results = race(*[lambda: services.checkout_url(fresh(hold), success_url=PAGE, cancel_url=PAGE)] * THREADS)
    url = services.checkout_url(fresh(hold), success_url=PAGE, cancel_url=PAGE)

    assert set(winners(results)) <= {None, url}
    assert hold.checkouts.count() == 1
    assert bank.sandbox.control.state()["things"]["customer"] == 1


def test_two_workers_send_one_operation_once(bank: Bank) -> None:
    hold = bank.secured()
    operation = services.release(hold).operation
    assert operation is not None

    race(*[lambda: sending.run(operation.pk)] * THREADS)

    operation.refresh_from_db()
    assert (operation.state, operation.tries) == ("done", 1)
    assert bank.sandbox.control.state()["things"]["transfer"] == 1


def test_one_event_is_read_once_by_many_workers(bank: Bank) -> None:
    hold = bank.hold()
    bank.pay(hold)
    bank.deliver()

    race(*[inbox.read_due] * THREADS)

    assert fresh(hold).state == HoldState.SECURED
    assert hold.postings.count() == 1


def test_one_slot_is_never_taken_twice(bank: Bank) -> None:
    race(*[lambda: outbox.put("customer.create", {}, slot="customer:x")] * THREADS)

    assert Operation.objects.filter(slot="customer:x").count() == 1


def test_hot_accounts_take_many_postings_at_once_without_deadlock_or_drift(bank: Bank) -> None:
    euro = Money(1_00, "EUR")

    def work(name: str) -> Callable[[], int]:
        def post_many() -> int:
            for number in range(20):
                lines = [
                    ledger.debit(Chart.STRIPE, euro + euro),
                    ledger.credit(Chart.HOLD, euro, "aaa"),
                    ledger.credit(Chart.TRANSIT, euro, "bbb"),
                ]
                turned = lines if number % 2 else lines[::-1]
                with transaction.atomic():
                    ledger.post(turned, key=f"{name}-{number}", kind="race")
            return 20

        return post_many

    results = race(*[work(str(name)) for name in range(THREADS)])

    assert winners(results) == [20] * THREADS
    assert ledger.held(Chart.HOLD, "aaa", "EUR") == Money(THREADS * 20_00, "EUR")
    assert sum(ledger.trial_balance("EUR").values()) == 0


def test_many_draws_at_once_never_take_more_than_the_wallet_holds(bank: Bank) -> None:
    wallet = bank.filled_wallet(Money(250_00, "EUR"))
    wanted = [bank.hold(payer=wallet.payer) for _ in range(THREADS)]

    results = race(*[lambda hold=hold: services.draw(wallet, hold) for hold in wanted])

    assert len(winners(results)) == 2
    assert {getattr(lost, "code", lost) for lost in results if isinstance(lost, Exception)} == {"wallet_short"}
    assert ledger.held(Chart.WALLET, wallet.public_id, "EUR") == Money(32_00, "EUR")


def test_drawing_and_closing_at_once_lose_no_money(bank: Bank) -> None:
    wallet = bank.filled_wallet(Money(300_00, "EUR"))
    hold = bank.hold(payer=wallet.payer)

    race(
        lambda: services.draw(Wallet.objects.get(pk=wallet.pk), fresh(hold)),
        lambda: services.close_wallet(Wallet.objects.get(pk=wallet.pk), reason="over"),
    )
    bank.settle_down()

    drawn = Money(109_00, "EUR") if fresh(hold).state == HoldState.SECURED else Money(0, "EUR")
    back = sum(refund.total.minor for refund in Refund.objects.all())
    assert drawn.minor + back == 300_00
    assert ledger.held(Chart.WALLET, wallet.public_id, "EUR") == Money(0, "EUR")


def test_releasing_and_dividing_at_once_have_one_winner(bank: Bank) -> None:
    hold = bank.secured()
    half = Money(50_00, "EUR")

    results = race(
        *[lambda: services.release(fresh(hold)), lambda: services.divide(fresh(hold), to_payee=half, reason="half")] * 4
    )
    bank.settle_down()

    assert results.count(None) + len(winners(results)) >= 1
    assert Transfer.objects.count() == 1
    assert ledger.held(Chart.HOLD, hold.public_id, "EUR") == Money(0, "EUR")
