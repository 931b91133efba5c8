"""Money in Stripe's units and back: every currency we take, and what Stripe cannot write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.kit.errors import Invalid
from marketplace.kit.money import EXPONENTS, Money
from payments import amounts, fees, ledger, services
from payments.models import Hold, Payout
from payments.states import Chart, HoldState
from tests.plugins.sandbox import Bank


@pytest.mark.parametrize(
    ("money", "units"),
    [
        (Money(10_50, "EUR"), 1_050),
        (Money(1_500, "JPY"), 1_500),
        (Money(1_500, "ISK"), 150_000),
        (Money(10_500, "KWD"), 10_500),
        (Money(175_01, "HUF"), 17_501),
    ],
)
def test_an_amount_is_written_as_stripe_writes_it(money: Money, units: int) -> None:
    assert amounts.to_stripe(money) == units
    assert amounts.from_stripe(units, money.currency.lower()) == money


@given(st.integers(0, 999_999), st.sampled_from(sorted(EXPONENTS)))
def test_what_is_written_reads_back_the_same(steps: int, currency: str) -> None:
    money = Money(steps * amounts.step(currency), currency)

    assert amounts.from_stripe(amounts.to_stripe(money), currency) == money


def test_half_a_step_is_refused_both_ways() -> None:
    with pytest.raises(Invalid) as ours:
        amounts.to_stripe(Money(10_505, "KWD"))
    with pytest.raises(Invalid) as theirs:
        amounts.from_stripe(150_001, "isk")

    assert ours.value.code == theirs.value.code == "amount_not_representable"
    assert amounts.from_stripe(150_099, "isk", rounding_down=True) == Money(1_500, "ISK")


@pytest.mark.parametrize(
    ("money", "code"),
    [
        (Money(49, "EUR"), "amount_too_small"),
        (Money(49, "JPY"), "amount_too_small"),
        (Money(174_99, "HUF"), "amount_too_small"),
        (Money(1_000_000_00, "EUR"), "amount_too_large"),
        (Money(1_000_000, "ISK"), "amount_too_large"),
        (Money(10_001, "BHD"), "amount_not_representable"),
    ],
)
def test_a_payment_that_stripe_would_not_take_is_refused_at_the_field(money: Money, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        amounts.check_charge(money)

    assert refusal.value.code == code
    assert "amount" in refusal.value.fields


@pytest.mark.parametrize("currency", sorted(EXPONENTS))
def test_every_currency_has_its_smallest_and_largest_payment(currency: str) -> None:
    least = amounts._SMALLEST[currency]
    most = amounts.LARGEST_UNITS // amounts._UNITS.get(currency, 1)

    amounts.check_charge(Money(least, currency))
    amounts.check_charge(Money(most - most % amounts.step(currency), currency))


def test_fees_and_shares_go_in_the_steps_of_their_currency() -> None:
    assert fees.platform_fee(Money(10_010, "KWD")) == Money(900, "KWD")
    assert fees.platform_fee(Money(10_060, "KWD")) == Money(910, "KWD")
    assert fees.split(Money(100, "KWD"), [1, 1, 1]) == [Money(40, "KWD"), Money(30, "KWD"), Money(30, "KWD")]


@pytest.mark.parametrize(
    ("money", "left"),
    [(Money(100_01, "HUF"), Money(100_00, "HUF")), (Money(99, "HUF"), Money(0, "HUF")), (Money(7, "EUR"),) * 2],
)
def test_a_payout_carries_what_a_bank_can_take(money: Money, left: Money) -> None:
    assert amounts.payable(money) == left


@pytest.mark.django_db
@pytest.mark.parametrize(
    "amount", [Money(15_000, "ISK"), Money(25_000, "JPY"), Money(100_010, "KWD"), Money(100_000_00, "HUF")], ids=str
)
def test_every_kind_of_currency_is_paid_released_and_paid_out(bank: Bank, amount: Money) -> None:
    hold = bank.released(amount)
    bank.name_bank(hold.payee, amount.currency)

    payout = bank.paid_out(hold.payee)

    assert (hold.state, payout.amount) == (HoldState.RELEASED, amount)
    bank.sandbox.control.settle()
    at_stripe = bank.sandbox.control.balance()["available"][0]
    assert amounts.from_stripe(at_stripe["amount"], amount.currency) == ledger.balance(Chart.STRIPE, amount.currency)


@pytest.mark.django_db
def test_fillers_wait_on_the_account_until_they_are_a_whole_forint(bank: Bank) -> None:
    payee = bank.released(Money(1_000_50, "HUF")).payee
    bank.name_bank(payee, "HUF")

    payout = bank.paid_out(payee)

    assert payout.amount == Money(1_000_00, "HUF")
    assert ledger.held(Chart.MEMO_CONNECTED, payee.public_id, "HUF") == Money(50, "HUF")
    assert Payout.objects.count() == 1


@pytest.mark.django_db
def test_a_part_that_stripe_cannot_write_is_not_refunded(bank: Bank) -> None:
    hold = bank.secured(Money(100_000, "KWD"))

    with pytest.raises(Invalid) as refusal:
        services.refund(hold, amount=Money(10_005, "KWD"), reason="typing error")
    services.refund(hold, amount=Money(10_010, "KWD"), reason="agreed")
    bank.settle_down()

    assert refusal.value.code == "amount_not_representable"
    assert Hold.objects.get().refunds.get().total == Money(10_910, "KWD")
