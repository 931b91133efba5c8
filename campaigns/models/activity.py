"""What happened, in order, for both sides to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from campaigns.models.business import Member
from campaigns.models.campaign import Campaign

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from marketplace.users.models import User


class ActivityQuerySet(models.QuerySet["Activity"]):
    """Reads that make the call English."""

    def visible_to(self, user: User | AnonymousUser) -> ActivityQuerySet:
        """All of it for the business's people; for a creator what concerns their own offers and work; all for staff."""
        if not user.is_authenticated:
            return self.none()
        if user.is_staff:
            return self.all()
        ours = Member.objects.filter(user=user).values("business")
        return self.filter(Q(campaign__business__in=ours) | Q(offer__creator__user=user))


class Activity(models.Model):
    """One move of one thing, by one person (or by the clock or the bank). Written once, never changed."""

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="activities")
    offer = models.ForeignKey(
        "campaigns.Offer", null=True, blank=True, on_delete=models.PROTECT, related_name="activities"
    )
    collaboration = models.ForeignKey(
        "campaigns.Collaboration", null=True, blank=True, on_delete=models.PROTECT, related_name="activities"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=12)
    thing = models.CharField(max_length=16, help_text="Which life cycle: campaign, offer, collaboration …")
    verb = models.CharField(max_length=24)
    text = models.CharField(max_length=300)
    reason = models.CharField(max_length=500, blank=True)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name_plural = "activities"
        indexes = [models.Index(fields=["collaboration", "-at"]), models.Index(fields=["campaign", "-at"])]

    def __str__(self) -> str:
        return self.text
