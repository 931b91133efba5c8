"""Payouts to a payee's bank, kept in the memo book: it is the payee's money at Stripe, not ours."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.utils import timezone

from marketplace.kit.money import Money
from payments import amounts, gateway, ledger
from payments.models import Account, BankAccount, Operation, Payout, PayoutMethod
from payments.settlement import outbox
from payments.signals import payout_created, payout_failed, payout_paid
from payments.states import BANK, PAYOUT, Chart, PayoutState


@dataclass(frozen=True, slots=True)
class Ready:
    """What lies on a payee's account at Stripe: ``standard`` can leave now (below zero: it is owed), ``instant`` at
    once. ``prices``: what Stripe would take from the payee for all of ``instant``, by the bank account it goes to."""

    standard: Money
    instant: Money
    prices: dict[str, Money]


def ready(account: Account, currency: str) -> Ready | None:
    """What Stripe would pay out now, or None when it does not answer."""
    asked = {"expand": ["instant_available.net_available"]}
    outcome = gateway.call("balance.retrieve", asked, key=None, account=account.stripe_account_id, patient=False)
    if not isinstance(outcome, gateway.Success):
        return None
    rows = [row for row in outcome.data.get("available") or [] if row["currency"].upper() == currency]
    at_once = [row for row in outcome.data.get("instant_available") or [] if row["currency"].upper() == currency]
    instant = _money(sum(row["amount"] for row in at_once), currency)
    nets = [net for row in at_once for net in row.get("net_available") or []]
    return Ready(
        standard=_money(sum(row["amount"] for row in rows), currency),
        instant=instant,
        prices={net["destination"]: instant - _money(net["amount"], currency) for net in nets},
    )


def reserve(account: Account, amount: Money, bank: BankAccount, *, method: PayoutMethod, fee: Money) -> Payout:
    """Set the money aside in the memo book and write the payout into the outbox, to this bank account and no other."""
    params = {
        "amount": amounts.to_stripe(amount),
        "currency": amount.currency.lower(),
        "destination": bank.stripe_id,
        "method": method,
    }
    slot = f"payout:{account.public_id}:{amount.currency}"
    operation = outbox.put("payout.create", params, slot=slot, account=account, acts_as=account.stripe_account_id or "")
    payout = Payout.objects.create(
        account=account, amount_minor=amount.minor, currency=amount.currency, operation=operation,
        bank_account=bank, method=method, fee_minor=fee.minor,
    )  # fmt: skip
    _post(payout, "reserve", Chart.MEMO_CONNECTED, Chart.MEMO_PAYING_OUT, amount + fee)
    return payout


def sent(operation: Operation, data: dict[str, Any]) -> None:
    """Stripe has sent the payout to the bank."""
    payout = Payout.objects.select_related("account").get(operation=operation)
    PAYOUT.apply(payout, "send", [BANK], stripe_id=data["id"], arrival_on=_arrival(data))
    _settle_price(payout, data)
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


def _settle_price(payout: Payout, data: dict[str, Any]) -> None:
    """Stripe says what it really took for it; what was set aside beyond that is the payee's again."""
    taken = amounts.from_stripe(data.get("application_fee_amount") or 0, payout.currency).minor
    if taken == payout.fee_minor:
        return
    spare = Money(abs(payout.fee_minor - taken), payout.currency)
    aside, free = Chart.MEMO_PAYING_OUT, Chart.MEMO_CONNECTED
    taken_from, given_to = (aside, free) if taken < payout.fee_minor else (free, aside)
    _post(payout, "spare", taken_from, given_to, spare)
    payout.fee_minor = taken
    payout.save(update_fields=["fee_minor", "updated_at"])


def _post(payout: Payout, step: str, taken: Chart, given: Chart, money: Money | None = None) -> None:
    owner, money = payout.account.public_id, money or payout.amount
    ledger.post(
        [ledger.debit(taken, money, owner), ledger.credit(given, money, owner)],
        key=f"payout:{payout.public_id}:{step}",
        kind=f"payout_{step}",
        account=payout.account,
    )


def _money(units: int, currency: str) -> Money:
    return amounts.from_stripe(units, currency, rounding_down=True)


def _arrival(data: dict[str, Any]) -> Any:
    return datetime.fromtimestamp(data["arrival_date"], UTC).date() if data.get("arrival_date") else None
