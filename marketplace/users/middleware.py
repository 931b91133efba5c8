"""What happens to a session on every request: it is noted now and then, and stops at once for the suspended."""

import time
from collections.abc import Callable

from allauth.usersessions.models import UserSession
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from marketplace.users.models import User

Handler = Callable[[HttpRequest], HttpResponse]


SEEN = "seen_at"
NOTED_EVERY = 600  # seconds


class PresenceMiddleware:
    """Keeps the page of one's sessions true to ten minutes; allauth's own middleware writes on every request."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        now = int(time.time())
        if request.user.is_authenticated and now - request.session.get(SEEN, 0) >= NOTED_EVERY:
            request.session[SEEN] = now
            UserSession.objects.create_from_request(request)
        return self.get_response(request)


class PrivacyMiddleware:
    """What a person sees is kept by no cache, not even their browser's, unless the page says otherwise itself."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # The API's person is only known once its view has read the key.
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-store"
        return response


class SuspensionMiddleware:
    """Logs a suspended person out, so that every later check sees a stranger."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if isinstance(user, User) and user.is_suspended:
            logout(request)
        return self.get_response(request)
