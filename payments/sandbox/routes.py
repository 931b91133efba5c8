"""How a resource's acts are reached: method, path, the library's parameter type, the function."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from payments.sandbox.errors import ApiError, malformed
from payments.sandbox.store import Thing
from payments.sandbox.world import World


@dataclass(slots=True)
class Call:
    """One request to a resource: in whose name, with which checked parameters, about which ids in the path."""

    world: World
    account: str
    params: dict[str, Any]
    ids: tuple[str, ...] = ()
    path: str = ""

    def need(self, name: str) -> Any:
        """A parameter that Stripe requires although the types call it optional."""
        if self.params.get(name) in (None, ""):
            raise malformed(f"Missing required param: {name}.", name, "parameter_missing")
        return self.params[name]

    def metadata(self) -> dict[str, str]:
        """Checked metadata: at most 50 keys of 40 letters with values of 500."""
        metadata: dict[str, str] = self.params.get("metadata") or {}
        if len(metadata) > 50:
            raise malformed("You can have up to 50 metadata keys.", "metadata")
        for name, value in metadata.items():
            if len(name) > 40 or len(value) > 500:
                raise malformed(f"Metadata '{name[:40]}' is too long: 40 for a key, 500 for a value.", "metadata")
        return metadata


Act = Callable[[Call], Thing]


@dataclass(frozen=True, slots=True)
class Route:
    """One line of Stripe's API. ``reference`` names the library's parameter file."""

    method: str
    path: str
    reference: str
    act: Act

    @property
    def pattern(self) -> re.Pattern[str]:
        return re.compile("^" + re.sub(r"\{\w+\}", r"([^/]{1,255})", self.path) + "$")


def retrieving(kind: str) -> Act:
    """Answer with one thing of this kind."""

    def act(call: Call) -> Thing:
        return call.world.get(kind, call.ids[-1], call.account)

    return act


def listing(kind: str, **fields: str) -> Act:
    """Answer with a page of things, newest first. ``fields`` maps a parameter to the field it filters."""

    def act(call: Call) -> Thing:
        wanted = {fields.get(n, n): v for n, v in call.params.items() if n not in _PAGING and isinstance(v, str | bool)}
        return page(call, kind, lambda thing: all(thing.get(n) == v for n, v in wanted.items()), wanted)

    return act


_PAGING = {"limit", "starting_after", "ending_before", "expand", "created", "arrival_date"}
_COMPARE: dict[str, Callable[[int, int], bool]] = {
    "gt": int.__gt__, "gte": int.__ge__, "lt": int.__lt__, "lte": int.__le__,
}  # fmt: skip


def page(call: Call, kind: str, keep: Callable[[Thing], bool], wanted: dict[str, Any] | None = None) -> Thing:
    """One page of things that ``keep`` likes, by cursor."""
    limit = call.params.get("limit", 10)
    if not 1 <= limit <= 100:
        raise malformed("This value must be between 1 and 100.", "limit", "parameter_invalid_integer")
    after, before = _cursor(call, "starting_after"), _cursor(call, "ending_before")
    store = call.world.store
    mark = next(((n, v) for n, v in (wanted or {}).items() if n in _MARKS and isinstance(v, str)), None)
    rows = store.marked(kind, call.account, *mark) if mark else store.newest(kind, call.account, below=after or 2**62)
    found: list[Thing] = []
    for seq, thing in rows:
        if after and seq >= after:
            continue
        if before and seq <= before:
            break
        if keep(thing) and _dated(call, thing):
            found.append(thing)
            if len(found) > limit and not before:
                break
    more = len(found) > limit
    chosen = found[-limit:] if before else found[:limit]
    return {"object": "list", "url": call.path, "has_more": more, "data": chosen}


_MARKS = {
    "transfer_group",
    "payment_intent",
    "charge",
    "customer",
    "destination",
    "source",
    "payout",
    "email",
    "transfer",
}


def _cursor(call: Call, name: str) -> int | None:
    thing_id = call.params.get(name)
    if thing_id is None:
        return None
    found = call.world.store.get(thing_id)
    if found is None or found[1] != call.account:
        raise ApiError(f"No such object: '{thing_id}'", code="resource_missing", param=name)
    return call.world.store.seq(thing_id)


def _dated(call: Call, thing: Thing) -> bool:
    for name in ("created", "arrival_date"):
        wanted = call.params.get(name)
        if isinstance(wanted, int) and thing.get(name) != wanted:
            return False
        if isinstance(wanted, dict) and not all(_COMPARE[n](thing[name], v) for n, v in wanted.items()):
            return False
    return True
