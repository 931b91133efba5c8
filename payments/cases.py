"""Opening cases. Whoever finds that something about money is not as it must be writes it down here, once."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

import structlog
from django.db import IntegrityError, transaction
from django.utils import timezone

from marketplace.kit.money import Money
from payments.models import Account, Case
from payments.states import CaseKind

log = structlog.get_logger(__name__)

ANSWERED = timedelta(days=7)


def open_case(
    *,
    kind: CaseKind,
    key: str,
    text: str,
    things: Collection[str],
    account: Account | None = None,
    money: Money | None = None,
    facts: dict[str, Any] | None = None,
) -> bool:
    """A person must look at this. True when it opened a case; one that is open already takes over what is seen now.

    ``things`` name what is wrong. A closed case that is seen again stays as it was, and a new one is opened: at once
    when there is something new among the things, after a week when it is exactly what the person answered for.
    """
    now = timezone.now()
    seen = {
        "text": text[:300],
        "things": sorted(things),
        "facts": facts or {},
        "account": account,
        "amount_minor": money.minor if money else None,
        "currency": money.currency if money else "",
        "seen_at": now,
        "cleared_at": None,
    }
    if Case.objects.open().filter(key=key).update(**seen) or _is_answered(key, things):
        return False
    try:
        with transaction.atomic():
            Case.objects.create(kind=kind, key=key, opened_at=now, **seen)
    except IntegrityError as error:
        if "case_open_once" in str(error):  # somebody else saw it in the same moment
            return False
        raise
    log.error("case_opened", kind=str(kind), key=key, text=text)
    return True


def clear_case(key: str) -> bool:
    """It is no longer so: noted on the open case, which a person still has to close. True when this noted it."""
    cleared = Case.objects.open().filter(key=key, cleared_at=None).update(cleared_at=timezone.now())
    if cleared:
        log.info("case_cleared", key=key)
    return bool(cleared)


def _is_answered(key: str, things: Collection[str]) -> bool:
    last = Case.objects.filter(key=key).exclude(closed_at=None).order_by("-closed_at").first()
    if last is None or last.closed_at is None or last.closed_at < timezone.now() - ANSWERED:
        return False
    return set(things) <= set(last.things)
