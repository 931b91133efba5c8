"""Releases: reserved in the books when decided, sent when the payee can receive, confirmed or taken back by Stripe."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from marketplace.kit.money import Money
from payments import amounts, gateway, ledger
from payments.fees import split
from payments.models import Account, Checkout, Hold, Operation, Transfer
from payments.settlement import drawing, outbox
from payments.settlement.freezing import freeze_if_disputed
from payments.settlement.locks import lock_hold
from payments.signals import hold_release_refused, hold_released
from payments.states import BANK, HOLD, TRANSFER, Chart, CheckoutState, HoldState, TransferState

# The payee's account cannot receive yet: the release waits instead of being taken back.
NOT_READY = frozenset({"insufficient_capabilities_for_transfer", "account_invalid"})


def reserve(hold: Hold, *, amount: Money, fee: Money) -> list[Transfer]:
    """Set the money aside for the payees, each their share, and send it as soon as they can receive it.

    The fee is earned with the first of them; shares that round to nothing are left out.
    """
    made: list[Transfer] = []
    for payee, part in _parts(hold, amount):
        made.append(_reserve_one(hold, payee, amount=part, fee=Money(0, hold.currency) if made else fee))
    return made


def _parts(hold: Hold, amount: Money) -> list[tuple[Account, Money]]:
    gone = hold.transfers.exclude(state=TransferState.REFUSED).values("payee")
    shares = list(hold.shares.exclude(payee__in=gone).select_related("payee"))
    if not shares:
        return [(hold.payee, amount)]
    parts = split(amount, [share.amount_minor for share in shares])
    return [(share.payee, part) for share, part in zip(shares, parts, strict=True) if part]


def _reserve_one(hold: Hold, payee: Account, *, amount: Money, fee: Money) -> Transfer:
    transfer = Transfer.objects.create(
        hold=hold, payee=payee, amount_minor=amount.minor, fee_minor=fee.minor, currency=hold.currency
    )
    ledger.post(
        [
            ledger.debit(Chart.HOLD, amount + fee, hold.public_id),
            ledger.credit(Chart.PLATFORM_FEE, fee),
            ledger.credit(Chart.TRANSIT, amount, hold.public_id),
        ],
        key=f"transfer:{transfer.public_id}:reserve",
        kind="release_reserved",
        hold=hold,
        account=payee,
    )
    send_if_ready(transfer)
    return transfer


def send_if_ready(transfer: Transfer) -> bool:
    """Write the transfer into the outbox when the payee's account can receive it, and keep it in its currency.

    What Stripe would convert would not be the agreed sum any more: it waits for a bank account that takes it.
    """
    payee = Account.objects.get(pk=transfer.payee_id)
    if transfer.state != TransferState.WAITING or not (payee.transfers_active and payee.stripe_account_id):
        return False
    if not payee.keeps(transfer.currency):
        return False
    hold = transfer.hold
    params: dict[str, Any] = {
        "amount": amounts.to_stripe(transfer.amount),
        "currency": transfer.currency.lower(),
        "destination": payee.stripe_account_id,
        "transfer_group": hold.public_id,
        "metadata": {"hold": hold.public_id},
    }
    charge = _charge_for(transfer)
    if charge:  # pays out of this very charge, even before it has settled
        params["source_transaction"] = charge
    slot = f"release:{hold.public_id}:{payee.public_id}"
    operation = outbox.put("transfer.create", params, slot=slot, hold=hold, account=payee)
    TRANSFER.apply(transfer, "send", [BANK], operation=operation)
    return True


def _charge_for(transfer: Transfer) -> str | None:
    """The charge that alone can pay for this transfer; none when it takes several payments into a wallet.

    Stripe takes such a transfer from what is available, of the source type ``card``: cards and bank debits alike, all
    that we take (see ``source_types`` of its balance). While that is short it refuses, and we release again later.
    """
    hold = transfer.hold
    if hold.wallet_id is None:
        return hold.checkouts.get(state=CheckoutState.PAID).charge
    sent = Operation.objects.filter(transfer__in=hold.transfers.standing()).values_list("params", flat=True)
    named = [(one.get("source_transaction"), one["amount"]) for one in sent]
    paid = drawing.still_paid(hold)
    for checkout in Checkout.objects.in_bulk(paid).values():
        spent = sum(units for charge, units in named if charge == checkout.charge)
        if amounts.to_stripe(paid[checkout.pk]) - spent >= amounts.to_stripe(transfer.amount):
            return checkout.charge
    return None


def send_waiting(payee: Account) -> int:
    """Send every release that waited for this payee. Returns how many."""
    sent = 0
    waiting = Transfer.objects.filter(payee=payee, state=TransferState.WAITING).order_by("hold_id")
    for hold_id in list(waiting.values_list("hold_id", flat=True)):
        with transaction.atomic():
            lock_hold(hold_id)
            transfer = waiting.filter(hold=hold_id).first()
            sent += transfer is not None and send_if_ready(transfer)
    return sent


def confirmed(operation: Operation, data: dict[str, Any]) -> None:
    """The money is on the payee's account. The release ends with the last of them.

    What lies in the hold then is a refund that was refused beside it: the payer's, and no reason to wait.
    """
    transfer = Transfer.objects.select_related("hold", "payee").get(operation=operation)
    TRANSFER.apply(transfer, "confirm", [BANK], stripe_id=data["id"], confirmed_at=timezone.now())
    hold, payee, amount = transfer.hold, transfer.payee, transfer.amount
    ledger.post(
        [
            ledger.debit(Chart.TRANSIT, amount, hold.public_id),
            ledger.credit(Chart.STRIPE, amount),
            ledger.debit(Chart.MEMO_RECEIVED, amount),
            ledger.credit(Chart.MEMO_CONNECTED, amount, payee.public_id),
        ],
        key=f"transfer:{transfer.public_id}:confirm",
        kind="release_confirmed",
        hold=hold,
        account=payee,
        source=str(data.get("balance_transaction") or ""),
    )
    close_if_over(hold)
    hold_released.send(sender=Hold, hold=hold, transfer=transfer)


def refused(operation: Operation, refusal: gateway.Refused) -> None:
    """Stripe said no: the reserve is mirrored. It waits for the payee's account, or the money is secured again."""
    transfer = Transfer.objects.select_related("hold", "payee").get(operation=operation)
    TRANSFER.apply(transfer, "refuse", [BANK], refusal=f"{refusal.code}: {refusal.message}"[:300])
    name = f"transfer:{transfer.public_id}"
    ledger.mirror(f"{name}:refuse", of=f"{name}:reserve", kind="release_refused")
    hold = transfer.hold
    if refusal.code in NOT_READY:
        Account.objects.filter(pk=transfer.payee_id).update(transfers_active=False)
        _reserve_one(hold, transfer.payee, amount=transfer.amount, fee=transfer.fee)
        return
    if hold.state == HoldState.RELEASING:
        HOLD.apply(hold, "refuse_release", [BANK])
        freeze_if_disputed(hold)
    hold_release_refused.send(sender=Hold, hold=hold, transfer=transfer)


def shorten(transfer: Transfer, *, amount: Money, fee: Money, reason: str) -> None:
    """So much less of a release that still waits: all of it goes back into the hold, the rest is released anew."""
    TRANSFER.apply(transfer, "take_back", [BANK], refusal=reason[:300])
    name = f"transfer:{transfer.public_id}"
    ledger.mirror(f"{name}:refuse", of=f"{name}:reserve", kind="release_taken_back")
    if amount < transfer.amount:
        _reserve_one(transfer.hold, transfer.payee, amount=transfer.amount - amount, fee=transfer.fee - fee)


def close_if_over(hold: Hold) -> None:
    """A hold whose releases are all answered, or taken back, has ended."""
    if hold.state == HoldState.RELEASING and not hold.transfers.moving().exists():
        verb = "confirm_release" if hold.transfers.standing().exists() else "lose_dispute"
        HOLD.apply(hold, verb, [BANK], closed_at=timezone.now())
