"""The API's edge: paging, and a DomainError becoming problem+json."""

from collections.abc import Collection, Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.dateparse import parse_datetime
from rest_framework import exceptions, status
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import exception_handler

from marketplace.kit.busy import as_busy
from marketplace.kit.errors import DomainError, Invalid


class Cursor(CursorPagination):
    """Pages by (created, id): nothing is skipped or repeated while rows come and go."""

    page_size = 25
    max_page_size = 100
    page_size_query_param = "page_size"
    ordering = ("-created_at", "-id")

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any] | None:
        """One page; a parameter that a list does not know is refused, so that a misspelt one is noticed."""
        refuse_unknown(request.query_params, {self.cursor_query_param, str(self.page_size_query_param)})
        page: list[Any] | None = super().paginate_queryset(queryset, request, view)
        return page

    def decode_cursor(self, request: Request) -> Any:
        """The place in the list; 400 for a cursor that this list did not give."""
        try:
            found = super().decode_cursor(request)
        except exceptions.NotFound as error:
            raise _bad_cursor() from error
        if found is not None and found.position is not None and not _is_instant(str(found.position)):
            raise _bad_cursor()
        return found


def _bad_cursor() -> Invalid:
    said = "This cursor was not made by this list. Begin without one and follow “next”."
    return Invalid("bad_cursor", said, fields={"cursor": ["Not a cursor of this list."]})


def _is_instant(text: str) -> bool:
    """A time as our cursors say it, in UTC: of other offsets PostgreSQL refuses some."""
    try:
        moment = parse_datetime(text)
    except ValueError:
        return False
    return moment is not None and moment.utcoffset() == timedelta(0)


def refuse_unknown(asked: Iterable[str], known: Collection[str]) -> None:
    """Raise Invalid for a query parameter that nothing reads, with the names there are."""
    unknown = sorted(set(asked) - set(known))
    if unknown:
        names = ", ".join(sorted(known))
        said = f"There is no such parameter here. Known ones: {names}."
        raise Invalid("unknown_parameter", said, fields={name: [said] for name in unknown})


class Latest(Cursor):
    """The same for rows that say when with ``at``."""

    ordering = ("-at", "-id")


def problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: every refusal is RFC 9457 problem+json with a stable code."""
    error = as_busy(error) or error
    if isinstance(error, DomainError):
        return _answer(error.status, error.title, error.message, error.code, getattr(error, "fields", {}), error.facts)
    response = exception_handler(error, context)
    if response is None:
        return None
    code, fields, detail = _read(error, response.data)
    answer = _answer(response.status_code, _title(response.status_code), detail, code, fields, {})
    for name in ("WWW-Authenticate", "Retry-After", "Allow"):
        if name in response.headers:
            answer[name] = response.headers[name]
    return answer


def _read(error: Exception, data: Any) -> tuple[str, dict[str, Any], str]:
    if isinstance(error, Http404):
        return "not_found", {}, "There is nothing here."
    if isinstance(error, PermissionDenied):
        return "permission_denied", {}, "This is not yours to do."
    if isinstance(error, exceptions.ValidationError):
        fields = data if isinstance(data, dict) else {"non_field_errors": data}
        return "invalid", fields, "Please check what you entered."
    if isinstance(error, exceptions.NotAuthenticated):
        return "not_authenticated", {}, "Send a key: “Authorization: Bearer gw_…”. Keys are made at /settings/keys/."
    code = getattr(error, "default_code", "error")
    return str(code), {}, str(data.get("detail", "")) if isinstance(data, dict) else str(data)


def _title(code: int) -> str:
    return {400: "Please check what you entered", 403: "Not allowed", 404: "Not found"}.get(code) or (
        "Too many requests" if code == status.HTTP_429_TOO_MANY_REQUESTS else "The request was refused"
    )


def _answer(
    code: int, title: str, detail: str, slug: str, fields: Mapping[str, Any], facts: Mapping[str, Any]
) -> Response:
    body: dict[str, Any] = {"type": "about:blank", "title": title, "status": code, "code": slug, "detail": detail}
    if fields:
        body["errors"] = fields
    body.update(
        {k: v if isinstance(v, str | int | bool | list | None) else str(v) for k, v in facts.items() if k not in body}
    )
    return Response(body, status=code, content_type="application/problem+json")
