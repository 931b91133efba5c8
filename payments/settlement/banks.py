"""Where a payee's payouts go, as Stripe shows it; another bank account than before makes payouts wait."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from payments.models import Account, BankAccount, PauseReason
from payments.signals import payouts_paused

Data = dict[str, Any]


def take_over(account: Account, data: Data) -> None:
    """Copy the payee's bank accounts out of Stripe's account. The caller has locked the account.

    The first ones are taken as they are: they came with the onboarding. When payouts would go anywhere else than
    before, somebody may be at work who is not the payee, so payouts are paused.
    """
    listed = data.get("external_accounts")
    if listed is None:  # Stripe leaves them out of some of its events
        return
    is_first = not account.bank_accounts.exists()
    before = _targets(account)
    for row in listed["data"]:
        BankAccount.objects.update_or_create(stripe_id=row["id"], defaults={"account": account, **_facts(row)})
    if not listed.get("has_more"):
        missing = account.bank_accounts.there().exclude(stripe_id__in=[row["id"] for row in listed["data"]])
        missing.update(gone_at=timezone.now())
    after = _targets(account)
    if not is_first and any(before.get(currency) != target for currency, target in after.items()):
        pause(account, PauseReason.BANK)


def pause(account: Account, reason: PauseReason) -> None:
    """From now on nothing leaves for the bank for HOURS["payout_pause"]. The caller has locked the account."""
    hours = settings.HOURS["payout_pause"]
    if not hours:
        return
    account.payouts_paused_until = timezone.now() + timedelta(hours=hours)
    account.payouts_paused_for = reason
    account.save(update_fields=["payouts_paused_until", "payouts_paused_for", "updated_at"])
    payouts_paused.send(sender=Account, account=account)


def _targets(account: Account) -> dict[str, int]:
    """Currency → the bank account to which a payout would go."""
    return dict(BankAccount.objects.targets(account).values_list("currency", "pk"))


def _facts(row: Data) -> Data:
    return {
        "currency": row["currency"].upper(),
        "bank_name": (row.get("bank_name") or row.get("brand") or "")[:120],
        "last4": (row.get("last4") or "")[-4:],
        "is_default": bool(row.get("default_for_currency")),
        "takes_instant": "instant" in (row.get("available_payout_methods") or []),
        "gone_at": None,
    }
