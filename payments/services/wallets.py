"""The life of a wallet: opened, filled through the hosted page, drawn on, closed; what is left goes back."""

from django.db import transaction
from django.utils import timezone

from marketplace.kit.errors import Conflict, Invalid
from marketplace.kit.later import later
from marketplace.kit.money import Money
from payments import tasks
from payments.models import Account, Hold, Refund, Wallet
from payments.settlement import arrivals, drawing, refunds
from payments.settlement.locks import lock_hold, lock_wallet
from payments.signals import hold_secured
from payments.states import BANK, CALLER, HOLD, WALLET, AccountKind, CheckoutState, WalletState


def open_wallet(*, payer: Account, currency: str, reference: str, description: str) -> Wallet:
    """The payer can put money aside from now on, in one currency."""
    Money(0, currency)  # refuses currencies we do not handle
    if payer.kind != AccountKind.PAYER:
        raise Invalid("wrong_accounts", "A payer has a wallet.")
    return Wallet.objects.create(
        payer=payer, currency=currency, reference=reference[:64], description=description[:200]
    )


@transaction.atomic
def draw(wallet: Wallet, hold: Hold) -> Hold:
    """The wallet pays for a hold at once. Raises Conflict when it holds less than that, or is closed."""
    lock_hold(hold.pk)
    lock_wallet(wallet.pk)
    hold.refresh_from_db()
    wallet.refresh_from_db()
    HOLD.find(hold.state, "secure", [BANK])
    if wallet.state != WalletState.OPEN:
        raise Conflict("wallet_closed", "This wallet is closed.", state=wallet.state)
    if (wallet.payer_id, wallet.currency) != (hold.payer_id, hold.currency):
        raise Conflict("wrong_wallet", "This wallet is not for that.")
    if hold.checkouts.filter(state=CheckoutState.PROCESSING).exists():
        raise Conflict("payment_on_its_way", "Your payment is on its way from the bank. This can take some days.")
    drawing.take(hold, wallet)
    HOLD.apply(hold, "secure", [BANK], secured_at=timezone.now(), wallet=wallet)
    arrivals.close_all(hold)
    hold_secured.send(sender=Hold, hold=hold)
    return hold


@transaction.atomic
def return_left(wallet: Wallet, *, reason: str) -> list[Refund]:
    """What is left goes back through the payments it came with; each gets its own rest back."""
    lock_wallet(wallet.pk)
    wallet.refresh_from_db()
    made = refunds.return_left(wallet, reason=reason)
    for refund in made:
        later(tasks.run_operation, operation_id=refund.operation_id)
    return made


@transaction.atomic
def close_wallet(wallet: Wallet, *, reason: str) -> Wallet:
    """Nothing is paid in or drawn any more. What is left, and what holds give back later, goes where it came from."""
    lock_wallet(wallet.pk)
    wallet.refresh_from_db()
    WALLET.apply(wallet, "close", [CALLER], closed_at=timezone.now())
    arrivals.close_all(wallet)
    return_left(wallet, reason=reason)
    return wallet
