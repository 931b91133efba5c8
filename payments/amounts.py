"""Between our Money and the whole numbers that Stripe speaks: one pure place, both ways, refusing what does not fit.

Stripe counts as ISO 4217 does, with the exceptions of its list of currencies: krónur are written with two decimals
that must be 00, dinars have three of which the last must be 0, and forints leave for a bank whole.
"""

from marketplace.kit.errors import Invalid
from marketplace.kit.money import Money

LARGEST_UNITS = 99_999_999  # eight digits, in Stripe's units
# Stripe's units in one minor unit of ours; 1 where nothing is said.
_UNITS = {"ISK": 100}
# Our minor units go in steps of so many; 1 where nothing is said.
_STEP = {"BHD": 10, "KWD": 10}
_PAYOUT_STEP = {**_STEP, "HUF": 100}
# The smallest charge, in our minor units: Stripe's list, November 2026.
_SMALLEST = {
    "AUD": 50, "BHD": 200, "CAD": 50, "CHF": 50, "CZK": 15_00, "DKK": 2_50, "EUR": 50, "GBP": 30, "HUF": 175_00,
    "ISK": 100, "JPY": 50, "KRW": 500, "KWD": 150, "NOK": 3_00, "NZD": 50, "PLN": 2_00, "RON": 2_00, "SEK": 3_00,
    "SGD": 50, "USD": 50,
}  # fmt: skip


def to_stripe(money: Money) -> int:
    """This amount in Stripe's units: Money(1500, "ISK") is 150000. Raises Invalid when Stripe cannot write it."""
    if money.minor % step(money.currency):
        least = Money(step(money.currency), money.currency)
        raise Invalid.at("amount", "amount_not_representable", f"Amounts in {money.currency} go in steps of {least}.")
    return money.minor * _UNITS.get(money.currency, 1)


def from_stripe(units: int, currency: str, *, rounding_down: bool = False) -> Money:
    """What Stripe means by so many units. Raises Invalid on a remainder, unless it may be left where it is."""
    code = currency.upper()
    minor, rest = divmod(units, _UNITS.get(code, 1))
    if rest and not rounding_down:
        raise Invalid.at("amount", "amount_not_representable", f"{units} units of {code} are not a whole amount.")
    return Money(minor, code)


def step(currency: str) -> int:
    """In how many minor units amounts of this currency go up."""
    return _STEP.get(currency, 1)


def payable(money: Money) -> Money:
    """The most of it that a payout can carry; the rest waits on the account for the next one."""
    return Money(money.minor - money.minor % _PAYOUT_STEP.get(money.currency, 1), money.currency)


def check_charge(total: Money) -> None:
    """Raises Invalid when Stripe would not take this as one payment: too small, too large, or between two steps."""
    least = Money(_SMALLEST[total.currency], total.currency)
    if total < least:
        raise Invalid.at("amount", "amount_too_small", f"A payment must be at least {least}, with the fee.")
    if to_stripe(total) > LARGEST_UNITS:
        raise Invalid.at("amount", "amount_too_large", "That amount is larger than we handle.")
