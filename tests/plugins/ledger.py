"""Lets the database be emptied between tests although the ledger refuses TRUNCATE: its guards rest meanwhile.

Only the owner of the tables can do this; the application itself never does.
"""

from collections.abc import Sequence
from typing import Any

import pytest
from django.db.backends.postgresql.operations import DatabaseOperations

GUARDED = ("payments_posting", "payments_entry", "payments_balance", "payments_invoice", "payments_invoiceseries")
_sql_flush = DatabaseOperations.sql_flush


def _flush_past_the_guards(self: DatabaseOperations, style: Any, tables: Sequence[str], **options: Any) -> list[str]:
    statements = _sql_flush(self, style, tables, **options)
    held = [table for table in GUARDED if table in tables]
    rest = [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in held]
    wake = [f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in held]
    return [*rest, *statements, *wake] if statements else []


@pytest.hookimpl
def pytest_configure() -> None:
    DatabaseOperations.sql_flush = _flush_past_the_guards  # type: ignore[method-assign, assignment]
