"""The bank's own rules, which it checks every minute in production, as one statement that is planned once per world."""

from django.db import connection

from payments.invariants import INVARIANTS
from payments.states import Severity

# Those that are broken by waiting are not: here nobody looks at what is late, and days pass at once.
RULES = [rule for rule in INVARIANTS if rule.severity == Severity.CRITICAL]
ALL = " UNION ALL ".join(
    f"SELECT '{rule.name}', what::text, wrong::text FROM ({rule.sql}) AS broken (what, wrong)"  # noqa: S608 - our own
    for rule in RULES
)


def check() -> None:
    """Every one of them holds after every transaction."""
    found = broken()
    assert found == [], found


def broken() -> list[tuple[str, str, str]]:
    """Rule, what breaks it, and how."""
    connection.ensure_connection()
    with connection.connection.cursor() as cursor:
        cursor.execute("SET jit = off")
        found: list[tuple[str, str, str]] = cursor.execute(ALL, prepare=True).fetchall()
    return found
