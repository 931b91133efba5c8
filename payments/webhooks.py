"""Verify, store, answer 200. Reading happens in a task, or in the sweep when nobody heard the doorbell."""

from typing import Any

import structlog
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from marketplace.kit.errors import Invalid
from marketplace.kit.later import later
from payments import tasks
from payments.gateway import is_live, verify_event
from payments.settlement.inbox import store

log = structlog.get_logger(__name__)

LONGEST_ID = 255


@csrf_exempt
@require_POST
def platform(request: HttpRequest) -> HttpResponse:
    """News about our own account: payments, refunds, transfers."""
    return _take_in(request, settings.STRIPE_WEBHOOK_SECRET, connected=False)


@csrf_exempt
@require_POST
def connect(request: HttpRequest) -> HttpResponse:
    """News about the payees' accounts: onboarding, payouts."""
    return _take_in(request, settings.STRIPE_CONNECT_WEBHOOK_SECRET, connected=True)


def _take_in(request: HttpRequest, secret: str, *, connected: bool) -> HttpResponse:
    try:
        if not secret:
            raise Invalid("no_secret", "No secret is set for this address.")
        event = verify_event(request.body, request.headers.get("Stripe-Signature", ""), secret=secret)
        if bool(event.get("account")) != connected:
            raise Invalid("wrong_address", "This news belongs to the other address.")
        if bool(event.get("livemode")) != is_live():
            raise Invalid("wrong_mode", "This news is from the other mode, test or live.")
        if not _is_whole(event):
            raise Invalid("bad_event", "This event is not complete.")
    except Invalid as refusal:
        log.warning("webhook_refused", code=refusal.code, connected=connected)
        return HttpResponse(refusal.message, status=400, content_type="text/plain")
    with transaction.atomic():
        event_id = store(event)
        if event_id is not None:
            later(tasks.read_event, event_id=event_id)
    return HttpResponse(status=200)


_SHAPE = {"id": str, "type": str, "created": int, "data": dict}
_YEAR_3000 = 32_503_680_000


def _is_whole(event: dict[str, Any]) -> bool:
    """Everything is there that the inbox keeps, in a shape it can keep."""
    if not all(isinstance(event.get(name), kind) for name, kind in _SHAPE.items()):
        return False
    return 0 < len(event["id"]) <= LONGEST_ID and 0 <= event["created"] < _YEAR_3000
