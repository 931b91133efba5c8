"""The admin's edge: an address that nobody's form makes is a bad request, not a fault of ours."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import structlog
from django.core.exceptions import BadRequest
from django.db import DataError
from django.http import HttpRequest, HttpResponse

log = structlog.get_logger(__name__)
View = Callable[..., HttpResponse]


def forgiving(admin_view: Callable[..., View]) -> Callable[..., View]:
    """``AdminSite.admin_view``, whose views answer 400 where a filter or a chosen row is no value of its column.

    Django's lists pass on to the ORM what the address says; a year of eleven digits or a row “x” fails only there.
    """

    @wraps(admin_view)
    def guarded(view: View, *args: Any, **kwargs: Any) -> View:
        inner = admin_view(view, *args, **kwargs)

        @wraps(inner)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                return inner(request, *args, **kwargs)
            except (ValueError, OverflowError, DataError) as error:
                if not (request.GET or "_selected_action" in request.POST):
                    raise
                log.warning("admin_asked_wrongly", path=request.path, exc_info=error)
                raise BadRequest("The address asks for what no column holds.") from error

        return answer

    return guarded
