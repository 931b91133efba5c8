"""Searches that a business keeps."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns.api.inputs import Input, OfBusinessIn
from campaigns.api.shapes.basic import NamedShape, Shape
from campaigns.api.verbs import Readable, creates, verb
from campaigns.models import SavedSearch
from campaigns.services import searches
from creators.api.directory import read_wanted
from creators.api.serializers import SearchQuery
from marketplace.kit.api import refuse_unknown

PAGING = ("ordering", "page_size", "cursor", "facets")


class SearchIn(OfBusinessIn):
    """A search to keep."""

    name = serializers.CharField(max_length=searches.NAME_MAX)
    is_told = serializers.BooleanField(default=True, help_text="Whether a notice tells of new finds, once a day.")
    filters = serializers.DictField(help_text="The filters of GET /creators/, under the same names.")

    def validate_filters(self, said: dict[str, Any]) -> dict[str, Any]:
        """The filters, checked as the search checks them; what nothing reads is refused."""
        asked = SearchQuery(data=said)
        refuse_unknown(said, set(asked.get_fields()) - set(PAGING))
        asked.is_valid(raise_exception=True)
        return dict(asked.validated_data)


class SearchEditIn(Input):
    """What a search is called, and whether it tells."""

    name = serializers.CharField(max_length=searches.NAME_MAX)
    is_told = serializers.BooleanField()


class SearchShape(Shape):
    """A saved search; ``new`` is how many fit that nobody looked at yet."""

    id = serializers.CharField(source="public_id")
    business = NamedShape()
    name = serializers.CharField()
    is_told = serializers.BooleanField()
    filters = serializers.DictField(source="wanted")
    new = serializers.SerializerMethodField()
    looked_at = serializers.DateTimeField()
    checked_at = serializers.DateTimeField()
    created_at = serializers.DateTimeField()

    @extend_schema_field(serializers.IntegerField())
    def get_new(self, search: SavedSearch) -> int:
        return len(search.fresh)


class SearchViewSet(Readable):
    """Searches that your businesses keep."""

    serializer_class = SearchShape
    queryset = SavedSearch.objects.none()

    def get_queryset(self) -> QuerySet[SavedSearch]:
        return SavedSearch.objects.visible_to(self.request.user).select_related("business")

    @creates(SearchIn, SearchShape)
    def create(self, request: Request) -> Response:
        said = self.given(SearchIn)
        wanted = read_wanted(said.pop("filters"))
        return self.shown(searches.save_search(said.pop("business"), wanted=wanted, by=self.person, **said), status=201)

    @verb(SearchEditIn, SearchShape)
    def edit(self, request: Request, public_id: str) -> Response:
        return self.shown(searches.edit_search(self.get_object(), by=self.person, **self.given(SearchEditIn)))

    @verb(None, SearchShape)
    def look(self, request: Request, public_id: str) -> Response:
        return self.shown(searches.look_at_search(self.get_object(), by=self.person))

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def remove(self, request: Request, public_id: str) -> Response:
        searches.remove_search(self.get_object(), by=self.person)
        return Response(status=204)
