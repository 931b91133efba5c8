"""What the creator keeps when the business cancels paid work without a cause: the rungs of a signed contract. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from campaigns.states import CollaborationState as W
from marketplace.kit.money import Money
from payments.fees import division, part

if TYPE_CHECKING:
    from campaigns.models import Collaboration

FREE = "free"
_BY_STATE: dict[str, str] = {W.IN_REVIEW: "submitted", W.CHANGES_REQUESTED: "submitted", W.APPROVED: "approved"}


@dataclass(frozen=True, slots=True)
class KillFee:
    """What cancelling does to the money now. ``until`` is when time alone makes it dearer."""

    rung: str
    bps: int
    keeps: Money
    fee_kept: Money
    back: Money
    fee_back: Money
    until: datetime | None = None

    @property
    def total_back(self) -> Money:
        return self.back + self.fee_back

    @property
    def percent(self) -> str:
        return percent(self.bps)


def printed(*, free_hours: int, bps: Mapping[str, int]) -> dict[str, Any]:
    """The ladder as a contract keeps it: later settings do not change what was signed."""
    return {"free_hours": free_hours, "bps": dict(bps)}


def lines(ladder: Mapping[str, Any]) -> list[str]:
    """What a contract says about cancelling, in the order in which it can happen."""
    bps, hours = ladder["bps"], ladder["free_hours"]
    return [
        "Before the payment is secured: nothing is due.",
        "The creator cancels: everything goes back to the business.",
        "The work is more than 72 hours late: the business may cancel and gets everything back.",
        f"The business cancels without a cause within {hours} hours of the payment: everything goes back.",
        f"Later, before the creator has started: the creator keeps {percent(bps['waiting'])} of the fee.",
        f"After the creator has started: {percent(bps['begun'])}.",
        f"After the work was handed in: {percent(bps['submitted'])}.",
        f"After the work was approved: {percent(bps['approved'])}.",
    ]


def percent(bps: int) -> str:
    """“25 %”, “12.5 %”."""
    whole, rest = divmod(bps, 100)
    return f"{whole}.{rest:02}".rstrip("0") + " %" if rest else f"{whole} %"


def reached(collaboration: Collaboration, *, secured_at: datetime | None, now: datetime) -> tuple[str, datetime | None]:
    """The rung this work stands on, and when time alone takes it to the next."""
    if rung := _BY_STATE.get(collaboration.state):
        return rung, None
    if collaboration.begun_at is not None:
        return "begun", None
    ends = (secured_at or now) + timedelta(hours=collaboration.contract["kill_fee"]["free_hours"])
    return (FREE, ends) if now < ends else ("waiting", None)


def kill_fee(
    collaboration: Collaboration, *, left: tuple[Money, Money], secured_at: datetime | None, now: datetime
) -> KillFee:
    """What the signed ladder gives whom, of what is left of the payment."""
    rung, until = reached(collaboration, secured_at=secured_at, now=now)
    bps = 0 if rung == FREE else collaboration.contract["kill_fee"]["bps"][rung]
    amount, fee = left
    keeps = part(amount, bps=bps)
    fee_kept, fee_back = division(amount, fee, to_payee=keeps)
    return KillFee(rung, bps, keeps, fee_kept, amount - keeps, fee_back, until)
