"""What Stripe knows about our payers and payees."""

from typing import Any

from django.db import transaction

from payments import gateway
from payments.models import Account, Operation
from payments.settlement import banks, releases
from payments.signals import account_changed


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


def refresh(account: Account) -> bool:
    """Ask Stripe how the payee's account stands. False when Stripe did not answer."""
    if account.stripe_account_id is None:
        return True
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
    }
    if all(getattr(account, name) == value for name, value in now.items()):
        return account
    for name, value in now.items():
        setattr(account, name, value)
    account.save(update_fields=[*now, "updated_at"])
    account_changed.send(sender=Account, account=account)
    return account
