"""The edge of the site: junk is refused before anything reads it, and a domain "no" becomes a page."""

from collections.abc import Callable
from http.client import responses

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from marketplace.kit.busy import as_busy
from marketplace.kit.errors import DomainError

# The headers Django or DRF decode and hand to the database or to a parser.
_CHECKED_HEADERS = (
    "HTTP_COOKIE", "HTTP_AUTHORIZATION", "HTTP_IDEMPOTENCY_KEY", "HTTP_REFERER", "HTTP_ACCEPT_LANGUAGE",
    "HTTP_USER_AGENT",
)  # fmt: skip
LONGEST_LENGTH = 16  # digits
ROUND_A_FILE = 1_048_576  # the other fields of a form that carries one
_NULS = ("\x00", "%00", "\\000", "\\x00", "\\u0000")

Handler = Callable[[HttpRequest], HttpResponse]


class SanityMiddleware:
    """Answers 400 to a NUL byte or undecodable text in the path, the query or a header, or a length that is none.

    And 413 to a body longer than any form of ours, before a byte of it is read.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _is_junk(request):
            return _refused(request, 400, "unreadable_input", "The request holds characters that no text has.")
        if int(request.META.get("CONTENT_LENGTH") or 0) > settings.UPLOAD_MAX_BYTES + ROUND_A_FILE:
            megabytes = settings.UPLOAD_MAX_BYTES // 1_048_576
            return _refused(
                request, 413, "body_too_large", f"A file can have {megabytes} MB, and everything else less."
            )
        return self.get_response(request)


def _refused(request: HttpRequest, status: int, code: str, detail: str) -> HttpResponse:
    """A page for a browser, which always says that it takes one; problem+json for everybody else."""
    if not request.path_info.startswith("/api/") and "text/html" in request.META.get("HTTP_ACCEPT", ""):
        page = render_to_string("refused.html", {"title": responses[status], "detail": detail})
        return HttpResponse(page, status=status)
    body = {"type": "about:blank", "title": responses[status], "status": status, "code": code, "detail": detail}
    return JsonResponse(body, status=status, content_type="application/problem+json")


def _is_junk(request: HttpRequest) -> bool:
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not (length.isascii() and length.isdigit() and len(length) < LONGEST_LENGTH):
        return True
    raw = [request.path_info, request.META.get("QUERY_STRING", "")]
    raw += [request.META.get(name, "") for name in _CHECKED_HEADERS]
    for text in raw:
        lowered = text.lower()
        if any(nul in lowered for nul in _NULS):
            return True
        try:
            text.encode("utf-8")
        except UnicodeEncodeError:
            return True
    return False


class DomainErrorMiddleware:
    """Turns a DomainError that a page did not catch into a page with the same status and sentence."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        error = as_busy(error) or error
        if not isinstance(error, DomainError):
            return None
        context = {
            "title": error.title,
            "message": error.message,
            "code": error.code,
            "status": error.status,
            "facts": error.facts,
        }
        return render(request, "problem.html", context, status=error.status)
