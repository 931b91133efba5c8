"""What each side says of the other once the work is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from campaigns.models.collaboration import Collaboration
from campaigns.models.offer import Side
from marketplace.kit.models import Stamped

if TYPE_CHECKING:
    from campaigns.models.business import Business
    from creators.models import Creator

WORST, BEST = 1, 5


class ReviewQuerySet(models.QuerySet["Review"]):
    """Reads that make the call English."""

    def published(self) -> ReviewQuerySet:
        """Those that everybody may read."""
        return self.exclude(published_at=None)

    def of_creator(self, creator: Creator) -> ReviewQuerySet:
        """What businesses say of a creator, published, the newest first."""
        rows = self.published().filter(side=Side.BUSINESS, collaboration__offer__creator=creator)
        return rows.select_related("collaboration__offer__campaign__business").order_by("-published_at", "-id")

    def of_business(self, business: Business) -> ReviewQuerySet:
        """What creators say of a business, published, the newest first."""
        rows = self.published().filter(side=Side.CREATOR, collaboration__offer__campaign__business=business)
        return rows.select_related("collaboration__offer__creator").order_by("-published_at", "-id")


class Review(Stamped):
    """One side's word on the other. Hidden from the other side until both have spoken or the time is over, and never
    changed after it was written; whom it is about may answer once."""

    collaboration = models.ForeignKey(Collaboration, on_delete=models.PROTECT, related_name="reviews")
    side = models.CharField(max_length=8, choices=Side.choices, help_text="Who wrote it.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    stars = models.PositiveSmallIntegerField(validators=[MinValueValidator(WORST), MaxValueValidator(BEST)])
    text = models.CharField(max_length=1000)
    published_at = models.DateTimeField(null=True, blank=True, db_index=True)
    answer = models.CharField(max_length=1000, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["collaboration", "side"], name="one_review_per_side"),
            models.CheckConstraint(condition=Q(side__in=Side.values), name="review_side_known"),
            models.CheckConstraint(condition=Q(stars__gte=WORST, stars__lte=BEST), name="review_stars_in_range"),
            models.CheckConstraint(
                condition=Q(answered_at=None) | Q(published_at__isnull=False),
                name="published_before_answered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stars} stars"
