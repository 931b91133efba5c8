"""Which payment into a wallet pays for which hold: first paid in, first used; what comes back, last used first."""

from django.db.models import F, Sum

from marketplace.kit.errors import Conflict
from marketplace.kit.money import Money
from payments import ledger
from payments.models import Checkout, Dispute, Draw, Hold, Refund, Wallet
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


def free_of_payments(wallet: Wallet) -> list[tuple[Checkout, Money]]:
    """The same without payments that a bank has taken back: nothing of them moves until it has judged."""
    disputed = set(Dispute.objects.undecided().filter(checkout__wallet=wallet).values_list("checkout", flat=True))
    return [(checkout, money) for checkout, money in left_of_payments(wallet) if checkout.pk not in disputed]


def still_paid(hold: Hold) -> dict[int, Money]:
    """Payment → what of it is neither back in the wallet nor with the payer's bank, the first one used first."""
    lost = hold.refunds.standing().exclude(dispute=None).order_by().values_list("checkout")
    gone: dict[int, int] = dict(lost.annotate(gone=Sum(F("amount_minor") + F("fee_minor"))))
    draws = hold.draws.order_by("pk")
    minors = {draw.checkout_id: draw.minor - draw.returned_minor - gone.get(draw.checkout_id, 0) for draw in draws}
    return {checkout: Money(minor, hold.currency) for checkout, minor in minors.items()}


def take(hold: Hold, wallet: Wallet) -> None:
    """Move the hold's total out of the wallet. Both are locked by the caller. Raises Conflict when it holds less."""
    wanted, free = hold.total.minor, free_of_payments(wallet)
    for checkout, money in free:
        part = min(wanted, money.minor)
        if part:
            Draw.objects.create(hold=hold, checkout=checkout, minor=part)
            wanted -= part
    if wanted:
        there = Money(sum(money.minor for _, money in free), wallet.currency)
        raise Conflict("wallet_short", f"There is not enough in this wallet: {there} of {hold.total}.")
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
    for checkout, paid in reversed(still_paid(hold).items()):
        part = min(minor, paid.minor)
        if part:
            Draw.objects.filter(hold=hold, checkout=checkout).update(returned_minor=F("returned_minor") + part)
            minor -= part
    assert minor == 0, f"{hold} gives back more than was drawn for it"
