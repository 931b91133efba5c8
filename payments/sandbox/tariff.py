"""What Stripe would charge, and what amounts it takes: list prices and limits, as of November 2026."""

from dataclasses import dataclass

from payments.sandbox.errors import ApiError

ZERO_DECIMAL = frozenset({"bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "vnd", "vuv", "xaf",
                          "xof", "xpf"})  # fmt: skip
THREE_DECIMAL = frozenset({"bhd", "jod", "kwd", "omr", "tnd"})
# Written with two decimals for old times' sake, although there are none: they must be 00.
WHOLE = frozenset({"isk", "ugx"})
# Charged with two decimals, but paid out whole.
WHOLE_PAYOUTS = frozenset({"huf", "twd"})
SMALLEST = {
    "aud": 50, "bhd": 200, "cad": 50, "chf": 50, "czk": 1500, "dkk": 250, "eur": 50, "gbp": 30, "huf": 17500,
    "isk": 10000, "jpy": 50, "krw": 500, "kwd": 150, "nok": 300, "nzd": 50, "pln": 200, "ron": 200, "sek": 300,
    "sgd": 50, "twd": 2000, "ugx": 200000, "usd": 50,
}  # fmt: skip
LARGEST = 99_999_999


@dataclass(frozen=True, slots=True)
class Price:
    """``basis_points`` of the amount plus ``fixed``, never above ``cap``."""

    basis_points: int
    fixed: int
    cap: int | None = None

    def of(self, amount: int) -> int:
        fee = (amount * self.basis_points + 5_000) // 10_000 + self.fixed
        return min(fee, amount, self.cap if self.cap is not None else fee)


CARD = {
    "aud": Price(170, 30), "cad": Price(290, 30), "chf": Price(290, 30), "czk": Price(150, 650),
    "dkk": Price(150, 180), "eur": Price(150, 25), "gbp": Price(150, 20), "huf": Price(150, 8500),
    "jpy": Price(360, 0), "nok": Price(240, 200), "nzd": Price(265, 30), "pln": Price(150, 100),
    "ron": Price(150, 100), "sek": Price(150, 180), "sgd": Price(340, 50), "usd": Price(290, 30),
}  # fmt: skip
BANK_DEBIT = {"eur": Price(0, 35), "usd": Price(80, 0, cap=500), "gbp": Price(100, 20, cap=400)}
INSTANT_PAYOUT = Price(100, 0)
DISPUTE = {"usd": 1500, "eur": 2000, "gbp": 2000}


def processing_fee(method: str, amount: int, currency: str) -> int:
    table = CARD if method == "card" else BANK_DEBIT
    fee = table.get(currency, Price(290, 30)).of(amount)
    return fee - fee % _steps(currency)


def dispute_fee(currency: str) -> int:
    return DISPUTE.get(currency, 1500)


def check_currency(currency: str, param: str = "currency") -> str:
    """The currency in lower case, or Stripe's refusal."""
    lower = currency.lower()
    if lower not in SMALLEST:
        known = ", ".join(sorted(SMALLEST))
        message = f"Invalid currency: {lower[:20]}. Stripe currently supports these currencies: {known}"
        raise ApiError(message, param=param, began=False)
    return lower


def check_amount(amount: int, currency: str = "", param: str = "amount") -> int:
    """At least one minor unit, at most eight digits, and written as its currency is, or Stripe's refusal."""
    if amount < 1:
        raise ApiError("This value must be greater than or equal to 1.", code="parameter_invalid_integer",
                       param=param, began=False)  # fmt: skip
    if amount > LARGEST:
        raise ApiError(f"Amount must be no more than {LARGEST}.", code="amount_too_large", param=param, began=False)
    if amount % _steps(currency):
        raise ApiError(f"Amounts in {currency} must be divisible by {_steps(currency)}.",
                       code="parameter_invalid_integer", param=param, began=False)  # fmt: skip
    return amount


def check_payout(amount: int, currency: str) -> int:
    """Some currencies leave for a bank in whole units only."""
    if currency in WHOLE_PAYOUTS and amount % 100:
        raise ApiError(f"Payouts in {currency} must be divisible by 100.", code="parameter_invalid_integer",
                       param="amount", began=False)  # fmt: skip
    return check_amount(amount, currency)


def decimals(currency: str) -> int:
    """How many of the digits of an amount stand behind the point."""
    return 0 if currency in ZERO_DECIMAL else 3 if currency in THREE_DECIMAL else 2


def check_charge(amount: int, currency: str, param: str) -> None:
    """A charge has a smallest amount per currency."""
    check_amount(amount, currency, param)
    if amount < SMALLEST[currency]:
        raise ApiError(
            f"The amount must be at least {SMALLEST[currency]} in the smallest unit of {currency}.",
            code="amount_too_small",
            param=param,
        )


def _steps(currency: str) -> int:
    return 100 if currency in WHOLE else 10 if currency in THREE_DECIMAL else 1
