"""Files that people take away: never shown in the browser, named so that they find them again."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

PDF, CSV = "application/pdf", "text/csv; charset=utf-8"


def attachment(content: bytes | str, *, name: str, kind: str) -> HttpResponse:
    """An answer that is saved under this name."""
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    response["X-Content-Type-Options"] = "nosniff"
    return response
