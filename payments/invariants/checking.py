"""Looking: each invariant in one short statement of its own. A broken one opens a case; holding again is noted."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from payments.cases import clear_case, open_case
from payments.invariants.shape import Invariant
from payments.models import Finding

log = structlog.get_logger(__name__)

SHOWN = 50  # rows a case names
LONGEST = "3s"  # one statement may take; the whole look must stay below a task's time


@dataclass(frozen=True, slots=True)
class Look:
    """What one look found: pairs of what and what is wrong; ``trouble`` says why nothing could be found."""

    invariant: Invariant
    rows: list[tuple[str, str]]
    seconds: float
    trouble: str = ""


def check(invariants: Iterable[Invariant], *, keep: bool = True) -> list[Look]:
    """Look at each. Unless ``keep`` is false: findings are written down, and cases opened and cleared."""
    looks = []
    for invariant in invariants:
        look = _look(invariant)
        if keep:
            _write_down(look, timezone.now())
        looks.append(look)
    return looks


def _look(invariant: Invariant) -> Look:
    began = time.monotonic()
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = '{LONGEST}'")
            cursor.execute(f"SELECT * FROM ({invariant.sql}) AS broken ORDER BY 1 LIMIT {SHOWN}")
            rows = [(str(what), str(wrong)) for what, wrong in cursor.fetchall()]
    except DatabaseError as error:  # too slow, or no database: not a broken rule, and not a rule that holds
        log.exception("invariant_not_checked", name=invariant.name)
        return Look(invariant, [], time.monotonic() - began, str(error).strip()[:200] or type(error).__name__)
    return Look(invariant, rows, time.monotonic() - began)


def _write_down(look: Look, now: datetime) -> None:
    name, key = look.invariant.name, f"invariant:{look.invariant.name}"
    seen = {"severity": look.invariant.severity, "sentence": look.invariant.sentence, "trouble": look.trouble,
            "milliseconds": round(look.seconds * 1000)}  # fmt: skip
    if look.trouble:
        Finding.objects.update_or_create(name=name, defaults=seen)
        return
    before = Finding.objects.filter(name=name).values_list("broken_since", flat=True).first()
    since = (before or now) if look.rows else None
    known = {**seen, "offending": len(look.rows), "checked_at": now, "broken_since": since}
    Finding.objects.update_or_create(name=name, defaults=known)
    if look.rows:
        open_case(
            kind=look.invariant.kind,
            key=key,
            text=f"{look.invariant.sentence} Not so: {_named(look.rows)}",
            things=[what for what, _ in look.rows],
            facts={"rows": [list(row) for row in look.rows], "severity": str(look.invariant.severity)},
        )
    else:
        clear_case(key)


def _named(rows: list[tuple[str, str]]) -> str:
    first = f"{rows[0][0]} ({rows[0][1]})"
    if len(rows) == 1:
        return first
    return f"{first} and {len(rows) - 1}{' or more' if len(rows) == SHOWN else ''} more"
