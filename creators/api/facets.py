"""The counts beside a search, and the page that carries them."""

from collections.abc import Sequence
from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from creators.api.serializers import CreatorCard
from creators.search import Facets, Looser, band_of


class FacetValue(serializers.Serializer[Any]):
    """One value and how many creators have it. A price band has its ends in minor units; null is open."""

    value = serializers.CharField(help_text="What the filter of this name takes; of “price”, the number of the band.")
    count = serializers.IntegerField()
    price_min_minor = serializers.IntegerField(required=False, allow_null=True, help_text="Only of price bands.")
    price_max_minor = serializers.IntegerField(required=False, allow_null=True, help_text="Only of price bands.")


class FacetSerializer(serializers.Serializer[Any]):
    """The values of one filter among those who pass all the others, most first. “tier” is information, not an order."""

    name = serializers.CharField()
    is_estimated = serializers.BooleanField(help_text="True where the counts come from a sample of a large pool.")
    values = FacetValue(many=True)


class LooserSerializer(serializers.Serializer[Any]):
    """Without the filter of this name so many would fit; “wider” is a larger radius. 1001 stands for more."""

    filter = serializers.CharField()
    count = serializers.IntegerField()
    radius_km = serializers.FloatField(allow_null=True)


@extend_schema_serializer(many=False)
class CreatorPage(serializers.Serializer[Any]):
    """One page of a search."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = CreatorCard(many=True)
    facets = FacetSerializer(
        many=True,
        required=False,
        allow_null=True,
        help_text="Only when “facets” was asked; null where counting would take too long.",
    )
    loosen = LooserSerializer(many=True, required=False, help_text="Only with “facets”: what to loosen if nobody fits.")


def facet_rows(facets: Facets, currency: str) -> list[dict[str, Any]]:
    """The facets as JSON."""
    return [
        {
            "name": name,
            "is_estimated": name in facets.estimated,
            "values": [_value(name, value, count, currency) for value, count in counts],
        }
        for name, counts in facets.counts.items()
    ]


def looser_rows(found: Sequence[Looser]) -> list[dict[str, Any]]:
    """What to loosen as JSON."""
    return [{"filter": one.name, "count": one.count, "radius_km": one.radius_km} for one in found]


def _value(name: str, value: str, count: int, currency: str) -> dict[str, Any]:
    row: dict[str, Any] = {"value": value, "count": count}
    if name == "price":
        row["price_min_minor"], row["price_max_minor"] = band_of(int(value), currency)
    return row
