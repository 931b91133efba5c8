"""The fee on top, and shares to the last cent."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.kit.money import Money
from payments.fees import platform_fee, processing_estimate, split


@pytest.mark.parametrize(
    ("amount", "fee"),
    [(100_00, 9_00), (11_11, 1_00), (11_12, 1_00), (11_17, 1_01), (1, 1_00), (50_00, 4_50), (99_999_99, 9_000_00)],
)
def test_nine_percent_and_at_least_one_euro(amount: int, fee: int) -> None:
    assert platform_fee(Money(amount, "EUR")) == Money(fee, "EUR")


@pytest.mark.parametrize(
    ("currency", "least"), [("JPY", 160), ("KWD", 300), ("HUF", 400_00), ("KRW", 1_500), ("GBP", 90), ("USD", 1_00)]
)
def test_the_least_fee_is_about_a_euro_in_every_currency(currency: str, least: int) -> None:
    assert platform_fee(Money(10, currency)) == Money(least, currency)


def test_an_operator_names_the_least_fee_of_one_currency_only(settings: Any) -> None:
    settings.PLATFORM_FEE_MINIMUMS = {"JPY": 200}

    assert platform_fee(Money(10, "JPY")) == Money(200, "JPY")
    assert platform_fee(Money(10, "EUR")) == Money(1_00, "EUR")


def test_a_fee_of_zero_percent_is_nothing_at_all(settings: Any) -> None:
    settings.PLATFORM_FEE_BPS = 0

    assert platform_fee(Money(100_00, "EUR")) == Money(0, "EUR")


def test_a_currency_without_decimals_has_a_whole_fee() -> None:
    assert platform_fee(Money(15_000, "JPY")) == Money(1_350, "JPY")


def test_the_residual_goes_to_the_first_named() -> None:
    assert split(Money(100, "EUR"), [1, 1, 1]) == [Money(34, "EUR"), Money(33, "EUR"), Money(33, "EUR")]


def test_the_largest_remainder_gets_the_odd_cent() -> None:
    assert split(Money(10, "EUR"), [10, 29]) == [Money(3, "EUR"), Money(7, "EUR")]
    assert split(Money(10, "EUR"), [14, 16]) == [Money(5, "EUR"), Money(5, "EUR")]


@given(st.integers(0, 10**11), st.lists(st.integers(0, 10**6), min_size=1, max_size=12).filter(any))
def test_no_split_loses_or_makes_a_cent(total: int, weights: list[int]) -> None:
    shares = split(Money(total, "EUR"), weights)

    assert sum(share.minor for share in shares) == total
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share.minor * sum(weights) - total * weight) < sum(weights)


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1], [2, -1]])
def test_weights_that_mean_nothing_are_refused(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        split(Money(100, "EUR"), weights)


def test_an_estimate_has_a_share_a_fixed_part_and_a_cap() -> None:
    total = Money(1_000_00, "USD")

    card = processing_estimate(total, bps=290, fixed_minor=30, cap_minor=None)
    debit = processing_estimate(total, bps=80, fixed_minor=0, cap_minor=5_00)

    assert (card, debit) == (Money(29_30, "USD"), Money(5_00, "USD"))
