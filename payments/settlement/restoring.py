"""A dispute that was lost and is won after all: what it took goes back to where it was taken from."""

from marketplace.kit.money import Money
from payments import ledger
from payments.models import Claim, Dispute, Posting, Refund
from payments.settlement import losses
from payments.settlement.arrivals import NotYet, Puzzling
from payments.states import BANK, CLAIM, HOLD, REFUND, Chart, ClaimState, HoldState, RefundState, ReversalState


def give_back(dispute: Dispute, back: Money) -> None:
    """Mirror the whole loss: holds and wallet have their money again, nobody owes anything, and we bear nothing.

    What payees have paid back meanwhile is theirs again. It stays with us until a person returns it: the case names it.
    """
    lost = losses.borne(dispute)
    if back != lost:
        raise Puzzling(f"{dispute.stripe_id} gave back {back}, but {lost} of it was lost")
    if dispute.claims.filter(reversals__state=ReversalState.SENDING).exists():
        raise NotYet(f"money for {dispute.stripe_id} is on its way back from a payee")
    for refund in dispute.refunds.filter(state=RefundState.SUCCEEDED).select_related("hold").order_by("pk"):
        _undo(dispute, refund)
        lost -= refund.total
    owed = _cancel_claims(dispute)
    if lost:
        name = f"dispute:{dispute.stripe_id}:back"
        ledger.post(
            [
                ledger.debit(Chart.RECEIVABLE_DISPUTE, lost),
                ledger.credit(Chart.RECEIVABLE_PAYEE, owed),
                ledger.credit(Chart.DISPUTE_LOSS, lost - owed),
            ],
            key=f"{name}:{Posting.objects.filter(key__startswith=f'{name}:').count()}",
            kind="dispute_turned",
            hold=dispute.checkout.hold,
            wallet=dispute.checkout.wallet,
        )


def _undo(dispute: Dispute, refund: Refund) -> None:
    """The money lies where it was; a hold that had ended with it waits, frozen, for a decision."""
    before = refund.again_of_id  # what it took is there for a next try again, or for another bank
    REFUND.apply(refund, "fail", [BANK], refusal="the bank gave it back", again_of_id=None)
    Refund.objects.filter(again_of=refund).update(again_of=before)
    name = f"dispute:{dispute.stripe_id}"
    ledger.mirror(f"{name}:back:{refund.public_id}", of=f"{name}:lost:{refund.public_id}", kind="dispute_turned")
    hold = refund.hold
    is_its_own = not refund.late and not refund.after_release
    if hold is not None and is_its_own and hold.state == HoldState.REFUNDED:
        HOLD.apply(hold, "win_dispute", [BANK], closed_at=None)


def _cancel_claims(dispute: Dispute) -> Money:
    """Nobody owes any more. Returns what was still owed."""
    claims = Claim.objects.filter(dispute=dispute, state=ClaimState.OPEN)
    owed = Money(sum(claim.left.minor for claim in claims), dispute.currency)
    for claim in claims:
        CLAIM.apply(claim, "cancel", [BANK])
    return owed
