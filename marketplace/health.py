"""Answers for the machines that watch: alive, ready, and in figures."""

import time
from collections.abc import Callable

import requests
from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from redis.exceptions import RedisError

HEARTBEAT = "beat-heartbeat"
HEARTBEAT_STALE = 60


@require_safe
@never_cache
def healthz(_request: HttpRequest) -> HttpResponse:
    """The process answers. Touches nothing else, so a slow database never gets the web restarted."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def readyz(_request: HttpRequest) -> HttpResponse:
    """Everything a visitor needs answers: database, Redis, and the clock has ticked lately."""
    found = {"database": database(), "redis": redis(), "beat": beat()}
    if settings.SANDBOX_NAME:
        found["sandbox"] = sandbox()
    ready = all(word == "ok" for word in found.values())
    return JsonResponse({"ready": ready, **found}, status=200 if ready else 503)


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus figures for whoever holds METRICS_TOKEN; without a token configured the page does not exist."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not settings.METRICS_TOKEN or not constant_time_compare(given, settings.METRICS_TOKEN):
        raise Http404
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)


def database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "does not answer"
    return "ok"


def redis() -> str:
    def write_and_read() -> str:
        cache.set("readyz", 1, timeout=5)
        return "ok" if cache.get("readyz") else "does not answer"

    return answer(write_and_read)


def beat() -> str:
    def age() -> str:
        ticked = cache.get(HEARTBEAT)
        if ticked is None:
            return "has not ticked"
        seconds = time.time() - float(ticked)
        return "ok" if seconds < HEARTBEAT_STALE else f"last ticked {seconds:.0f} s ago"

    return answer(age)


def sandbox() -> str:
    """Whether the double of Stripe we speak to is the one that was started with us."""
    try:
        reply = requests.head(settings.STRIPE_API_BASE, timeout=1, allow_redirects=False)
    except requests.RequestException:
        return "does not answer"
    return "ok" if reply.headers.get("Sandbox-Name") == settings.SANDBOX_NAME else "is somebody else's"


def answer(ask: Callable[[], str]) -> str:
    try:
        return ask()
    except (RedisError, OSError):
        return "does not answer"
