"""The inbox: each event is stored once by its id, then read in a transaction of its own, as often as it takes."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from django.db import transaction
from django.utils import timezone

from payments import gateway
from payments.models import Account, Bookmark, StripeEvent
from payments.settlement.arrivals import NotYet, Puzzling
from payments.settlement.readers import READERS, look
from payments.states import EventState

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=75)  # longer than a task may live (CELERY_TASK_TIME_LIMIT)
PATIENCE = 20  # tries before a person is asked; with the pauses below about four hours
LONGEST_PAUSE = 900
LOOK_BACK = timedelta(hours=1)
FIRST_LOOK_BACK = timedelta(days=2)
KEPT_BY_STRIPE = timedelta(days=30)


def store(event: dict[str, Any]) -> int | None:
    """Keep the event; None when it is known already."""
    clean = _storable(event)
    row = StripeEvent(
        event_id=clean["id"],
        kind=clean["type"][:80],
        acts_as=clean.get("account") or "",
        happened_at=datetime.fromtimestamp(clean["created"], UTC),
        payload=clean,
    )
    StripeEvent.objects.bulk_create([row], ignore_conflicts=True)
    fresh = StripeEvent.objects.filter(event_id=row.event_id, public_id=row.public_id)
    return fresh.values_list("pk", flat=True).first()


def _storable(value: Any) -> Any:
    """The same without what PostgreSQL's text cannot hold (NUL, half a surrogate): an event is not refused for it."""
    if isinstance(value, str):
        return value.replace("\0", "").encode(errors="ignore").decode()
    if isinstance(value, dict):
        return {_storable(name): _storable(inner) for name, inner in value.items()}
    return [_storable(inner) for inner in value] if isinstance(value, list) else value


def read(event_pk: int) -> None:
    """Read one event if it is due and nobody else is reading it."""
    event = _claim(event_pk)
    if event is None:
        return
    reader = READERS.get(event.kind)
    if reader is None:
        _end(event, EventState.IGNORED, "nothing to do")
        return
    try:
        found = look(reader, event)
        with transaction.atomic():
            reader.apply(event, found)
            _end(event, EventState.DONE, "done")
    except NotYet as reason:
        _postpone(event, str(reason))
    except Puzzling as reason:
        log.warning("event_parked", event_id=event.event_id, reason=str(reason))
        _end(event, EventState.PARKED, str(reason))
    except Exception as broken:  # ours to mend; until then it must not hold up the others, nor be lost
        log.exception("event_broke", event_id=event.event_id)
        _postpone(event, f"broke: {broken!r}")
    else:
        reader.after(event)


def read_due(limit: int = 100) -> int:
    """Read everything that is due. Returns how many were tried."""
    due = StripeEvent.objects.due(timezone.now()).order_by("happened_at", "pk").values_list("pk", flat=True)[:limit]
    for event_pk in list(due):
        try:
            read(event_pk)
        except Exception:  # what breaks after the event is settled must not hold up the others
            log.exception("event_broke", event_pk=event_pk)
    return len(due)


def catch_up(accounts: Iterable[Account] = ()) -> int:
    """Fetch what Stripe has told since we last read its list, on the platform and on these payees' accounts.

    With a key of the other mode that list is not ours: it is not read, so that how far ours was read stays true.
    """
    if StripeEvent.objects.livemode() not in {None, gateway.is_live()}:
        log.error("key_is_of_the_other_mode")
        return 0
    stored = _fetch("")
    for account in accounts:
        stored += _fetch(account.stripe_account_id or "")
    return stored


def _fetch(acts_as: str) -> int:
    # Not since the newest event we have: it says nothing about those that were lost before it.
    began = timezone.now()
    mark = Bookmark.objects.filter(acts_as=acts_as).first()
    first = KEPT_BY_STRIPE if acts_as else FIRST_LOOK_BACK
    since = mark.read_until - LOOK_BACK if mark else began - first
    after: dict[str, Any] = {}
    stored = 0
    while True:
        wanted = {"created": {"gte": int(since.timestamp())}, "limit": 100, **after}
        page = gateway.call("event.list", wanted, key=None, account=acts_as or None)
        if not isinstance(page, gateway.Success):
            return stored
        rows = page.data["data"]
        stored += sum(store({"account": acts_as, **event}) is not None for event in rows)
        if not rows or not page.data["has_more"]:
            Bookmark.objects.update_or_create(acts_as=acts_as, defaults={"read_until": began})
            return stored
        after = {"starting_after": rows[-1]["id"]}


def _claim(event_pk: int) -> StripeEvent | None:
    with transaction.atomic():
        now = timezone.now()
        event = StripeEvent.objects.due(now).select_for_update(skip_locked=True).filter(pk=event_pk).first()
        if event is None:
            return None
        if event.state == EventState.CLAIMED and event.tries >= PATIENCE:
            _end(event, EventState.PARKED, "whoever reads it dies")
            return None
        event.state, event.lease_until = EventState.CLAIMED, now + LEASE
        event.tries += 1
        event.save(update_fields=["state", "lease_until", "tries", "updated_at"])
        return event


def _postpone(event: StripeEvent, reason: str) -> None:
    if event.tries >= PATIENCE:
        _end(event, EventState.PARKED, reason)
        return
    event.state = EventState.RECEIVED
    event.next_try_at = timezone.now() + timedelta(seconds=min(2**event.tries, LONGEST_PAUSE))
    event.outcome = reason[:300]
    event.save(update_fields=["state", "next_try_at", "outcome", "updated_at"])


def _end(event: StripeEvent, state: EventState, outcome: str) -> None:
    event.state, event.outcome, event.settled_at = state, outcome[:300], timezone.now()
    event.save(update_fields=["state", "outcome", "settled_at", "updated_at"])
