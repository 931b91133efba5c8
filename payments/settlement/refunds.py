"""Refunds: reserved when decided, confirmed, refused, or failed at the payer's bank much later."""

from typing import Any

from django.utils import timezone

from marketplace.kit.money import Money
from payments import amounts, gateway, ledger
from payments.models import Checkout, Hold, Operation, Refund, Wallet
from payments.settlement import drawing, outbox
from payments.settlement.freezing import freeze_if_disputed
from payments.signals import hold_refunded, wallet_returned
from payments.states import BANK, HOLD, REFUND, Chart, HoldState, RefundState


def kept_on(checkout: Checkout) -> Chart:
    """The account of the chart on which this payment's money lies."""
    return Chart.HOLD if checkout.hold_id else Chart.WALLET


def reserve(
    checkout: Checkout, *, amount: Money, fee: Money, reason: str, late: bool = False, after_release: bool = False
) -> Refund:
    """Set the money aside for its way back through this payment, and write the refund into the outbox."""
    refund = Refund.objects.create(
        hold=checkout.hold, wallet=checkout.wallet, checkout=checkout, amount_minor=amount.minor, fee_minor=fee.minor,
        currency=checkout.currency, reason=reason[:300], late=late, after_release=after_release,
    )  # fmt: skip
    total, owner = refund.total, checkout.purpose.public_id
    ledger.post(
        [ledger.debit(kept_on(checkout), total, owner), ledger.credit(Chart.REFUNDING, total, owner)],
        key=f"refund:{refund.public_id}:reserve",
        kind="refund_reserved",
        hold=checkout.hold,
        wallet=checkout.wallet,
    )
    send(refund)
    return refund


def return_left(wallet: Wallet, *, reason: str) -> list[Refund]:
    """What is left of each payment goes back through it. What a bank disputes waits for its verdict."""
    made = []
    for checkout, money in drawing.free_of_payments(wallet):
        checkout.wallet = wallet
        made.append(reserve(checkout, amount=money, fee=Money(0, wallet.currency), reason=reason))
    return made


def send(refund: Refund) -> None:
    """Write a refund whose money is set aside into the outbox."""
    checkout, owner = refund.checkout, refund.purpose.public_id
    assert checkout is not None, "what goes into a wallet is not sent"
    # A late payment's refund has its own slot: it never stands in the way of the hold's own. Of what was paid into a
    # wallet several parts may go back at once, as they become free: no more can leave than the books have set aside.
    of = checkout.public_id if refund.late else refund.public_id if checkout.wallet_id else owner
    refund.operation = outbox.put(
        "refund.create",
        {
            "payment_intent": checkout.payment_intent,
            "amount": amounts.to_stripe(refund.total),
            "reason": "requested_by_customer",
            "metadata": {"purpose": owner},
        },
        slot=f"refund:{of}",
        hold=refund.hold,
        wallet=refund.wallet,
    )
    refund.save(update_fields=["operation", "updated_at"])


def into_wallet(hold: Hold, *, amount: Money, fee: Money, reason: str) -> Refund:
    """A wallet paid for this hold, so the money goes back there: at once, and nothing has to be sent."""
    assert hold.wallet is not None
    drawing.give_back(hold, amount + fee)
    refund = Refund.objects.create(
        hold=hold, wallet=hold.wallet, amount_minor=amount.minor, fee_minor=fee.minor, currency=hold.currency,
        reason=reason[:300], confirmed_at=timezone.now(), state=RefundState.SUCCEEDED,
    )  # fmt: skip
    ledger.post(
        [
            ledger.debit(Chart.HOLD, refund.total, hold.public_id),
            ledger.credit(Chart.WALLET, refund.total, hold.wallet.public_id),
        ],
        key=f"refund:{refund.public_id}:wallet",
        kind="refunded_to_wallet",
        hold=hold,
        wallet=hold.wallet,
    )
    _close(refund)
    return refund


def answered(operation: Operation, data: dict[str, Any]) -> None:
    """Stripe has taken the refund on."""
    follow(Refund.objects.select_related("hold", "wallet", "checkout").get(operation=operation), data)


def refused(operation: Operation, refusal: gateway.Refused) -> None:
    """Stripe said no: the money is back where it was, and a person is told by the admin's list."""
    refund = Refund.objects.select_related("hold", "wallet", "checkout").get(operation=operation)
    _take_back(refund, f"{refusal.code}: {refusal.message}")


def follow(refund: Refund, data: dict[str, Any]) -> None:
    """Take over how the refund stands at Stripe. Only ever moves forward.

    Without a balance transaction nothing has left our balance yet: it is short, and Stripe sends the refund once
    it is not. Its news tells when. What left and came back is booked as both, each with its balance transaction.
    """
    if refund.stripe_id is None:
        refund.stripe_id = data["id"]
        refund.save(update_fields=["stripe_id", "updated_at"])
    if refund.state == RefundState.SENDING and data.get("balance_transaction"):
        _succeed(refund, str(data["balance_transaction"]))
    if data.get("status") in {"failed", "canceled"}:
        _fail(refund, data)


def _succeed(refund: Refund, source: str) -> None:
    REFUND.apply(refund, "succeed", [BANK], confirmed_at=timezone.now())
    ledger.post(
        [
            ledger.debit(Chart.REFUNDING, refund.total, refund.purpose.public_id),
            ledger.credit(Chart.STRIPE, refund.total),
        ],
        key=f"refund:{refund.public_id}:confirm",
        kind="refund_confirmed",
        hold=refund.hold,
        wallet=refund.wallet,
        source=source,
    )
    _close(refund)


def _fail(refund: Refund, data: dict[str, Any]) -> None:
    """It did not reach the payer: before it left our balance, or long after, when their bank sent it back."""
    reason = str(data.get("failure_reason") or data.get("status"))
    if refund.state == RefundState.SENDING:
        _take_back(refund, reason)
    elif refund.state == RefundState.SUCCEEDED and refund.checkout and data.get("failure_balance_transaction"):
        REFUND.apply(refund, "fail", [BANK], refusal=reason[:300])
        ledger.post(
            [
                ledger.debit(Chart.STRIPE, refund.total),
                ledger.credit(kept_on(refund.checkout), refund.total, refund.purpose.public_id),
            ],
            key=f"refund:{refund.public_id}:fail",
            kind="refund_failed",
            hold=refund.hold,
            wallet=refund.wallet,
            source=str(data["failure_balance_transaction"]),
        )
        _reopen(refund)


def _take_back(refund: Refund, reason: str) -> None:
    """The money is where it was; after a release it is in the hold again, and still the payer's."""
    assert refund.checkout is not None, "only what was sent can be refused"
    REFUND.apply(refund, "refuse", [BANK], refusal=reason[:300])
    owner = refund.purpose.public_id
    ledger.post(
        [
            ledger.debit(Chart.REFUNDING, refund.total, owner),
            ledger.credit(kept_on(refund.checkout), refund.total, owner),
        ],
        key=f"refund:{refund.public_id}:refuse",
        kind="refund_refused",
        hold=refund.hold,
        wallet=refund.wallet,
    )
    _reopen(refund)


def _close(refund: Refund) -> None:
    """The money is back: the hold it came out of ends with it, and whoever waits for it is told."""
    hold = refund.hold
    if refund.late:
        return
    if hold is None:
        wallet_returned.send(sender=Wallet, wallet=refund.wallet, refund=refund)
        return
    if hold.state == HoldState.REFUNDING and not hold.refunds.filter(state=RefundState.SENDING, late=False).exists():
        HOLD.apply(hold, "confirm_refund", [BANK], closed_at=refund.confirmed_at)
    hold_refunded.send(sender=Hold, hold=hold, refund=refund)


def _reopen(refund: Refund) -> None:
    hold = refund.hold
    if hold is not None and not refund.late and hold.state in {HoldState.REFUNDING, HoldState.REFUNDED}:
        HOLD.apply(hold, "refuse_refund", [BANK], closed_at=None)
        freeze_if_disputed(hold)
