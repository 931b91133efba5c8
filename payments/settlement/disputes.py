"""A payer's bank takes a payment back: what it did, what we answer, and what its verdict does to the holds."""

from datetime import UTC, datetime
from typing import Any

import structlog
from django.db import transaction
from django.utils import timezone

from payments import amounts, gateway, ledger
from payments.cases import open_case
from payments.models import Checkout, Dispute, Hold, Operation, Posting
from payments.settlement import freezing, losses, refunds, restoring
from payments.settlement.arrivals import NotYet, Puzzling
from payments.settlement.locks import lock_hold, lock_purpose
from payments.signals import dispute_closed, dispute_escalated, dispute_opened
from payments.states import BANK, DISPUTE, HOLD, CaseKind, Chart, DisputeState, HoldState, WalletState

log = structlog.get_logger(__name__)

# Stripe's word for where a dispute stands → where ours begins, and the verb that brings an older one there.
_BEGINS = {"warning_needs_response": DisputeState.INQUIRY, "warning_under_review": DisputeState.INQUIRY}
_VERBS = {
    "needs_response": "escalate", "under_review": "review", "won": "win", "lost": "lose", "warning_closed": "close",
    "prevented": "close", "appeal_needs_response": "appeal", "appeal_under_review": "appeal",
}  # fmt: skip


def follow(data: dict[str, Any]) -> None:
    """Take over how a dispute stands at Stripe. Only ever moves forward; running twice changes nothing."""
    checkout = Checkout.objects.select_related("hold", "wallet").filter(charge=data["charge"]).first()
    if checkout is None:
        raise NotYet(f"no payment {data['charge']}")
    _lock(checkout)
    dispute, verb = _known(checkout, data), _VERBS.get(str(data["status"]), "")
    dispute.checkout = checkout
    if verb == "appeal":
        _appeal(dispute)
    for line in data.get("balance_transactions") or []:
        _book(dispute, line)
    _move_on(dispute, verb)


def _lock(checkout: Checkout) -> None:
    """Keep all holds this payment pays for, then their wallet, and see what happened meanwhile."""
    holds = Hold.objects.paid_by(checkout).order_by("pk").values_list("pk", flat=True)
    locked = list(holds)
    for pk in locked:
        lock_hold(pk)
    lock_purpose(checkout)
    checkout.refresh_from_db()
    if not set(holds.all()) <= set(locked):  # its lock would come after the wallet's: two could wait for each other
        raise NotYet(f"{checkout} has paid for one more hold meanwhile")


def _known(checkout: Checkout, data: dict[str, Any]) -> Dispute:
    due = (data.get("evidence_details") or {}).get("due_by")
    due_at = datetime.fromtimestamp(due, UTC) if due else None
    dispute = Dispute.objects.filter(stripe_id=data["id"]).first()
    if dispute is None:
        money = amounts.from_stripe(data["amount"], data["currency"])
        dispute = Dispute.objects.create(
            checkout=checkout, stripe_id=data["id"], amount_minor=money.minor, currency=money.currency,
            reason=str(data.get("reason") or "")[:60], due_at=due_at,
            state=_BEGINS.get(data["status"], DisputeState.NEEDS_RESPONSE),
        )  # fmt: skip
        dispute.checkout = checkout
        dispute_opened.send(sender=Dispute, dispute=dispute)
    elif dispute.due_at != due_at:
        dispute.due_at = due_at
        dispute.save(update_fields=["due_at", "updated_at"])
    return dispute


def _book(dispute: Dispute, line: dict[str, Any]) -> None:
    """One movement of money for this dispute: withdrawn with a fee, or reinstated, with or without it."""
    if str(line["currency"]).upper() != dispute.currency:
        raise Puzzling(f"{dispute.stripe_id} moved {line['currency']}, not {dispute.currency}")
    key = f"dispute:{dispute.stripe_id}:{line['id']}"
    if Posting.objects.filter(key=key).exists():
        return
    amount, fee, net = (amounts.from_stripe(line[name], dispute.currency) for name in ("amount", "fee", "net"))
    ledger.post(
        [
            ledger.credit(Chart.RECEIVABLE_DISPUTE, amount),
            ledger.debit(Chart.DISPUTE_FEE, fee),
            ledger.debit(Chart.STRIPE, net),
        ],
        key=key,
        kind="dispute_withdrawn" if amount.minor < 0 else "dispute_reinstated",
        hold=dispute.checkout.hold,
        wallet=dispute.checkout.wallet,
        source=line["id"],
    )
    if amount.minor < 0 and dispute.state not in {DisputeState.WON, DisputeState.CLOSED}:
        _stop(dispute)


def _appeal(dispute: Dispute) -> None:
    """A verdict is looked at once more: it is open again, and who answers is a person."""
    if _may(dispute, "appeal"):
        DISPUTE.apply(dispute, "appeal", [BANK], closed_at=None)
        _ask_a_person(
            dispute, f"The verdict on the {dispute} is appealed: answer in Stripe's dashboard, by {dispute.due_at}."
        )


def _move_on(dispute: Dispute, verb: str) -> None:
    """The bank's verdict, and what it does to the money; also when money moves after it."""
    taken = losses.withdrawn(dispute)
    if verb == "close" and taken:  # prevented by a refund, or the like: whatever it is called, the money is gone
        verb = "lose"
    if verb == "lose" and taken:
        losses.wait_for_answers(dispute)
    if dispute.state == DisputeState.INQUIRY and verb in {"escalate", "review"}:
        _escalate(dispute, verb)
    judged = verb in {"win", "lose", "close"} and _may(dispute, verb)
    if _may(dispute, verb) and verb != "appeal":
        DISPUTE.apply(dispute, verb, [BANK], **({"closed_at": timezone.now()} if judged else {}))
    is_lost = dispute.state == DisputeState.LOST and taken.minor > 0
    if is_lost:
        _stop(dispute)  # a verdict that is turned against us finds them free
        losses.bear(dispute, taken)
    elif taken.minor < 0:
        restoring.give_back(dispute, -taken)
        _ask_a_person(dispute, f"The {dispute} was lost, and its money has come back. Decide what becomes of it.")
    is_waiting = dispute.state == DisputeState.WON and losses.borne(dispute)  # won after all, but nothing is back yet
    if is_lost or taken.minor < 0 or (judged and not is_waiting):
        _end(dispute)


def _escalate(dispute: Dispute, verb: str) -> None:
    """What answered the inquiry is not taken for the dispute: evidence is sent once more."""
    DISPUTE.apply(dispute, verb, [BANK], submitted_at=None)
    dispute_escalated.send(sender=Dispute, dispute=dispute)


def _may(dispute: Dispute, verb: str) -> bool:
    return any(dispute.state in move.sources for move in DISPUTE if move.verb == verb)


def _ask_a_person(dispute: Dispute, text: str) -> None:
    """``things`` name what to decide on: the holds, and claims that were paid back."""
    holds = Hold.objects.paid_by(dispute.checkout).values_list("public_id", flat=True)
    paid_back = dispute.claims.filter(recovered_minor__gt=0).values_list("public_id", flat=True)
    things = [f"hold {one}" for one in holds] + [f"claim {one}, paid back" for one in paid_back]
    open_case(
        kind=CaseKind.DISPUTE,
        key=f"dispute:{dispute.public_id}",
        text=text,
        things=[f"dispute {dispute.stripe_id} {dispute.state}", *things],
        money=dispute.amount,
    )


def _end(dispute: Dispute) -> None:
    """The bank has judged: what is left in the holds waits for somebody's decision, what is empty is over."""
    for hold in _paid_by(dispute, HoldState.DISPUTED):
        if not any(hold.left()):
            HOLD.apply(hold, "lose_dispute", [BANK], closed_at=timezone.now())
        elif not freezing.is_disputed(hold):  # one payment can be disputed twice, in parts
            HOLD.apply(hold, "win_dispute", [BANK])
    wallet = dispute.checkout.wallet
    if wallet is not None and wallet.state == WalletState.CLOSED:
        refunds.return_left(wallet, reason="the bank has judged")
    dispute_closed.send(sender=Dispute, dispute=dispute)


def _stop(dispute: Dispute) -> None:
    """Nothing of what this payment still holds moves, until its bank has judged."""
    for hold in _paid_by(dispute, HoldState.SECURED, HoldState.FROZEN):
        HOLD.apply(hold, "dispute", [BANK])


def _paid_by(dispute: Dispute, *states: HoldState) -> list[Hold]:
    return list(Hold.objects.paid_by(dispute.checkout).filter(state__in=states).order_by("pk"))


def evidence_sent(operation: Operation, data: dict[str, Any]) -> None:
    """The bank has our evidence. What else has become of the dispute is told by its own news, too."""
    now = timezone.now()
    Dispute.objects.filter(stripe_id=data["id"]).update(submitted_at=now, refusal="", updated_at=now)
    try:
        with transaction.atomic():
            follow(data)
    except (NotYet, Puzzling) as reason:
        log.info("dispute_follows_later", dispute=data["id"], reason=str(reason))


def evidence_refused(operation: Operation, refusal: gateway.Refused) -> None:
    """Too late, too long, or closed meanwhile: noted, so that a person looks and the clock does not ask again."""
    why = f"{refusal.code}: {refusal.message}"[:300]
    Dispute.objects.filter(stripe_id=operation.params["id"]).update(refusal=why, updated_at=timezone.now())
