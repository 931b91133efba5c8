"""Whom the night pays out: who has reached their minimum, or has waited for a month. Asked in one query."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from marketplace.kit.money import EXPONENTS
from payments.minimums import LONGEST_WAIT, minimum
from payments.models import Account, Balance, Case, Payout, Transfer
from payments.states import Chart


def due(tonight: date) -> Iterator[tuple[Account, str]]:
    """Payees who may be paid out and are worth it, with the currency; nobody whom this night has looked at."""
    now = timezone.now()
    payees = Account.objects.filter(payouts_enabled=True).exclude(payouts_paused_until__gt=now)
    payees = payees.exclude(nightly_on=tonight).exclude(Exists(Case.objects.blocking(OuterRef("pk"))))
    rows = Balance.objects.filter(chart=Chart.MEMO_CONNECTED, minor__gt=0, owner__in=payees.values("public_id"))
    for row in rows.filter(_reached() | _waited()).order_by("pk").iterator(chunk_size=500):
        yield Account.objects.get(public_id=row.owner), row.currency


def _reached() -> Q:
    """At least the payee's own minimum; in another currency than theirs, what holds for everybody."""
    at_home = Account.objects.filter(public_id=OuterRef("owner"), currency=OuterRef("currency"))
    usual = [Q(currency=currency, minor__gte=minimum(currency).minor) for currency in sorted(EXPONENTS)]
    abroad = ~Exists(at_home) & Q(*usual, _connector=Q.OR)
    return Exists(at_home.filter(payout_minimum_minor__lte=OuterRef("minor"))) | abroad


def _waited() -> Q:
    """Some of it arrived a month ago, and no payout was asked for since."""
    since = Payout.objects.filter(account=OuterRef("payee"), created_at__gte=OuterRef("confirmed_at"))
    arrived = Transfer.objects.filter(confirmed_at__lte=timezone.now() - LONGEST_WAIT).exclude(Exists(since))
    return Q(Exists(arrived.filter(payee__public_id=OuterRef("owner"), currency=OuterRef("currency"))))
