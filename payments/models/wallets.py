"""What a payer has put aside for one purpose, before it is held for anything in particular."""

from django.db import models
from django.db.models import Q

from marketplace.kit.models import Stamped
from payments.models.accounts import Account
from payments.states import WalletState


class Wallet(Stamped):
    """Money paid in once and drawn on by many holds. Its balance is in the books; what is left returns to where it
    came from."""

    payer = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="wallets")
    currency = models.CharField(max_length=3)
    reference = models.CharField(max_length=64, db_index=True, help_text="The caller's own name for this; opaque here.")
    description = models.CharField(max_length=200)
    closed_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=WalletState.choices, default=WalletState.OPEN)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=WalletState.values), name="wallet_state_known"),
        ]

    def __str__(self) -> str:
        return f"wallet for {self.description}"
