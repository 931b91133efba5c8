"""Which payment into a wallet pays for which hold: first paid in, first used; what comes back, last used first."""

from django.db.models import F, Sum

from marketplace.kit.errors import Conflict
from marketplace.kit.money import Money
from payments import ledger
from payments.models import Checkout, Draw, Hold, Refund, Wallet
from payments.states import Chart, CheckoutState


def left(wallet: Wallet) -> Money:
    """What nothing has been held for yet, from the books."""
    return ledger.held(Chart.WALLET, wallet.public_id, wallet.currency)


def left_of_payments(wallet: Wallet) -> list[tuple[Checkout, Money]]:
    """The payments of which something is left, oldest first, and how much; together they are what the wallet holds."""
    used = Draw.objects.filter(checkout__wallet=wallet).order_by().values_list("checkout")
    drawn: dict[int, int] = dict(used.annotate(used=Sum(F("minor") - F("returned_minor"))))
    back = Refund.objects.standing().filter(wallet=wallet, hold=None).order_by().values_list("checkout")
    refunded: dict[int, int] = dict(back.annotate(gone=Sum(F("amount_minor") + F("fee_minor"))))
    found = []
    for checkout in wallet.checkouts.filter(state=CheckoutState.PAID).order_by("paid_at", "pk"):
        minor = checkout.total_minor - drawn.get(checkout.pk, 0) - refunded.get(checkout.pk, 0)
        if minor:
            found.append((checkout, Money(minor, wallet.currency)))
    return found


def take(hold: Hold, wallet: Wallet) -> None:
    """Move the hold's total out of the wallet. Both are locked by the caller. Raises Conflict when it holds less."""
    wanted = hold.total.minor
    for checkout, money in left_of_payments(wallet):
        part = min(wanted, money.minor)
        if part:
            Draw.objects.create(hold=hold, checkout=checkout, minor=part)
            wanted -= part
    if wanted:
        raise Conflict("wallet_short", f"There is not enough in this wallet: {left(wallet)} of {hold.total}.")
    ledger.post(
        [
            ledger.debit(Chart.WALLET, hold.total, wallet.public_id),
            ledger.credit(Chart.HOLD, hold.total, hold.public_id),
        ],
        key=f"hold:{hold.public_id}:drawn",
        kind="drawn",
        hold=hold,
        wallet=wallet,
    )


def give_back(hold: Hold, money: Money) -> None:
    """Note which payments have this much more left again. The entries are the caller's."""
    minor = money.minor
    for draw in hold.draws.order_by("-pk"):
        part = min(minor, draw.minor - draw.returned_minor)
        if part:
            Draw.objects.filter(pk=draw.pk).update(returned_minor=F("returned_minor") + part)
            minor -= part
    assert minor == 0, f"{hold} gives back more than was drawn for it"
