"""The terms: who offers what to whom, in numbered versions."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q, Value

from campaigns.models.campaign import Campaign
from campaigns.models.invitation import BetweenQuerySet
from campaigns.states import LIVE_OFFER, OfferState
from creators.models import Creator
from marketplace.kit.models import Stamped
from marketplace.kit.money import LARGEST_MINOR, Money


class Side(models.TextChoices):
    """Whose word a version of the terms is."""

    BUSINESS = "business", "Business"
    CREATOR = "creator", "Creator"


class OfferQuerySet(BetweenQuerySet["Offer"]):
    """Offers."""


class Offer(Stamped):
    """Binding terms between a campaign and one creator; one live at a time. A version of the terms never changes."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="offers")
    creator = models.ForeignKey(Creator, on_delete=models.PROTECT, related_name="offers")
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Who last put the business's name to the terms.",
    )
    signed_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=OfferState.choices, default=OfferState.SENT, db_index=True)
    version = models.PositiveSmallIntegerField(default=1, help_text="The number of the terms that are on the table.")
    fee_minor = models.BigIntegerField(
        help_text="The fee the business last put its name to; a budget is summed over these."
    )
    currency = models.CharField(max_length=3)
    expires_at = models.DateTimeField(db_index=True)
    extended_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    state_reason = models.CharField(max_length=500, blank=True)

    objects = OfferQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "creator"], condition=Q(state__in=LIVE_OFFER), name="one_live_offer_each"
            ),
            models.CheckConstraint(
                condition=Q(fee_minor__gt=0) & Q(fee_minor__lte=LARGEST_MINOR), name="offer_fee_real"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign} → {self.creator}"

    def get_absolute_url(self) -> str:
        return f"/offers/{self.public_id}/"

    @property
    def fee(self) -> Money:
        return Money(self.fee_minor, self.currency)


class Terms(models.Model):
    """One version of an offer's terms, written once: who proposed it, when, every line, and the brief it is for."""

    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="terms")
    number = models.PositiveSmallIntegerField()
    side = models.CharField(max_length=8, choices=Side.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    fee_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    deliverables = models.JSONField(help_text="A list of {kind, network, count, detail}.")
    due_on = models.DateField(help_text="When the work is handed in for review.")
    publish_on = models.DateField(null=True, blank=True, help_text="Empty when the work is content only.")
    usage_days = models.PositiveIntegerField(default=0)
    usage_paid_ads = models.BooleanField(default=False)
    product = models.CharField(max_length=120, blank=True, help_text="What is given besides the fee.")
    disclosure = models.CharField(max_length=60)
    note = models.TextField(max_length=1000, blank=True)
    brief = models.JSONField(
        default=dict,
        db_default=Value({}, models.JSONField()),
        help_text="The brief's words as they stood: {title, product, message, dos, donts}.",
    )

    class Meta:
        ordering = ["number"]
        verbose_name_plural = "terms"
        constraints = [
            models.UniqueConstraint(fields=["offer", "number"], name="one_version_per_number"),
            models.CheckConstraint(
                condition=Q(fee_minor__gt=0) & Q(fee_minor__lte=LARGEST_MINOR), name="terms_fee_real"
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.number} of {self.offer_id}"

    @property
    def fee(self) -> Money:
        return Money(self.fee_minor, self.currency)
