"""Empties the database between tests: quickly, and although the ledger refuses it.

Django would truncate every table and tell every app that it was migrated, which takes longer than most tests do.
Here the tables that hold a row lose it, and nothing else is touched. Only the owner of the tables can do this; the
application itself never does.
"""

from collections.abc import Sequence
from typing import Any

import pytest
from django.core.management.commands import flush
from django.db.backends.postgresql.operations import DatabaseOperations

GUARDED = ("payments_posting", "payments_entry", "payments_balance", "payments_invoice", "payments_invoiceseries")
# Migrations write these, and a test never does: they would only be made again.
KEPT = ("django_content_type", "auth_permission")
_sql_flush = DatabaseOperations.sql_flush


def _empty(self: DatabaseOperations, style: Any, tables: Sequence[str], **options: Any) -> list[str]:
    """What takes every row away.

    The tables are truncated where the role may not silence triggers, and where all that refers to them must go too.
    """
    tables = [table for table in tables if table not in KEPT]
    with self.connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        if options.get("allow_cascade") or not cursor.fetchone()[0]:
            return _truncate_past_the_guards(self, style, tables, **options)
        looks = [f"SELECT '{table}' WHERE EXISTS (SELECT FROM {table})" for table in tables]  # noqa: S608 - our own
        cursor.execute(" UNION ALL ".join(looks))
        filled = [table for (table,) in cursor.fetchall()]
    rest = "SET LOCAL session_replication_role = replica"
    return [rest, *(f"DELETE FROM {table}" for table in filled)] if filled else []  # noqa: S608 - our own


def _truncate_past_the_guards(self: DatabaseOperations, style: Any, tables: Sequence[str], **options: Any) -> list[str]:
    statements = _sql_flush(self, style, tables, **options)
    held = [table for table in GUARDED if table in tables]
    rest = [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in held]
    wake = [f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in held]
    return [*rest, *statements, *wake] if statements else []


@pytest.hookimpl
def pytest_configure() -> None:
    DatabaseOperations.sql_flush = _empty  # type: ignore[method-assign, assignment]
    flush.emit_post_migrate_signal = lambda *_words, **_options: None  # type: ignore[attr-defined]
