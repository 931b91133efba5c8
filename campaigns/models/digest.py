"""How often a creator hears of new campaigns, and of which they have heard."""

from django.db import models

from creators.models import Creator


class Rhythm(models.TextChoices):
    """How often a creator is told of new campaigns."""

    DAILY = "daily", "Every day"
    WEEKLY = "weekly", "Every week"
    NEVER = "never", "Never"


class Digest(models.Model):
    """When the clock last looked for one creator, and how often they want to be told. Without a row: every week.

    ``looked_on`` is the day of that look, whether or not there was news; ``told_until`` the time up to which campaigns
    had opened that the creator was told of, or that did not suit them.
    """

    creator = models.OneToOneField(Creator, on_delete=models.CASCADE, related_name="digest")
    every = models.CharField(max_length=8, choices=Rhythm.choices, default=Rhythm.WEEKLY)
    looked_on = models.DateField(null=True, blank=True)
    told_until = models.DateTimeField(null=True, blank=True)
    sent_on = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.creator_id}: {self.every}"
