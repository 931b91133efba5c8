"""The smallest sums, round in each currency: from when on money is paid out by itself, and what our fee is at least."""

from datetime import timedelta

from django.conf import settings

from marketplace.kit.money import Money

# In minor units. An operator may name others: PAYOUT_MINIMUMS="EUR=3000,JPY=5000".
_DEFAULTS = {
    "AUD": 80_00, "BHD": 20_000, "CAD": 75_00, "CHF": 50_00, "CZK": 1_200_00, "DKK": 375_00, "EUR": 50_00,
    "GBP": 45_00, "HUF": 20_000_00, "ISK": 7_500, "JPY": 8_000, "KRW": 75_000, "KWD": 15_000, "NOK": 550_00,
    "NZD": 90_00, "PLN": 200_00, "RON": 250_00, "SEK": 550_00, "SGD": 75_00, "USD": 50_00,
}  # fmt: skip
LONGEST_WAIT = timedelta(days=30)
LOWEST, HIGHEST = 5, 20  # a payee may choose between a fifth of it and twenty times as much


def minimum(currency: str) -> Money:
    """What a payee starts with, and what holds for money in other currencies than their own."""
    return Money(settings.PAYOUT_MINIMUMS.get(currency, _DEFAULTS[currency]), currency)


def bounds(currency: str) -> tuple[Money, Money]:
    """The lowest and the highest minimum that a payee may choose: a payout costs us something, however small."""
    usual = minimum(currency).minor
    return Money(usual // LOWEST, currency), Money(usual * HIGHEST, currency)


def smallest_fee(currency: str) -> Money:
    """What our fee is at least: about one euro, unless the operator names another sum for this currency."""
    return Money(settings.PLATFORM_FEE_MINIMUMS.get(currency, about(1_00, currency).minor), currency)


def about(euro_cents: int, currency: str) -> Money:
    """About as much in another currency, by the round sums above: a rule of thumb for limits, never for amounts."""
    return Money(euro_cents * _DEFAULTS[currency] // _DEFAULTS["EUR"], currency)
