"""What rules one creator out for one brief: the hard filters, asked of a pair.

`campaigns.shortlist.filters` asks the same of everybody in SQL; a test holds the two together. What is not known of a
creator rules nobody out, except where the brief cannot do without it: a radius needs a place, a network a channel.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

from campaigns.matching.place import kilometres


@dataclass(frozen=True, slots=True)
class Limits:
    """What a brief insists on. Empty is no limit; `left_minor` is what of the budget may still be spent."""

    country: str = ""
    latitude: float | None = None
    longitude: float | None = None
    radius_km: float | None = None
    languages: frozenset[str] = frozenset()
    platforms: frozenset[str] = frozenset()
    left_minor: int = 0
    currency: str = "EUR"
    subjects: frozenset[str] = frozenset()
    team: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a creator is and refuses. `least_minor` is the lowest fee they take, None where they named none."""

    country: str = ""
    latitude: float | None = None
    longitude: float | None = None
    languages: frozenset[str] = frozenset()
    platforms: frozenset[str] = frozenset()
    least_minor: int | None = None
    currency: str = "EUR"
    exclusions: frozenset[str] = frozenset()
    user: int | None = None


def obstacles(limits: Limits, bounds: Bounds) -> list[str]:
    """The names of the filters that rule this creator out; none where the two may meet."""
    return [name for name, stops in OBSTACLES.items() if stops(limits, bounds)]


def _abroad(limits: Limits, bounds: Bounds) -> bool:
    return bool(limits.country and bounds.country) and limits.country != bounds.country


def _too_far(limits: Limits, bounds: Bounds) -> bool:
    if limits.latitude is None or limits.longitude is None or not limits.radius_km:
        return False
    if bounds.latitude is None or bounds.longitude is None:
        return True
    away = kilometres(limits.latitude, limits.longitude, bounds.latitude, bounds.longitude)
    return not math.isfinite(away) or away > limits.radius_km


def _speaks_otherwise(limits: Limits, bounds: Bounds) -> bool:
    return bool(limits.languages and bounds.languages) and not limits.languages & bounds.languages


def _posts_elsewhere(limits: Limits, bounds: Bounds) -> bool:
    return bool(limits.platforms) and not limits.platforms & bounds.platforms


def _too_dear(limits: Limits, bounds: Bounds) -> bool:
    if bounds.least_minor is None or bounds.currency != limits.currency:
        return False
    return bounds.least_minor > limits.left_minor


OBSTACLES: dict[str, Callable[[Limits, Bounds], bool]] = {
    "country": _abroad,
    "radius": _too_far,
    "languages": _speaks_otherwise,
    "platforms": _posts_elsewhere,
    "price": _too_dear,
    "exclusions": lambda limits, bounds: bool(limits.subjects & bounds.exclusions),
    "team": lambda limits, bounds: bounds.user in limits.team,
}
