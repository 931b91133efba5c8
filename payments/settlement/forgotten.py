"""What Stripe has done for us and our books do not know: they were restored from an older backup.

Before money goes out, Stripe is asked what it has made of this hold already. A key alone does not help: the decision is
made a second time after the restoration, so its operation is another one.
"""

from typing import Any

import structlog

from payments import gateway
from payments.models import Operation
from payments.settlement.outbox import mark_of

log = structlog.get_logger(__name__)

GOING_OUT = frozenset({"transfer.create", "refund.create"})  # a second payout finds nothing left: Stripe refuses it
CAME_TO_NOTHING = frozenset({"failed", "canceled"})


def made_before(operation: Operation) -> gateway.Outcome | None:
    """None when Stripe knows no more than we do, so that it may be sent.

    Success with what was made, when it is exactly what is asked for: it is settled and not made again. Ours when it is
    not, for a person to look. Anything else is what Stripe answered instead of its list.
    """
    listed = gateway.things_like(operation.kind, operation.params, account=operation.acts_as or None)
    if not isinstance(listed, gateway.Success):
        return None if isinstance(listed, gateway.Refused) else listed
    unknown = _unknown(listed.data["data"])
    if not unknown:
        return None
    log.error("books_are_older_than_stripe", operation=operation.op_id, things=[thing["id"] for thing in unknown])
    same = [thing for thing in unknown if _is_asked_for(operation, thing)]
    if same:
        return gateway.Success(same[0], listed.request_id, replayed=True)
    names = ", ".join(thing["id"] for thing in unknown)
    return gateway.Ours(f"Stripe has {names} of this payment, which our books do not know")


def _unknown(things: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those that carry a mark of ours which is no operation's. What somebody made by hand carries none."""
    there = [thing for thing in things if thing.get("status") not in CAME_TO_NOTHING]
    marked = {mark: thing for thing in there if (mark := mark_of(thing.get("metadata") or {}))}
    known = set(Operation.objects.filter(key__in=marked).values_list("key", flat=True))
    return [thing for mark, thing in marked.items() if mark not in known]


def _is_asked_for(operation: Operation, thing: dict[str, Any]) -> bool:
    wanted = operation.params
    return (
        thing["amount"] == wanted["amount"]
        and thing["currency"] == wanted.get("currency", thing["currency"])
        and not thing.get("amount_reversed")
    )
