"""Amounts as people type them: what can mean one thing is read, what cannot is refused with the reason."""

import pytest

from marketplace.kit.amounts import read_amount
from marketplace.kit.errors import Invalid
from marketplace.kit.money import Money


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("600", 60_000), ("600.5", 60_050), ("600,50", 60_050), ("€600", 60_000), ("600 €", 60_000),
        ("EUR 600", 60_000), ("600eur", 60_000), ("1.234,50", 123_450), ("1,234.50", 123_450), ("1 234,50", 123_450),
        ("1'234.50", 123_450),
        ("12.345,6", 1_234_560), ("123,456.00", 12_345_600), ("0", 0),
    ],
)  # fmt: skip
def test_an_amount_is_read_as_it_was_meant(text: str, minor: int) -> None:
    assert read_amount(text, "EUR") == Money(minor, "EUR")


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [("1.234", "KWD", 1_234), ("$40", "USD", 4_000), ("A$40", "AUD", 4_000), ("$40", "AUD", 4_000),
     ("¥900", "JPY", 900), ("£12.50", "GBP", 1_250), ("40 CHF", "CHF", 4_000)],
)  # fmt: skip
def test_each_currency_has_its_sign_and_its_decimals(text: str, currency: str, minor: int) -> None:
    assert read_amount(text, currency) == Money(minor, currency)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1,234", "ambiguous_amount"), ("12.345", "ambiguous_amount"), ("-5", "negative_amount"),
        ("−5,00", "negative_amount"), ("1000000000000000", "amount_too_large"), ("9" * 30, "amount_too_large"),
        ("1,000,000", "amount_too_large"), ("a lot", "bad_amount"), ("1e5", "bad_amount"), ("$600", "bad_amount"),
        ("600 USD", "bad_amount"), ("1,23,456", "bad_amount"), ("1.234.5", "bad_amount"), ("..", "bad_amount"),
        ("٣", "bad_amount"), ("", "bad_amount"), ("1234.567", "bad_amount"), ("€", "bad_amount"),
    ],
)  # fmt: skip
def test_what_is_no_amount_is_refused_with_the_reason(text: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_amount(text, "EUR")

    assert refused.value.code == code
