"""When somebody takes money back: a payer's bank (a dispute), or we from a payee (a reversal, a claim)."""

from django.db import models
from django.db.models import F, Q

from marketplace.kit.models import Stamped
from marketplace.kit.money import Money
from payments.models.accounts import Account
from payments.models.checkouts import Checkout
from payments.models.holds import Hold
from payments.models.moves import Refund, Transfer
from payments.models.queue import Operation
from payments.states import UNDECIDED, CheckoutState, ClaimState, DisputeState, ReversalState


class DisputeQuerySet(models.QuerySet["Dispute"]):
    """Disputes, as clock and admin ask for them."""

    def unanswered(self) -> "DisputeQuerySet":
        """Those whose bank waits for our evidence."""
        return self.filter(state=DisputeState.NEEDS_RESPONSE, submitted_at=None)

    def undecided(self) -> "DisputeQuerySet":
        """Those whose bank has the money and has not judged."""
        return self.filter(state__in=UNDECIDED)

    def about(self, hold: Hold) -> "DisputeQuerySet":
        """Those of the payments that pay for this hold."""
        own = Checkout.objects.filter(hold=hold, state=CheckoutState.PAID)
        drawn = Checkout.objects.filter(draws__hold=hold, draws__returned_minor__lt=F("draws__minor"))
        return self.filter(Q(checkout__in=own) | Q(checkout__in=drawn))


class Dispute(Stamped):
    """A payer's bank has taken a payment back, at least until it has judged. What it did stands in the books."""

    checkout = models.ForeignKey(Checkout, on_delete=models.PROTECT, related_name="disputes")
    stripe_id = models.CharField(max_length=64, unique=True)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    reason = models.CharField(max_length=60, help_text="The bank's, in Stripe's words.")
    due_at = models.DateTimeField(null=True, blank=True, help_text="Evidence counts until then.")
    evidence = models.JSONField(default=dict, blank=True, help_text="What will be, or was, sent; in Stripe's fields.")
    submitted_at = models.DateTimeField(null=True, blank=True)
    refusal = models.CharField(max_length=300, blank=True, help_text="Why Stripe did not take the evidence last time.")
    closed_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=16, choices=DisputeState.choices, default=DisputeState.NEEDS_RESPONSE)

    objects = DisputeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="dispute_amount_positive"),
            models.CheckConstraint(condition=Q(state__in=DisputeState.values), name="dispute_state_known"),
        ]

    def __str__(self) -> str:
        return f"dispute of {self.amount} ({self.reason})"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)


class Reversal(Stamped):
    """Part of a transfer on its way back from a payee's account to ours. A new try is a new row."""

    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="reversals")
    claim = models.ForeignKey("payments.Claim", on_delete=models.PROTECT, related_name="reversals")
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    operation = models.OneToOneField(Operation, on_delete=models.PROTECT, related_name="reversal")
    stripe_id = models.CharField(max_length=64, null=True, blank=True, unique=True)
    refusal = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=12, choices=ReversalState.choices, default=ReversalState.SENDING)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="reversal_amount_positive"),
            models.CheckConstraint(condition=Q(state__in=ReversalState.values), name="reversal_state_known"),
        ]

    def __str__(self) -> str:
        return f"reversal of {self.amount}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)


class Claim(Stamped):
    """What a payee owes back of a release. Never taken from later earnings by itself: a person recovers it, or not."""

    payee = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="claims")
    hold = models.ForeignKey(Hold, on_delete=models.PROTECT, related_name="claims")
    refund = models.ForeignKey(Refund, on_delete=models.PROTECT, null=True, blank=True, related_name="claims")
    dispute = models.ForeignKey(
        Dispute, on_delete=models.PROTECT, null=True, blank=True, related_name="claims", help_text="Lost, and so owed."
    )
    amount_minor = models.BigIntegerField()
    recovered_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3)
    reason = models.CharField(max_length=300)
    state = models.CharField(max_length=12, choices=ClaimState.choices, default=ClaimState.OPEN)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0, recovered_minor__gte=0, recovered_minor__lte=F("amount_minor")),
                name="claim_recovers_at_most_itself",
            ),
            models.CheckConstraint(condition=Q(state__in=ClaimState.values), name="claim_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.left} owed by {self.payee}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def left(self) -> Money:
        """What is still owed."""
        return Money(self.amount_minor - self.recovered_minor, self.currency)
