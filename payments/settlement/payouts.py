"""Payouts to a payee's bank, kept in the memo book: it is the payee's money at Stripe, not ours."""

from datetime import UTC, datetime
from typing import Any

from django.utils import timezone

from marketplace.kit.money import Money
from payments import amounts, gateway, ledger
from payments.models import Account, Operation, Payout
from payments.settlement import outbox
from payments.signals import payout_created, payout_failed, payout_paid
from payments.states import BANK, PAYOUT, Chart, PayoutState


def available(account: Account, currency: str) -> Money | None:
    """What Stripe would pay out now, or None when it does not answer."""
    outcome = gateway.call("balance.retrieve", {}, key=None, account=account.stripe_account_id, patient=False)
    if not isinstance(outcome, gateway.Success):
        return None
    rows = outcome.data.get("available") or []
    units = sum(row["amount"] for row in rows if row["currency"].upper() == currency)
    return amounts.from_stripe(max(units, 0), currency, rounding_down=True)


def reserve(account: Account, amount: Money) -> Payout:
    """Set the money aside in the memo book and write the payout into the outbox."""
    operation = outbox.put(
        "payout.create",
        {"amount": amounts.to_stripe(amount), "currency": amount.currency.lower()},
        slot=f"payout:{account.public_id}",
        account=account,
        acts_as=account.stripe_account_id or "",
    )
    payout = Payout.objects.create(
        account=account, amount_minor=amount.minor, currency=amount.currency, operation=operation
    )
    _post(payout, "reserve", Chart.MEMO_CONNECTED, Chart.MEMO_PAYING_OUT)
    return payout


def sent(operation: Operation, data: dict[str, Any]) -> None:
    """Stripe has sent the payout to the bank."""
    payout = Payout.objects.select_related("account").get(operation=operation)
    PAYOUT.apply(payout, "send", [BANK], stripe_id=data["id"], arrival_on=_arrival(data))
    payout_created.send(sender=Payout, payout=payout)


def refused(operation: Operation, refusal: gateway.Refused) -> None:
    """Stripe said no: the money stays on the payee's account."""
    payout = Payout.objects.select_related("account").get(operation=operation)
    PAYOUT.apply(payout, "refuse", [BANK], failure=f"{refusal.code}: {refusal.message}"[:300])
    name = f"payout:{payout.public_id}"
    ledger.mirror(f"{name}:refuse", of=f"{name}:reserve", kind="payout_refused")
    payout_failed.send(sender=Payout, payout=payout)


def follow(payout: Payout, data: dict[str, Any]) -> None:
    """Take over how the payout stands at Stripe. Only ever moves forward: a failed payout stays failed."""
    status = data.get("status")
    if status == "paid" and payout.state in {PayoutState.REQUESTED, PayoutState.ON_ITS_WAY}:
        PAYOUT.apply(payout, "pay", [BANK], stripe_id=data["id"], paid_at=timezone.now(), arrival_on=_arrival(data))
        _post(payout, "paid", Chart.MEMO_PAYING_OUT, Chart.MEMO_PAID_OUT)
        payout_paid.send(sender=Payout, payout=payout)
    if status in {"failed", "canceled"} and payout.state not in {PayoutState.FAILED, PayoutState.REFUSED}:
        was = Chart.MEMO_PAID_OUT if payout.state == PayoutState.PAID else Chart.MEMO_PAYING_OUT
        why = f"{data.get('failure_code') or status}: {data.get('failure_message') or ''}"
        PAYOUT.apply(payout, "fail", [BANK], stripe_id=data["id"], failure=why[:300])
        _post(payout, "failed", was, Chart.MEMO_CONNECTED)
        payout_failed.send(sender=Payout, payout=payout)


def _post(payout: Payout, step: str, taken: Chart, given: Chart) -> None:
    owner = payout.account.public_id
    ledger.post(
        [ledger.debit(taken, payout.amount, owner), ledger.credit(given, payout.amount, owner)],
        key=f"payout:{payout.public_id}:{step}",
        kind=f"payout_{step}",
        account=payout.account,
    )


def _arrival(data: dict[str, Any]) -> Any:
    return datetime.fromtimestamp(data["arrival_date"], UTC).date() if data.get("arrival_date") else None
