"""What the resources act on: the things, the clock, the ids, and the news of what happened."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from payments.sandbox.errors import no_such
from payments.sandbox.ids import make_id
from payments.sandbox.params import library_api_version
from payments.sandbox.store import Store, Thing

DAY = 86_400
PLATFORM = ""
MODELESS = frozenset({"account", "balance_transaction", "refund", "transfer_reversal"})


def public(thing: Any) -> Any:
    """The thing without what the double notes for itself (fields that start with an underscore)."""
    if isinstance(thing, dict):
        return {name: public(value) for name, value in thing.items() if not name.startswith("_")}
    return [public(one) for one in thing] if isinstance(thing, list) else thing


@dataclass(slots=True)
class Config:
    """How this double behaves. Delays are in seconds of its own clock."""

    url: str = "http://127.0.0.1"
    settle_seconds: int = 2 * DAY
    debit_seconds: int = 4 * DAY
    payout_seconds: int = 2 * DAY
    overdraft: int = 100_000  # what Stripe debits from the platform's bank for refunds its balance does not cover
    endpoints: tuple[str, ...] = ("platform", "connect")


@dataclass(slots=True)
class Origin:
    """The request that caused an event."""

    request_id: str | None = None
    key: str | None = None


@dataclass(slots=True)
class World:
    store: Store
    seed: str
    config: Config
    ring: Callable[[], None] = field(default=lambda: None)
    origin: Origin = field(default_factory=Origin)

    def now(self) -> int:
        """The double's clock: the real one, plus what control has added."""
        return int(time.time()) + int(self.store.knob("clock", 0))

    def new_id(self, prefix: str) -> str:
        return make_id(self.seed, prefix, self.store.count(prefix))

    def add(self, kind: str, prefix: str, account: str = PLATFORM, **fields: Any) -> Thing:
        """Keep a new thing of this kind."""
        thing: Thing = {"id": self.new_id(prefix), "object": kind, "created": self.now()}
        if kind not in MODELESS:
            thing["livemode"] = False
        thing.update(fields)
        self.store.put(kind, account, thing)
        return thing

    def save(self, thing: Thing, account: str | None = None) -> None:
        found = self.store.get(thing["id"])
        self.store.put(thing["object"], found[1] if found and account is None else account or PLATFORM, thing)

    def get(self, kind: str, thing_id: str, account: str | None = PLATFORM, *, param: str | None = None) -> Thing:
        """The thing, or Stripe's "No such …". ``account=None`` looks everywhere."""
        found = self.store.get(thing_id)
        if found is None or found[0] != kind or (account is not None and found[1] != account):
            raise no_such(kind.rpartition(".")[2], thing_id, param)
        return found[2]

    def maybe(self, thing_id: str) -> Thing | None:
        found = self.store.get(thing_id)
        return found[2] if found else None

    def account_of(self, thing_id: str) -> str:
        found = self.store.get(thing_id)
        return found[1] if found else PLATFORM

    def emit(self, kind: str, thing: Thing, account: str = PLATFORM, previous: Thing | None = None) -> Thing:
        """Something happened: keep the event and queue it for the endpoint that listens."""
        data: Thing = {"object": public(thing)}
        if previous is not None:
            data["previous_attributes"] = previous
        event: Thing = {
            "id": self.new_id("evt"),
            "object": "event",
            "api_version": library_api_version(),
            "created": self.now(),
            "data": data,
            "livemode": False,
            "pending_webhooks": 1,
            "request": {"id": self.origin.request_id, "idempotency_key": self.origin.key},
            "type": kind,
        }
        if account:
            event["account"] = account
        self.store.put("event", account, event)
        endpoint = "connect" if account else "platform"
        if endpoint in self.config.endpoints:
            self.store.run(
                "INSERT INTO deliveries (event, endpoint, due) VALUES (?, ?, ?)", event["id"], endpoint, time.time()
            )
        self.ring()
        return event
