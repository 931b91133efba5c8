"""What Stripe knows about our payers and payees."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from payments import gateway
from payments.models import Account, Balance, Operation, Transfer
from payments.settlement import banks, releases
from payments.signals import account_changed
from payments.states import Chart, TransferState

RECENT = timedelta(days=30)  # since something was heard of an account that cannot be paid yet
ONCE_IN = timedelta(days=1)  # an account that is well, as far as we know, and has money


def customer_made(operation: Operation, data: dict[str, Any]) -> None:
    """Stripe knows the payer now."""
    ours = Account.objects.filter(operations=operation, stripe_customer_id=None)
    Account.objects.filter(pk__in=ours).update(stripe_customer_id=data["id"])


def connected(operation: Operation, data: dict[str, Any]) -> None:
    """Stripe has opened the payee's account."""
    ours = Account.objects.filter(operations=operation, stripe_account_id=None)
    Account.objects.filter(pk__in=ours).update(stripe_account_id=data["id"])
    take_over(data)


def link_made(operation: Operation, data: dict[str, Any]) -> None:
    """A one-use link to the onboarding page; the operation keeps it for whoever asked."""


def not_connected(operation: Operation, refused: gateway.Refused) -> None:
    """Nothing was made, so nothing changes; the operation keeps the reason."""


def worth_asking() -> QuerySet[Account]:
    """Payees whose news may have been lost, asked longest ago first.

    Those that cannot receive or pay out and are waited for, by us or by their money; and those that can, as far as we
    know, while money of theirs lies at Stripe: that they were disabled may be what was lost.
    """
    now = timezone.now()
    waiting = Exists(Transfer.objects.filter(payee=OuterRef("pk"), state=TransferState.WAITING))
    lying = Balance.objects.filter(chart=Chart.MEMO_CONNECTED, owner=OuterRef("public_id"), minor__gt=0)
    known = Account.objects.payees().exclude(stripe_account_id=None).annotate(waits=waiting, has_money=Exists(lying))
    ready = Q(transfers_active=True, payouts_enabled=True)
    expected = Q(waits=True) | ~ready & (Q(has_money=True) | Q(updated_at__gte=now - RECENT))
    believed = ready & Q(has_money=True) & (Q(asked_at=None) | Q(asked_at__lt=now - ONCE_IN))
    return known.filter(expected | believed).order_by(F("asked_at").asc(nulls_first=True), "pk")


def refresh(account: Account) -> bool:
    """Ask Stripe how the payee's account stands. False when Stripe did not answer."""
    if account.stripe_account_id is None:
        return True
    Account.objects.filter(pk=account.pk).update(asked_at=timezone.now())  # also if it does not answer: others wait
    outcome = gateway.call("account.retrieve", {"id": account.stripe_account_id}, key=None)
    if not isinstance(outcome, gateway.Success):
        return False
    take_over(outcome.data)
    releases.send_waiting(account)
    return True


@transaction.atomic
def take_over(data: dict[str, Any]) -> Account | None:
    """Copy how Stripe's account stands. What waits for it is sent by the caller, once this is in."""
    account = Account.objects.select_for_update().filter(stripe_account_id=data["id"]).first()
    if account is None:
        return None
    banks.take_over(account, data)
    wanted = data.get("requirements") or {}
    asked = [*(wanted.get("past_due") or []), *(wanted.get("currently_due") or [])]
    now = {
        "details_submitted": bool(data.get("details_submitted")),
        "transfers_active": (data.get("capabilities") or {}).get("transfers") == "active",
        "payouts_enabled": bool(data.get("payouts_enabled")),
        "requirements": list(dict.fromkeys(asked)),
        "settles_in": str(data.get("default_currency") or account.settles_in).upper(),
    }
    if all(getattr(account, name) == value for name, value in now.items()):
        return account
    for name, value in now.items():
        setattr(account, name, value)
    account.save(update_fields=[*now, "updated_at"])
    account_changed.send(sender=Account, account=account)
    return account
