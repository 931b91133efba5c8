"""Asking as one person, and what came of it in a word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.core import mail
from django.db import connection, transaction
from django.http import HttpResponseBase

from tests.permissions.world import OF_THE_BUSINESS, SECRETS, STRANGERS, Browser

OWN_ADDRESS = {
    "creator": "mina.park@example.org",
    "viewer": "vera.holm@example.org",
    "finance": "fina.berg@example.org",
}
OURS = ("campaigns", "creators", "payments", "hooks", "trust", "notices", "users")
_READS = re.compile(r"^\s*(SELECT|SAVEPOINT|RELEASE|ROLLBACK|SET|DECLARE|FETCH|CLOSE)\b", re.I)
# What logging in and being here writes; the rest is ours.
_SESSION = re.compile(r'^\s*(INSERT INTO|UPDATE|DELETE FROM) "(django_session|usersessions_usersession)"', re.I)
_TOKENS = re.compile(rb'(csrfmiddlewaretoken" value="|X-CSRFToken&quot;: &quot;|X-CSRFToken": ")[A-Za-z0-9]{64}')


@dataclass
class Outcome:
    """One answer: its word, its body, and whether anything is different afterwards."""

    word: str
    status: int
    body: bytes
    changed: list[str] = field(default_factory=list)

    @property
    def gist(self) -> str:
        """The visible words of the answer, for whoever reads a failed test."""
        main = self.body.partition(b"<main")[2] or self.body
        return f"{self.status} {' '.join(re.sub(r'<[^>]*>', ' ', main.decode('utf-8', 'replace')).split())[:300]}"


@contextmanager
def _watching() -> Iterator[list[str]]:
    """Notes every statement that could change a table of ours."""
    seen: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not _READS.match(sql) and not _SESSION.match(sql):
            seen.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield seen


def snapshot() -> dict[str, str]:
    """A fingerprint of every row of every table of ours."""
    tables = sorted({model._meta.db_table for model in apps.get_models() if model._meta.app_label in OURS})
    one = "SELECT '{0}', count(*) || ':' || coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM \"{0}\" t"
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(one.format(table) for table in tables))
        return dict(cursor.fetchall())


def ask(browser: Browser, method: str, path: str, before: dict[str, str], asked: list[str], **sent: Any) -> Outcome:
    """Send one request and take everything back that it did. ``asked`` is what the bank noted."""
    asked.clear()
    with transaction.atomic():
        rung, letters = len(connection.run_on_commit), len(mail.outbox)
        with _watching() as writes:
            answer: Any = browser.generic(method, path, **sent)
            body = _body(answer)
        after = snapshot() if writes else before
        changed = [name for name in before if before[name] != after[name]]
        changed += ["a task"] * (len(connection.run_on_commit) > rung) + ["mail"] * (len(mail.outbox) > letters)
        transaction.set_rollback(True)
    return Outcome(_word(answer), answer.status_code, body, changed + list(asked))


def _body(answer: Any) -> bytes:
    body: bytes = b"".join(answer.streaming_content) if answer.streaming else answer.content
    headers = str(dict(answer.headers)).encode() if answer.has_header("Location") else b""
    return _TOKENS.sub(rb"\1", body) + headers


def _word(answer: HttpResponseBase) -> str:
    if answer.status_code in (301, 302, 303, 307, 308):
        target = answer.headers["Location"]
        if target.startswith(("/accounts/login/", "/admin/login/")):
            return "login"
        return "go"
    return "ok" if 200 <= answer.status_code < 300 else str(answer.status_code)


def overheard(who: str, got: Outcome) -> list[str]:
    """The secrets in this answer that are not for this person; a 403 says that they may see the thing."""
    hidden: tuple[str, ...] = ()
    if who in STRANGERS or got.word in ("401", "404", "405", "login"):
        hidden = SECRETS
    elif who == "creator":
        hidden = OF_THE_BUSINESS
    return [secret for secret in hidden if secret.encode() in got.body and secret != OWN_ADDRESS.get(who)]
