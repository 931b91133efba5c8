"""One's own profile, channels and rate card."""

from typing import Any, cast

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from creators.api.serializers import (
    ChannelSerializer,
    ProfileInput,
    ProfileOpening,
    ProfileSerializer,
    RateSerializer,
)
from creators.models import Channel, Creator, Rate, Town
from creators.services.channels import add_channel, edit_channel, remove_channel
from creators.services.profiles import edit_profile, open_profile
from creators.services.rates import RateLine, remove_rate, set_rate
from creators.validity import refuse
from marketplace.hooks.idempotency import Idempotent
from marketplace.kit.conditional import Conditional
from marketplace.kit.money import Money
from marketplace.users.models import User


def my_creator(request: Request) -> Creator:
    """The profile of whoever is asking, or 404."""
    return get_object_or_404(Creator.objects.owned_by(request.user))


class ProfileView(Idempotent, Conditional):
    """One's own profile: read it, open it, change it."""

    serializer_class = ProfileSerializer

    def get_queryset(self) -> QuerySet[Creator]:
        mine = Creator.objects.owned_by(self.request.user).select_related("user").defer("words", "post_words")
        return mine.prefetch_related("channels", "rates", "niche_weights__niche")

    def get(self, request: Request) -> Response:
        return self._answer()

    @extend_schema(request=ProfileOpening, responses={200: ProfileSerializer})
    def post(self, request: Request) -> Response:
        said = ProfileOpening(data=request.data)
        said.is_valid(raise_exception=True)
        open_profile(cast(User, request.user), display_name=said.validated_data["display_name"])
        return self._answer()

    @extend_schema(request=ProfileInput, responses=ProfileSerializer)
    def patch(self, request: Request) -> Response:
        asked = ProfileInput(data=request.data)
        asked.is_valid(raise_exception=True)
        said = dict(asked.validated_data)
        edit_own(my_creator(request), said, by=cast(User, request.user))
        return self._answer()

    def _answer(self) -> Response:
        return Response(self.get_serializer(get_object_or_404(self.get_queryset())).data)


def edit_own(creator: Creator, said: dict[str, Any], *, by: User) -> None:
    """A PATCH in the services' words."""
    niches = said.pop("niches", None)
    if "town_id" in said:
        town_id = said.pop("town_id")
        said["town"] = Town.objects.filter(pk=town_id).first() if town_id else None
        if town_id and said["town"] is None:
            raise refuse("town_id", "We don't know that town.")
    edit_profile(creator, by=by, niches=niches, **said)


class ChannelViewSet(
    Idempotent, Conditional, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Channel]
):
    """One's own channels."""

    lookup_field = "public_id"
    lookup_value_regex = "[0-9a-z]{14}"
    pagination_class = None
    queryset = Channel.objects.none()
    serializer_class = ChannelSerializer

    def get_queryset(self) -> QuerySet[Channel]:
        return Channel.objects.owned_by(self.request.user).select_related("creator")

    def create(self, request: Request) -> Response:
        channel = add_channel(my_creator(request), by=cast(User, request.user), **self._said(request))
        return Response(self.get_serializer(channel).data, status=status.HTTP_201_CREATED)

    def partial_update(self, request: Request, public_id: str) -> Response:
        said = self._said(request, partial=True)
        return Response(self.get_serializer(edit_channel(self.get_object(), by=cast(User, request.user), **said)).data)

    def destroy(self, request: Request, public_id: str) -> Response:
        remove_channel(self.get_object(), by=cast(User, request.user))
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _said(self, request: Request, *, partial: bool = False) -> Any:
        asked = self.get_serializer(data=request.data, partial=partial)
        asked.is_valid(raise_exception=True)
        return asked.validated_data


class RateViewSet(
    Idempotent, Conditional, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Rate]
):
    """One's own rate card, line by line."""

    lookup_field = "public_id"
    lookup_value_regex = "[0-9a-z]{14}"
    pagination_class = None
    queryset = Rate.objects.none()
    serializer_class = RateSerializer

    def get_queryset(self) -> QuerySet[Rate]:
        return Rate.objects.owned_by(self.request.user).select_related("creator")

    def create(self, request: Request) -> Response:
        asked = self.get_serializer(data=request.data)
        asked.is_valid(raise_exception=True)
        creator = my_creator(request)
        rate = set_rate(creator, line=_line(creator, asked.validated_data), by=cast(User, request.user))
        return Response(self.get_serializer(rate).data, status=status.HTTP_201_CREATED)

    def partial_update(self, request: Request, public_id: str) -> Response:
        rate = self.get_object()
        asked = self.get_serializer(rate, data=request.data, partial=True)
        asked.is_valid(raise_exception=True)
        now = {"kind": rate.kind, "network": rate.network, "price_minor": rate.price_minor, "note": rate.note}
        line = _line(rate.creator, now | asked.validated_data)
        changed = set_rate(rate.creator, line=line, by=cast(User, request.user), replaces=rate)
        return Response(self.get_serializer(changed).data)

    def destroy(self, request: Request, public_id: str) -> Response:
        remove_rate(self.get_object(), by=cast(User, request.user))
        return Response(status=status.HTTP_204_NO_CONTENT)


def _line(creator: Creator, said: dict[str, Any]) -> RateLine:
    price = Money(said["price_minor"], creator.currency)
    return RateLine(said["kind"], price, network=said.get("network", ""), note=said.get("note", ""))
