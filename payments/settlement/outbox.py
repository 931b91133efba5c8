"""The outbox: every act at Stripe is a row first, with frozen parameters and a key of its own."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from marketplace.kit.errors import Conflict
from payments.models import Account, Hold, Operation, Wallet
from payments.states import LIVE_OPERATIONS

# What can be found again by its ``metadata.op_id``; the others make nothing that lasts.
FINDABLE = frozenset(
    {
        "account.create", "checkout_session.create", "customer.create", "payout.create", "refund.create",
        "transfer.create", "transfer_reversal.create",
    }
)  # fmt: skip


def put(
    kind: str,
    params: dict[str, Any],
    *,
    slot: str = "",
    hold: Hold | None = None,
    wallet: Wallet | None = None,
    account: Account | None = None,
    acts_as: str = "",
) -> Operation:
    """Write down what shall be done at Stripe. Raises Conflict while the slot's last operation is still live."""
    if slot and Operation.objects.filter(slot=slot, state__in=LIVE_OPERATIONS).exists():
        raise Conflict("already_on_its_way", "This is already on its way.")
    operation = Operation(kind=kind, slot=slot, hold=hold, wallet=wallet, account=account, acts_as=acts_as)
    if kind in FINDABLE:
        params = {**params, "metadata": {**params.get("metadata", {}), "op_id": operation.op_id}}
    operation.params = params
    operation.save(force_insert=True)
    return operation


def mark_of(marks: Mapping[str, Any]) -> UUID | None:
    """The key of the operation that made this, from an object's ``metadata``; None where it carries no mark of ours."""
    try:
        return UUID(str(marks.get("op_id") or ""))
    except ValueError:
        return None
