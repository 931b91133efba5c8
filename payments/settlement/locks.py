"""Whose turn it is: a hold, or a wallet, is locked before anything that belongs to it. A hold before its wallet."""

from payments.models import Checkout, Hold, Operation, Refund, Wallet


def lock_hold(pk: int | None) -> None:
    """Keep this hold until the transaction ends."""
    if pk is not None:
        Hold.objects.select_for_update().order_by().filter(pk=pk).values("pk").first()


def lock_wallet(pk: int | None) -> None:
    """Keep this wallet until the transaction ends."""
    if pk is not None:
        Wallet.objects.select_for_update().order_by().filter(pk=pk).values("pk").first()


def lock_purpose(thing: Checkout | Operation | Refund) -> None:
    """Keep what the thing belongs to until the transaction ends."""
    lock_hold(thing.hold_id)
    lock_wallet(thing.wallet_id)
