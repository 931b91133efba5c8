"""What waits to be looked at again: the rows are the queue, and each stands there once, however often it changes."""

from django.db import models
from django.utils import timezone

from campaigns.models.campaign import Campaign
from creators.models import Creator


class ChangedCreator(models.Model):
    """A creator whose posts, figures, prices or listing changed: nobody has asked yet whose shortlist that concerns."""

    creator = models.OneToOneField(Creator, on_delete=models.CASCADE, related_name="change")
    since = models.DateTimeField(default=timezone.now, db_index=True)
    again_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.creator_id} since {self.since:%F %T}"


class StaleShortlist(models.Model):
    """A campaign to be ranked again, because its brief changed or a creator it keeps or held. Gone once asked for."""

    campaign = models.OneToOneField(Campaign, on_delete=models.CASCADE, related_name="stale")
    since = models.DateTimeField(default=timezone.now, db_index=True)
    again_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.campaign_id} since {self.since:%F %T}"
