"""News from the bank, turned into moves of the work; sent inside the bank's own transaction."""

from typing import Any

from campaigns.evidence import evidence_for_all
from campaigns.mail import tell
from campaigns.models import Collaboration
from campaigns.services import ending, funding, papers, work
from creators.models import Creator
from marketplace.notices.services import notify
from payments import services as bank
from payments.models import Account, Checkout, Dispute, Hold, Payout, Refund, Transfer, Wallet
from payments.signals import (
    checkout_returned_late,
    debit_bounced,
    dispute_closed,
    dispute_escalated,
    dispute_opened,
    hold_expired,
    hold_refunded,
    hold_release_refused,
    hold_released,
    hold_secured,
    hold_taken_back,
    payout_failed,
    payout_paid,
    payouts_paused,
    wallet_filled,
    wallet_returned,
)
from payments.states import DisputeState, WalletState
from payments.words import failure

# What the payers of a campaign hear of money that nothing was drawn for.
_VERDICTS: dict[str, str] = {DisputeState.WON: "dispute_won", DisputeState.LOST: "charge_back"}


def connect() -> None:
    """Listen to the bank, once per process."""
    hold_secured.connect(on_secured, dispatch_uid="campaigns.on_secured")
    hold_expired.connect(on_expired, dispatch_uid="campaigns.on_expired")
    hold_released.connect(on_released, dispatch_uid="campaigns.on_released")
    hold_refunded.connect(on_refunded, dispatch_uid="campaigns.on_refunded")
    hold_release_refused.connect(on_release_refused, dispatch_uid="campaigns.on_release_refused")
    hold_taken_back.connect(on_taken_back, dispatch_uid="campaigns.on_taken_back")
    checkout_returned_late.connect(on_returned_late, dispatch_uid="campaigns.on_returned_late")
    wallet_filled.connect(on_wallet_filled, dispatch_uid="campaigns.on_wallet_filled")
    wallet_returned.connect(on_wallet_returned, dispatch_uid="campaigns.on_wallet_returned")
    debit_bounced.connect(on_debit_bounced, dispatch_uid="campaigns.on_debit_bounced")
    dispute_opened.connect(on_dispute_opened, dispatch_uid="campaigns.on_dispute_opened")
    dispute_escalated.connect(on_dispute_escalated, dispatch_uid="campaigns.on_dispute_escalated")
    dispute_closed.connect(on_dispute_closed, dispatch_uid="campaigns.on_dispute_closed")
    payout_paid.connect(on_payout_paid, dispatch_uid="campaigns.on_payout_paid")
    payout_failed.connect(on_payout_failed, dispatch_uid="campaigns.on_payout_failed")
    payouts_paused.connect(on_payouts_paused, dispatch_uid="campaigns.on_payouts_paused")


def on_secured(*, hold: Hold, **_: Any) -> None:
    """The payment is here: the creator may start."""
    work.start(hold)


def on_expired(*, hold: Hold, **_: Any) -> None:
    """The bank gave up waiting for the payment."""
    collaboration = Collaboration.objects.filter(hold=hold).first()
    if collaboration is not None:
        ending.expire(collaboration, role="bank")


def on_released(*, hold: Hold, transfer: Transfer, **_: Any) -> None:
    """The money reached the creator's account. The papers come last: their numbers are everybody's queue."""
    _tell(hold, "released")
    papers.invoice_release(hold, transfer)


def on_taken_back(*, refund: Refund, **_: Any) -> None:
    """Released money goes back after all."""
    papers.credit_refund(refund)


def on_refunded(*, hold: Hold, **_: Any) -> None:
    """The money went back to the business, or into the campaign's money where that paid and is still there."""
    to_wallet = hold.wallet is not None and hold.wallet.state == WalletState.OPEN
    _tell(hold, "refunded_to_campaign" if to_wallet else "refunded")


def on_release_refused(*, hold: Hold, **_: Any) -> None:
    """The bank could not pass the money on; the clock tries again."""
    _tell(hold, "release_refused")


def on_returned_late(*, refund: Refund, **_: Any) -> None:
    """A payment came after the end, or a second time; it goes back by itself."""
    _tell(refund.hold, "returned_late")
    if refund.wallet is not None and refund.hold is None:
        funding.tell_of(refund.wallet, "returned_late")


def on_wallet_filled(*, wallet: Wallet, checkout: Checkout, **_: Any) -> None:
    """The campaign's money is here."""
    funding.note_filled(wallet, checkout)


def on_wallet_returned(*, wallet: Wallet, **_: Any) -> None:
    """What was left of the campaign's money is back with the business."""
    funding.tell_of(wallet, "returned")


def on_debit_bounced(*, checkout: Checkout, **_: Any) -> None:
    """The business's bank did not pay after all: somebody who may pay has to try again."""
    _tell(checkout.hold, "bounced")
    if checkout.wallet is not None:
        funding.tell_of(checkout.wallet, "bounced")


def on_dispute_opened(*, dispute: Dispute, **_: Any) -> None:
    """The business's bank asks, or wants the money back: what speaks for the payment is put together."""
    collaborations = _paid_by(dispute)
    for collaboration in collaborations:
        if dispute.state != DisputeState.INQUIRY:
            ending.stop_for_bank(collaboration)
        tell(collaboration, "disputed")
    if collaborations:
        bank.propose_evidence(dispute, evidence_for_all(collaborations, dispute=dispute))
    elif dispute.checkout.wallet is not None:
        funding.tell_of(dispute.checkout.wallet, "disputed")


def on_dispute_escalated(*, dispute: Dispute, **_: Any) -> None:
    """The bank only asked, and now has the money: work rests, and the evidence says what has happened since."""
    collaborations = _paid_by(dispute)
    for collaboration in collaborations:
        ending.stop_for_bank(collaboration)
    if collaborations:
        bank.propose_evidence(dispute, evidence_for_all(collaborations, dispute=dispute))


def on_dispute_closed(*, dispute: Dispute, **_: Any) -> None:
    """The bank has judged. Work whose payment is still there waits for a decision of ours."""
    collaborations = _paid_by(dispute)
    for collaboration in collaborations:
        if dispute.state == DisputeState.WON:
            ending.reopen(collaboration)
            tell(collaboration, "dispute_won")
        elif dispute.state == DisputeState.LOST and ending.has_lost(collaboration):
            ending.charge_back(collaboration)
        elif dispute.state == DisputeState.LOST:
            tell(collaboration, "dispute_over")
    if not collaborations and dispute.checkout.wallet is not None and dispute.state in _VERDICTS:
        funding.tell_of(dispute.checkout.wallet, _VERDICTS[dispute.state])


def on_payout_paid(*, payout: Payout, **_: Any) -> None:
    """The money arrived at the creator's bank."""
    _tell_payee(payout.account, "payout.paid", "Your payout has arrived at your bank.", next_step="See your earnings")


def on_payout_failed(*, payout: Payout, **_: Any) -> None:
    """The creator's bank refused the money; it is back on their account."""
    found = failure(payout)
    why = f" {found.text} {found.next_step}" if found else ""
    text = f"A payout of {payout.amount} did not arrive. The money is safe.{why}"
    _tell_payee(payout.account, "payout.failed", text, next_step="See your earnings")


def on_payouts_paused(*, account: Account, **_: Any) -> None:
    """Nothing leaves for the creator's bank for a while. Whoever is not behind that should hear of it at once."""
    text = f"Your payouts wait {account.pause}. Was that not you? Write to us."
    _tell_payee(account, "payout.paused", text, next_step="See your earnings")


def _tell(hold: Hold | None, event: str) -> None:
    collaboration = _of(hold)
    if collaboration is not None:
        tell(collaboration, event)


def _of(hold: Hold | None) -> Collaboration | None:
    if hold is None:
        return None
    return Collaboration.objects.select_related("offer__campaign__business", "offer__creator").filter(hold=hold).first()


def _paid_by(dispute: Dispute) -> list[Collaboration]:
    """The works that the disputed payment pays for: one, or all that drew on it."""
    holds = Hold.objects.paid_by(dispute.checkout)
    found = Collaboration.objects.select_related("hold", "offer__campaign__business", "offer__creator")
    return list(found.filter(hold__in=holds).order_by("pk"))


def _tell_payee(account: Account, kind: str, text: str, *, next_step: str) -> None:
    creator = Creator.objects.select_related("user").filter(account=account).first()
    if creator is not None:
        notify(creator.user, kind=kind, text=text, url="/earnings/", next_step=next_step)
