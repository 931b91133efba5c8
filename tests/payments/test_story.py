"""One payment from the checkout to the payee's bank, told by the ledger to the cent."""

from pathlib import Path
from unittest.mock import ANY

import pytest

from marketplace.kit.errors import Conflict
from marketplace.kit.money import Money
from payments import ledger, reads, services
from payments.models import Entry, Hold, Posting
from payments.states import Chart, HoldState, PayoutState
from tests.plugins.sandbox import PAGE, Bank

pytestmark = pytest.mark.django_db


def books(hold: Hold) -> list[str]:
    """The ledger of a hold as a table of lines."""
    rows = Entry.objects.filter(posting__hold=hold).select_related("posting").order_by("posting_id", "pk")
    return [f"{row.posting.kind}: {row}" for row in rows]


def test_the_worked_example_to_the_cent(bank: Bank) -> None:
    hold = bank.secured()

    services.release(hold)
    bank.settle_down()
    payout = bank.paid_out(hold.payee)

    hold.refresh_from_db()
    assert hold.state == HoldState.RELEASED
    assert payout.state == PayoutState.PAID
    assert payout.amount == Money(100_00, "EUR")
    assert books(hold) == [
        "funded: Cr hold €109.00",
        "funded: Dr processing €1.89",
        "funded: Dr stripe €107.11",
        "release_reserved: Dr hold €109.00",
        "release_reserved: Cr platform_fee €9.00",
        "release_reserved: Cr transit €100.00",
        "release_confirmed: Cr memo:connected €100.00",
        "release_confirmed: Dr memo:received €100.00",
        "release_confirmed: Cr stripe €100.00",
        "release_confirmed: Dr transit €100.00",
    ]
    assert ledger.trial_balance("EUR") == {
        "hold": 0,
        "memo:connected": 0,
        "memo:paid_out": -100_00,
        "memo:paying_out": 0,
        "memo:received": 100_00,
        "platform_fee": -9_00,
        "processing": 1_89,
        "stripe": 7_11,
        "transit": 0,
    }


def test_the_books_agree_with_stripe_to_the_cent(bank: Bank) -> None:
    bank.released()

    bank.sandbox.control.settle()

    at_stripe = bank.sandbox.control.balance()["available"]
    assert at_stripe == [{"amount": ledger.balance(Chart.STRIPE, "EUR").minor, "currency": "eur", "source_types": ANY}]


def test_both_sides_read_the_same_story(bank: Bank) -> None:
    hold = bank.released()

    lines = [(line.text, str(line.money), line.state) for line in reads.story(hold)]

    assert lines == [
        ("Payment secured by Oat & Ember", "€109.00", "done"),
        ("Payment processing, paid by the platform", "€1.89", "done"),
        ("Released to Mina", "€100.00", "done"),
        ("Platform fee, out of the payment", "€9.00", "done"),
        ("Arrived at the account of Mina", "€100.00", "done"),
        ("Waits for the next payout to the bank", "€100.00", "open"),
    ]


def test_the_story_ends_at_the_bank(bank: Bank) -> None:
    hold = bank.released()
    bank.paid_out(hold.payee)

    last = reads.story(hold)[-1]

    assert (last.text, last.state) == ("Arrived at the bank with a payout", "done")
    assert reads.earnings(hold.payee).paid_out == Money(100_00, "EUR")


def test_earnings_follow_the_money(bank: Bank) -> None:
    hold = bank.secured()
    euros = [Money(minor, "EUR") for minor in (100_00, 0)]
    before = reads.earnings(hold.payee)

    services.release(hold)
    moving = reads.earnings(hold.payee)
    bank.settle_down()
    arrived = reads.earnings(hold.payee)

    assert [before.secured, before.available] == euros
    assert [moving.on_its_way, moving.secured] == euros
    assert [arrived.available, arrived.on_its_way] == euros


def test_a_currency_without_decimals(bank: Bank) -> None:
    hold = bank.released(Money(15_000, "JPY"))

    assert hold.state == HoldState.RELEASED
    assert hold.total == Money(16_350, "JPY")
    assert ledger.balance(Chart.PLATFORM_FEE, "JPY") == Money(-1_350, "JPY")
    assert reads.earnings(hold.payee).available == Money(15_000, "JPY")


def test_paying_twice_is_refused_and_the_open_page_is_reused(bank: Bank) -> None:
    hold = bank.hold()
    first = services.checkout_url(hold, success_url=PAGE, cancel_url=PAGE)
    again = services.checkout_url(hold, success_url=PAGE, cancel_url=PAGE)

    bank.pay(hold)
    bank.settle_down()

    assert first == again
    with pytest.raises(Conflict) as refusal:
        services.checkout_url(hold, success_url=PAGE, cancel_url=PAGE)
    assert refusal.value.code == "already_paid"
    assert hold.checkouts.count() == 1


def test_a_payer_who_is_back_before_the_news_is_believed_to_have_paid(bank: Bank) -> None:
    hold = bank.hold()
    bank.pay(hold)

    services.refresh_checkout(hold)
    bank.settle_down()

    assert hold.state == HoldState.SECURED
    assert Posting.objects.filter(hold=hold).count() == 1


def test_the_worked_example_in_the_documents_is_what_the_books_say(bank: Bank) -> None:
    hold = bank.released()
    bank.paid_out(hold.payee)
    page = (Path(__file__).parents[2] / "docs" / "money.md").read_text()

    lines = {str(entry) for entry in Entry.objects.all()}

    assert len(lines) == 14
    assert [line for line in lines if line not in page] == []
