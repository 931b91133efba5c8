"""Shortlists that wait to be made again, each once, however often something changes; and what was looked at already."""

from django.db import models
from django.utils import timezone

from campaigns.models.campaign import Campaign
from creators.models import CreatorChange


class ReadingPosition(models.Model):
    """How far the notes of changed creators were read, to find whose shortlists that concerns. There is one row.

    It moves on in the transaction that marks those shortlists: of a reader that dies half way nothing is left, and the
    next one reads the same notes.
    """

    ONE = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONE)
    position = models.TextField(default=CreatorChange.BEGINNING)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_reading_position")]

    def __str__(self) -> str:
        return self.position


class StaleShortlist(models.Model):
    """A campaign to be ranked again, because its brief changed or a creator it keeps or held. Gone once asked for."""

    campaign = models.OneToOneField(Campaign, on_delete=models.CASCADE, related_name="stale")
    since = models.DateTimeField(default=timezone.now, db_index=True)
    again_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.campaign_id} since {self.since:%F %T}"
