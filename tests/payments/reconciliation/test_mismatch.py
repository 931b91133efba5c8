"""What does not agree opens a case, stops the payouts of whom it concerns, and is never mended by itself."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from marketplace.kit.errors import Conflict
from marketplace.kit.money import Money
from payments import ledger, services
from payments.models import Case, Entry, Hold, Payout, Posting, Reconciliation
from payments.states import CaseKind, Chart
from tests.payments.reconciliation.nights import compared, kinds, move_at_stripe, tamper
from tests.plugins.sandbox import Bank

pytestmark = pytest.mark.django_db


def euros(minor: int) -> Money:
    return Money(minor, "EUR")


def test_money_that_stripe_moved_for_no_reason_of_ours(bank: Bank) -> None:
    bank.released()
    before = list(Entry.objects.values_list("pk", "minor"))

    line = move_at_stripe(bank, euros(-5_00))
    compared()
    compared()

    case = Case.objects.get(kind=CaseKind.UNBOOKED)
    assert (case.things, case.amount) == ([line], euros(-5_00))
    assert Case.objects.get(kind=CaseKind.BALANCE).amount == euros(-5_00)
    assert kinds() == ["balance", "unbooked"]
    assert list(Entry.objects.values_list("pk", "minor")) == before


def test_a_payment_that_is_not_in_our_books_stops_the_payee(bank: Bank) -> None:
    hold = bank.hold()
    bank.pay(hold)
    bank.sandbox.control.set_webhooks(drop=True)
    bank.sandbox.control.fault(route="GET /v1/events", kind="500", count=99)

    compared()

    case = Case.objects.get(kind=CaseKind.UNBOOKED)
    assert (case.account, case.amount) == (hold.payee, euros(107_11))


def test_a_posting_without_its_source(bank: Bank) -> None:
    hold = bank.released()

    tamper("UPDATE payments_posting SET source = '' WHERE kind = 'release_confirmed'")
    compared()

    case = Case.objects.get(kind=CaseKind.UNSEEN)
    assert case.things == [Posting.objects.get(kind="release_confirmed").key]
    assert (case.account, case.amount) == (hold.payee, euros(-100_00))
    assert kinds() == ["unbooked", "unseen"]


def test_a_posting_that_stripe_knows_nothing_of(bank: Bank) -> None:
    bank.released()

    tamper("UPDATE payments_posting SET source = 'txn_invented' WHERE kind = 'release_confirmed'")
    compared()

    assert "Stripe has no txn_invented" in Case.objects.get(kind=CaseKind.UNSEEN).text


def test_another_sum_at_stripe_than_in_the_books(bank: Bank) -> None:
    hold = bank.released()

    tamper("UPDATE payments_entry SET minor = minor - 1 WHERE chart = 'stripe' AND minor < 0", table="payments_entry")
    compared()

    case = Case.objects.get(kind=CaseKind.DIFFERENT)
    assert (case.account, case.amount) == (hold.payee, euros(-100_00))
    assert Case.objects.get(kind=CaseKind.BALANCE).amount == euros(1)


def test_one_line_booked_twice(bank: Bank) -> None:
    bank.released()
    source = Posting.objects.get(kind="funded").source

    lines = [ledger.debit(Chart.PROCESSING, euros(1)), ledger.credit(Chart.ROUNDING, euros(1))]
    ledger.post(lines, key="again", kind="odd", source=source)
    compared()

    assert "again" in Case.objects.get(kind=CaseKind.DIFFERENT).text


@pytest.mark.parametrize("minor", [1, -1])
def test_a_payees_balance_that_is_a_cent_off(bank: Bank, minor: int) -> None:
    payee = bank.released().payee

    move_at_stripe(bank, euros(minor), account=payee.stripe_account_id or "")
    compared()

    case = Case.objects.get()
    assert (case.kind, case.account, case.amount) == (CaseKind.PAYEE_BALANCE, payee, euros(minor))


def test_an_account_that_stripe_does_not_show_us_any_more(bank: Bank) -> None:
    payee = bank.released().payee
    bank.released(payee=bank.payee("Ben"))
    bank.sandbox.control.fault(route="GET /v1/balance", kind="403", count=1)  # the platform's own comes first
    platform = compared()
    world = bank.sandbox.engine.world
    with world.store.writing():
        world.store.run("DELETE FROM things WHERE id = ?", payee.stripe_account_id)

    report = compared(Reconciliation.objects.get())

    assert platform.trouble.startswith("Stripe did not answer")
    assert (Case.objects.get().account, report.trouble) == (payee, "")
    assert report.counts["payees compared"] == 2


def test_whoever_has_a_case_is_not_paid_out(bank: Bank) -> None:
    payee = bank.released().payee
    other = bank.released(payee=bank.payee("Ben")).payee
    move_at_stripe(bank, euros(1), account=payee.stripe_account_id or "")
    compared()
    bank.sandbox.control.settle()

    with pytest.raises(Conflict) as refusal:
        services.request_payout(payee)
    made = services.nightly_payouts()

    assert refusal.value.code == "under_review"
    assert made == 1
    assert Payout.objects.get().account == other


@pytest.mark.parametrize("route", ["GET /v1/balance_transactions", "GET /v1/balance"])
def test_stripes_silence_opens_no_case_and_the_run_goes_on_later(bank: Bank, route: str) -> None:
    bank.released()
    move_at_stripe(bank, euros(-5_00))
    bank.sandbox.control.fault(route=route, kind="cut", count=99)

    silent = compared()
    during = kinds()
    bank.sandbox.control.clear_faults()
    heard = compared(Reconciliation.objects.get())

    assert silent.trouble.startswith("Stripe did not answer")
    assert "balance" not in during
    assert heard.trouble == ""
    assert kinds() == ["balance", "unbooked"]


def test_what_was_found_later_is_noted_on_the_case(bank: Bank) -> None:
    hold = bank.hold()
    bank.pay(hold)
    bank.sandbox.control.set_webhooks(hold=True)
    bank.sandbox.control.fault(route="GET /v1/events", kind="500", count=99)
    compared()
    bank.sandbox.control.clear_faults()
    bank.sandbox.control.set_webhooks(hold=False)

    bank.settle_down()
    compared()

    assert Hold.objects.get().state == "secured"
    assert all(case.is_open and case.cleared_at for case in Case.objects.all())
    assert kinds() == ["balance", "unbooked"]


def test_the_next_night_looks_a_day_back_only(bank: Bank) -> None:
    bank.released()
    compared()
    tamper("UPDATE payments_posting SET created_at = created_at - interval '9 days'")
    tamper("UPDATE payments_posting SET source = '' WHERE kind = 'funded'")

    with time_machine.travel(timezone.now() + timedelta(days=2)):
        compared()

    assert CaseKind.UNSEEN not in kinds()
    assert Reconciliation.objects.latest("started_at").since is not None
