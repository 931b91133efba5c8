"""`ETag`, `If-None-Match` and `If-Match`: not sent twice, and nobody's change lost under another's."""

import hashlib
from typing import Any

from django.db import transaction
from django.http import HttpResponseBase
from django.http.request import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.http import parse_etags
from rest_framework.generics import GenericAPIView
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.kit.errors import DomainError

ONE = ("retrieve", "partial_update")


class Changed(DomainError):
    """The thing is not as the caller last saw it."""

    status = 412
    title = "This has changed"


class Conditional(GenericAPIView[Any]):
    """A view of one thing that carries a tag, answers 304 to who has it already, and 412 to a PATCH of an older state.

    The tag is made from what is shown, so it is each person's own, and it is weak: a proxy may compress the body. A
    PATCH with `If-Match` holds the row while it compares and writes, so of two such changes one is told.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method != "PATCH" or "If-Match" not in request.headers:
            return super().dispatch(request, *args, **kwargs)
        with transaction.atomic():
            return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        wanted = request.headers.get("If-Match", "").strip()
        if request.method == "PATCH" and wanted:
            self._compare(wanted)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        if response.status_code == 200 and getattr(self, "action", "retrieve") in ONE:
            tag = tag_of(response.data)
            if request.method in ("GET", "HEAD") and tag in parse_etags(request.headers.get("If-None-Match", "")):
                response = Response(status=304)
            response["ETag"] = tag
        return super().finalize_response(request, response, *args, **kwargs)

    def _compare(self, wanted: str) -> None:
        named = {self.lookup_field: self.kwargs[self.lookup_field]} if self.lookup_field in self.kwargs else {}
        model = self.get_queryset().model
        row = get_object_or_404(self.get_queryset(), **named)
        model._base_manager.select_for_update(no_key=True).get(pk=row.pk)
        now = self.get_serializer(self.get_queryset().get(pk=row.pk)).data
        if wanted != "*" and tag_of(now) not in parse_etags(wanted):
            raise Changed("changed_meanwhile", "This was changed since you read it. Read it again, then change it.")


def tag_of(shown: Any) -> str:
    """A weak entity tag of what a person is shown."""
    return f'W/"{hashlib.sha256(JSONRenderer().render(shown)).hexdigest()[:32]}"'
