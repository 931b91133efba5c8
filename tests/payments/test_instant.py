"""Instant payouts: opt-in, the cost said first, taken by Stripe, booked on both sides, given back when it fails."""

import pytest

from marketplace.kit.errors import Conflict
from marketplace.kit.money import Money
from payments import ledger, reads, services
from payments.invariants import INVARIANTS, check
from payments.models import Account, Payout, PayoutMethod
from payments.states import Chart, PayoutState
from tests.payments.agreement import differences
from tests.payments.reconciliation.nights import compared, move_at_stripe
from tests.plugins.sandbox import Bank

pytestmark = pytest.mark.django_db
INSTANT, STANDARD = PayoutMethod.INSTANT, PayoutMethod.STANDARD


def euros(minor: int) -> Money:
    return Money(minor, "EUR")


def payee_with_money(bank: Bank, amount: Money | None = None) -> Account:
    payee = bank.released(amount).payee
    bank.sandbox.control.settle()
    bank.settle_down()
    return payee


def at_once(bank: Bank, payee: Account) -> Payout:
    payout = services.request_payout(payee, method=INSTANT)
    bank.settle_down()
    payout.refresh_from_db()
    return payout


def broken() -> list[str]:
    return [look.invariant.name for look in check(INVARIANTS, keep=False) if look.rows]


def test_every_way_is_told_with_its_cost_before_anything_moves(bank: Bank) -> None:
    payee = payee_with_money(bank)

    quotes = services.quote_payouts(payee)

    assert [(one.method, one.amount, one.fee) for one in quotes] == [
        (STANDARD, euros(100_00), euros(0)),
        (INSTANT, euros(99_01), euros(99)),
    ]
    assert {one.bank.last4 for one in quotes} == {"6789"}
    assert Payout.objects.count() == 0


def test_the_price_is_the_one_set_at_stripe(bank: Bank) -> None:
    payee = payee_with_money(bank)

    bank.sandbox.control.set_instant_price(bps=150, fixed=50)

    assert services.quote_payouts(payee)[1].fee == euros(1_97)


def test_an_instant_payout_takes_everything_with_its_price(bank: Bank) -> None:
    payee = payee_with_money(bank)

    payout = at_once(bank, payee)

    assert (payout.state, payout.amount, payout.fee) == (PayoutState.ON_ITS_WAY, euros(99_01), euros(99))
    assert payout.fee_stripe_id
    earned = reads.earnings(payee)
    assert (earned.available, earned.paying_out) == (euros(0), euros(99_01))
    assert ledger.balance(Chart.CONNECT, "EUR") == euros(-99)
    assert differences(bank.sandbox) == []
    assert broken() == []


def test_at_stripes_own_price_it_costs_us_nothing(bank: Bank) -> None:
    bank.reserve(euros(50_00))
    at_once(bank, payee_with_money(bank))
    bank.sandbox.control.bill_instant()

    assert compared().found == []
    assert ledger.balance(Chart.CONNECT, "EUR") == euros(0)
    assert differences(bank.sandbox) == []


def test_an_instant_payout_that_comes_back_gives_its_price_back(bank: Bank) -> None:
    payee = payee_with_money(bank)
    payout = at_once(bank, payee)

    bank.sandbox.control.fail_payout(payout=payout.stripe_id, code="could_not_process")
    bank.settle_down()

    payout.refresh_from_db()
    assert (payout.state, payout.fee) == (PayoutState.FAILED, euros(0))
    assert reads.earnings(payee).available == euros(100_00)
    assert ledger.balance(Chart.CONNECT, "EUR") == euros(0)
    assert differences(bank.sandbox) == []
    assert broken() == []


def test_news_of_the_price_counts_once_in_any_order(bank: Bank) -> None:
    payee = payee_with_money(bank)
    bank.sandbox.control.set_webhooks(duplicate=True, shuffle=True)
    payout = at_once(bank, payee)
    bank.sandbox.control.pay_payout(payout=payout.stripe_id)
    bank.settle_down()

    payout.refresh_from_db()
    assert (payout.state, payout.fee) == (PayoutState.PAID, euros(99))
    assert differences(bank.sandbox) == []
    assert broken() == []


def test_while_the_price_is_not_taken_it_is_set_aside(bank: Bank) -> None:
    payee = payee_with_money(bank)
    bank.sandbox.control.set_webhooks(hold=True)

    payout = at_once(bank, payee)

    assert payout.fee_stripe_id is None
    assert reads.earnings(payee).paying_out == euros(100_00)
    assert broken() == []


def test_a_refused_instant_payout_leaves_everything(bank: Bank) -> None:
    payee = payee_with_money(bank)
    bank.sandbox.control.fault(route="POST /v1/payouts", kind="400", count=1)

    payout = at_once(bank, payee)

    assert payout.state == PayoutState.REFUSED
    assert reads.earnings(payee).available == euros(100_00)
    assert broken() == []


def test_what_was_set_aside_beyond_the_price_is_the_payees(bank: Bank) -> None:
    payee = payee_with_money(bank)
    payout = services.request_payout(payee, method=INSTANT)
    bank.sandbox.control.set_instant_price(bps=50)
    bank.settle_down()

    payout.refresh_from_db()
    assert payout.fee == euros(50)
    assert reads.earnings(payee).available == euros(49)
    assert differences(bank.sandbox) == []
    assert broken() == []


def test_a_price_that_rose_since_it_was_told_is_told_again(bank: Bank) -> None:
    payee = payee_with_money(bank)
    told = services.quote_payouts(payee)[1].fee
    bank.sandbox.control.set_instant_price(bps=200)

    with pytest.raises(Conflict) as refusal:
        services.request_payout(payee, method=INSTANT, fee=told)

    assert refusal.value.code == "cost_changed"
    assert Payout.objects.count() == 0


def test_a_bank_that_cannot_take_it_is_not_offered_it(bank: Bank) -> None:
    payee = bank.payee(onboarded=False)
    assert services.start_onboarding(payee, return_url="https://x.example", refresh_url="https://x.example")
    bank.sandbox.control.complete_onboarding(account=payee.stripe_account_id, bank="slow")
    bank.settle_down()
    bank.released(payee=payee)
    bank.sandbox.control.settle()

    assert [one.method for one in services.quote_payouts(payee)] == [STANDARD]
    with pytest.raises(Conflict) as refusal:
        services.request_payout(payee, method=INSTANT)
    assert refusal.value.code == "no_instant"


def test_an_account_below_zero_is_told_so(bank: Bank) -> None:
    payee = payee_with_money(bank)
    move_at_stripe(bank, euros(-130_00), account=payee.stripe_account_id or "")

    with pytest.raises(Conflict) as refusal:
        services.request_payout(payee)

    assert refusal.value.code == "balance_negative"
    assert "€30.00" in refusal.value.message
