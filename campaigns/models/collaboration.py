"""The agreed work: contract, payment, submissions, reviews of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from campaigns.models.business import Member
from campaigns.models.offer import Offer
from campaigns.states import CollaborationState
from marketplace.kit.models import Stamped
from marketplace.users.rights import sees_all
from payments.models import Hold

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from marketplace.users.models import User


class CollaborationQuerySet(models.QuerySet["Collaboration"]):
    """Reads that make the call English."""

    def visible_to(self, user: User | AnonymousUser) -> CollaborationQuerySet:
        """The two sides; all for staff."""
        if not user.is_authenticated:
            return self.none()
        if sees_all(user, self.model):
            return self.all()
        ours = Member.objects.filter(user=user).values("business")
        return self.filter(Q(offer__campaign__business__in=ours) | Q(offer__creator__user=user))


class Collaboration(Stamped):
    """The agreed work between one business and one creator. The contract never changes after signing."""

    offer = models.OneToOneField(Offer, on_delete=models.PROTECT, related_name="collaboration")
    hold = models.OneToOneField(Hold, on_delete=models.PROTECT, related_name="collaboration")
    state = models.CharField(
        max_length=20, choices=CollaborationState.choices, default=CollaborationState.AWAITING_PAYMENT, db_index=True
    )
    state_reason = models.CharField(max_length=500, blank=True)
    due_at = models.DateTimeField(null=True, blank=True, db_index=True, help_text="When the clock acts if nobody does.")
    reminded_at = models.DateTimeField(null=True, blank=True)
    overdue_at = models.DateTimeField(null=True, blank=True, help_text="When the clock found the work to be late.")
    begun_at = models.DateTimeField(null=True, blank=True, help_text="When the creator said that they had started.")
    revisions = models.PositiveSmallIntegerField(default=0)
    contract = models.JSONField(help_text="The frozen terms as both sides signed them.")
    contract_hash = models.CharField(max_length=64)
    signed_as = models.CharField(max_length=80)
    signed_at = models.DateTimeField()
    signed_from = models.GenericIPAddressField(null=True, blank=True)
    live_url = models.URLField(max_length=400, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    kept_minor = models.BigIntegerField(
        null=True, blank=True, help_text="What the creator kept of the fee when the business cancelled the paid work."
    )
    kept_fee_minor = models.BigIntegerField(null=True, blank=True, help_text="Our fee on what the creator kept.")

    objects = CollaborationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return str(self.offer)

    def get_absolute_url(self) -> str:
        return f"/collaborations/{self.public_id}/"


class SubmissionQuerySet(models.QuerySet["Submission"]):
    """Reads that make the call English."""

    def visible_to(self, user: User | AnonymousUser) -> SubmissionQuerySet:
        """The two sides of the work; all for staff."""
        return self.filter(collaboration__in=Collaboration.objects.visible_to(user))


class Submission(Stamped):
    """Work sent for review: a link, a file, or both, in numbered rounds."""

    collaboration = models.ForeignKey(Collaboration, on_delete=models.PROTECT, related_name="submissions")
    number = models.PositiveSmallIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    link = models.URLField(max_length=400, blank=True)
    file = models.FileField(upload_to="submissions/%Y/%m/", blank=True)
    file_name = models.CharField(max_length=120, blank=True)
    note = models.TextField(max_length=1000, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["collaboration", "number"], name="one_submission_per_round")]

    def __str__(self) -> str:
        return f"round {self.number}"


class ReviewNote(models.Model):
    """One requested change; it names the brief item that fails."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="review_notes")
    item = models.CharField(max_length=300, help_text="The line of the contract that is not met.")
    text = models.CharField(max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text
