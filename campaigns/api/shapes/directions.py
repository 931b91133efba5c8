"""Open campaigns recommended to a creator, as the API shows them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from campaigns.api.shapes.basic import MoneyShape, NamedShape, Shape
from campaigns.api.shapes.briefs import ReasonShape
from campaigns.budget import each


class RecommendedShape(Shape):
    """One campaign's place for you: score = Σ points of its parts; up to three reasons and one doubt."""

    campaign = NamedShape()
    business = NamedShape(source="campaign.business")
    pays = serializers.SerializerMethodField()
    rank = serializers.IntegerField(source="one.rank")
    score = serializers.FloatField(source="one.score")
    parts = serializers.SerializerMethodField()
    reasons = ReasonShape(source="one.reasons", many=True)
    doubt = ReasonShape(source="one.doubt", allow_null=True)

    @extend_schema_field(MoneyShape)
    def get_pays(self, row: dict[str, Any]) -> dict[str, Any]:
        return dict(MoneyShape(each(row["campaign"])).data)

    @extend_schema_field(serializers.JSONField())
    def get_parts(self, row: dict[str, Any]) -> Any:
        return row["one"].plain()["parts"]


class HiddenShape(Shape):
    """One filter that hides campaigns from you: how many, how many it alone hides, and what would show them."""

    name = serializers.CharField()
    count = serializers.IntegerField()
    alone = serializers.IntegerField()
    text = serializers.CharField()
    advice = serializers.CharField(allow_blank=True)


class ChoiceShape(Shape):
    """What you may choose from, best first (at most a hundred), and why other open campaigns are missing."""

    hidden = serializers.IntegerField()
    why_hidden = HiddenShape(many=True)
    results = RecommendedShape(many=True)
