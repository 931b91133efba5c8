"""What each kind of event means. The object is fetched anew where order matters, so events may come in any order."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from payments import gateway
from payments.models import Account, Checkout, Operation, Payout, Refund, StripeEvent
from payments.settlement import accounts, arrivals, disputes, payouts, prices, refunds, releases, sending
from payments.settlement.arrivals import NotYet, Puzzling
from payments.settlement.locks import lock_purpose
from payments.settlement.outbox import mark_of
from payments.states import RefundState

WITH_BALANCE = ["latest_charge.balance_transaction"]
Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reader:
    """``fetch`` names the gateway's question asked first; ``apply`` runs inside the transaction that ends the event."""

    apply: Callable[[StripeEvent, Data], None]
    fetch: str = ""
    after: Callable[[StripeEvent], None] = lambda event: None


def thing(event: StripeEvent) -> Data:
    """The object the event is about, as it was then."""
    found: Data = event.payload["data"]["object"]
    return found


def look(reader: Reader, event: StripeEvent) -> Data:
    """The object as it is now, for readers that need that; asked outside any transaction."""
    if not reader.fetch:
        return thing(event)
    params: Data = {"id": thing(event)["id"]}
    if reader.fetch == "payment_intent.retrieve":
        if not thing(event).get("payment_intent"):
            raise Puzzling("a paid session without a payment intent")
        params = {"id": thing(event)["payment_intent"], "expand": WITH_BALANCE}
    # An account is ours to ask about as the platform; what lies on it is asked as the account itself.
    acts_as = event.acts_as or None
    if reader.fetch == "account.retrieve":
        params, acts_as = {"id": event.acts_as or thing(event)["id"]}, None
    outcome = gateway.call(reader.fetch, params, key=None, account=acts_as)
    if isinstance(outcome, gateway.Success):
        return outcome.data
    if isinstance(outcome, gateway.Unknown):
        raise NotYet(outcome.reason)
    raise Puzzling(getattr(outcome, "message", "") or getattr(outcome, "reason", ""))


def _session_completed(event: StripeEvent, intent: Data) -> None:
    session = thing(event)
    checkout = _checkout(session)
    if intent.get("status") == "succeeded":
        arrivals.payment_arrived(checkout, intent)
    else:
        arrivals.follow_session(session)


def _session_moved(event: StripeEvent, session: Data) -> None:
    arrivals.follow_session(session)


def _debit_failed(event: StripeEvent, session: Data) -> None:
    arrivals.debit_failed(session)


def _made(event: StripeEvent, made: Data) -> None:
    """Something we asked for exists: settle its operation if the answer was lost."""
    operation = operation_of(made.get("metadata") or {})
    if operation is not None:
        sending.settle(operation, gateway.Success(made))


def _refund_moved(event: StripeEvent, refund: Data) -> None:
    _made(event, refund)
    found = Refund.objects.filter(stripe_id=refund["id"]).first()
    if found is None:
        _unknown_refund(refund)
        return
    lock_purpose(found)
    row = Refund.objects.select_related("hold", "wallet", "checkout").get(pk=found.pk)
    refunds.follow(row, refund)
    if row.state == RefundState.SUCCEEDED and refund.get("status") in {"failed", "canceled"}:
        raise NotYet(f"{refund['id']} has failed, but its money is not back yet")


def _unknown_refund(refund: Data) -> None:
    """A refund that is in no row of ours, of a payment that is: the money may be paid out a second time meanwhile."""
    payment = refund.get("payment_intent")
    if not payment or not Checkout.objects.filter(payment_intent=payment).exists():
        return  # of another system that uses this account
    if mark_of(refund.get("metadata") or {}):
        raise NotYet(f"no refund {refund['id']}")
    raise Puzzling(f"{refund['id']} was made by hand; our books still hold the money of {payment}")


def _payout_moved(event: StripeEvent, payout: Data) -> None:
    if not event.acts_as:  # the operator's own money: reconciliation books it
        return
    _made(event, payout)
    known = Q(stripe_id=payout["id"])
    row = Payout.objects.select_for_update(of=("self",)).select_related("account").filter(known).first()
    if row is None:
        raise NotYet(f"no payout {payout['id']}")
    payouts.follow(row, payout)


def _account_moved(event: StripeEvent, account: Data) -> None:
    if accounts.take_over(account) is None:
        raise NotYet(f"no account {account['id']}")


def _send_waiting(event: StripeEvent) -> None:
    account = Account.objects.filter(stripe_account_id=event.acts_as or thing(event)["id"]).first()
    if account is not None and account.transfers_active:
        releases.send_waiting(account)


def _fee_moved(event: StripeEvent, fee: Data) -> None:
    source = fee.get("fee_source") or {}
    if source.get("type") != "payout":  # we take our other fees out of payments, before they are passed on
        return
    row = Payout.objects.select_for_update(of=("self",)).select_related("account").filter(stripe_id=source["payout"])
    payout = row.first()
    if payout is None:
        raise NotYet(f"no payout {source['payout']}")
    prices.follow(payout, fee)


def _dispute_moved(event: StripeEvent, dispute: Data) -> None:
    disputes.follow(dispute)


def operation_of(marks: Data) -> Operation | None:
    """Whose act made this: Stripe keeps our operation's key in the object's metadata."""
    key = mark_of(marks)
    return Operation.objects.filter(key=key).first() if key else None


def _checkout(session: Data) -> Checkout:
    """The checkout, with what it pays for locked."""
    found = Checkout.objects.filter(stripe_id=session["id"]).first()
    if found is None:
        operation = operation_of(session.get("metadata") or {})
        if operation is None:
            raise NotYet(f"no checkout {session['id']}")
        sending.settle(operation, gateway.Success(session))
        found = Checkout.objects.get(operation=operation)
    lock_purpose(found)
    found.refresh_from_db()
    return found


READERS: dict[str, Reader] = {
    "checkout.session.completed": Reader(_session_completed, "payment_intent.retrieve"),
    "checkout.session.async_payment_succeeded": Reader(_session_completed, "payment_intent.retrieve"),
    "checkout.session.async_payment_failed": Reader(_debit_failed),
    "checkout.session.expired": Reader(_session_moved, "checkout_session.retrieve"),
    "transfer.created": Reader(_made),
    "refund.created": Reader(_refund_moved, "refund.retrieve"),
    "refund.updated": Reader(_refund_moved, "refund.retrieve"),
    "refund.failed": Reader(_refund_moved, "refund.retrieve"),
    "charge.dispute.created": Reader(_dispute_moved, "dispute.retrieve"),
    "charge.dispute.updated": Reader(_dispute_moved, "dispute.retrieve"),
    "charge.dispute.funds_withdrawn": Reader(_dispute_moved, "dispute.retrieve"),
    "charge.dispute.funds_reinstated": Reader(_dispute_moved, "dispute.retrieve"),
    "charge.dispute.closed": Reader(_dispute_moved, "dispute.retrieve"),
    "payout.created": Reader(_payout_moved, "payout.retrieve"),
    "payout.updated": Reader(_payout_moved, "payout.retrieve"),
    "payout.paid": Reader(_payout_moved, "payout.retrieve"),
    "payout.failed": Reader(_payout_moved, "payout.retrieve"),
    "payout.canceled": Reader(_payout_moved, "payout.retrieve"),
    "application_fee.created": Reader(_fee_moved, "application_fee.retrieve"),
    "application_fee.refunded": Reader(_fee_moved, "application_fee.retrieve"),
    "account.updated": Reader(_account_moved, "account.retrieve", _send_waiting),
    "account.external_account.created": Reader(_account_moved, "account.retrieve", _send_waiting),
    "account.external_account.updated": Reader(_account_moved, "account.retrieve", _send_waiting),
    "account.external_account.deleted": Reader(_account_moved, "account.retrieve", _send_waiting),
}
