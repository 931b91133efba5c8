"""What many things show."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from campaigns.moves import Moving, actions
from campaigns.policies import Standing
from campaigns.states import ADMIN

Shape = serializers.Serializer[Any]


class ActionShape(Shape):
    """Something you may do now: POST to ``…/{verb}/``."""

    verb = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]


class MoneyShape(Shape):
    """An amount in minor units, and as people write it."""

    minor = serializers.IntegerField()
    currency = serializers.CharField()
    text = serializers.CharField()


class NamedShape(Shape):
    """Somebody or something by id and name."""

    id = serializers.CharField(source="public_id")
    name = serializers.CharField(source="__str__")


class ThingShape(Shape):
    """What every thing with a life cycle shows."""

    id = serializers.CharField(source="public_id")
    state = serializers.CharField()
    state_label = serializers.CharField(source="get_state_display")
    actions = serializers.SerializerMethodField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()

    @extend_schema_field(ActionShape(many=True))
    def get_actions(self, thing: Moving) -> list[dict[str, str]]:
        mine = self.standing.roles(thing) - {ADMIN}  # An admin's verbs are in the admin, with their reason form.
        return [{"verb": m.verb, "label": m.label} for m in actions(thing, by=self.standing) if m.roles & mine]

    @property
    def standing(self) -> Standing:
        found: Standing = self.context["standing"]
        return found


class ActivityShape(Shape):
    """Something that happened."""

    at = serializers.DateTimeField()
    by = serializers.CharField(source="by.name", default=None, allow_null=True)
    thing = serializers.CharField()
    verb = serializers.CharField()
    text = serializers.CharField()
    reason = serializers.CharField()


class UrlShape(Shape):
    """Where to go next; empty while it is being prepared (ask again in a moment)."""

    url = serializers.CharField(allow_null=True)
