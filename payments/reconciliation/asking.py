"""Questions to Stripe whose answer must be there: a silence is never taken for an answer."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from payments import gateway

PAGE = 100


class NoAnswer(Exception):
    """Stripe did not say, so nothing can be said about our books either: ask again later."""


class Withheld(Exception):
    """Stripe answers, and does not show us this account any more."""


def ask(kind: str, params: dict[str, Any], *, account: str | None = None) -> dict[str, Any]:
    """Stripe's object. Raises Withheld when it says no about an account, NoAnswer for everything else."""
    outcome = gateway.call(kind, params, key=None, account=account)
    match outcome:
        case gateway.Success(data=data):
            return data
        case gateway.Refused(message=reason) | gateway.Ours(reason=reason, status=403) if account:
            raise Withheld(reason)
        case gateway.Refused(message=reason) | gateway.Ours(reason=reason) | gateway.Unknown(reason=reason):
            raise NoAnswer(f"{kind}: {reason}")


def find(kind: str, params: dict[str, Any]) -> dict[str, Any] | None:
    """Stripe's object, or None when there is no such thing. Raises NoAnswer when nobody says."""
    outcome = gateway.call(kind, params, key=None)
    if isinstance(outcome, gateway.Success):
        return outcome.data
    if isinstance(outcome, gateway.Refused):
        return None
    raise NoAnswer(f"{kind}: {outcome.reason}")


def pages(
    kind: str, *, since: datetime | None, until: datetime | None, after: str = ""
) -> Iterator[list[dict[str, Any]]]:
    """Everything made from ``since`` on and before ``until``, newest first, a page at a time, from ``after`` on."""
    bounds = {"gte": since, "lt": until}
    created = {name: int(at.timestamp()) for name, at in bounds.items() if at is not None}
    wanted: dict[str, Any] = {"limit": PAGE, **({"created": created} if created else {})}
    while True:
        page = ask(kind, {**wanted, "starting_after": after} if after else wanted)
        rows = page["data"]
        if rows:
            yield rows
        if not rows or not page["has_more"]:
            return
        after = rows[-1]["id"]
