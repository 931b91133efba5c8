"""What Stripe has done that our books do not say yet, object by object."""

from collections.abc import Callable, Iterator
from typing import Any

from payments.models import Payout
from payments.states import LIVE_OPERATIONS, CheckoutState, PayoutState, RefundState, ReversalState, TransferState
from tests.payments.machine.facts import Facts

Gap = tuple[str, str, int]  # Stripe's currency, object, minor units
PAID = {CheckoutState.PAID, CheckoutState.RETURNED}


def gaps(facts: Facts, currency: str) -> list[tuple[str, int]]:
    """What Stripe's balance of ours has moved by and our books do not say yet: object, minor units."""
    found = [gap for kind in KINDS for gap in kind(facts)]
    return [(name, minor) for where, name, minor in found if minor and where == currency.lower()]


def _charges(facts: Facts) -> Iterator[Gap]:
    lines = {one["source"]: one["net"] for one in facts.things["balance_transaction", ""]}
    booked = {one.charge for one in facts.checkouts if one.state in PAID}
    for charge in facts.things["charge", ""]:
        if charge["balance_transaction"] and charge["id"] not in booked:
            yield charge["currency"], charge["id"], lines[charge["id"]]


def _transfers(facts: Facts) -> Iterator[Gap]:
    for transfer in unconfirmed(facts):
        yield transfer["currency"], transfer["id"], -transfer["amount"]


def _refunds(facts: Facts) -> Iterator[Gap]:
    rows = {one.operation_id: one for one in facts.refunds}
    for refund in facts.things["refund", ""]:
        operation = facts.operation(refund)
        assert operation is not None
        row = rows[operation.pk]
        left, returned = bool(refund["balance_transaction"]), bool(refund.get("failure_balance_transaction"))
        ours = row.total.minor if row.state == RefundState.SUCCEEDED else 0
        yield refund["currency"], refund["id"], refund["amount"] * (returned - left) + ours


def _reversals(facts: Facts) -> Iterator[Gap]:
    for reversal in unheard_reversals(facts):
        yield reversal["currency"], reversal["id"], reversal["amount"]


def _disputes(facts: Facts) -> Iterator[Gap]:
    for dispute in facts.things["dispute", ""]:
        for line in dispute["balance_transactions"]:
            if line["id"] not in facts.booked:
                yield line["currency"], dispute["id"], line["net"]


def _prices(facts: Facts) -> Iterator[Gap]:
    """What Stripe took for instant payouts, less what it gave back."""
    rows = {one.fee_stripe_id: one.fee.minor for one in facts.payouts if one.fee_stripe_id}
    for fee in facts.things["application_fee", ""]:
        yield fee["currency"], fee["id"], fee["amount"] - fee["amount_refunded"] - rows.get(fee["id"], 0)


KINDS: list[Callable[[Facts], Iterator[Gap]]] = [_charges, _transfers, _refunds, _reversals, _disputes, _prices]


def unconfirmed(facts: Facts) -> list[dict[str, Any]]:
    """Transfers at Stripe that we do not know to have arrived: their operations must be live."""
    confirmed = {one.stripe_id for one in facts.transfers if one.state == TransferState.CONFIRMED}
    return _with_live_operations(facts, "transfer", confirmed)


def unheard_reversals(facts: Facts) -> list[dict[str, Any]]:
    """Reversals at Stripe that we do not know to have been made: their operations must be live."""
    confirmed = {one.stripe_id for one in facts.reversals if one.state == ReversalState.CONFIRMED}
    return _with_live_operations(facts, "transfer_reversal", confirmed)


def _with_live_operations(facts: Facts, kind: str, confirmed: set[str | None]) -> list[dict[str, Any]]:
    found = [one for one in facts.things[kind, ""] if one["id"] not in confirmed]
    for made in found:
        operation = facts.operation(made)
        assert operation is not None
        assert operation.state in LIVE_OPERATIONS
    return found


def payout_gap(facts: Facts, row: Payout) -> int:
    """What Stripe has moved a payee's balance by for this payout, and the memo book does not say yet."""
    operation = facts.operations[row.operation_id]
    made = [one for one in facts.things["payout", operation.acts_as] if one["metadata"].get("op_id") == operation.op_id]
    assert len(made) <= 1
    left = 0 if row.state in {PayoutState.FAILED, PayoutState.REFUSED} else row.amount.minor
    ours = left + (0 if row.state == PayoutState.REFUSED else row.fee.minor)
    # A payout that failed gives its price back.
    theirs: int = sum(one["amount"] + (one["application_fee_amount"] or 0) for one in made if one["status"] != "failed")
    return ours - theirs
