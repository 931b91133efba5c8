"""A creator's prices."""

from django.db import models
from django.db.models import Q

from creators.models.channel import Network
from creators.models.creator import Creator, OfCreatorQuerySet
from marketplace.kit.models import Stamped
from marketplace.kit.money import Money


class DeliverableKind(models.TextChoices):
    """What can be agreed as one item of work."""

    POST = "post", "Post"
    REEL = "reel", "Reel or short video"
    STORY = "story", "Story frames"
    VIDEO = "video", "Long video"
    ARTICLE = "article", "Article"
    NEWSLETTER = "newsletter", "Newsletter mention"
    UGC = "ugc", "Content for your own channels"
    REPLIES = "replies", "48 hours of replies"
    LIVE_QA = "live_qa", "Live Q&A"


class RateQuerySet(OfCreatorQuerySet["Rate"]):
    """Prices."""


class Rate(Stamped):
    """One line of the rate card: what one deliverable on one network costs."""

    creator = models.ForeignKey(Creator, on_delete=models.CASCADE, related_name="rates")
    kind = models.CharField(max_length=12, choices=DeliverableKind.choices)
    network = models.CharField(max_length=12, choices=Network.choices, blank=True)
    price_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    note = models.CharField(max_length=140, blank=True)

    objects = RateQuerySet.as_manager()

    class Meta:
        ordering = ["price_minor", "id"]
        constraints = [
            models.UniqueConstraint(fields=["creator", "kind", "network"], name="one_rate_per_deliverable"),
            models.CheckConstraint(condition=Q(price_minor__gt=0), name="rate_is_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.price}"

    @property
    def price(self) -> Money:
        return Money(self.price_minor, self.currency)
