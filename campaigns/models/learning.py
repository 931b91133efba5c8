"""What was shown to whom, and what is learned from what came of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from campaigns.models.campaign import Campaign
from campaigns.models.match import MatchRun
from campaigns.states import WeightsState
from creators.models import Creator
from marketplace.kit.models import Stamped


class Impression(models.Model):
    """One creator's place in one shortlist that somebody of the team saw, on the page or through the API.

    Written when it is first shown, never changed, and kept when newer shortlists replace the matches. What came of it
    is read from invitations, offers and collaborations.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="impressions")
    creator = models.ForeignKey(Creator, on_delete=models.CASCADE, related_name="impressions")
    run = models.ForeignKey(MatchRun, on_delete=models.CASCADE, related_name="impressions")
    position = models.PositiveIntegerField()
    policy = models.CharField(max_length=24, help_text="Who chose this place: the score, or exploration.")
    weights_version = models.CharField(max_length=24)
    propensity = models.FloatField(help_text="How likely somebody looks at this place, 0 to 1.")
    values = models.JSONField(help_text="Part → value, of the parts that were known.")
    shown_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        ordering = ["-shown_at", "position"]
        constraints = [
            models.UniqueConstraint(fields=["run", "position"], name="one_impression_per_place"),
            models.CheckConstraint(condition=Q(propensity__gt=0) & Q(propensity__lte=1), name="propensity_is_a_share"),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.creator_id}"


class LearnedWeights(Stamped):
    """One set of weights learned from outcomes, with what it was judged by. The weights never change."""

    version = models.CharField(max_length=24, unique=True)
    state = models.CharField(max_length=12, choices=WeightsState.choices, default=WeightsState.SHADOW, db_index=True)
    parts = models.JSONField(help_text="Part → weight.")
    events = models.PositiveIntegerField(help_text="Shown matches it was learned from.")
    better = models.BooleanField(help_text="Better than what ranked then, on campaigns it had not seen.")
    report = models.JSONField(help_text="How it was judged: gain, interval, campaigns, against which weights.")
    promoted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name_plural = "learned weights"
        constraints = [
            models.UniqueConstraint(
                fields=["state"], condition=Q(state=WeightsState.PROMOTED), name="one_set_of_weights_ranks"
            ),
            models.CheckConstraint(
                condition=~Q(state=WeightsState.PROMOTED) | Q(better=True), name="only_better_weights_rank"
            ),
        ]

    def __str__(self) -> str:
        return self.version
