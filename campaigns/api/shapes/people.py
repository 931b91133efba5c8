"""People, teams and what they were told, as the API shows them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from campaigns.api.shapes.basic import NamedShape, Shape


class BusinessShape(Shape):
    """A business you belong to."""

    id = serializers.CharField(source="public_id")
    name = serializers.CharField()
    about = serializers.CharField()
    website = serializers.CharField()
    country = serializers.CharField()
    currency = serializers.CharField()
    roles = serializers.SerializerMethodField()
    created_at = serializers.DateTimeField()

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_roles(self, business: Any) -> list[str]:
        return sorted(self.context["standing"].roles(business))


class MemberShape(Shape):
    """One person in a team."""

    id = serializers.CharField(source="public_id")
    business = NamedShape()
    name = serializers.CharField(source="user.name")
    email = serializers.CharField(source="user.email")
    role = serializers.CharField()
    created_at = serializers.DateTimeField()


class InviteShape(Shape):
    """A seat offered to an e-mail address."""

    id = serializers.CharField(source="public_id")
    business = NamedShape()
    email = serializers.CharField()
    role = serializers.CharField()
    expires_at = serializers.DateTimeField()
    accepted_at = serializers.DateTimeField()
    withdrawn_at = serializers.DateTimeField()
    created_at = serializers.DateTimeField()


class NoticeShape(Shape):
    """Something you were told."""

    id = serializers.CharField(source="public_id")
    kind = serializers.CharField()
    text = serializers.CharField()
    url = serializers.CharField()
    next_step = serializers.CharField()
    read_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()


class MeShape(Shape):
    """Who you are here."""

    id = serializers.CharField(source="public_id")
    name = serializers.CharField()
    email = serializers.CharField()
    time_zone = serializers.CharField()
    businesses = MemberShape(source="teams", many=True)
    creator = NamedShape(allow_null=True)
    unread = serializers.IntegerField()
