"""Attempts to pay: for one hold, or into a wallet; and which payment paid for what."""

from django.db import models
from django.db.models import Q

from marketplace.kit.models import Stamped
from marketplace.kit.money import Money
from payments.models.accounts import Account
from payments.models.holds import Hold
from payments.models.queue import Operation
from payments.models.wallets import Wallet
from payments.states import CheckoutState


class CheckoutQuerySet(models.QuerySet["Checkout"]):
    """Attempts to pay."""

    def live(self) -> "CheckoutQuerySet":
        return self.filter(state__in=[CheckoutState.PREPARING, CheckoutState.OPEN, CheckoutState.PROCESSING])


class Checkout(Stamped):
    """One hosted payment page: an attempt to pay for a hold (at most one of them counts), or into a wallet."""

    hold = models.ForeignKey(Hold, on_delete=models.PROTECT, null=True, blank=True, related_name="checkouts")
    wallet = models.ForeignKey(Wallet, on_delete=models.PROTECT, null=True, blank=True, related_name="checkouts")
    total_minor = models.BigIntegerField(help_text="What the payer pays on the page.")
    currency = models.CharField(max_length=3)
    operation = models.OneToOneField(Operation, on_delete=models.PROTECT, related_name="checkout")
    stripe_id = models.CharField(max_length=255, null=True, blank=True, unique=True)
    url = models.URLField(max_length=2000, blank=True)
    expires_at = models.DateTimeField()
    payment_intent = models.CharField(max_length=64, null=True, blank=True, unique=True)
    charge = models.CharField(max_length=64, null=True, blank=True, unique=True)
    method = models.CharField(max_length=40, blank=True, help_text="card, sepa_debit, us_bank_account …")
    processing_minor = models.BigIntegerField(null=True, blank=True, help_text="What the processing really cost.")
    paid_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=12, choices=CheckoutState.choices, default=CheckoutState.PREPARING)

    objects = CheckoutQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["hold"], condition=Q(state=CheckoutState.PAID), name="one_payment_counts_per_hold"
            ),
            models.CheckConstraint(condition=Q(state__in=CheckoutState.values), name="checkout_state_known"),
            models.CheckConstraint(condition=Q(total_minor__gt=0), name="checkout_total_positive"),
            models.CheckConstraint(
                condition=Q(hold=None, wallet__isnull=False) | Q(hold__isnull=False, wallet=None),
                name="checkout_pays_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"checkout {self.stripe_id or self.public_id}"

    @property
    def total(self) -> Money:
        return Money(self.total_minor, self.currency)

    @property
    def purpose(self) -> Hold | Wallet:
        """What is paid for. Its public id owns the money in the books."""
        purpose = self.hold or self.wallet
        assert purpose is not None, "a constraint says so"
        return purpose

    @property
    def payer(self) -> Account:
        return self.purpose.payer


class Draw(models.Model):
    """How much of a hold one payment into its wallet has paid for: first paid in, first used."""

    hold = models.ForeignKey(Hold, on_delete=models.PROTECT, related_name="draws")
    checkout = models.ForeignKey(Checkout, on_delete=models.PROTECT, related_name="draws")
    minor = models.BigIntegerField()
    returned_minor = models.BigIntegerField(default=0, help_text="What came back into the wallet by a refund.")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["hold", "checkout"], name="one_draw_per_payment"),
            models.CheckConstraint(
                condition=Q(minor__gt=0, returned_minor__gte=0, returned_minor__lte=models.F("minor")),
                name="draw_returns_at_most_itself",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.minor} of {self.checkout}"
