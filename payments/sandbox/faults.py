"""Troubles on request: a test arms one for a route, and it strikes so many times.

``cut`` closes the connection without an answer, ``delay`` waits, ``429``, ``409``, ``500`` (or any status) answer so,
``other_mode`` answers as if the key were of the other mode than what it asks for.
``after=True`` strikes after the work is done and kept: the classic lost answer. Bad weather strikes anywhere: so many
percent of all requests, chosen by a seed.
"""

import random
from dataclasses import dataclass
from typing import Any

from payments.sandbox.errors import ApiError
from payments.sandbox.store import Store

_NAME, _WEATHER = "faults", "weather"
_STORMS = (
    ("cut", False), ("cut", True), ("429", False), ("409", False), ("500", False), ("500", True), ("delay", False),
)  # fmt: skip
_DELAY_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Fault:
    kind: str
    after: bool = False
    seconds: float = 0.0


def arm(store: Store, route: str, kind: str, *, count: int = 1, after: bool = False, seconds: float = 0.0) -> None:
    """``route`` is like ``POST /v1/transfers``; ``*`` means every route."""
    with store.writing():
        armed = store.knob(_NAME, [])
        armed.append({"route": route, "kind": str(kind), "count": count, "after": after, "seconds": seconds})
        store.set_knob(_NAME, armed)


def disarm(store: Store) -> None:
    with store.writing():
        store.set_knob(_NAME, [])


def strike(store: Store, method: str, route: str) -> Fault | None:
    """The next fault for this route, counted down."""
    with store.writing():
        armed: list[dict[str, Any]] = store.knob(_NAME, [])
        for fault in armed:
            if fault["route"] in {"*", f"{method} {route}"}:
                fault["count"] -= 1
                store.set_knob(_NAME, [one for one in armed if one["count"] > 0])
                return Fault(fault["kind"], fault["after"], fault["seconds"])
        return _storm(store)


def set_weather(store: Store, *, percent: int, seed: int) -> None:
    with store.writing():
        store.set_knob(_WEATHER, {"percent": percent, "seed": seed})


def _storm(store: Store) -> Fault | None:
    weather: dict[str, int] = store.knob(_WEATHER) or {"percent": 0, "seed": 0}
    if not weather["percent"]:
        return None
    chance = random.Random(f"{weather['seed']} {store.count(_WEATHER)}")  # noqa: S311 - to be repeated
    if chance.random() * 100 >= weather["percent"]:
        return None
    kind, after = chance.choice(_STORMS)
    return Fault(kind, after, _DELAY_SECONDS)


def as_error(fault: Fault) -> ApiError | None:
    """The error body of a status fault."""
    if fault.kind == "other_mode":
        message = (
            "No such object; a similar object exists in live mode, but a test mode key was used to make this request."
        )
        return ApiError(message, code="resource_missing")
    if not fault.kind.isdigit():
        return None
    status = int(fault.kind)
    if status == 429:
        return ApiError("Too many requests hit the API too quickly.", status=429, code="rate_limit", began=False)
    if status == 409:
        return ApiError("This object cannot be accessed right now because another request is using it.",
                        status=409, code="lock_timeout", began=False)  # fmt: skip
    return ApiError("An unknown error occurred.", status=status, kind="api_error")
