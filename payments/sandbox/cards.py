"""Ways to pay that need no real card. The numbers are Stripe's own test numbers."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Method:
    """``outcome``: paid, declined, challenge (3-D Secure) or processing (a bank debit that answers later).

    ``disputed``: "", "chargeback" or "inquiry", at once. ``refund``: how one ends; pending first succeeds later.
    """

    name: str
    label: str
    note: str
    outcome: str
    number: str = ""
    brand: str = "visa"
    decline_code: str = ""
    at_once: bool = False
    disputed: str = ""
    refund: str = "succeeded"
    fails_later: bool = False
    rare: bool = False

    @property
    def debit(self) -> bool:
        return self.outcome == "processing"

    @property
    def last4(self) -> str:
        return self.number[-4:]


METHODS = {
    method.name: method
    for method in (
        Method("card", "Card that works", "Visa 4242", "paid", "4242424242424242"),
        Method("challenge", "Card that asks for 3-D Secure", "Visa 3220", "challenge", "4000000000003220"),
        Method("declined", "Card that is declined", "Visa 0002", "declined", "4000000000000002",
               decline_code="generic_decline"),
        Method("no_funds", "Card without enough money", "Visa 9995", "declined", "4000000000009995",
               decline_code="insufficient_funds", rare=True),
        Method("at_once", "Card whose money is available at once", "Visa 0077", "paid", "4000000000000077",
               at_once=True, rare=True),
        Method("disputed", "Card whose payment is disputed at once", "Visa 0259", "paid", "4000000000000259",
               disputed="chargeback", rare=True),
        Method("inquiry", "Card whose bank asks about the payment", "Visa 1976", "paid", "4000000000001976",
               disputed="inquiry", rare=True),
        Method("refund_later", "Card whose refund takes a while", "Visa 7726", "paid", "4000000000007726",
               refund="pending", rare=True),
        Method("refund_fails", "Card whose refund comes back", "Visa 5126", "paid", "4000000000005126",
               refund="failed", rare=True),
        Method("debit", "Bank debit", "Arrives in some days", "processing", "000123456789"),
        Method("debit_fails", "Bank debit that fails later", "Bounces in some days", "processing", "000111111113",
               fails_later=True, rare=True),
    )
}  # fmt: skip

DEBIT_OF = {"eur": "sepa_debit", "usd": "us_bank_account", "gbp": "bacs_debit"}

DECLINES = {
    "generic_decline": "Your card was declined.",
    "insufficient_funds": "Your card has insufficient funds.",
    "authentication_required": "We are unable to authenticate your payment method.",
}


def method_types(currency: str) -> list[str]:
    """What Stripe would show for this currency."""
    return ["card", *([DEBIT_OF[currency]] if currency in DEBIT_OF else [])]


def choices(types: list[str]) -> list[Method]:
    """What the hosted page offers."""
    debits = set(types) & set(DEBIT_OF.values())
    return [method for method in METHODS.values() if (debits if method.debit else "card" in types)]
