"""Where payouts go: the bank accounts and cards that payees have named to Stripe."""

from django.db import models

from marketplace.kit.models import Stamped
from payments.models.accounts import Account


class BankAccountQuerySet(models.QuerySet["BankAccount"]):
    """Bank accounts, as payouts ask for them."""

    def there(self) -> "BankAccountQuerySet":
        return self.filter(gone_at=None)

    def targets(self, account: Account) -> "BankAccountQuerySet":
        """Where payouts of this payee go: one for each currency."""
        rows = self.there().filter(account=account)
        return rows.order_by("currency", "-is_default", "pk").distinct("currency")

    def for_payouts(self, account: Account, currency: str) -> "BankAccount | None":
        """Where a payout of this payee in this currency goes; None when we know of no such bank account."""
        return self.targets(account).filter(currency=currency).first()


class BankAccount(Stamped):
    """One bank account (or debit card) of a payee, as Stripe shows it. Kept when it is gone: payouts name it."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="bank_accounts")
    stripe_id = models.CharField(max_length=64, unique=True)
    currency = models.CharField(max_length=3)
    bank_name = models.CharField(max_length=120, blank=True)
    last4 = models.CharField(max_length=4, blank=True)
    is_default = models.BooleanField(default=False, help_text="Stripe's default for its currency.")
    takes_instant = models.BooleanField(default=False, help_text="Instant payouts can go there.")
    gone_at = models.DateTimeField(null=True, blank=True)

    objects = BankAccountQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.bank_name or 'bank account'} ····{self.last4}"
