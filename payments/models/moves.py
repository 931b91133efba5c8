"""What goes out: to a payee, back to a payer, to a bank."""

from collections.abc import Iterable

from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, When

from marketplace.kit.models import Stamped
from marketplace.kit.money import Money
from payments.models.accounts import Account
from payments.models.banks import BankAccount
from payments.models.checkouts import Checkout
from payments.models.holds import Hold
from payments.models.queue import Operation
from payments.models.wallets import Wallet
from payments.states import PayoutState, RefundState, TransferState


class PayoutMethod(models.TextChoices):
    STANDARD = "standard", "standard"
    INSTANT = "instant", "instant"


class TransferQuerySet(models.QuerySet["Transfer"]):
    """Releases of a hold."""

    def standing(self) -> "TransferQuerySet":
        """Those whose money has left the hold."""
        return self.exclude(state=TransferState.REFUSED)

    def moving(self) -> "TransferQuerySet":
        """Those that wait or are on their way."""
        return self.filter(state__in=[TransferState.WAITING, TransferState.SENDING])

    def sendable(self) -> "TransferQuerySet":
        """Those that wait for nothing any more: the payee's account takes them, and keeps their currency."""
        payee = {"payee__transfers_active": True, "payee__stripe_account_id__isnull": False}
        taken = BankAccount.objects.filter(account=OuterRef("payee"), gone_at=None, currency=OuterRef("currency"))
        home = Case(When(payee__settles_in="", then="payee__currency"), default="payee__settles_in")
        waiting = self.filter(state=TransferState.WAITING, **payee)
        return waiting.filter(Q(currency=home) | Exists(taken))


class Transfer(Stamped):
    """A release on its way from the platform to a payee's account. A new try is a new row."""

    hold = models.ForeignKey(Hold, on_delete=models.PROTECT, related_name="transfers")
    payee = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="transfers")
    amount_minor = models.BigIntegerField()
    fee_minor = models.BigIntegerField(help_text="The fee the platform earns with this release.")
    currency = models.CharField(max_length=3)
    operation = models.OneToOneField(
        Operation, on_delete=models.PROTECT, null=True, blank=True, related_name="transfer"
    )
    stripe_id = models.CharField(max_length=64, null=True, blank=True, unique=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    refusal = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=12, choices=TransferState.choices, default=TransferState.WAITING)

    objects = TransferQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="transfer_amount_positive"),
            models.CheckConstraint(condition=Q(state__in=TransferState.values), name="transfer_state_known"),
            models.UniqueConstraint(
                fields=["hold", "payee"], condition=~Q(state=TransferState.REFUSED), name="one_release_per_payee"
            ),
        ]

    def __str__(self) -> str:
        return f"transfer of {self.amount}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def fee(self) -> Money:
        return Money(self.fee_minor, self.currency)


class RefundQuerySet(models.QuerySet["Refund"]):
    """Refunds of a hold."""

    def standing(self) -> "RefundQuerySet":
        """Those whose money has left the hold (late payments never were in it, released ones are owed by the payee)."""
        return self.filter(late=False, after_release=False).exclude(state__in=[RefundState.REFUSED, RefundState.FAILED])


class Refund(Stamped):
    """Money going back: out of a hold (a share of the payee's amount and the same share of the fee), to where it was
    paid from or into the wallet that paid; or out of a wallet, to where it was paid from."""

    hold = models.ForeignKey(Hold, on_delete=models.PROTECT, null=True, blank=True, related_name="refunds")
    wallet = models.ForeignKey(Wallet, on_delete=models.PROTECT, null=True, blank=True, related_name="refunds")
    checkout = models.ForeignKey(
        Checkout,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="refunds",
        help_text="The payment it goes back through; none when it goes into a wallet.",
    )
    amount_minor = models.BigIntegerField(help_text="Out of the payee's amount.")
    fee_minor = models.BigIntegerField(help_text="Out of the platform's fee.")
    currency = models.CharField(max_length=3)
    reason = models.CharField(max_length=300)
    late = models.BooleanField(default=False, help_text="The payment came after the end, or a second time.")
    dispute = models.ForeignKey(
        "payments.Dispute",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="refunds",
        help_text="The payer's bank took it by its verdict; nothing was sent.",
    )
    after_release = models.BooleanField(default=False, help_text="The payee had the money already, and owes it now.")
    again_of = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="again",
        help_text="The failed refund that this one tries once more.",
    )
    operation = models.OneToOneField(Operation, on_delete=models.PROTECT, null=True, blank=True, related_name="refund")
    stripe_id = models.CharField(max_length=64, null=True, blank=True, unique=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    refusal = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=12, choices=RefundState.choices, default=RefundState.SENDING)

    objects = RefundQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_minor__gte=0, fee_minor__gte=0) & ~Q(amount_minor=0, fee_minor=0),
                name="refund_amount_positive",
            ),
            models.CheckConstraint(condition=Q(state__in=RefundState.values), name="refund_state_known"),
            models.CheckConstraint(
                condition=Q(hold__isnull=False, checkout__isnull=False, wallet=None)
                | Q(hold__isnull=False, checkout=None, wallet__isnull=False, operation=None)
                | Q(hold=None, checkout__isnull=False, wallet__isnull=False),
                name="refund_has_a_way",
            ),
        ]

    def __str__(self) -> str:
        return f"refund of {self.total}"

    @property
    def total(self) -> Money:
        return Money(self.amount_minor + self.fee_minor, self.currency)

    @property
    def purpose(self) -> Hold | Wallet:
        """What the money comes out of. Its public id owns the money in the books."""
        purpose = self.hold or self.wallet
        assert purpose is not None, "a constraint says so"
        return purpose


class PayoutQuerySet(models.QuerySet["Payout"]):
    """Payouts, as the apps above ask for them."""

    def for_accounts(self, accounts: Iterable[Account | int]) -> "PayoutQuerySet":
        return self.filter(account__in=[a if isinstance(a, int) else a.pk for a in accounts])


class Payout(Stamped):
    """A move from a payee's account at Stripe to their bank. A failed one puts the money back."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="payouts")
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    method = models.CharField(max_length=8, choices=PayoutMethod.choices, default=PayoutMethod.STANDARD)
    fee_minor = models.BigIntegerField(default=0, help_text="What the payee pays for it, besides the amount.")
    fee_stripe_id = models.CharField(max_length=64, null=True, blank=True, unique=True, help_text="Once it is taken.")
    fee_returned_minor = models.BigIntegerField(default=0)
    bank_account = models.ForeignKey(
        BankAccount,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="payouts",
        help_text="Where it goes, and nowhere else.",
    )
    operation = models.OneToOneField(Operation, on_delete=models.PROTECT, related_name="payout")
    stripe_id = models.CharField(max_length=64, null=True, blank=True, unique=True)
    arrival_on = models.DateField(null=True, blank=True)
    paid_at = models.DateTimeField(null=True, blank=True)
    failure = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=12, choices=PayoutState.choices, default=PayoutState.REQUESTED)

    objects = PayoutQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="payout_amount_positive"),
            models.CheckConstraint(
                condition=Q(fee_minor__gte=0, fee_returned_minor__gte=0, fee_returned_minor__lte=models.F("fee_minor")),
                name="payout_fee_in_range",
            ),
            models.CheckConstraint(condition=Q(method__in=PayoutMethod.values), name="payout_method_known"),
            models.CheckConstraint(condition=Q(state__in=PayoutState.values), name="payout_state_known"),
        ]

    def __str__(self) -> str:
        return f"payout of {self.amount}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def fee(self) -> Money:
        """What the payee paid for it and did not get back."""
        return Money(self.fee_minor - self.fee_returned_minor, self.currency)
