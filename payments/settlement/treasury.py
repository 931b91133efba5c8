"""The platform's own money at Stripe: what the operator puts in and takes out, and what Stripe bills us for.

Nothing of it starts with an operation of ours, so it is booked from Stripe's list, when reconciliation meets it there.
"""

from django.db import transaction
from django.db.models import Sum

from marketplace.kit.money import Money
from payments import ledger
from payments.models import Balance, StripeLine
from payments.states import OWED, Chart

# Stripe's type → the account on the other side, the kind of posting.
OWN: dict[str, tuple[Chart, str]] = {
    "topup": (Chart.BANK, "topped_up"),
    "topup_reversal": (Chart.BANK, "top_up_reversed"),
    "payout": (Chart.BANK, "taken_out"),
    "payout_cancel": (Chart.BANK, "take_out_cancelled"),
    "payout_failure": (Chart.BANK, "take_out_failed"),
    "stripe_fee": (Chart.CONNECT, "billed_by_stripe"),
    "tax_fee": (Chart.CONNECT, "billed_by_stripe"),
}


def is_ours_to_take(line: StripeLine) -> bool:
    """Is what stays at Stripe enough for everything we owe to others? Always so when money only comes in."""
    if line.net_minor >= 0 or OWN[line.kind][0] != Chart.BANK:
        return True
    rows = Balance.objects.filter(chart__in=OWED, currency=line.currency)
    owed: int = rows.aggregate(total=Sum("minor"))["total"] or 0
    return ledger.balance(Chart.STRIPE, line.currency).minor + line.net_minor >= owed


@transaction.atomic
def book(line: StripeLine) -> None:
    """Write one of the operator's own moves into the books. Running twice changes nothing."""
    other, kind = OWN[line.kind]
    ledger.post(
        [
            ledger.debit(Chart.STRIPE, line.net),
            ledger.debit(Chart.PROCESSING, Money(line.fee_minor, line.currency)),
            ledger.credit(other, Money(line.amount_minor, line.currency)),
        ],
        key=f"line:{line.stripe_id}",
        kind=kind,
        source=line.stripe_id,
    )
