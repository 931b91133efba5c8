"""Who was seen commenting, as far as it says which audiences are the same people."""

from django.db import models
from django.db.models import Q

from creators.models.channel import Channel


class CommenterSample(models.Model):
    """The people seen commenting under one channel's posts: how many, and a comparable part of them. Never a name.

    `hashes` are the lowest of the keyed hashes of their ids, ascending, eight bytes each: of any two channels the same
    people are kept, if they comment under both (a bottom-k sketch). A newer file's sample takes an older one's place.
    """

    channel = models.OneToOneField(Channel, on_delete=models.CASCADE, related_name="commenters")
    hashes = models.BinaryField(max_length=4096)
    people = models.PositiveIntegerField(help_text="Different people seen; the hashes are of some of them.")
    coverage = models.FloatField(help_text="Comments that were loaded ÷ comments that there were, 0 to 1.")
    seen_on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(coverage__gt=0) & Q(coverage__lte=1), name="coverage_is_a_share")
        ]

    def __str__(self) -> str:
        return f"{self.people} people under channel {self.channel_id}"
