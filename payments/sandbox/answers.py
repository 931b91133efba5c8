"""Idempotency as Stripe documents it: the first answer of a key is the answer, for 24 hours.

Only work that began is remembered (also when it failed, also a 500). A request that failed validation, or met another
one with the same key still under way, leaves no trace and may be sent again.
"""

import hashlib
import threading
from dataclasses import dataclass, field

from payments.sandbox.errors import ApiError
from payments.sandbox.store import Store
from payments.sandbox.wire import Response
from payments.sandbox.world import DAY

LONGEST_KEY = 255


@dataclass(slots=True)
class Answers:
    store: Store
    _busy: set[tuple[str, str]] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self, account: str, key: str) -> None:
        """Take the key, or 409 while somebody else works under it."""
        if len(key) > LONGEST_KEY:
            raise ApiError("Idempotency keys are at most 255 characters long.", began=False)
        with self._lock:
            if (account, key) in self._busy:
                raise ApiError(
                    "There is currently another in-progress request using this Idempotent Key (that probably means "
                    "you submitted twice, and the other request is still going through). Please try again later.",
                    status=409,
                    kind="idempotency_error",
                    code="idempotency_key_in_use",
                    began=False,
                )
            self._busy.add((account, key))

    def end(self, account: str, key: str) -> None:
        with self._lock:
            self._busy.discard((account, key))

    def find(self, account: str, key: str, mark: str) -> Response | None:
        """The first answer, if there was one. A different request under the same key is refused."""
        rows = self.store.run(
            "SELECT print, status, body, request FROM answers WHERE account = ? AND key = ?", account, key
        )
        if not rows:
            return None
        first, status, body, request_id = rows[0]
        if first != mark:
            raise ApiError(
                "Keys for idempotent requests can only be used with the same parameters they were first used with. "
                f"Try using a key other than '{key}' if you meant to execute a different request.",
                kind="idempotency_error",
                began=False,
            )
        headers = {
            "Content-Type": "application/json",
            "Idempotent-Replayed": "true",
            "Original-Request": request_id,
            "Idempotency-Key": key,
        }
        return Response(status, body, headers)

    def keep(self, account: str, key: str, mark: str, response: Response, now: int) -> None:
        self.store.run(
            "INSERT OR IGNORE INTO answers VALUES (?, ?, ?, ?, ?, ?, ?)",
            account, key, mark, response.status, response.body, response.headers.get("Request-Id", ""), now,
        )  # fmt: skip

    def prune(self, now: int) -> None:
        """After 24 hours a key is forgotten, and would do the work again."""
        self.store.run("DELETE FROM answers WHERE created <= ?", now - DAY)


def fingerprint(method: str, path: str, body: bytes) -> str:
    return hashlib.sha256(b"\n".join((method.encode(), path.encode(), body))).hexdigest()
