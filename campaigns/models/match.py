"""Who fits a brief, and why."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from campaigns.models.business import OfTeamQuerySet
from campaigns.models.campaign import Campaign
from creators.models import Creator
from marketplace.kit.models import Stamped

FIRST_PAGE = 24  # places


class MatchQuerySet(OfTeamQuerySet["Match"]):
    """Places, which the campaign's own people see."""

    business = "run__campaign__business"


class SavedQuerySet(OfTeamQuerySet["Saved"]):
    """Creators put aside, which the campaign's own people see."""

    business = "campaign__business"


class MatchRun(Stamped):
    """One ranking of the pool for one state of a brief. Rows of the newest finished run are the shortlist."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="match_runs")
    brief_hash = models.CharField(max_length=64, blank=True)
    model = models.CharField(max_length=48, blank=True, help_text="Which text model read the posts.")
    weights_version = models.CharField(max_length=24, blank=True)
    pool_size = models.PositiveIntegerField(default=0)
    filtered = models.JSONField(default=dict, blank=True, help_text="How many creators each hard filter kept.")
    unevenness = models.FloatField(
        null=True, blank=True, help_text="How unevenly the pool was shown in the 30 days before: 0 as evenly as can be."
    )
    finished_at = models.DateTimeField(null=True, blank=True)
    seconds = models.FloatField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)
    is_quiet = models.BooleanField(default=False, help_text="Nobody asked for it, so nobody is told.")

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["campaign", "-created_at"])]

    def __str__(self) -> str:
        return f"{self.campaign_id}: {self.pool_size} creators"


class Match(models.Model):
    """One creator's place in a run, with the parts that made the score and the reasons in words."""

    run = models.ForeignKey(MatchRun, on_delete=models.CASCADE, related_name="matches")
    creator = models.ForeignKey(Creator, on_delete=models.CASCADE, related_name="matches")
    rank = models.PositiveIntegerField()
    score = models.FloatField()
    parts = models.JSONField(help_text="Part → {value, weight, points}; their points add up to the score.")
    reasons = models.JSONField(help_text="Three reasons: {code, text, facts}.")
    doubt = models.CharField(max_length=300, blank=True)
    change = models.CharField(max_length=300, blank=True, help_text="What would change this place.")
    distance_km = models.FloatField(null=True, blank=True)
    price_minor = models.BigIntegerField(null=True, blank=True)
    explored = models.BooleanField(default=False, help_text="The place was given to a newcomer; the score has another.")

    objects = MatchQuerySet.as_manager()

    class Meta:
        ordering = ["rank"]
        verbose_name_plural = "matches"
        constraints = [
            models.UniqueConstraint(fields=["run", "creator"], name="one_place_per_creator"),
            models.UniqueConstraint(fields=["run", "rank"], name="one_creator_per_place"),
        ]
        # Who stands on first pages now, read for every ranking.
        indexes = [models.Index(fields=["creator", "run"], condition=Q(rank__lte=FIRST_PAGE), name="on_first_pages")]

    def __str__(self) -> str:
        return f"{self.rank}. {self.creator_id}"


class Saved(models.Model):
    """A creator put on a campaign's list by hand."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="saved")
    creator = models.ForeignKey(Creator, on_delete=models.CASCADE, related_name="saved")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SavedQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [models.UniqueConstraint(fields=["campaign", "creator"], name="saved_once")]

    def __str__(self) -> str:
        return f"{self.creator_id} for {self.campaign_id}"
