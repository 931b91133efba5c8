"""The business cancels paid work without a cause: the creator keeps what the signed ladder says."""

from django.db import transaction
from django.utils import timezone

from campaigns.ladder import KillFee
from campaigns.ladder import kill_fee as work_out
from campaigns.mail import tell
from campaigns.models import Collaboration
from campaigns.moves import check, lock, machine_of, move
from campaigns.states import MANAGER
from marketplace.kit.errors import Conflict
from marketplace.trust.services import reason_given
from marketplace.users.models import User
from payments import services as bank


def kill_fee(collaboration: Collaboration) -> KillFee:
    """What cancelling would do to the money now, to the cent; Conflict when there is nothing to cancel like this."""
    machine_of(collaboration).find(collaboration.state, "cancel_paid", {MANAGER})
    if "kill_fee" not in collaboration.contract:
        raise Conflict("no_kill_fee", "This contract does not say what is due when the business cancels.")
    hold = collaboration.hold
    return work_out(collaboration, left=hold.left(), secured_at=hold.secured_at, now=timezone.now())


@transaction.atomic
def cancel_paid(collaboration: Collaboration, *, keeps_minor: int, reason: str, by: User) -> Collaboration:
    """A manager cancels without a cause. The creator keeps the amount that was read, or nothing happens at all."""
    lock(collaboration)
    check(collaboration, "cancel_paid", by=by)
    owed = kill_fee(collaboration)
    if owed.keeps.minor != keeps_minor:
        raise Conflict(
            "kill_fee_changed",
            f"The creator keeps {owed.keeps} now. Please read again what happens to the money.",
            keeps_minor=owed.keeps.minor,
        )
    move(
        collaboration, "cancel_paid", by=by, reason=reason_given(reason), state_reason=reason[:500], due_at=None,
        kept_minor=owed.keeps.minor, kept_fee_minor=owed.fee_kept.minor,
    )  # fmt: skip
    bank.divide(collaboration.hold, to_payee=owed.keeps, reason="cancelled_by_business")
    tell(collaboration, "cancel_paid")
    return collaboration


@transaction.atomic
def begin(collaboration: Collaboration, *, by: User) -> Collaboration:
    """The creator has started: cancelling without a cause costs the business more from now on."""
    lock(collaboration)
    check(collaboration, "begin", by=by)
    move(collaboration, "begin", by=by, begun_at=timezone.now())
    tell(collaboration, "begin")
    return collaboration
