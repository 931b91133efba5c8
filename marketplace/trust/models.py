"""Who did what, with which reason. Rows here are written once and never changed."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from marketplace.kit.models import Stamped


class AuditEntry(models.Model):
    """One act by one person (or by the system), with the reason given. Never changed, never deleted."""

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    act = models.CharField(max_length=48)
    thing_type = models.CharField(max_length=64)
    thing_id = models.CharField(max_length=32)
    thing_label = models.CharField(max_length=120, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["thing_type", "thing_id"])]
        verbose_name_plural = "audit entries"

    def __str__(self) -> str:
        return f"{self.act} {self.thing_type} {self.thing_id}"


class Strike(Stamped):
    """A recorded breach of a promise, with its reason. It stops counting after 180 days."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="strikes")
    kind = models.CharField(max_length=32)
    reason = models.CharField(max_length=300)
    thing_type = models.CharField(max_length=64, blank=True)
    thing_id = models.CharField(max_length=32, blank=True)
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["user", "kind", "thing_type", "thing_id"], name="one_strike_per_breach")
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.reason}"
