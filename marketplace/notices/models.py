"""What we tell people."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q

from marketplace.kit.models import Stamped
from marketplace.users.models import User


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Reads that make the call English."""

    def visible_to(self, user: User) -> NoticeQuerySet:
        return self.filter(user=user)

    def unread(self) -> NoticeQuerySet:
        return self.filter(read_at=None)

    def unsent(self) -> NoticeQuerySet:
        return self.filter(mailed_at=None, mail_wanted=True)

    def unclaimed(self, now: datetime) -> NoticeQuerySet:
        """Those that nobody is sending, and whose last try was not a moment ago."""
        return self.filter(Q(mail_lease_until=None) | Q(mail_lease_until__lt=now))


class Notice(Stamped):
    """One piece of news for one person: in the app at once, by mail once."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=48)
    text = models.CharField(max_length=300)
    url = models.CharField(max_length=200)
    next_step = models.CharField(max_length=80, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    mail_wanted = models.BooleanField(default=True)
    mail_lease_until = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["user", "-created_at"]),
            models.Index(fields=["created_at"], condition=Q(mailed_at=None, mail_wanted=True), name="notices_unsent"),
        ]

    def __str__(self) -> str:
        return self.text
