"""The best possible plan, computed for whoever asked whether theirs is."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from campaigns.models.business import OfTeamQuerySet
from campaigns.models.campaign import Campaign
from marketplace.kit.models import Stamped

GAP = 0.0005  # below it two plans do the same: a person in two thousand


class PlanProofQuerySet(OfTeamQuerySet["PlanProof"]):
    """Answers, which the campaign's own people see."""

    business = "campaign__business"


class PlanProof(Stamped):
    """One question put to the solver, and its answer. The row is the queue; an answer is never changed.

    `planned` is what the quick search proposed and `best` the best that was found, as pairs of creator and price.
    `reach`, `best_reach` and `ceiling` count what the goal counts; nothing within the limits does more than `ceiling`.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="plan_proofs")
    question = models.JSONField(help_text="Budget, goal and limits, as they were asked.")
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    planned = models.JSONField(default=list, blank=True)
    best = models.JSONField(default=list, blank=True)
    reach = models.FloatField(null=True, blank=True)
    best_reach = models.FloatField(null=True, blank=True)
    ceiling = models.FloatField(null=True, blank=True)
    cost_minor = models.BigIntegerField(null=True, blank=True)
    seconds = models.FloatField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)

    objects = PlanProofQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["campaign"], condition=Q(finished_at=None), name="one_proof_at_a_time")
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id}: {'computing' if self.finished_at is None else self.best_reach}"

    @property
    def is_exact(self) -> bool:
        """Whether the best that was found is the best possible; else time was up before that was known."""
        return bool(self.ceiling and self.best_reach) and (self.best_reach or 0) >= (self.ceiling or 0) * (1 - GAP)

    @property
    def share(self) -> float | None:
        """At least this share of the best possible does what was proposed; 0 to 1."""
        if self.reach is None or not self.ceiling:
            return None
        return min(self.reach / self.ceiling, 1.0)

    @property
    def is_proposal_best(self) -> bool:
        """Whether nothing within the limits does noticeably better than what was proposed."""
        return self.share is not None and self.share >= 1 - GAP
