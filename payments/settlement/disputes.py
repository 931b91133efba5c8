"""A payer's bank takes a payment back: what it did, what we answer, and who bears it in the end."""

from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from marketplace.kit.money import Money
from payments import amounts, gateway, ledger
from payments.fees import split
from payments.models import Checkout, Dispute, Hold, Operation, Refund
from payments.settlement import drawing, reversals
from payments.settlement.arrivals import NotYet
from payments.settlement.locks import lock_purpose
from payments.signals import dispute_closed, dispute_opened
from payments.states import BANK, DISPUTE, HOLD, Chart, DisputeState, HoldState, RefundState

# Stripe's word for where a dispute stands → where ours begins, and the verb that brings an older one there.
_BEGINS = {"warning_needs_response": DisputeState.INQUIRY, "warning_under_review": DisputeState.INQUIRY}
_VERBS = {
    "needs_response": "escalate", "under_review": "review", "won": "win", "lost": "lose", "warning_closed": "close",
    "prevented": "close",
}  # fmt: skip


def follow(data: dict[str, Any]) -> None:
    """Take over how a dispute stands at Stripe. Only ever moves forward; running twice changes nothing."""
    checkout = Checkout.objects.select_related("hold", "wallet").filter(charge=data["charge"]).first()
    if checkout is None:
        raise NotYet(f"no payment {data['charge']}")
    lock_purpose(checkout)
    checkout.refresh_from_db()
    dispute = _known(checkout, data)
    dispute.checkout = checkout
    for line in data.get("balance_transactions") or []:
        _book(dispute, line)
    _move_on(dispute, str(data["status"]))


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
    amount, fee, net = (amounts.from_stripe(line[name], dispute.currency) for name in ("amount", "fee", "net"))
    ledger.post(
        [
            ledger.credit(Chart.RECEIVABLE_DISPUTE, amount),
            ledger.debit(Chart.DISPUTE_FEE, fee),
            ledger.debit(Chart.STRIPE, net),
        ],
        key=f"dispute:{dispute.stripe_id}:{line['id']}",
        kind="dispute_withdrawn" if amount.minor < 0 else "dispute_reinstated",
        hold=dispute.checkout.hold,
        wallet=dispute.checkout.wallet,
        source=line["id"],
    )
    hold, held = dispute.checkout.hold, {HoldState.SECURED, HoldState.FROZEN}
    if amount.minor < 0 and hold is not None and hold.state in held and dispute.closed_at is None:
        HOLD.apply(hold, "dispute", [BANK])


def _move_on(dispute: Dispute, status: str) -> None:
    verb = _VERBS.get(status, "")
    if not any(dispute.state in move.sources for move in DISPUTE if move.verb == verb):
        return
    closing = {"closed_at": timezone.now()} if verb in {"win", "lose", "close"} else {}
    DISPUTE.apply(dispute, verb, [BANK], **closing)
    if verb == "lose":
        _lose(dispute)
    hold = dispute.checkout.hold
    if closing and hold is not None and hold.state == HoldState.DISPUTED:
        if any(hold.left()):
            HOLD.apply(hold, "win_dispute", [BANK])
        else:
            HOLD.apply(hold, "lose_dispute", [BANK], closed_at=timezone.now())
    if closing:
        dispute_closed.send(sender=Dispute, dispute=dispute)


def _lose(dispute: Dispute) -> None:
    """The bank keeps it. First what is still held goes, then we bear the rest up to a limit, then the payees owe it."""
    lines = [ledger.credit(Chart.RECEIVABLE_DISPUTE, dispute.amount)]
    kept, held = _out_of_what_is_held(dispute)
    if kept:
        lines.append(ledger.debit(held, kept, dispute.checkout.purpose.public_id))
    rest = dispute.amount - kept
    owed = _claims(dispute, rest)
    lines += [ledger.debit(Chart.DISPUTE_LOSS, rest - owed), ledger.debit(Chart.RECEIVABLE_PAYEE, owed)]
    ledger.post(
        lines,
        key=f"dispute:{dispute.stripe_id}:lost",
        kind="dispute_lost",
        hold=dispute.checkout.hold,
        wallet=dispute.checkout.wallet,
    )


def _out_of_what_is_held(dispute: Dispute) -> tuple[Money, Chart]:
    """What the bank's verdict takes out of the hold or wallet, written down like a refund that has arrived."""
    checkout, nothing = dispute.checkout, Money(0, dispute.currency)
    amount, fee, chart = nothing, nothing, Chart.HOLD
    if checkout.hold is not None and checkout.hold.state == HoldState.DISPUTED:
        left = checkout.hold.left()
        whole = left[0] + left[1]
        amount, fee = split(min(dispute.amount, whole, key=lambda money: money.minor), [one.minor for one in left])
    elif checkout.wallet is not None:
        chart = Chart.WALLET
        rest = dict(drawing.left_of_payments(checkout.wallet)).get(checkout, nothing)
        amount = min(dispute.amount, rest, key=lambda money: money.minor)
    if amount or fee:
        Refund.objects.create(
            hold=checkout.hold, wallet=checkout.wallet, checkout=checkout, amount_minor=amount.minor,
            fee_minor=fee.minor, currency=dispute.currency, reason=f"bank dispute lost: {dispute.reason}",
            confirmed_at=timezone.now(), state=RefundState.SUCCEEDED, dispute=dispute,
        )  # fmt: skip
    return amount + fee, chart


def _claims(dispute: Dispute, rest: Money) -> Money:
    """What the payees owe of a loss on work that was released: what is above the part that we bear."""
    hold: Hold | None = dispute.checkout.hold
    over = Money(rest.minor - settings.DISPUTE_BORNE_MINOR, rest.currency)
    if hold is None or over.minor <= 0:
        return Money(0, rest.currency)
    claims = reversals.claim_from_payees(hold, over, reason=f"bank dispute lost: {dispute.reason}")
    return Money(sum(claim.amount_minor for claim in claims), rest.currency)


def evidence_sent(operation: Operation, data: dict[str, Any]) -> None:
    """The bank has our evidence."""
    Dispute.objects.filter(stripe_id=data["id"]).update(submitted_at=timezone.now(), updated_at=timezone.now())
    follow(data)


def evidence_refused(operation: Operation, refusal: gateway.Refused) -> None:
    """Too late, or closed meanwhile: the dispute's own news tells how it ends."""
