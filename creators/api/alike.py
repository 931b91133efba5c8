"""More like this, as JSON."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from rest_framework import serializers

from creators.api.serializers import CreatorCard
from creators.services.lookalikes import MOST, SHOWN, Lookalike


class AlikeQuery(serializers.Serializer[Any]):
    """How many."""

    limit = serializers.IntegerField(required=False, default=SHOWN, min_value=1, max_value=MOST)


class AlikeReason(serializers.Serializer[Any]):
    """Why, as a code, a sentence and the numbers in it."""

    code = serializers.CharField()
    text = serializers.CharField()
    facts = serializers.DictField()


class AlikeSerializer(serializers.Serializer[Any]):
    """A creator like another. The score is the weighted mean of the parts, from 0 to 1; followers are no part."""

    creator = CreatorCard()
    score = serializers.FloatField()
    parts = serializers.DictField(child=serializers.FloatField(), help_text="meaning, niche, price, place, if known.")
    reasons = AlikeReason(many=True)


def alike_row(found: Lookalike, card: Mapping[str, Any]) -> dict[str, Any]:
    """One of them as JSON."""
    return {
        "creator": card,
        "score": found.score,
        "parts": dict(found.parts),
        "reasons": [asdict(reason) for reason in found.reasons],
    }
