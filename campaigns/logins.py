"""A creator's login has changed: whoever did it cannot send the creator's money anywhere for a while."""

from typing import Any

from allauth.account import signals as account_signals
from allauth.mfa import signals as mfa_signals

from creators.models import Creator
from marketplace.users.models import User
from payments import services as bank
from payments.models import PauseReason

# Adding a second factor makes a login safer, so it is not among them.
CHANGES = {
    "password_changed": account_signals.password_changed,
    "password_set": account_signals.password_set,
    "password_reset": account_signals.password_reset,
    "email_changed": account_signals.email_changed,
    "authenticator_removed": mfa_signals.authenticator_removed,
}


def connect() -> None:
    """Listen to the logins, once per process."""
    for name, signal in CHANGES.items():
        signal.connect(on_change, dispatch_uid=f"campaigns.logins.{name}")


def on_change(*, user: User, **_: Any) -> None:
    """Payouts of this person wait; somebody who is not paid through us has none."""
    creator = Creator.objects.select_related("account").filter(user=user).exclude(account=None).first()
    if creator is not None and creator.account is not None:
        bank.pause_payouts(creator.account, PauseReason.LOGIN)
