"""Who pays and who is paid."""

from django.db import models
from django.utils import timezone

from marketplace.kit.models import Stamped
from marketplace.kit.money import Money
from payments.states import AccountKind


class PauseReason(models.TextChoices):
    """Why a payee's payouts wait although everything else is in order."""

    BANK = "bank", "another bank account"
    LOGIN = "login", "a changed login"


class AccountQuerySet(models.QuerySet["Account"]):
    """Accounts, as the bank asks for them."""

    def payees(self) -> "AccountQuerySet":
        return self.filter(kind=AccountKind.PAYEE)

    def onboarding(self) -> "AccountQuerySet":
        """Payees known to Stripe that cannot be paid yet."""
        return self.payees().exclude(stripe_account_id=None).filter(transfers_active=False)


class Account(Stamped):
    """A payer or a payee as the bank knows them. Never deleted: holds and entries name it."""

    kind = models.CharField(max_length=8, choices=AccountKind.choices)
    name = models.CharField(max_length=120)
    email = models.EmailField(max_length=254)
    country = models.CharField(max_length=2)
    currency = models.CharField(max_length=3)
    stripe_customer_id = models.CharField(max_length=64, null=True, blank=True, unique=True)
    stripe_account_id = models.CharField(max_length=64, null=True, blank=True, unique=True)
    settles_in = models.CharField(
        max_length=3, blank=True, default="", db_default="", help_text="What Stripe converts money to, by itself."
    )
    details_submitted = models.BooleanField(default=False)
    transfers_active = models.BooleanField(default=False)
    payouts_enabled = models.BooleanField(default=False)
    asked_at = models.DateTimeField(null=True, blank=True, help_text="When Stripe was last asked how it stands.")
    requirements = models.JSONField(default=list, blank=True, help_text="What Stripe still wants to know.")
    payout_minimum_minor = models.PositiveBigIntegerField(default=5000)
    payouts_paused_until = models.DateTimeField(null=True, blank=True)
    payouts_paused_for = models.CharField(max_length=8, choices=PauseReason.choices, blank=True)
    nightly_on = models.DateField(null=True, blank=True, help_text="The night that last looked at this account.")

    objects = AccountQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=AccountKind.values), name="account_kind_known"),
            models.CheckConstraint(
                condition=models.Q(payouts_paused_for__in=["", *PauseReason.values]), name="account_pause_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.kind})"

    @property
    def payout_minimum(self) -> Money:
        return Money(self.payout_minimum_minor, self.currency)

    @property
    def is_onboarded(self) -> bool:
        """Money can be sent to this payee and paid out to their bank."""
        return self.transfers_active and self.payouts_enabled

    def keeps(self, currency: str) -> bool:
        """Money of this currency arrives as it is. Stripe converts what no bank account of the payee takes."""
        home = self.settles_in or self.currency
        return currency == home or self.bank_accounts.filter(gone_at=None, currency=currency).exists()

    @property
    def is_paused(self) -> bool:
        """Nothing leaves for the bank before ``payouts_paused_until``."""
        return self.payouts_paused_until is not None and self.payouts_paused_until > timezone.now()

    @property
    def pause(self) -> str:
        """When payouts go on and why they wait: “until 28 November, 09:30 UTC because of a changed login”."""
        return f"until {self.payouts_paused_until:%d %B, %H:%M} UTC because of {self.get_payouts_paused_for_display()}"
