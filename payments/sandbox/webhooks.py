"""How news leaves: signed, in order unless told otherwise, tried again until somebody answers 2xx.

Switches, for tests: ``hold`` keeps everything back, ``drop`` throws news away, ``duplicate`` sends each one so many
times more, ``shuffle`` sends what is waiting in another order, ``api_version`` labels it as an endpoint pinned to
another version would.
"""

import hashlib
import hmac
import http.client
import json
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from payments.sandbox.store import Store

FOLDER = "/webhooks/stripe/"
MOST_ATTEMPTS = 16
LONGEST_WAIT = 300.0
SWITCHES: dict[str, Any] = {"hold": False, "drop": False, "duplicate": 0, "shuffle": False, "api_version": ""}
BATCH = 100
TIMEOUT_SECONDS = 10

# (endpoint, body, signature) → HTTP status
Post = Callable[[str, bytes, str], int]


def sign(body: bytes, secret: str, at: int) -> str:
    """The ``Stripe-Signature`` header."""
    mac = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={mac}"


def post_to(site: str) -> Post:
    """Deliver to a site over HTTP: its origin, or the folder under which ``platform/`` and ``connect/`` listen."""
    parts = urlsplit(site)
    folder = f"{parts.path.rstrip('/')}/" if parts.path.strip("/") else FOLDER
    connect = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection

    def post(endpoint: str, body: bytes, signature: str) -> int:
        connection = connect(parts.hostname or "127.0.0.1", parts.port, timeout=TIMEOUT_SECONDS)
        headers = {"Content-Type": "application/json; charset=utf-8", "Stripe-Signature": signature,
                   "User-Agent": "Stripe/1.0 (sandbox)"}  # fmt: skip
        try:
            connection.request("POST", f"{folder}{endpoint}/", body, headers)
            answer = connection.getresponse()
            answer.read()
            return answer.status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()

    return post


@dataclass(slots=True)
class Courier:
    """Takes waiting deliveries from the store and brings them."""

    store: Store
    secrets: dict[str, str]
    post: Post

    def round(self) -> int:
        """Bring everything that is due. Returns how many were tried."""
        switches = read_switches(self.store)
        if switches["hold"]:
            return 0
        rows = self.store.run(
            "SELECT seq, event, endpoint, attempts FROM deliveries WHERE state = 'waiting' AND due <= ? "
            "ORDER BY seq LIMIT ?",
            time.time(),
            BATCH,
        )
        if switches["shuffle"]:
            random.Random(len(rows)).shuffle(rows)  # noqa: S311 - only the order of a test
        for seq, event, endpoint, attempts in rows:
            if switches["drop"]:
                self._finish(seq, "dropped")
            else:
                self._bring(seq, event, endpoint, attempts, switches)
        return len(rows)

    def _bring(self, seq: int, event_id: str, endpoint: str, attempts: int, switches: dict[str, Any]) -> None:
        found = self.store.get(event_id)
        event = found[2] if found else {}
        if switches["api_version"]:
            event = {**event, "api_version": switches["api_version"]}
        body = json.dumps(event, separators=(",", ":")).encode()
        statuses = [self._send(endpoint, body) for _ in range(1 + switches["duplicate"])]
        if all(200 <= status < 300 for status in statuses):
            self._finish(seq, "delivered")
        elif attempts + 1 >= MOST_ATTEMPTS:
            self._finish(seq, "given up")
        else:
            due = time.time() + min(2.0**attempts, LONGEST_WAIT)
            with self.store.writing():
                self.store.run("UPDATE deliveries SET attempts = attempts + 1, due = ? WHERE seq = ?", due, seq)

    def _send(self, endpoint: str, body: bytes) -> int:
        return self.post(endpoint, body, sign(body, self.secrets[endpoint], int(time.time())))

    def _finish(self, seq: int, state: str) -> None:
        with self.store.writing():
            self.store.run("UPDATE deliveries SET state = ? WHERE seq = ?", state, seq)


def read_switches(store: Store) -> dict[str, Any]:
    return {**SWITCHES, **store.knob("webhooks", {})}


def set_switches(store: Store, **switches: Any) -> None:
    unknown = switches.keys() - SWITCHES.keys()
    if unknown:
        raise ValueError(f"No such switch: {', '.join(sorted(unknown))}. There are: {', '.join(SWITCHES)}.")
    with store.writing():
        store.set_knob("webhooks", {**read_switches(store), **switches})


def make_due(store: Store) -> None:
    """Try everything that waits right now, instead of at its time."""
    with store.writing():
        store.run("UPDATE deliveries SET due = 0 WHERE state = 'waiting'")


def waiting(store: Store) -> int:
    count: int = store.run("SELECT COUNT(*) FROM deliveries WHERE state = 'waiting'")[0][0]
    return count


def undelivered(store: Store, event_id: str) -> bool:
    """Whether an endpoint has not taken this event (yet)."""
    return bool(store.run("SELECT 1 FROM deliveries WHERE event = ? AND state <> 'delivered' LIMIT 1", event_id))
