"""The life of an account, as far as others decide about it."""

from django.db import models

from marketplace.kit.states import Machine, row


class AccountState(models.TextChoices):
    """Whether a person may use their account."""

    ACTIVE = "active", "Active"
    SUSPENDED = "suspended", "Suspended"


ACCOUNT = Machine(
    "account",
    AccountState,
    [
        row("suspend", [AccountState.ACTIVE], AccountState.SUSPENDED, ["admin"], "Suspend"),
        row("reinstate", [AccountState.SUSPENDED], AccountState.ACTIVE, ["admin"], "Reinstate"),
    ],
)


def state_of(*, is_suspended: bool) -> AccountState:
    """Where an account stands."""
    return AccountState.SUSPENDED if is_suspended else AccountState.ACTIVE
