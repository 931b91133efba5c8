"""What both sides write to each other in the room of their work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from campaigns.models.collaboration import Collaboration
from campaigns.models.offer import Side
from campaigns.states import ReportState
from marketplace.kit.models import Stamped

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from marketplace.users.models import User


class MessageQuerySet(models.QuerySet["Message"]):
    """Reads that make the call English."""

    def visible_to(self, user: User | AnonymousUser) -> MessageQuerySet:
        """The two sides of the work; all for staff."""
        return self.filter(collaboration__in=Collaboration.objects.visible_to(user))

    def not_of(self, side: str) -> MessageQuerySet:
        """Those that the other side wrote."""
        return self.exclude(side=side)


class Message(Stamped):
    """One message from one side to the other. Its text never changes; an admin may hide it."""

    collaboration = models.ForeignKey(Collaboration, on_delete=models.PROTECT, related_name="messages")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    side = models.CharField(max_length=8, choices=Side.choices)
    text = models.TextField(max_length=4000, blank=True)
    file = models.FileField(upload_to="messages/%Y/%m/", blank=True)
    file_name = models.CharField(max_length=120, blank=True)
    leads_away = models.BooleanField(
        default=False, help_text="Held contact details or a link when the payment was not secured yet."
    )
    hidden_at = models.DateTimeField(null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["collaboration", "-id"], name="messages_of_a_room")]
        constraints = [
            models.CheckConstraint(condition=Q(side__in=Side.values), name="message_side_known"),
            models.CheckConstraint(condition=~Q(text="", file=""), name="message_says_something"),
        ]

    def __str__(self) -> str:
        return f"message {self.public_id}"


class ReadMark(models.Model):
    """How far one person has read in one room. It only moves forward."""

    collaboration = models.ForeignKey(Collaboration, on_delete=models.CASCADE, related_name="read_marks")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    side = models.CharField(max_length=8, choices=Side.choices)
    up_to = models.PositiveBigIntegerField(help_text="The newest message they have seen, by its number.")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["collaboration", "user"], name="one_read_mark_per_person")]

    def __str__(self) -> str:
        return f"{self.user_id} read up to {self.up_to}"


class ReportReason(models.TextChoices):
    """What is wrong with a message."""

    AROUND = "around", "Wants to work or pay outside of Goodword"
    ABUSE = "abuse", "Insults, threatens or harasses"
    FRAUD = "fraud", "Looks like fraud"
    SPAM = "spam", "Advertising or spam"
    OTHER = "other", "Something else"


class Report(Stamped):
    """Somebody says that a message of the other side breaks the rules. Decided by an admin, with a reason to both."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="reports")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=8, choices=ReportReason.choices)
    note = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=12, choices=ReportState.choices, default=ReportState.OPEN, db_index=True)
    decision = models.CharField(max_length=500, blank=True, help_text="What both of them were told.")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["message", "by"], name="one_report_per_person"),
            models.CheckConstraint(condition=Q(state__in=ReportState.values), name="report_state_known"),
            models.CheckConstraint(condition=Q(reason__in=ReportReason.values), name="report_reason_known"),
        ]

    def __str__(self) -> str:
        return f"report of {self.message}: {self.get_reason_display()}"
