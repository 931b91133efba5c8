"""`Authorization: Bearer gw_…` for programs."""

from contextlib import suppress

from django.core.cache import cache
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import authentication, exceptions
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from marketplace.hooks.models import ApiKey
from marketplace.hooks.services import READ, WRITE, find_key
from marketplace.users.models import User

WRONG_KEYS_MAX = 30
WRONG_KEYS_SECONDS = 60


class Guesses:
    """The wrong keys one address sent within a minute. DRF's throttles only count who got past the door."""

    def __init__(self, request: Request) -> None:
        self.name = f"wrong-keys:{BaseThrottle().get_ident(request)}"

    def must_be_few(self) -> None:
        """Raise Throttled, before the database is asked, when there were too many."""
        if cache.get(self.name, 0) >= WRONG_KEYS_MAX:
            raise exceptions.Throttled(wait=WRONG_KEYS_SECONDS)

    def note(self) -> None:
        cache.add(self.name, 0, timeout=WRONG_KEYS_SECONDS)
        with suppress(ValueError):  # its minute ended just now
            cache.incr(self.name)


class ApiKeyAuthentication(authentication.BaseAuthentication):
    """Reads a bearer key; a key without the ``write`` scope may only read."""

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        guesses = Guesses(request)
        guesses.must_be_few()
        key = find_key(secret.strip())
        if key is None:
            guesses.note()
            raise exceptions.AuthenticationFailed("This key is not valid, or no longer.")
        needed = READ if request.method in SAFE_METHODS else WRITE
        if needed not in key.scopes:
            raise exceptions.PermissionDenied(f"This key may not {needed}.")
        return key.user, key

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="Goodword API"'


class ApiKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Tells the API's documentation how a key is sent."""

    target_class = ApiKeyAuthentication
    name = "ApiKey"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "gw_…"}
