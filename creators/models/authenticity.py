"""Authenticity over time: what was computed, of which day, by which version, and what its creator says of it."""

from django.db import models
from django.db.models import F, Q

from creators.models.creator import Creator
from marketplace.kit.models import Stamped


class AuthenticityRecord(models.Model):
    """A creator's score of one day by one version: 0–100 with its bands, the parts as sentences, what would improve it.

    Another look on the same day replaces that day's row; those of other days stay as they were.
    """

    creator = models.ForeignKey(Creator, on_delete=models.CASCADE, related_name="authenticity_records")
    made_on = models.DateField()
    version = models.CharField(max_length=16)
    score = models.FloatField()
    low = models.FloatField()
    high = models.FloatField()
    low95 = models.FloatField()
    high95 = models.FloatField()
    is_enough = models.BooleanField()
    posts = models.PositiveIntegerField()
    comments = models.PositiveIntegerField()
    parts = models.JSONField(default=list)
    improvements = models.JSONField(default=list)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-made_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["creator", "made_on", "version"], name="one_authenticity_a_day"),
            models.CheckConstraint(
                condition=Q(low95__gte=0, low__gte=F("low95"), score__gte=F("low"), high__gte=F("score"))
                & Q(high95__gte=F("high"), high95__lte=100),
                name="authenticity_bands_nest",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.score:.0f} ({self.low:.0f}–{self.high:.0f}) on {self.made_on}"


class AuthenticityAnswer(Stamped):
    """What a creator says to their score: it stands beside the figure. ``checked_at``: an admin looked, and when."""

    creator = models.OneToOneField(Creator, on_delete=models.CASCADE, related_name="authenticity_answer")
    text = models.CharField(max_length=600)
    checked_at = models.DateTimeField(null=True, blank=True)
    checked_note = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return self.text[:60]
