"""Holds whose payment a bank has taken back and not judged: they are frozen, however they came to be secured."""

from payments.models import Dispute, Hold
from payments.states import BANK, HOLD, HoldState


def is_disputed(hold: Hold) -> bool:
    """A bank has taken back a payment that pays for this, and has not judged."""
    return Dispute.objects.undecided().about(hold).exists()


def freeze_if_disputed(hold: Hold) -> None:
    """Money that came back into a hold does not leave it again before the verdict."""
    if hold.state in {HoldState.SECURED, HoldState.FROZEN} and is_disputed(hold):
        HOLD.apply(hold, "dispute", [BANK])
