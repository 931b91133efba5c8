"""One night of reconciliation, and what Stripe may do behind our back."""

from datetime import timedelta
from typing import Any

import time_machine
from django.db import connection
from django.utils import timezone

from marketplace.kit.money import Money
from payments.models import Case, Reconciliation
from payments.reconciliation import Report, reconcile, start
from payments.sandbox import balances
from tests.plugins.sandbox import Bank

LATER = timedelta(hours=2)  # past the grace that news is given


def compared(
    row: Reconciliation | None = None, *, keep: bool = True, seconds: float = float("inf"), later: timedelta = LATER
) -> Report:
    """Compare some hours from now, when nothing is young any more."""
    with time_machine.travel(timezone.now() + later):
        return reconcile(row or start(), Report(keep=keep), seconds=seconds)


def move_at_stripe(bank: Bank, money: Money, *, kind: str = "adjustment", account: str = "", source: str = "") -> str:
    """Stripe moves a balance, and nothing of ours asked it to. Returns the line's number."""
    world = bank.sandbox.engine.world
    with world.store.writing():
        line = balances.book(
            world, kind=kind, source=source or world.new_id("adj"), amount=money.minor,
            currency=money.currency.lower(), account=account,
        )  # fmt: skip
    return str(line["id"])


def top_up(bank: Bank, money: Money) -> None:
    """The operator puts money in; nobody tells the books."""
    bank.sandbox.control.add_funds(amount=money.minor, currency=money.currency.lower())


def tamper(statement: str, values: list[Any] | None = None, *, table: str = "payments_posting") -> None:
    """Run SQL past the ledger's guards, as only the owner of the tables can."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement, values or [])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def kinds() -> list[str]:
    """The kinds of the open cases, sorted."""
    return sorted(Case.objects.open().values_list("kind", flat=True))
