"""The nightly sweep over all open campaigns: one row for each, which is the queue, the progress and the proof."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q

from campaigns.models.campaign import Campaign
from campaigns.models.match import MatchRun


class Sweep(models.Model):
    """One night's ranking of every campaign that was open when it began. Never two for one night."""

    night = models.DateField(unique=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-night"]

    def __str__(self) -> str:
        return f"{self.night:%F}"


class SweepRowQuerySet(models.QuerySet["SweepRow"]):
    """Reads that make the call English."""

    def undone(self) -> Self:
        return self.filter(done_at=None, failed_at=None)

    def free(self, now: datetime) -> Self:
        """Those that nobody works at, or whose worker has not been heard of for the length of a lease."""
        return self.undone().filter(Q(lease_until=None) | Q(lease_until__lt=now))


class SweepRow(models.Model):
    """One campaign of one night. Its run is made once, so that whoever takes it over goes on with the same."""

    sweep = models.ForeignKey(Sweep, on_delete=models.CASCADE, related_name="rows")
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="+")
    run = models.ForeignKey(MatchRun, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    lease_until = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)

    objects = SweepRowQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["sweep", "campaign"], name="swept_once_a_night")]
        indexes = [
            models.Index(F("sweep"), F("id"), condition=Q(done_at=None, failed_at=None), name="sweep_rows_undone")
        ]

    def __str__(self) -> str:
        return f"{self.sweep_id}: {self.campaign_id}"
