"""What a business looks for again and again, and whom it has not seen yet."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from campaigns.models.business import Business, OfTeamQuerySet
from marketplace.kit.models import Stamped
from marketplace.kit.texts import stays_one_line


class SavedSearchQuerySet(OfTeamQuerySet["SavedSearch"]):
    """Reads that make the call English."""

    def with_finds(self) -> SavedSearchQuerySet:
        """Those with somebody who was not looked at yet."""
        return self.exclude(fresh=[])


class SavedSearch(Stamped):
    """A search with a name. ``known`` are the creators who fitted when somebody last looked, ``fresh`` those who came
    since; both hold creators' keys, above ``floor`` only: of a very broad search the newest count."""

    business = models.ForeignKey(Business, on_delete=models.CASCADE, related_name="searches")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    wanted = models.JSONField(help_text="The filters, as creators.search keeps them.")
    is_told = models.BooleanField(default=True, help_text="Whether a notice tells of new finds.")
    known = ArrayField(models.BigIntegerField(), default=list, blank=True)
    fresh = ArrayField(models.BigIntegerField(), default=list, blank=True)
    floor = models.BigIntegerField(default=0)
    looked_at = models.DateTimeField()
    checked_at = models.DateTimeField(db_index=True)
    told_at = models.DateTimeField(null=True, blank=True)

    objects = SavedSearchQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name_plural = "saved searches"
        constraints = [
            models.UniqueConstraint(fields=["business", "name"], name="one_search_per_name"),
            stays_one_line("name", name="search_name_one_line"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/searches/{self.public_id}/"
