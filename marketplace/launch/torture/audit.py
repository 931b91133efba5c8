"""What the books and Stripe say in the end. Everything is counted on Stripe's side too, through its own API."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.db.models import Sum

from marketplace.launch.torture.patience import at_stripe
from payments import gateway, ledger
from payments.models import Account, Checkout, Entry, Hold, Operation, Payout, Posting, Refund, StripeEvent, Transfer
from payments.states import (
    LIVE_OPERATIONS,
    Chart,
    CheckoutState,
    EventState,
    HoldState,
    PayoutState,
    RefundState,
    TransferState,
)

COUNTED = [CheckoutState.PAID, CheckoutState.RETURNED]
MOVING = [HoldState.RELEASING, HoldState.REFUNDING]


def is_settled() -> bool:
    """Nothing is under way on either side."""
    return not (stuck() or at_stripe("state")["webhooks_waiting"])


def stuck() -> int:
    """Operations, events, holds, payouts and payments that have not come to an end."""
    return sum(
        rows.count()
        for rows in (
            Operation.objects.filter(state__in=LIVE_OPERATIONS),
            StripeEvent.objects.exclude(state__in=[EventState.DONE, EventState.IGNORED]),
            Hold.objects.filter(state__in=MOVING),
            Payout.objects.filter(state__in=[PayoutState.REQUESTED, PayoutState.ON_ITS_WAY]),
            Checkout.objects.filter(state=CheckoutState.PROCESSING),
        )
    )


def figures(reserve_minor: int) -> dict[str, Any]:
    """The table's figures. Amounts are minor units per currency."""
    holds = Hold.objects.all()
    return {
        "created": holds.count(),
        "paid": holds.exclude(secured_at=None).count(),
        "released": holds.filter(state=HoldState.RELEASED).count(),
        "refunded": holds.filter(state=HoldState.REFUNDED).count(),
        "refunds": Refund.objects.filter(state=RefundState.SUCCEEDED).count(),
        "came_too_late": Checkout.objects.filter(state=CheckoutState.RETURNED).count(),
        "expired": holds.filter(state=HoldState.EXPIRED).count(),
        "payouts": Payout.objects.filter(state=PayoutState.PAID).count(),
        "paid_out": by_currency(Payout.objects.filter(state=PayoutState.PAID)),
        "postings": Posting.objects.count(),
        "requests_tried_again": Operation.objects.filter(tries__gt=1).count(),
        "paid_twice": paid_twice(),
        "lost": lost(),
        "stuck": stuck(),
        "difference": {currency: difference(currency, reserve_minor) for currency in currencies()},
        "payees_difference": sum(abs(payee_difference(payee)) for payee in connected()),
    }


def paid_twice() -> int:
    """Transfers, refunds and payouts at Stripe beyond one for each of ours; holds that gave more than they got."""
    made = Counter(one["metadata"].get("op_id") for kind in ("transfer", "refund") for one in every(kind))
    for payee in connected():
        made.update(one["metadata"].get("op_id") for one in every("payout", payee.stripe_account_id))
    out: Counter[str] = Counter()
    for one in every("transfer"):
        out[one["transfer_group"]] += one["amount"]
    back = {one.stripe_id: one.purpose.public_id for one in Refund.objects.select_related("hold", "wallet")}
    for one in every("refund"):
        out[back.get(one["id"], "nobody's")] += one["amount"] if one["status"] != "failed" else 0
    for one in every("charge"):
        out[one["transfer_group"]] -= one["amount"] if one["paid"] else 0
    per_hold = Counter((one["transfer_group"], one["destination"]) for one in every("transfer"))
    return (
        sum(count - 1 for count in made.values())
        + sum(count - 1 for count in per_hold.values())
        + sum(minor > 0 for minor in out.values())
    )


def lost() -> int:
    """What Stripe has done and our rows do not know: payments, transfers, refunds, payouts."""
    ours = {
        "charge": set(Checkout.objects.filter(state__in=COUNTED).values_list("charge", flat=True)),
        "transfer": set(Transfer.objects.filter(state=TransferState.CONFIRMED).values_list("stripe_id", flat=True)),
        "refund": set(Refund.objects.filter(state=RefundState.SUCCEEDED).values_list("stripe_id", flat=True)),
    }
    theirs = {kind: {one["id"] for one in every(kind) if one.get("paid", True)} for kind in ours}
    known = set(Payout.objects.filter(state=PayoutState.PAID).values_list("stripe_id", flat=True))
    unknown = sum(one["id"] not in known for payee in connected() for one in every("payout", payee.stripe_account_id))
    return unknown + sum(len(theirs[kind] ^ ours[kind]) for kind in ours)


def difference(currency: str, reserve_minor: int) -> int:
    """Our books less Stripe's balance, the reserve left out of both: a night that falls into the run books it."""
    topped_up = Entry.objects.filter(chart=Chart.STRIPE, currency=currency, posting__kind="topped_up")
    booked: int = topped_up.aggregate(total=Sum("minor", default=0))["total"]
    return ledger.balance(Chart.STRIPE, currency).minor - booked - (stripe_balance(currency) - reserve_minor)


def payee_difference(payee: Account) -> int:
    """The memo book less what Stripe says the payee has."""
    held = ledger.held(Chart.MEMO_CONNECTED, payee.public_id, payee.currency).minor
    return held - stripe_balance(payee.currency, payee.stripe_account_id)


def stripe_balance(currency: str, acts_as: str | None = None) -> int:
    found = asked("balance.retrieve", {}, acts_as)
    return sum(
        row["amount"] for name in ("available", "pending") for row in found[name] if row["currency"] == currency.lower()
    )


def every(kind: str, acts_as: str | None = None) -> Iterator[dict[str, Any]]:
    """All of Stripe's objects of a kind."""
    after: dict[str, str] = {}
    while True:
        page = asked(f"{kind}.list", {"limit": 100, **after}, acts_as)
        yield from page["data"]
        if not page["has_more"]:
            return
        after = {"starting_after": page["data"][-1]["id"]}


def asked(kind: str, params: dict[str, Any], acts_as: str | None = None) -> dict[str, Any]:
    outcome = gateway.call(kind, params, key=None, account=acts_as)
    if not isinstance(outcome, gateway.Success):
        raise OSError(f"{kind}: {outcome}")
    return outcome.data


def connected() -> list[Account]:
    return list(Account.objects.payees().exclude(stripe_account_id=None))


def currencies() -> list[str]:
    return sorted(set(Hold.objects.values_list("currency", flat=True)))


def by_currency(rows: Any) -> dict[str, int]:
    return dict(rows.values_list("currency").annotate(total=Sum("amount_minor")).order_by("currency"))
