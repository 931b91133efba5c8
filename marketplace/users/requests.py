"""Who is asking."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from marketplace.users.models import User


def person(request: HttpRequest) -> User:
    """The person logged in; raises PermissionDenied for a stranger (views are behind login_required anyway)."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def address(request: HttpRequest) -> str | None:
    """The address a request came from, as written into a signed contract."""
    found: str | None = request.META.get("REMOTE_ADDR")
    return found
