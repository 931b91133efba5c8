"""What must be true of the bank and its Stripe after every step, and when everything has come to rest.

``gaps.py`` says, object by object, what Stripe has done that our books do not say yet; whoever teaches the bank a new
act adds a kind there.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from payments.models import Account, Hold, Refund
from payments.states import (
    GUARDED,
    Chart,
    CheckoutState,
    DisputeState,
    EventState,
    HoldState,
    OperationState,
    RefundState,
    TransferState,
)
from tests.payments.machine.facts import Facts
from tests.payments.machine.gaps import PAID, gaps, payout_gap, unconfirmed, unheard_reversals

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
        assert gaps(facts, currency) == []
        assert facts.booked_at_stripe(currency) == facts.at_stripe(currency)
    for payee in known(facts):
        assert facts.held(Chart.MEMO_CONNECTED, payee.public_id, payee.currency) == facts.at_stripe_for(payee)
    assert {stripe_id: minor for stripe_id, minor in facts.at_banks.items() if minor} == {}
    ready = {payee.pk: payee for payee in facts.payees if payee.transfers_active}
    waiting = [one for one in facts.transfers if one.state == TransferState.WAITING]
    # What a payee's bank accounts do not take waits for one that does: Stripe would convert it.
    assert [one for one in waiting if one.payee_id in ready and ready[one.payee_id].keeps(one.currency)] == []
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
        transfers = [one for one in facts.transfers if one.hold_id == hold.pk]
        refunds = [one for one in facts.refunds if one.hold_id == hold.pk]
        held, transit, refunding = (
            facts.held(chart, hold.public_id, hold.currency) for chart in (Chart.HOLD, Chart.TRANSIT, Chart.REFUNDING)
        )
        sent = sum(one.amount.minor for one in transfers if one.state == TransferState.CONFIRMED)
        back = sum(one.total.minor for one in refunds if one.state == RefundState.SUCCEEDED)
        # What is taken back from payees is paid in once more by us; the fee in it is earned no longer.
        paid = came_into(facts, hold) + sum(one.amount_minor for one in taken_back(facts, hold))
        assert paid == held + transit + refunding + facts.earned.get(hold.pk, 0) + sent + back, hold.state
        assert held == expected_in(facts, hold), hold.state
        assert transit == sum(one.amount.minor for one in transfers if one.state in UNDER_WAY)
        assert refunding == sum(one.total.minor for one in refunds if one.state == RefundState.SENDING)


def expected_in(facts: Facts, hold: Hold) -> int:
    """What came, less what was sent on or back; a refund that did not arrive leaves its money here, owed as before."""
    came = came_into(facts, hold) + sum(one.total.minor for one in taken_back(facts, hold))
    sent = [one for one in facts.transfers if one.hold_id == hold.pk and one.state != TransferState.REFUSED]
    back = [one for one in facts.refunds if one.hold_id == hold.pk and one.state not in FAILED]
    return came - sum((one.amount + one.fee).minor for one in sent) - sum(one.total.minor for one in back)


def came_into(facts: Facts, hold: Hold) -> int:
    """Paid for it, in time or not, or drawn for it."""
    paid = hold.total.minor * sum(one.hold_id == hold.pk and one.state in PAID for one in facts.checkouts)
    return paid + sum(one.minor for one in facts.draws if one.hold_id == hold.pk)


def taken_back(facts: Facts, hold: Hold) -> list[Refund]:
    """Refunds after the release, as they were decided: not their second tries, nor what a bank took of them."""
    own = [one for one in facts.refunds if one.hold_id == hold.pk and one.after_release]
    return [one for one in own if one.again_of_id is None and one.dispute_id is None]


def every_wallet_says_where_its_money_is(facts: Facts) -> None:
    """Paid in and given back = left + drawn + what goes back and what went."""
    for wallet in facts.wallets:
        paid = sum(one.total_minor for one in facts.checkouts if one.wallet_id == wallet.pk and one.state in PAID)
        holds = {one.pk for one in facts.holds if one.wallet_id == wallet.pk}
        drawn = sum(one.minor for one in facts.draws if one.hold_id in holds)
        refunds = [one for one in facts.refunds if one.wallet_id == wallet.pk]
        given_back = sum(one.total.minor for one in refunds if one.hold_id)
        back = sum(one.total.minor for one in refunds if not one.hold_id and one.state == RefundState.SUCCEEDED)
        left, refunding = (
            facts.held(chart, wallet.public_id, wallet.currency) for chart in (Chart.WALLET, Chart.REFUNDING)
        )
        assert paid + given_back == left + drawn + refunding + back


def a_holds_state_says_what_became_of_it(facts: Facts) -> None:
    """Of a crew some may have their part while the rest is secured again."""
    for hold in facts.holds:
        paid = [one for one in facts.checkouts if one.hold_id == hold.pk and one.state == CheckoutState.PAID]
        sent = [one for one in facts.transfers if one.hold_id == hold.pk and one.state != TransferState.REFUSED]
        assert len(paid) + (hold.wallet_id is not None) == (hold.state not in UNPAID), hold.state
        assert bool(sent) == (hold.state in LEFT) or (sent and hold.pk in facts.shared), hold.state


def a_hold_is_paid_out_once_and_never_beyond_what_came(facts: Facts) -> None:
    """Whoever was paid is paid once; what is refunded after that is not more than they had, with our fee."""
    for hold in facts.holds:
        sent = [one for one in facts.things["transfer", ""] if one["transfer_group"] == hold.public_id]
        assert len(sent) == len({one["destination"] for one in sent})
        charges = [one for one in facts.things["charge", ""] if one["transfer_group"] == hold.public_id]
        came = sum(one["amount"] for one in charges if one["paid"])
        came += sum(one.minor for one in facts.draws if one.hold_id == hold.pk)
        gone = sum(one["amount"] for one in sent)
        after = {one.operation_id for one in facts.refunds if one.hold_id == hold.pk and one.after_release}
        before, later = (sum(refunded(facts, hold, after, inside=inside)) for inside in (False, True))
        assert gone + before <= came
        assert later <= gone + hold.fee_minor


def refunded(facts: Facts, hold: Hold, after: set[int | None], *, inside: bool) -> Iterator[int]:
    """What Stripe has sent back for this hold, by operations that are, or are not, among those after its release."""
    ours = {one.op_id for one in facts.operations.values() if one.hold_id == hold.pk and (one.pk in after) == inside}
    for refund in facts.things["refund", ""]:
        if refund["metadata"]["op_id"] in ours and refund["status"] not in {"failed", "canceled"}:
            yield refund["amount"]


def what_banks_have_is_what_they_took(facts: Facts) -> None:
    """By our books, what a dispute has taken and nobody bears is never less than nothing, and nothing once judged."""
    assert min(facts.at_banks.values(), default=0) >= 0
    for dispute in facts.disputes:
        if dispute.state in {DisputeState.LOST, DisputeState.CLOSED, DisputeState.INQUIRY}:
            assert facts.at_banks.get(dispute.stripe_id, 0) == 0, dispute.state


def our_books_and_stripe_differ_only_by_what_is_under_way(facts: Facts) -> None:
    for currency in currencies(facts):
        under_way = sum(minor for _, minor in gaps(facts, currency))
        assert facts.booked_at_stripe(currency) + under_way == facts.at_stripe(currency)


def what_payees_have_differs_only_by_what_is_under_way(facts: Facts) -> None:
    for payee in known(facts):
        held = facts.held(Chart.MEMO_CONNECTED, payee.public_id, payee.currency)
        coming = sum(one["amount"] for one in unconfirmed(facts) if one["destination"] == payee.stripe_account_id)
        leaving = sum(payout_gap(facts, one) for one in facts.payouts if one.account_id == payee.pk)
        # Set aside for a reversal; gone from Stripe as soon as that is made.
        aside = facts.held(Chart.MEMO_REVERSING, payee.public_id, payee.currency)
        back = sum(one["amount"] for one in unheard_reversals(facts) if one["transfer"] in sent_to(facts, payee))
        assert held + coming + leaving + aside - back == facts.at_stripe_for(payee)


def nothing_waits_for_a_person(facts: Facts) -> None:
    assert [one.outcome for one in facts.operations.values() if one.state == OperationState.PARKED] == []
    assert [one.outcome for one in facts.events if one.state == EventState.PARKED] == []


PROMISES: list[Callable[[Facts], None]] = [
    postings_balance,
    guarded_balances_are_their_entries_and_never_negative,
    every_hold_says_where_its_money_is,
    every_wallet_says_where_its_money_is,
    a_holds_state_says_what_became_of_it,
    a_hold_is_paid_out_once_and_never_beyond_what_came,
    what_banks_have_is_what_they_took,
    our_books_and_stripe_differ_only_by_what_is_under_way,
    what_payees_have_differs_only_by_what_is_under_way,
    nothing_waits_for_a_person,
]


def sent_to(facts: Facts, payee: Account) -> set[str]:
    transfers = facts.things["transfer", ""]
    return {one["id"] for one in transfers if one["destination"] == payee.stripe_account_id}


def known(facts: Facts) -> list[Account]:
    return [payee for payee in facts.payees if payee.stripe_account_id]


def currencies(facts: Facts) -> list[str]:
    return sorted({payee.currency for payee in facts.payees})


def stuck(rows: Iterable[Any]) -> list[tuple[str, str, str]]:
    """Operations or events that did not end by themselves."""
    return [(row.kind, row.state, row.outcome) for row in rows if row.state not in {"done", "refused", "ignored"}]
