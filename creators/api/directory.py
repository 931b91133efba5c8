"""Creators for everybody: search, one creator, and the verbs of one's own listing."""

from collections.abc import Mapping
from typing import Any, cast

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import permissions, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import AnonRateThrottle, UserRateThrottle
from rest_framework.utils.urls import remove_query_param, replace_query_param

from creators.api.alike import AlikeQuery, AlikeSerializer, alike_row
from creators.api.authenticity import AuthenticitySerializer, authenticity_row
from creators.api.comparison import CompareQuery, Comparison, comparison
from creators.api.facets import CreatorPage, facet_rows, looser_rows
from creators.api.serializers import (
    CreatorCard,
    CreatorDetail,
    NicheSerializer,
    SearchQuery,
    TownQuery,
    TownSerializer,
)
from creators.models import Creator, Niche
from creators.search import CARD_COLUMNS, Search, Wanted, count_facets, found_page, loosen
from creators.services.comparing import find_compared, must_be_comparable
from creators.services.lookalikes import more_like
from creators.services.moderation import pause_creator, resume_creator, submit_creator
from creators.services.places import find_place, find_towns
from marketplace.hooks.idempotency import Idempotent
from marketplace.kit.api import refuse_unknown
from marketplace.kit.conditional import Conditional
from marketplace.users.models import User

# What a card is called in the API, and its column. Plain values: a serializer over 25 rows is a third of the request.
CARD = {name: field.source or name for name, field in CreatorCard().fields.items()}


class CreatorViewSet(Idempotent, Conditional, viewsets.GenericViewSet[Creator]):
    """Search and read creators; submit, pause or resume one's own."""

    lookup_field = "public_id"
    lookup_value_regex = "[0-9a-z]{14}"
    queryset = Creator.objects.none()
    serializer_class = CreatorDetail

    def get_throttles(self) -> list[Any]:
        """A stranger is counted once, by address; a person once, by login."""
        return [UserRateThrottle() if self.request.user.is_authenticated else AnonRateThrottle()]

    def get_permissions(self) -> list[Any]:
        public = self.action in ("list", "retrieve", "compare", "alike", "authenticity")
        return [permissions.AllowAny()] if public else [permissions.IsAuthenticated()]

    def get_queryset(self) -> QuerySet[Creator]:
        found = Creator.objects.visible_to(self.request.user).select_related("user", "authenticity_answer")
        return found.defer("words", "post_words").prefetch_related("channels", "rates")

    @extend_schema(parameters=[SearchQuery], responses=CreatorPage)
    def list(self, request: Request) -> Response:
        asked = SearchQuery(data=request.query_params)
        refuse_unknown(request.query_params, asked.fields)
        asked.is_valid(raise_exception=True)
        said = asked.validated_data
        wanted = read_wanted(said)
        search = Search(wanted)
        found = found_page(search, columns=CARD_COLUMNS, cursor=said["cursor"], size=said["page_size"])
        body = {
            "next": _link(request, found.next),
            "previous": _link(request, found.previous),
            "results": [_card(row) for row in found.rows],
        }
        if said["facets"]:
            counted = count_facets(search)
            body["facets"] = None if counted.total is None else facet_rows(counted, wanted.currency)
            body["loosen"] = looser_rows([] if found.rows else loosen(search))
        return Response(body)

    @extend_schema(parameters=[CompareQuery], responses=Comparison)
    @action(detail=False, methods=["get"])
    def compare(self, request: Request) -> Response:
        """Two to four creators side by side: each figure with its sample, source and day."""
        asked = CompareQuery(data=request.query_params)
        refuse_unknown(request.query_params, asked.fields)
        asked.is_valid(raise_exception=True)
        named = [name for name in asked.validated_data["creators"].split(",") if name]
        must_be_comparable(named)
        found = find_compared(named)
        if len(found) < len(set(named)):
            raise Http404
        return Response(comparison(found))

    @extend_schema(parameters=[AlikeQuery], responses=AlikeSerializer(many=True))
    @action(detail=True, methods=["get"], pagination_class=None)
    def alike(self, request: Request, public_id: str) -> Response:
        """The listed creators most like this one, each with reasons."""
        asked = AlikeQuery(data=request.query_params)
        refuse_unknown(request.query_params, asked.fields)
        asked.is_valid(raise_exception=True)
        found = more_like(self.get_object(), limit=asked.validated_data["limit"])
        return Response([alike_row(one, _card(one.row)) for one in found])

    @extend_schema(responses=AuthenticitySerializer)
    @action(detail=True, methods=["get"], pagination_class=None)
    def authenticity(self, request: Request, public_id: str) -> Response:
        """The authenticity score with its band, what moved it, its history, and the creator's answer."""
        return Response(authenticity_row(self.get_object()))

    def retrieve(self, request: Request, public_id: str) -> Response:
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(request=None, responses=CreatorDetail)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, public_id: str) -> Response:
        submit_creator(creator := self.get_object(), by=cast(User, request.user))
        return Response(self.get_serializer(creator).data)

    @extend_schema(request=None, responses=CreatorDetail)
    @action(detail=True, methods=["post"])
    def pause(self, request: Request, public_id: str) -> Response:
        pause_creator(creator := self.get_object(), by=cast(User, request.user))
        return Response(self.get_serializer(creator).data)

    @extend_schema(request=None, responses=CreatorDetail)
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, public_id: str) -> Response:
        resume_creator(creator := self.get_object(), by=cast(User, request.user))
        return Response(self.get_serializer(creator).data)


class NicheViewSet(viewsets.GenericViewSet[Niche]):
    """The niche tree, whole."""

    permission_classes = [permissions.AllowAny]
    pagination_class = None
    queryset = Niche.objects.none()
    serializer_class = NicheSerializer

    def list(self, request: Request) -> Response:
        rows = Niche.objects.order_by("slug").values("slug", "name", "parent__slug")
        return Response(NicheSerializer(rows, many=True).data)


class TownViewSet(viewsets.GenericViewSet[Any]):
    """Towns by the beginning of their name."""

    permission_classes = [permissions.AllowAny]
    pagination_class = None
    serializer_class = TownSerializer

    @extend_schema(parameters=[TownQuery], responses=TownSerializer(many=True))
    def list(self, request: Request) -> Response:
        asked = TownQuery(data=request.query_params)
        refuse_unknown(request.query_params, asked.fields)
        asked.is_valid(raise_exception=True)
        said = asked.validated_data
        return Response(TownSerializer(find_towns(said["q"], country=said["country"]), many=True).data)


def read_wanted(said: dict[str, Any]) -> Wanted:
    """The checked parameters as the search understands them."""
    near = find_place(said["near"], radius_km=said["radius_km"]) if said.get("near") else None
    order = said["ordering"] if said["ordering"] != "distance" or near else "engagement"
    return Wanted(
        q=said.get("q", ""),
        niches=[slug for slug in said.get("niche", "").split(",") if slug],
        platform=said.get("platform", ""),
        language=said.get("language", "").lower(),
        country=said.get("country", "").upper(),
        near=near,
        price_min_minor=said.get("price_min_minor"),
        price_max_minor=said.get("price_max_minor"),
        currency=said["currency"],
        engagement_min=said.get("engagement_min"),
        tier=said.get("tier", ""),
        available=said.get("available", ""),
        order=order,
    )


def _card(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row[column] for name, column in CARD.items() if column in row}


def _link(request: Request, cursor: str) -> str | None:
    """The whole address of a neighbouring page."""
    if not cursor:
        return None
    return replace_query_param(remove_query_param(request.build_absolute_uri(), "cursor"), "cursor", cursor)
