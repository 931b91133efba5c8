"""The map and the tree of subjects: open data, loaded once."""

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models.functions import Lower


class Niche(models.Model):
    """A subject a creator is credible in; a node of the niche tree (after the IAB Content Taxonomy)."""

    slug = models.SlugField(max_length=48, unique=True)
    name = models.CharField(max_length=64)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    iab_id = models.CharField(max_length=16, blank=True)
    keywords = models.TextField(blank=True, help_text="Words that speak for this niche, separated by “|”.")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Town(models.Model):
    """A town with its place on the map (GeoNames, CC BY 4.0)."""

    name = models.CharField(max_length=120)
    region = models.CharField(max_length=120, blank=True)
    country = models.CharField(max_length=2)
    latitude = models.FloatField()
    longitude = models.FloatField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["country", "region", "name"], name="one_town_per_region")]
        indexes = [
            models.Index(fields=["country", "name"], name="town_by_country"),
            models.Index(OpClass(Lower("name"), name="text_pattern_ops"), name="town_by_lower_name"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.country}"
