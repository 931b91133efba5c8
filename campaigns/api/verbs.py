"""What all of this API's views share: reading what is visible, and one short action for each verb."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.utils.functional import cached_property
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns.policies import Standing
from marketplace.hooks.idempotency import Idempotent
from marketplace.kit.conditional import Conditional
from marketplace.users.models import User

ID = "[0-9a-z]{14}"
Serializer = type[serializers.BaseSerializer[Any]]


class Things(Idempotent, Conditional, viewsets.GenericViewSet[Any]):
    """Rows you may see, by public id. `get_queryset` is the permission."""

    lookup_field = "public_id"
    lookup_value_regex = ID

    @property
    def person(self) -> User:
        return cast(User, self.request.user)

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "standing": self.standing}

    @cached_property
    def standing(self) -> Standing:
        """Your roles, read once for everything shown."""
        return Standing(self.request.user)

    def given(self, shape: Serializer, *, partial: bool = False) -> dict[str, Any]:
        """What was sent, checked."""
        form = shape(data=self.request.data, context={"request": self.request}, partial=partial)
        form.is_valid(raise_exception=True)
        return cast(dict[str, Any], form.validated_data)

    def shown(self, thing: Any, *, status: int = 200) -> Response:
        """One thing as it is now, read anew so that it looks as on any GET."""
        fresh = self.get_queryset().get(pk=thing.pk)
        return Response(self.get_serializer(fresh).data, status=status)


class Readable(Things):
    """A list and one of it."""

    def list(self, request: Request) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def retrieve(self, request: Request, public_id: str) -> Response:
        return Response(self.get_serializer(self.get_object()).data)


def verb(takes: Serializer | None, gives: Serializer) -> Callable[[Any], Any]:
    """A POST to ``…/{id}/{name of the function}/``."""

    def mark(function: Any) -> Any:
        return extend_schema(request=takes, responses=gives)(action(detail=True, methods=["post"])(function))

    return mark


def creates(takes: Serializer, gives: Serializer) -> Callable[[Any], Any]:
    """A POST to the list, which makes a new thing."""

    def mark(function: Any) -> Any:
        return extend_schema(request=takes, responses={201: gives})(function)

    return mark
