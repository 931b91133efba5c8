"""Creators side by side as JSON."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from creators.models import Creator
from creators.services.comparing import compare

UNITS = ("share", "words", "minor", "count")
SOURCES = ("posts", "comments", "entered", "profile", "")


class CompareQuery(serializers.Serializer[Any]):
    """Whom to compare."""

    creators = serializers.CharField(max_length=200, help_text="Two to four ids or handles, with commas between.")


class ComparedCreator(serializers.Serializer[Any]):
    """Whose figures stand at this place of every row."""

    id = serializers.CharField()
    handle = serializers.CharField()
    display_name = serializers.CharField()


class ComparedCell(serializers.Serializer[Any]):
    """One figure; a value of null is unknown. A best one is named only where enough stands behind it."""

    value = serializers.FloatField(allow_null=True)
    source = serializers.ChoiceField(  # type: ignore[assignment]
        choices=SOURCES, help_text="What it is from: posts, comments, entered by its owner, or the profile."
    )
    sample = serializers.IntegerField(allow_null=True, help_text="How many posts or comments.")
    as_of = serializers.DateField(allow_null=True)
    currency = serializers.CharField(help_text="Only of prices.")
    is_best = serializers.BooleanField()


class ComparedFigure(serializers.Serializer[Any]):
    """One row: a figure of each creator, in their order. “better” is highest, lowest, or empty where neither is."""

    name = serializers.CharField()
    unit = serializers.ChoiceField(choices=UNITS)
    better = serializers.ChoiceField(choices=("highest", "lowest", ""))
    cells = ComparedCell(many=True)


@extend_schema_serializer(many=False)
class Comparison(serializers.Serializer[Any]):
    """Two to four creators side by side. Followers judge nobody and are no row."""

    creators = ComparedCreator(many=True)
    figures = ComparedFigure(many=True)


def comparison(found: Sequence[Creator]) -> dict[str, Any]:
    """The rows as JSON."""
    return {
        "creators": [{"id": row.public_id, "handle": row.handle, "display_name": row.display_name} for row in found],
        "figures": [
            {
                "name": figure.name,
                "unit": figure.unit,
                "better": figure.better,
                "cells": [asdict(cell) for cell in cells],
            }
            for figure, cells in compare(found)
        ],
    }
