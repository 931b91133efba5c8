"""What is paid in, and kept until it is released or refunded."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q, Sum

from marketplace.kit.models import Stamped
from marketplace.kit.money import Money
from payments.models.accounts import Account
from payments.models.wallets import Wallet
from payments.states import CheckoutState, HoldState

if TYPE_CHECKING:
    from payments.models.checkouts import Checkout


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

    def paid_by(self, checkout: "Checkout") -> "HoldQuerySet":
        """What one payment pays for: its own hold, or those that drew on it and have not given all of it back.

        A payment that came too late, or a second time, pays for nothing.
        """
        if checkout.hold_id:
            return self.filter(checkouts=checkout, checkouts__state=CheckoutState.PAID)
        return self.filter(draws__checkout=checkout, draws__returned_minor__lt=F("draws__minor"))

    def overdue(self, now: object) -> "HoldQuerySet":
        """Unpaid past their time, and no payment on its way."""
        return self.awaiting_payment().filter(due_at__lte=now).exclude(checkouts__state=CheckoutState.PROCESSING)


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
    wallet = models.ForeignKey(
        Wallet,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="holds",
        help_text="The wallet that paid for it, if one did; what is refunded goes back there.",
    )
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

    def left(self) -> tuple[Money, Money]:
        """What of the amount, and of the fee, has neither gone back nor on to a payee."""
        back = self.refunds.standing().aggregate(amount=Sum("amount_minor"), fee=Sum("fee_minor"))
        amount, fee = self._sent_on()
        amount, fee = amount + (back["amount"] or 0), fee + (back["fee"] or 0)
        return Money(self.amount_minor - amount, self.currency), Money(self.fee_minor - fee, self.currency)

    def left_of(self, amount: Money, fee: Money) -> tuple[Money, Money]:
        """What of the payee's part, and of our fee on it, has not gone on and is still here."""
        there, sent = self.left(), self._sent_on()
        amount_left, fee_left = (
            max(min(part.minor - gone, here.minor), 0)
            for part, gone, here in zip((amount, fee), sent, there, strict=True)
        )
        return Money(amount_left, self.currency), Money(fee_left, self.currency)

    def _sent_on(self) -> tuple[int, int]:
        on = self.transfers.standing().aggregate(amount=Sum("amount_minor"), fee=Sum("fee_minor"))
        return on["amount"] or 0, on["fee"] or 0

    @property
    def is_secured(self) -> bool:
        """The payment is here: secured, frozen, or already moving on."""
        return self.state not in {HoldState.AWAITING_PAYMENT, HoldState.EXPIRED}


class Share(models.Model):
    """What one of several payees gets of a hold's amount, agreed when it was opened. They add up to the amount."""

    hold = models.ForeignKey(Hold, on_delete=models.PROTECT, related_name="shares")
    payee = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="shares")
    amount_minor = models.BigIntegerField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["hold", "payee"], name="one_share_per_payee"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="share_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} for {self.payee}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.hold.currency)
