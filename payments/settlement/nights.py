"""Whom the night pays out: who has reached their minimum, or has waited for a month."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Exists, OuterRef
from django.utils import timezone

from marketplace.kit.money import Money
from payments.minimums import LONGEST_WAIT, minimum
from payments.models import Account, Balance, Case
from payments.states import Chart


def due(tonight: date) -> Iterator[tuple[Account, Money]]:
    """Payees who may be paid out and are worth it, with what they have; nobody whom this night has looked at."""
    now = timezone.now()
    payees = Account.objects.filter(payouts_enabled=True).exclude(payouts_paused_until__gt=now)
    payees = payees.exclude(nightly_on=tonight).exclude(Exists(Case.objects.blocking(OuterRef("pk"))))
    rows = Balance.objects.filter(chart=Chart.MEMO_CONNECTED, minor__gt=0, owner__in=payees.values("public_id"))
    for row in rows.order_by("pk").iterator(chunk_size=500):
        account, money = Account.objects.get(public_id=row.owner), Money(row.minor, row.currency)
        if _is_worth_it(account, money):
            yield account, money


def _is_worth_it(account: Account, money: Money) -> bool:
    least = account.payout_minimum if money.currency == account.currency else minimum(money.currency)
    if money >= least:
        return True
    last = account.payouts.order_by("-created_at").first()
    waiting = account.transfers.filter(currency=money.currency).exclude(confirmed_at=None)
    oldest = (waiting.filter(confirmed_at__gt=last.created_at) if last else waiting).order_by("confirmed_at").first()
    at = oldest.confirmed_at if oldest else None
    return at is not None and at <= timezone.now() - LONGEST_WAIT
