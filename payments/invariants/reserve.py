"""The operator's own money at Stripe: out of it come processing, refunds beyond what is there, and disputes."""

from marketplace.kit.money import EXPONENTS
from payments.figures import OWN_FUNDS
from payments.invariants.shape import late
from payments.minimums import about

SHORT_EUROS = 100_00  # a gap smaller than about this much waits for the next fees we earn
_SHORT = ", ".join(f"('{currency}', {about(SHORT_EUROS, currency).minor})" for currency in sorted(EXPONENTS))

INVARIANTS = (
    late(
        "reserve_covers_what_is_owed",
        "What lies at Stripe covers what we owe to others, but for a tenth and about 100 euros; else top it up.",
        f"""SELECT funds.currency, funds.own || ' of ' || funds.owed
        FROM ({OWN_FUNDS}) AS funds JOIN (VALUES {_SHORT}) AS gap (currency, minor) ON gap.currency = funds.currency
        WHERE -funds.own > gap.minor AND -funds.own * 10 > funds.owed""",
    ),
)
