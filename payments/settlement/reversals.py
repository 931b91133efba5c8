"""Money that comes back from payees: what they owe is a claim; what their account still holds is reversed."""

from typing import Any

from django.db.models import F, Sum

from marketplace.kit.money import Money
from payments import amounts, gateway, ledger
from payments.fees import split
from payments.models import Claim, Dispute, Hold, Operation, Refund, Reversal, Transfer
from payments.settlement import outbox, refunds
from payments.signals import claim_made
from payments.states import BANK, CLAIM, REVERSAL, Chart, ClaimState, ReversalState, TransferState


def released(hold: Hold) -> Money:
    """What the payees have of this hold and do not owe back."""
    got = hold.transfers.filter(state=TransferState.CONFIRMED).aggregate(total=Sum("amount_minor"))["total"] or 0
    owed = hold.claims.exclude(state=ClaimState.CANCELLED).aggregate(total=Sum("amount_minor"))["total"] or 0
    # What was paid back of a claim that is no longer one is the payee's again, but not there: a person returns it.
    owed += hold.claims.filter(state=ClaimState.CANCELLED).aggregate(total=Sum("recovered_minor"))["total"] or 0
    return Money(got - owed, hold.currency)


def claim_from_payees(
    hold: Hold, amount: Money, *, reason: str, refund: Refund | None = None, dispute: Dispute | None = None
) -> list[Claim]:
    """Write down who owes what of it, at most what they got, and ask for it back. The entries are the caller's."""
    amount = min(amount, released(hold), key=lambda money: money.minor)
    transfers = list(hold.transfers.filter(state=TransferState.CONFIRMED).select_related("payee").order_by("pk"))
    if not amount or not transfers:
        return []
    # By what each has left of it: parts of parts, each rounded alone, would in the end claim more than somebody got.
    owed = dict(hold.claims.order_by().values_list("payee").annotate(sum=Sum("amount_minor")))
    left = [one.amount_minor - owed.get(one.payee_id, 0) for one in transfers]
    claims = []
    for transfer, part in zip(transfers, split(amount, left), strict=True):
        if part:
            claim = Claim.objects.create(
                payee=transfer.payee, hold=hold, refund=refund, dispute=dispute, amount_minor=part.minor,
                currency=part.currency, reason=reason[:300],
            )  # fmt: skip
            claims.append(claim)
            reverse(claim)
            claim_made.send(sender=Claim, claim=claim)
    return claims


def reverse(claim: Claim) -> Reversal | None:
    """Ask Stripe for as much of a claim as the payee's account holds; None when it holds nothing."""
    transfer = Transfer.objects.get(hold=claim.hold_id, payee=claim.payee_id, state=TransferState.CONFIRMED)
    there = ledger.held(Chart.MEMO_CONNECTED, claim.payee.public_id, claim.currency)
    amount = min(claim.left, there, key=lambda money: money.minor)
    if not amount or not transfer.stripe_id:
        return None
    operation = outbox.put(
        "transfer_reversal.create",
        {"id": transfer.stripe_id, "amount": amounts.to_stripe(amount), "metadata": {"claim": claim.public_id}},
        slot=f"reversal:{claim.public_id}",
        hold=claim.hold,
        account=claim.payee,
    )
    reversal = Reversal.objects.create(
        transfer=transfer, claim=claim, amount_minor=amount.minor, currency=amount.currency, operation=operation
    )
    # Set aside, so that no payout takes it meanwhile.
    _memo(reversal, "reserve", Chart.MEMO_CONNECTED, Chart.MEMO_REVERSING)
    return reversal


def confirmed(operation: Operation, data: dict[str, Any]) -> None:
    """The money is on our balance again."""
    reversal = Reversal.objects.select_related("claim__payee", "claim__hold", "claim__refund").get(operation=operation)
    REVERSAL.apply(reversal, "confirm", [BANK], stripe_id=data["id"])
    claim, owner = reversal.claim, reversal.claim.payee.public_id
    ledger.post(
        [
            ledger.debit(Chart.STRIPE, reversal.amount),
            ledger.credit(Chart.RECEIVABLE_PAYEE, reversal.amount),
            ledger.debit(Chart.MEMO_REVERSING, reversal.amount, owner),
            ledger.credit(Chart.MEMO_RECEIVED, reversal.amount),
        ],
        key=f"reversal:{reversal.public_id}:confirm",
        kind="reversal_confirmed",
        hold=claim.hold,
        account=claim.payee,
        source=str(data.get("balance_transaction") or ""),
    )
    Claim.objects.filter(pk=claim.pk).update(recovered_minor=F("recovered_minor") + reversal.amount_minor)
    claim.refresh_from_db(fields=["recovered_minor", "state"])
    if not claim.left and claim.state == ClaimState.OPEN:
        CLAIM.apply(claim, "recover", [BANK])
    send_refund(claim.refund)


def refused(operation: Operation, refusal: gateway.Refused) -> None:
    """Stripe said no: the payee still owes it, and the payer is refunded all the same."""
    reversal = Reversal.objects.select_related("claim__payee", "claim__hold", "claim__refund").get(operation=operation)
    REVERSAL.apply(reversal, "refuse", [BANK], refusal=f"{refusal.code}: {refusal.message}"[:300])
    name = f"reversal:{reversal.public_id}"
    ledger.mirror(f"{name}:refuse", of=f"{name}:reserve", kind="reversal_refused")
    send_refund(reversal.claim.refund)


def send_refund(refund: Refund | None) -> None:
    """The refund that waited for these reversals goes out once the last of them is answered."""
    if refund is None or refund.operation_id or refund.checkout_id is None:
        return
    waiting = Reversal.objects.filter(claim__refund=refund, state=ReversalState.SENDING)
    if not waiting.exists():
        refunds.send(refund)


def _memo(reversal: Reversal, step: str, taken: Chart, given: Chart) -> None:
    owner = reversal.claim.payee.public_id
    ledger.post(
        [ledger.debit(taken, reversal.amount, owner), ledger.credit(given, reversal.amount, owner)],
        key=f"reversal:{reversal.public_id}:{step}",
        kind=f"reversal_{step}",
        hold=reversal.claim.hold,
        account=reversal.claim.payee,
    )
