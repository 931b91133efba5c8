"""What the business wants: the campaign and its brief."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from campaigns.models.business import Business, Member
from campaigns.states import CampaignState
from creators.models import DeliverableKind, Network, Niche, Town
from marketplace.kit.models import Stamped
from marketplace.kit.money import LARGEST_MINOR, Money
from marketplace.kit.texts import stays_one_line
from marketplace.users.rights import sees_all
from payments.models import Wallet

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from marketplace.users.models import User

PUBLIC_STATES = [CampaignState.OPEN]


class Goal(models.TextChoices):
    """The five common goals; each has a template."""

    AWARENESS = "awareness", "Get known nearby"
    LAUNCH = "launch", "Launch a product"
    CONTENT = "content", "Get photos and videos"
    VISITS = "visits", "Bring people to the shop"
    SALES = "sales", "Sell online"


class Compensation(models.TextChoices):
    """How the creator is paid."""

    FEE = "fee", "Fee"
    FEE_AND_PRODUCT = "fee_and_product", "Fee and product"


class CampaignQuerySet(models.QuerySet["Campaign"]):
    """Reads that make the call English."""

    def open(self) -> CampaignQuerySet:
        return self.filter(state=CampaignState.OPEN)

    def visible_to(self, user: User | AnonymousUser) -> CampaignQuerySet:
        """Open ones for whoever is logged in; those one runs or is part of in any state; all for staff."""
        if not user.is_authenticated:
            return self.none()
        if sees_all(user, self.model):
            return self.all()
        mine = Q(business__in=Member.objects.filter(user=user).values("business"))
        involved = (
            Q(offers__creator__user=user) | Q(invitations__creator__user=user) | Q(applications__creator__user=user)
        )
        return self.filter(pk__in=self.model.objects.filter(mine | Q(state__in=PUBLIC_STATES) | involved).values("pk"))

    def run_by(self, user: User | AnonymousUser) -> CampaignQuerySet:
        """The campaigns of the businesses this person is a member of."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(business__in=Member.objects.filter(user=user).values("business"))


class Campaign(Stamped):
    """A brief with a budget and dates. Its currency locks at the first accepted offer; the budget is never exceeded."""

    business = models.ForeignKey(Business, on_delete=models.PROTECT, related_name="campaigns")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=80)
    product = models.CharField(max_length=120, help_text="What the creator will show or talk about.")
    goal = models.CharField(max_length=12, choices=Goal.choices, default=Goal.AWARENESS)
    message = models.TextField(max_length=2000, blank=True, help_text="What people should remember.")
    niches = models.ManyToManyField(Niche, related_name="campaigns", blank=True)
    town = models.ForeignKey(Town, null=True, blank=True, on_delete=models.PROTECT, related_name="campaigns")
    radius_km = models.PositiveIntegerField(null=True, blank=True, help_text="Empty means anywhere in the country.")
    country = models.CharField(max_length=2, blank=True)
    languages = ArrayField(models.CharField(max_length=2), default=list, blank=True)
    platforms = ArrayField(models.CharField(max_length=12, choices=Network.choices), default=list, blank=True)
    compensation = models.CharField(max_length=16, choices=Compensation.choices, default=Compensation.FEE)
    product_value_minor = models.BigIntegerField(null=True, blank=True)
    budget_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3, default="EUR")
    creators_wanted = models.PositiveSmallIntegerField(default=3)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    usage_days = models.PositiveIntegerField(default=0, help_text="Days the business may use the content; 0 is none.")
    usage_paid_ads = models.BooleanField(default=False)
    disclosure = models.CharField(max_length=60, default="#ad")
    dos = models.TextField(max_length=1000, blank=True)
    donts = models.TextField(max_length=1000, blank=True)
    state = models.CharField(max_length=12, choices=CampaignState.choices, default=CampaignState.DRAFT, db_index=True)
    state_reason = models.CharField(max_length=500, blank=True)
    findings = models.JSONField(default=list, blank=True, help_text="What the automatic checks found.")
    wallet = models.OneToOneField(
        Wallet, on_delete=models.PROTECT, null=True, blank=True, related_name="campaign", help_text="Its own money."
    )
    opened_at = models.DateTimeField(null=True, blank=True)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(budget_minor__gt=0) & Q(budget_minor__lte=LARGEST_MINOR), name="campaign_budget_real"
            ),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="campaign_ends_after_start",
            ),
            models.CheckConstraint(condition=Q(creators_wanted__gte=1), name="campaign_wants_somebody"),
            stays_one_line("title", name="campaign_title_one_line"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"/campaigns/{self.public_id}/"

    @property
    def budget(self) -> Money:
        return Money(self.budget_minor, self.currency)


class Deliverable(models.Model):
    """One wanted item of the brief: how many of what, where, and how it is checked."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="deliverables")
    kind = models.CharField(max_length=12, choices=DeliverableKind.choices)
    network = models.CharField(max_length=12, choices=Network.choices, blank=True)
    count = models.PositiveSmallIntegerField(default=1)
    detail = models.CharField(max_length=300, blank=True, help_text="What must be in it; a review names these.")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(count__gte=1) & Q(count__lte=50), name="deliverable_count_real")
        ]

    def __str__(self) -> str:
        return f"{self.count} × {self.get_kind_display()}"
