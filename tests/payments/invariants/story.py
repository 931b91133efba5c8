"""A bank in which everything happens once, without asking Stripe: its answers are made up here, the books are not."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from marketplace.kit.money import Money
from payments import gateway, services
from payments.models import Account, Checkout, Hold, Operation, Posting, Reconciliation, Refund, StripeEvent, StripeLine
from payments.reconciliation import lines
from payments.settlement import arrivals, outbox, payouts, refunds, sending, treasury
from payments.states import Chart, EventState

EUROS = Money(100_00, "EUR")
numbers: Iterator[int] = count(1)


def answered(operation: Operation | None, **data: Any) -> None:
    """Stripe has done it."""
    assert operation is not None
    number = next(numbers)
    known = {"id": f"{operation.kind[:2]}_{number}", "balance_transaction": f"txn_{number}", "status": "succeeded"}
    sending.settle(operation, gateway.Success({**known, **data}))


def account(kind: str, name: str) -> Account:
    made = services.open_account(kind=kind, name=name, email="a@b.example", country="DE", currency="EUR")
    if kind == "payee":
        ready = {"transfers_active": True, "payouts_enabled": True, "stripe_account_id": f"acct_{next(numbers)}"}
        Account.objects.filter(pk=made.pk).update(**ready)
    return Account.objects.get(pk=made.pk)


def opened(payee: Account | None = None) -> Hold:
    due_at = timezone.now() + timedelta(days=3)
    parties = {"payer": account("payer", "Oat & Ember"), "payee": payee or account("payee", "Mina")}
    return services.open_hold(**parties, amount=EUROS, reference="work:1", description="One reel", due_at=due_at)


def pay(hold: Hold) -> Hold:
    """The payment arrives, in time or not."""
    number = next(numbers)
    operation = outbox.put("checkout_session.create", {}, slot=f"checkout:{hold.public_id}", hold=hold)
    expires_at = timezone.now() + timedelta(hours=1)
    checkout = Checkout.objects.create(hold=hold, operation=operation, expires_at=expires_at)
    answered(operation, url="https://pay.example/")
    checkout.refresh_from_db()
    minor = hold.total.minor
    line = {"id": f"txn_{number}", "amount": minor, "fee": 189, "net": minor - 189, "currency": "eur"}
    charge = {"id": f"ch_{number}", "balance_transaction": line, "payment_method_details": {"type": "card"}}
    intent = {"id": f"pi_{number}", "amount_received": minor, "currency": "eur", "latest_charge": charge}
    arrivals.payment_arrived(checkout, intent)
    hold.refresh_from_db()
    return hold


def release(hold: Hold) -> Hold:
    answered(services.release(hold).operation)
    hold.refresh_from_db()
    return hold


def refund(hold: Hold, minor: int | None = None) -> Refund:
    made = services.refund(hold, amount=Money(minor, "EUR") if minor else None, reason="called off")
    answered(made.operation)
    made.refresh_from_db()
    return made


def pay_out(payee: Account, *, arrives: bool) -> None:
    payout = payouts.reserve(payee, EUROS)
    if arrives:
        answered(payout.operation)
        payout.refresh_from_db()
        payouts.follow(payout, {"id": payout.stripe_id, "status": "paid"})


def come_back(made: Refund) -> None:
    """The payer's bank sends the refund back."""
    failed = {"status": "failed", "failure_balance_transaction": f"txn_{next(numbers)}"}
    refunds.follow(made, {"id": made.stripe_id, "balance_transaction": "known", **failed})


def tell() -> None:
    """One of everything: unpaid, secured, in part refunded, refunded, late, released, paid out; and each on its way."""
    lines.keep([_line("topup", 1_000_00)])
    treasury.book(StripeLine.objects.get())
    opened()
    refund(pay(opened()), 40_00)
    refund(pay(opened()))
    late = opened()
    services.expire_hold(late)
    pay(late)
    answered(late.refunds.get().operation)
    returned = pay(opened())
    come_back(refund(returned, 10_00))
    refund(returned, 10_00)
    services.release(pay(opened()))
    services.refund(pay(opened()), reason="called off")
    payee = release(pay(opened())).payee
    pay_out(payee, arrives=True)
    release(pay(opened(payee)))
    pay_out(payee, arrives=False)
    pay(opened())
    now = timezone.now()
    for state in (EventState.DONE, EventState.IGNORED):
        StripeEvent.objects.create(event_id=f"evt_{state}", kind="x", happened_at=now, payload={}, state=state)
    booked = Posting.objects.filter(entries__chart=Chart.STRIPE, kind="release_confirmed")
    lines.keep([_line("transfer", -100_00, source) for source in booked.values_list("source", flat=True)])
    Reconciliation.objects.create(finished_at=now)


def _line(kind: str, minor: int, stripe_id: str = "txn_topup") -> dict[str, Any]:
    return {"id": stripe_id, "type": kind, "source": "", "amount": minor, "fee": 0, "net": minor, "currency": "eur",
            "created": int(timezone.now().timestamp())}  # fmt: skip
