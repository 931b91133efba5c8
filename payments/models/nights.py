"""What reconciliation keeps: Stripe's own list of what moved our balance, and how far each run came."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from marketplace.kit.money import Money


class StripeLineQuerySet(models.QuerySet["StripeLine"]):
    """Stripe's lines, as reconciliation asks for them."""

    def unmatched(self) -> "StripeLineQuerySet":
        return self.filter(matched_at=None)


class StripeLine(models.Model):
    """One balance transaction of the platform, copied from Stripe as it was. It decides nothing; it is compared."""

    stripe_id = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=40, help_text="Stripe's type: charge, refund, transfer …")
    thing = models.CharField(max_length=64, blank=True, help_text="The charge, refund … it is about.")
    amount_minor = models.BigIntegerField()
    fee_minor = models.BigIntegerField()
    net_minor = models.BigIntegerField(help_text="What it changed in our balance.")
    currency = models.CharField(max_length=3)
    happened_at = models.DateTimeField(db_index=True)
    matched_at = models.DateTimeField(null=True, blank=True, help_text="When its one posting was found to agree.")

    objects = StripeLineQuerySet.as_manager()

    class Meta:
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(
                condition=Q(net_minor=models.F("amount_minor") - models.F("fee_minor")), name="line_adds_up"
            ),
        ]
        indexes = [models.Index(fields=["happened_at"], condition=Q(matched_at=None), name="line_unmatched")]

    def __str__(self) -> str:
        return f"{self.kind} {self.stripe_id}"

    @property
    def net(self) -> Money:
        return Money(self.net_minor, self.currency)


class Reconciliation(models.Model):
    """One comparison of Stripe with our books. Interrupted, it goes on where it was; a whole one has an end."""

    started_at = models.DateTimeField(default=timezone.now, db_index=True)
    since = models.DateTimeField(null=True, blank=True, help_text="Lines from then on; from the beginning if empty.")
    cursor = models.CharField(max_length=64, blank=True, help_text="The last line copied, of a list from new to old.")
    lines_copied = models.BooleanField(default=False, help_text="All lines since then, up to the start, are here.")
    payee_after = models.BigIntegerField(default=0, help_text="The last payee whose balance was compared.")
    counts = models.JSONField(default=dict, blank=True)
    trouble = models.CharField(max_length=300, blank=True, help_text="Why it could not go on last time.")
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"reconciliation of {self.started_at:%Y-%m-%d %H:%M}"
