import pytest
from babel.numbers import format_currency
from hypothesis import given
from hypothesis import strategies as st

from marketplace.kit.errors import Invalid
from marketplace.kit.money import EXPONENTS, LARGEST_MINOR, Money


def test_an_amount_is_read_to_the_cent() -> None:
    assert Money.parse("1240.50", "EUR") == Money(124050, "EUR")
    assert Money.parse("1240", "JPY") == Money(1240, "JPY")
    assert Money.parse("1.234", "KWD") == Money(1234, "KWD")


@pytest.mark.parametrize("text", ["", "-5", "1e3", "0x1", "1,50", "1.005", "NaN", "٣", "9" * 16, "1 000", "\x00"])
def test_what_is_not_plainly_an_amount_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        Money.parse(text, "EUR")


def test_a_zero_decimal_currency_has_no_cents() -> None:
    with pytest.raises(Invalid) as caught:
        Money.parse("10.5", "JPY")

    assert caught.value.code == "bad_amount"


def test_an_unknown_currency_is_refused() -> None:
    with pytest.raises(Invalid) as caught:
        Money(1, "XXX")

    assert caught.value.code == "unknown_currency"


def test_currencies_never_mix() -> None:
    with pytest.raises(ValueError, match="mix"):
        Money(1, "EUR") + Money(1, "USD")


def test_money_reads_as_people_write_it() -> None:
    assert Money(124000, "EUR").text() == "€1,240.00"
    assert Money(124000, "EUR").text("de") == "1.240,00\xa0€"
    assert str(Money(500, "JPY")) == "¥500"


@given(st.integers(-(10**12), 10**12), st.sampled_from(sorted(EXPONENTS)))
def test_english_is_written_as_babel_writes_it(minor: int, currency: str) -> None:
    money = Money(minor, currency)

    assert money.text() == format_currency(money.major, currency, locale="en")


def test_a_share_rounds_half_up() -> None:
    assert Money(50, "EUR").share(900) == Money(5, "EUR")
    assert Money(10_000, "EUR").share(900) == Money(900, "EUR")


@given(st.integers(0, LARGEST_MINOR), st.sampled_from(sorted(EXPONENTS)))
def test_what_is_shown_can_be_read_back(minor: int, currency: str) -> None:
    money = Money(minor, currency)

    assert Money.parse(format(money.major, "f"), currency) == money
