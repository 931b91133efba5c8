"""Amounts of money: whole minor units and a currency, never a float."""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import cache

from babel.numbers import format_currency

from marketplace.kit.errors import Invalid

# ISO 4217 minor units of the currencies we take; anything absent is refused rather than guessed.
EXPONENTS = {
    "AUD": 2, "BHD": 3, "CAD": 2, "CHF": 2, "CZK": 2, "DKK": 2, "EUR": 2, "GBP": 2, "HUF": 2, "ISK": 0,
    "JPY": 0, "KRW": 0, "KWD": 3, "NOK": 2, "NZD": 2, "PLN": 2, "RON": 2, "SEK": 2, "SGD": 2, "USD": 2,
}  # fmt: skip
LARGEST_MINOR = 99_999_999  # the most that one Stripe charge takes
_PLAIN = re.compile(r"[0-9]{1,15}(\.[0-9]{1,3})?")


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """``minor`` whole minor units (cents) of ``currency`` (ISO 4217). Mixing currencies raises ValueError."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if self.currency not in EXPONENTS:
            raise Invalid("unknown_currency", f"We don't handle the currency “{self.currency[:8]}”.")

    @classmethod
    def parse(cls, text: str, currency: str) -> "Money":
        """Read “1240.50” exactly. Raises Invalid on anything else, on too many decimals, or when too large."""
        probe = cls(0, currency)
        if not _PLAIN.fullmatch(text.strip()):
            raise Invalid("bad_amount", "Write the amount like 1240.50.")
        try:
            scaled = Decimal(text.strip()).scaleb(probe.exponent)
        except InvalidOperation as error:  # pragma: no cover - the pattern above leaves nothing to get here
            raise Invalid("bad_amount", "Write the amount like 1240.50.") from error
        if scaled != scaled.to_integral_value():
            raise Invalid("bad_amount", f"{currency} has {probe.exponent} decimal places.")
        if scaled > LARGEST_MINOR:
            raise Invalid("amount_too_large", "That amount is larger than we handle.")
        return cls(int(scaled), currency)

    @property
    def exponent(self) -> int:
        return EXPONENTS[self.currency]

    @property
    def major(self) -> Decimal:
        """The amount in whole units: Money(1050, "EUR").major == Decimal("10.50")."""
        return Decimal(self.minor).scaleb(-self.exponent)

    def __add__(self, other: "Money") -> "Money":
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.minor - self._same(other), self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.minor < self._same(other)

    def __le__(self, other: "Money") -> bool:
        return self.minor <= self._same(other)

    def __gt__(self, other: "Money") -> bool:
        return self.minor > self._same(other)

    def __ge__(self, other: "Money") -> bool:
        return self.minor >= self._same(other)

    def __abs__(self) -> "Money":
        return Money(abs(self.minor), self.currency)

    def __bool__(self) -> bool:
        return self.minor != 0

    def __str__(self) -> str:
        return self.text()

    def share(self, basis_points: int) -> "Money":
        """This amount × basis points ÷ 10,000, rounded half up to the minor unit."""
        exact = Decimal(self.minor) * basis_points / 10_000
        return Money(int(exact.quantize(Decimal(1), ROUND_HALF_UP)), self.currency)

    def text(self, locale: str = "en") -> str:
        """For people: “€1,240.00”."""
        if locale != "en":
            return str(format_currency(self.major, self.currency, locale=locale))
        before, after = _around(self.currency, -1 if self.minor < 0 else 1)
        return f"{before}{abs(self.major):,.{self.exponent}f}{after}"

    def _same(self, other: "Money") -> int:
        if other.currency != self.currency:
            raise ValueError(f"cannot mix {self.currency} and {other.currency}")
        return other.minor


@cache
def _around(currency: str, sign: int) -> tuple[str, str]:
    """What English writes before and after the digits: a shortlist names hundreds of amounts, and Babel is slow."""
    digits = f"{1:.{EXPONENTS[currency]}f}"
    before, after = format_currency(sign, currency, locale="en").split(digits)
    return before, after
