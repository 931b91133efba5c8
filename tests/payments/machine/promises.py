"""What must be true of the bank and its Stripe after every step, and when everything has come to rest.

``gaps`` says, object by object, what Stripe has done that our books do not say yet; whoever teaches the bank a new act
adds lines there.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from payments.models import Account, Hold, Payout
from payments.states import (
    GUARDED,
    LIVE_OPERATIONS,
    Chart,
    CheckoutState,
    EventState,
    HoldState,
    OperationState,
    PayoutState,
    RefundState,
    TransferState,
)
from tests.payments.machine.facts import Facts

PAID = {CheckoutState.PAID, CheckoutState.RETURNED}
UNPAID = {HoldState.AWAITING_PAYMENT, HoldState.EXPIRED}
LEFT = {HoldState.RELEASING, HoldState.RELEASED}
FAILED = {RefundState.REFUSED, RefundState.FAILED}
UNDER_WAY = {TransferState.WAITING, TransferState.SENDING}
AT_REST = {HoldState.SECURED, HoldState.FROZEN, HoldState.RELEASED, HoldState.REFUNDED, HoldState.EXPIRED}


def check(facts: Facts) -> None:
    """Every promise that holds at every moment."""
    for promise in PROMISES:
        promise(facts)


def check_rest(facts: Facts) -> None:
    """Trouble has ended and time has passed: nothing is open, and both sides agree to the cent."""
    assert stuck(facts.operations.values()) == []
    assert stuck(facts.events) == []
    for currency in currencies(facts):
        assert list(gaps(facts, currency)) == []
        assert facts.booked_at_stripe(currency) == facts.at_stripe(currency)
    for payee in known(facts):
        assert facts.held(Chart.MEMO_CONNECTED, payee.public_id, payee.currency) == facts.at_stripe_for(payee)
    ready = {payee.pk for payee in facts.payees if payee.transfers_active}
    waiting = [one for one in facts.transfers if one.state == TransferState.WAITING]
    assert [one for one in waiting if one.payee_id in ready] == []
    explained = {one.hold_id for one in waiting}
    assert [(one.state, one.pk) for one in facts.holds if one.state not in AT_REST and one.pk not in explained] == []


def postings_balance(facts: Facts) -> None:
    assert facts.unbalanced == []


def guarded_balances_are_their_entries_and_never_negative(facts: Facts) -> None:
    assert {key: total for key, total in facts.sums.items() if key[0] in GUARDED} == facts.balances
    assert min(facts.balances.values(), default=0) >= 0


def every_hold_says_where_its_money_is(facts: Facts) -> None:
    """Paid in = still held + set aside for both ways + our fee + what left."""
    for hold in facts.holds:
        paid = hold.total.minor * sum(one.hold_id == hold.pk and one.state in PAID for one in facts.checkouts)
        transfers = [one for one in facts.transfers if one.hold_id == hold.pk]
        refunds = [one for one in facts.refunds if one.hold_id == hold.pk]
        held, transit, refunding = (
            facts.held(chart, hold.public_id, hold.currency) for chart in (Chart.HOLD, Chart.TRANSIT, Chart.REFUNDING)
        )
        sent = sum(one.amount.minor for one in transfers if one.state == TransferState.CONFIRMED)
        back = sum(one.total.minor for one in refunds if one.state == RefundState.SUCCEEDED)
        assert paid == held + transit + refunding + facts.earned.get(hold.pk, 0) + sent + back, hold.state
        assert held == expected_in(facts, hold), hold.state
        assert transit == sum(one.amount.minor for one in transfers if one.state in UNDER_WAY)
        assert refunding == sum(one.total.minor for one in refunds if one.state == RefundState.SENDING)


def expected_in(facts: Facts, hold: Hold) -> int:
    """What came, less what was sent on or back; a refund that did not arrive leaves its money here, owed as before."""
    came = sum(one.hold_id == hold.pk and one.state in PAID for one in facts.checkouts) * hold.total.minor
    sent = [one for one in facts.transfers if one.hold_id == hold.pk and one.state != TransferState.REFUSED]
    back = [one for one in facts.refunds if one.hold_id == hold.pk and one.state not in FAILED]
    return came - sum((one.amount + one.fee).minor for one in sent) - sum(one.total.minor for one in back)


def a_holds_state_says_what_became_of_it(facts: Facts) -> None:
    for hold in facts.holds:
        paid = [one for one in facts.checkouts if one.hold_id == hold.pk and one.state == CheckoutState.PAID]
        sent = [one for one in facts.transfers if one.hold_id == hold.pk and one.state != TransferState.REFUSED]
        assert bool(paid) == (hold.state not in UNPAID), hold.state
        assert bool(sent) == (hold.state in LEFT), hold.state


def a_hold_is_paid_out_once_and_never_beyond_what_came(facts: Facts) -> None:
    for hold in facts.holds:
        sent = [one for one in facts.things["transfer", ""] if one["transfer_group"] == hold.public_id]
        came = [one for one in facts.things["charge", ""] if one["transfer_group"] == hold.public_id and one["paid"]]
        ours = {one.op_id for one in facts.operations.values() if one.hold_id == hold.pk}
        back = [one for one in facts.things["refund", ""] if one["metadata"]["op_id"] in ours]
        assert len(sent) == len({one["destination"] for one in sent})
        left = sum(one["amount"] for one in [*sent, *(one for one in back if one["status"] != "failed")])
        assert left <= sum(one["amount"] for one in came)


def our_books_and_stripe_differ_only_by_what_is_under_way(facts: Facts) -> None:
    for currency in currencies(facts):
        under_way = sum(minor for _, minor in gaps(facts, currency))
        assert facts.booked_at_stripe(currency) + under_way == facts.at_stripe(currency)


def what_payees_have_differs_only_by_what_is_under_way(facts: Facts) -> None:
    for payee in known(facts):
        held = facts.held(Chart.MEMO_CONNECTED, payee.public_id, payee.currency)
        coming = sum(one["amount"] for one in unconfirmed(facts) if one["destination"] == payee.stripe_account_id)
        leaving = sum(payout_gap(facts, one) for one in facts.payouts if one.account_id == payee.pk)
        assert held + coming + leaving == facts.at_stripe_for(payee)


def nothing_waits_for_a_person(facts: Facts) -> None:
    assert [one.outcome for one in facts.operations.values() if one.state == OperationState.PARKED] == []
    assert [one.outcome for one in facts.events if one.state == EventState.PARKED] == []


PROMISES: list[Callable[[Facts], None]] = [
    postings_balance,
    guarded_balances_are_their_entries_and_never_negative,
    every_hold_says_where_its_money_is,
    a_holds_state_says_what_became_of_it,
    a_hold_is_paid_out_once_and_never_beyond_what_came,
    our_books_and_stripe_differ_only_by_what_is_under_way,
    what_payees_have_differs_only_by_what_is_under_way,
    nothing_waits_for_a_person,
]


def gaps(facts: Facts, currency: str) -> Iterator[tuple[str, int]]:
    """What Stripe's balance of ours has moved by and our books do not say yet: object, minor units."""
    lines = {one["source"]: one["net"] for one in facts.things["balance_transaction", ""]}
    booked = {one.charge for one in facts.checkouts if one.state in PAID}
    for charge in facts.things["charge", ""]:
        if charge["currency"] == currency.lower() and charge["balance_transaction"] and charge["id"] not in booked:
            yield charge["id"], lines[charge["id"]]
    for transfer in unconfirmed(facts):
        if transfer["currency"] == currency.lower():
            yield transfer["id"], -transfer["amount"]
    rows = {one.operation_id: one for one in facts.refunds}
    for refund in facts.things["refund", ""]:
        operation = facts.operation(refund)
        assert operation is not None
        row = rows[operation.pk]
        left, returned = bool(refund["balance_transaction"]), bool(refund.get("failure_balance_transaction"))
        gap = refund["amount"] * (returned - left) + (row.total.minor if row.state == RefundState.SUCCEEDED else 0)
        if gap and row.currency == currency:
            yield refund["id"], gap
    yield from _prices(facts, currency)


def _prices(facts: Facts, currency: str) -> Iterator[tuple[str, int]]:
    """What Stripe took for instant payouts, less what it gave back, and our books do not say yet."""
    rows = {one.fee_stripe_id: one.fee.minor for one in facts.payouts if one.fee_stripe_id}
    for fee in facts.things["application_fee", ""]:
        gap = fee["amount"] - fee["amount_refunded"] - rows.get(fee["id"], 0)
        if gap and fee["currency"] == currency.lower():
            yield fee["id"], gap


def unconfirmed(facts: Facts) -> list[dict[str, Any]]:
    """Transfers at Stripe that we do not know to have arrived: their operations must be live."""
    confirmed = {one.stripe_id for one in facts.transfers if one.state == TransferState.CONFIRMED}
    found = [one for one in facts.things["transfer", ""] if one["id"] not in confirmed]
    for transfer in found:
        operation = facts.operation(transfer)
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


def known(facts: Facts) -> list[Account]:
    return [payee for payee in facts.payees if payee.stripe_account_id]


def currencies(facts: Facts) -> list[str]:
    return sorted({payee.currency for payee in facts.payees})


def stuck(rows: Iterable[Any]) -> list[tuple[str, str, str]]:
    """Operations or events that did not end by themselves."""
    return [(row.kind, row.state, row.outcome) for row in rows if row.state not in {"done", "refused", "ignored"}]
