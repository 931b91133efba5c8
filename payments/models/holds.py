"""What is paid in, and kept until it is released or refunded."""

from collections.abc import Iterable

from django.db import models
from django.db.models import F, Q

from marketplace.kit.models import Stamped
from marketplace.kit.money import Money
from payments.models.accounts import Account
from payments.models.queue import Operation
from payments.states import CheckoutState, HoldState


class HoldQuerySet(models.QuerySet["Hold"]):
    """Holds, as the apps above ask for them."""

    def for_accounts(self, accounts: Iterable[Account | int]) -> "HoldQuerySet":
        """Holds in which one of these accounts pays or is paid."""
        ids = [account if isinstance(account, int) else account.pk for account in accounts]
        return self.filter(Q(payer__in=ids) | Q(payee__in=ids))

    def awaiting_payment(self) -> "HoldQuerySet":
        return self.filter(state=HoldState.AWAITING_PAYMENT)

    def secured(self) -> "HoldQuerySet":
        return self.filter(state__in=[HoldState.SECURED, HoldState.FROZEN])

    def overdue(self, now: object) -> "HoldQuerySet":
        """Unpaid past their time, and no payment on its way."""
        on_its_way = Checkout.objects.filter(hold=models.OuterRef("pk"), state=CheckoutState.PROCESSING)
        return self.awaiting_payment().filter(~models.Exists(on_its_way), due_at__lte=now)


class Hold(Stamped):
    """One agreed payment: ``amount`` for the payee, ``fee`` for the platform on top. Amounts never change."""

    payer = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="holds_paid")
    payee = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="holds_received")
    amount_minor = models.BigIntegerField(help_text="What the payee gets, in minor units.")
    fee_minor = models.BigIntegerField(help_text="The platform's fee, paid on top by the payer.")
    currency = models.CharField(max_length=3)
    reference = models.CharField(max_length=64, db_index=True, help_text="The caller's own name for this; opaque here.")
    description = models.CharField(max_length=200)
    due_at = models.DateTimeField(help_text="The payment must arrive by then.")
    secured_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=20, choices=HoldState.choices, default=HoldState.AWAITING_PAYMENT)

    objects = HoldQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="hold_amount_positive"),
            models.CheckConstraint(condition=Q(fee_minor__gte=0), name="hold_fee_not_negative"),
            models.CheckConstraint(condition=~Q(payer=F("payee")), name="hold_payer_is_not_payee"),
            models.CheckConstraint(condition=Q(state__in=HoldState.values), name="hold_state_known"),
        ]
        indexes = [models.Index(fields=["state", "due_at"], name="hold_state_due")]

    def __str__(self) -> str:
        return f"{self.total} · {self.description}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def fee(self) -> Money:
        return Money(self.fee_minor, self.currency)

    @property
    def total(self) -> Money:
        return Money(self.amount_minor + self.fee_minor, self.currency)

    @property
    def is_secured(self) -> bool:
        """The payment is here: secured, frozen, or already moving on."""
        return self.state not in {HoldState.AWAITING_PAYMENT, HoldState.EXPIRED}


class CheckoutQuerySet(models.QuerySet["Checkout"]):
    """Attempts to pay."""

    def live(self) -> "CheckoutQuerySet":
        return self.filter(state__in=[CheckoutState.PREPARING, CheckoutState.OPEN, CheckoutState.PROCESSING])


class Checkout(Stamped):
    """One hosted payment page for a hold: an attempt to pay. At most one attempt of a hold counts as paid."""

    hold = models.ForeignKey(Hold, on_delete=models.PROTECT, related_name="checkouts")
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
        ]

    def __str__(self) -> str:
        return f"checkout {self.stripe_id or self.public_id}"
