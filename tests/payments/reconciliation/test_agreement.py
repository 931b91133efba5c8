"""Stripe and the books agree: whole stories, other currencies, the operator's own money, and what is on its way."""

from datetime import timedelta

import pytest
from django.utils import timezone

from marketplace.kit.money import Money
from payments import ledger, services
from payments.models import Case, Operation, Payout, Posting, Reconciliation, Reversal, StripeLine
from payments.reconciliation import asking
from payments.states import Chart
from tests.payments.reconciliation.nights import compared, kinds, move_at_stripe, top_up
from tests.plugins.sandbox import Bank

pytestmark = pytest.mark.django_db


def euros(minor: int) -> Money:
    return Money(minor, "EUR")


def test_a_whole_story_agrees_to_the_cent(bank: Bank) -> None:
    top_up(bank, Money(1_000_00, "EUR"))
    refund = services.refund(bank.secured(), amount=euros(40_00), reason="a part")
    bank.settle_down()
    refund.refresh_from_db()
    bank.sandbox.control.fail_refund(refund=refund.stripe_id)
    late = bank.hold()
    bank.pay(late)
    services.expire_hold(late)
    bank.settle_down()
    bank.paid_out(bank.released().payee)

    report = compared()

    assert (report.found, report.trouble, kinds()) == ([], "", [])
    assert report.counts["lines copied"] == 8
    assert report.counts["balances compared"] == report.counts["payees compared"] == 1
    assert not StripeLine.objects.unmatched().exists()


@pytest.mark.parametrize("currency", ["JPY", "ISK"])
def test_a_currency_without_decimals_agrees(bank: Bank, currency: str) -> None:
    bank.released(Money(15_000, currency))
    bank.released(euros(80_00))

    report = compared()

    assert (report.found, kinds()) == ([], [])
    assert report.counts["balances compared"] == 2


def test_what_the_operator_puts_in_is_booked_once(bank: Bank) -> None:
    top_up(bank, euros(500_00))

    compared()
    compared()

    posting = Posting.objects.get()
    assert (posting.kind, posting.source) == ("topped_up", StripeLine.objects.get().stripe_id)
    assert ledger.balance(Chart.BANK, "EUR") == euros(-500_00)
    assert kinds() == []


def test_what_stripe_bills_us_is_booked(bank: Bank) -> None:
    top_up(bank, euros(500_00))
    move_at_stripe(bank, euros(-2_00), kind="stripe_fee")

    compared()

    assert ledger.balance(Chart.CONNECT, "EUR") == euros(2_00)
    assert kinds() == []


@pytest.mark.parametrize(("minor", "expected"), [(50_00, []), (600_00, ["balance", "unbooked"])])
def test_what_the_operator_takes_out_must_leave_what_is_owed(bank: Bank, minor: int, expected: list[str]) -> None:
    top_up(bank, euros(500_00))
    bank.secured()

    move_at_stripe(bank, euros(-minor), kind="payout")
    compared()

    assert kinds() == expected
    assert Posting.objects.filter(kind="taken_out").exists() == (expected == [])


def test_a_dry_run_keeps_nothing(bank: Bank) -> None:
    top_up(bank, Money(1_000_00, "EUR"))
    bank.secured()
    move_at_stripe(bank, euros(-7_00))

    report = compared(keep=False)

    assert sorted(one.kind for one in report.found) == ["balance", "unbooked"]
    assert report.counts["own moves to be booked"] == 1
    assert not Case.objects.exists()
    assert not Reconciliation.objects.exists()
    assert Posting.objects.count() == 1


def test_a_payment_that_has_just_been_made_is_on_its_way(bank: Bank) -> None:
    bank.pay(bank.hold())
    bank.sandbox.control.set_webhooks(drop=True)
    bank.sandbox.control.fault(route="GET /v1/events", kind="500", count=9)

    report = compared(later=timedelta(minutes=1))

    assert report.counts["lines on their way into the books"] == 1
    assert kinds() == []


def test_a_payout_that_stripe_has_not_made_yet_is_no_difference(bank: Bank) -> None:
    payee = bank.released().payee
    bank.sandbox.control.settle()

    bank.sandbox.control.set_webhooks(drop=True)
    bank.sandbox.control.fault(route="GET /v1/events", kind="500", count=99)
    services.request_payout(payee)
    asked_for = compared().found
    bank.sandbox.control.fault(route="POST /v1/payouts", kind="cut", count=1, after=True)
    bank.settle_down()
    answer_lost = compared().found

    assert Payout.objects.get().state == "requested"
    assert (asked_for, answer_lost) == ([], [])


def test_a_reversal_that_stripe_has_not_made_yet_is_no_difference(bank: Bank) -> None:
    bank.reserve(Money(1_000_00, "EUR"))
    hold = bank.released()
    bank.sandbox.control.settle()
    bank.sandbox.control.fault(route="POST /v1/transfers/{id}/reversals", kind="429", count=1)
    services.take_back(hold, reason="it was never published", by=bank.admin())
    bank.settle_down()

    while_asking = compared().found
    Operation.objects.filter(state="pending").update(next_try_at=timezone.now())
    bank.settle_down()

    assert while_asking == []
    assert Reversal.objects.get().state == "confirmed"
    assert compared().found == []


def test_a_transfer_whose_answer_was_lost_is_explained_by_its_operation(bank: Bank) -> None:
    hold = bank.secured()
    bank.sandbox.control.set_webhooks(drop=True)
    bank.sandbox.control.fault(route="POST /v1/transfers", kind="cut", count=9, after=True)
    bank.sandbox.control.fault(route="GET /v1/events", kind="500", count=9)

    services.release(hold)
    bank.settle_down()
    report = compared()

    assert ledger.held(Chart.TRANSIT, hold.public_id, "EUR") == euros(100_00)
    assert report.counts["lines on their way into the books"] == 1
    assert (report.found, kinds()) == ([], [])


def test_a_payout_that_failed_in_silence_is_heard_of(bank: Bank) -> None:
    payee = bank.released().payee
    payout = bank.paid_out(payee)
    bank.sandbox.control.set_webhooks(drop=True)
    bank.sandbox.control.fail_payout(payout=payout.stripe_id)

    report = compared()

    payout.refresh_from_db()
    assert payout.state == "failed"
    assert (report.found, kinds()) == ([], [])


def test_many_lines_are_read_page_by_page_and_a_run_goes_on_where_it_was(
    bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "PAGE", 2)
    for _ in range(5):
        top_up(bank, euros(10_00))

    rings = [compared(seconds=0)]
    while rings[-1].trouble:
        rings.append(compared(Reconciliation.objects.get(), seconds=0))
        assert len(rings) < 9

    row = Reconciliation.objects.get()
    assert [ring.counts["lines copied"] for ring in rings] == [2, 4, 5, 5]
    assert row.finished_at is not None
    assert StripeLine.objects.exclude(matched_at=None).count() == 5
