"""How a creator and a campaign meet: asked by the business, or asking to join."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from campaigns.models.business import Member
from campaigns.models.campaign import Campaign
from campaigns.states import ApplicationState, InvitationState
from creators.models import Creator
from marketplace.kit.models import Stamped
from marketplace.users.rights import sees_all

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from marketplace.users.models import User


Between = TypeVar("Between", bound=models.Model)


class BetweenQuerySet(models.QuerySet[Between]):
    """Rows between a campaign's business and one creator."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """The business's members and the creator named; all for staff."""
        if not user.is_authenticated:
            return self.none()
        if sees_all(user, self.model):
            return self.all()
        ours = Member.objects.filter(user=user).values("business")
        return self.filter(Q(campaign__business__in=ours) | Q(creator__user=user))


class InvitationQuerySet(BetweenQuerySet["Invitation"]):
    """Invitations."""


class ApplicationQuerySet(BetweenQuerySet["Application"]):
    """Applications."""


class Invitation(Stamped):
    """A business asks a named creator; one per campaign and creator."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="invitations")
    creator = models.ForeignKey(Creator, on_delete=models.PROTECT, related_name="invitations")
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    message = models.TextField(max_length=1000, blank=True)
    state = models.CharField(
        max_length=12, choices=InvitationState.choices, default=InvitationState.SENT, db_index=True
    )
    expires_at = models.DateTimeField(db_index=True)
    reminded_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["campaign", "creator"], name="one_invitation_each")]

    def __str__(self) -> str:
        return f"{self.campaign} → {self.creator}"

    def get_absolute_url(self) -> str:
        return self.campaign.get_absolute_url()


class Application(Stamped):
    """A creator asks to join an open campaign, often with a price; one per campaign and creator."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="applications")
    creator = models.ForeignKey(Creator, on_delete=models.PROTECT, related_name="applications")
    message = models.TextField(max_length=1000)
    price_minor = models.BigIntegerField(null=True, blank=True)
    currency = models.CharField(max_length=3)
    state = models.CharField(
        max_length=12, choices=ApplicationState.choices, default=ApplicationState.SUBMITTED, db_index=True
    )
    state_reason = models.CharField(max_length=500, blank=True)
    expires_at = models.DateTimeField(db_index=True)
    reminded_at = models.DateTimeField(null=True, blank=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "creator"], name="one_application_each"),
            models.CheckConstraint(
                condition=Q(price_minor=None) | Q(price_minor__gt=0), name="application_price_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.creator} for {self.campaign}"

    def get_absolute_url(self) -> str:
        return self.campaign.get_absolute_url()
