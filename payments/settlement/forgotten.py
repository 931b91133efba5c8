"""What Stripe has done for us and our books do not know: they were restored from an older backup.

Before money moves, or a payee's account is opened, Stripe is asked what it has made of this already. A key alone does
not help: the decision is made a second time after the restoration, so its operation is another one.
"""

from datetime import timedelta
from typing import Any

import structlog

from payments import gateway
from payments.models import Operation
from payments.settlement.outbox import mark_of

log = structlog.get_logger(__name__)

# Not a payout: a second one finds nothing left, and Stripe refuses it.
ASKED_FIRST = frozenset({"account.create", "refund.create", "transfer.create", "transfer_reversal.create"})
CLOCKS_DIFFER = timedelta(hours=1)
CAME_TO_NOTHING = frozenset({"failed", "canceled"})


def made_before(operation: Operation, *, patient: bool = True) -> gateway.Outcome | None:
    """None when Stripe knows no more than we do, so that it may be sent.

    Success with what was made, when it is exactly what is asked for: it is settled and not made again. Ours when it is
    not, for a person to look. Anything else is what Stripe answered instead of its list.
    """
    listed = gateway.things_like(
        operation.kind, operation.params, since=_since(operation), account=operation.acts_as or None, patient=patient
    )
    if not isinstance(listed, gateway.Success):
        return None if isinstance(listed, gateway.Refused) else listed
    unknown = _unknown(_about(operation, listed.data["data"]))
    if not unknown:
        return None
    log.error("books_are_older_than_stripe", operation=operation.op_id, things=[thing["id"] for thing in unknown])
    same = [thing for thing in unknown if _is_asked_for(operation, thing)]
    if same:
        return gateway.Success(same[0], listed.request_id, replayed=True)
    names = ", ".join(thing["id"] for thing in unknown)
    return gateway.Ours(f"Stripe has {names} of this payment, which our books do not know")


def _since(operation: Operation) -> int | None:
    """Nobody's account is older at Stripe than with us; all of them would be a long list."""
    if operation.kind != "account.create" or operation.account is None:
        return None
    return int((operation.account.created_at - CLOCKS_DIFFER).timestamp())


def _about(operation: Operation, things: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of a list that cannot be narrowed, those that are about the same payee; without what came to nothing."""
    if operation.kind == "account.create":
        ours = operation.params["metadata"]["account"]
        things = [thing for thing in things if (thing.get("metadata") or {}).get("account") == ours]
    return [thing for thing in things if thing.get("status") not in CAME_TO_NOTHING and not thing.get("reversed")]


def _unknown(things: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those that carry a mark of ours which is no operation's. What somebody made by hand carries none."""
    marked = {mark: thing for thing in things if (mark := mark_of(thing.get("metadata") or {}))}
    known = set(Operation.objects.filter(key__in=marked).values_list("key", flat=True))
    return [thing for mark, thing in marked.items() if mark not in known]


def _is_asked_for(operation: Operation, thing: dict[str, Any]) -> bool:
    wanted = operation.params
    if operation.kind == "account.create":
        return True
    return (
        thing["amount"] == wanted["amount"]
        and thing["currency"] == wanted.get("currency", thing["currency"])
        and not thing.get("amount_reversed")
    )
