"""How alike two creators are, from meaning, niche, price and place. Pure; followers are not even a column here."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WEIGHTS: Mapping[str, float] = {"meaning": 0.5, "niche": 0.25, "price": 0.15, "place": 0.1}
UNKNOWN = 0.5
EARTH_KM = 6371.0
HALFWAY_KM = 50.0


@dataclass(frozen=True, slots=True)
class Traits:
    """What is compared of a creator: niche slugs with their ancestors, the lowest price in minor units, a point on the
    map. None is unknown."""

    niches: frozenset[str] = frozenset()
    price_minor: int | None = None
    currency: str = ""
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class Likeness:
    """``score`` from 0 to 1, the parts that are known (0 … 1 each), and the way between both in kilometres."""

    score: float
    parts: Mapping[str, float]
    distance_km: float | None


def likeness(own: Traits, other: Traits, *, closer_than: float | None) -> Likeness:
    """The weighted mean of four parts; one that is not known of both counts as a half, and is no reason.

    meaning: the share of those looked at who are further away; niche: Jaccard index |A ∩ B| ÷ |A ∪ B| of both trees
    (Jaccard, 1901); price: 1 ÷ (1 + |log₂ ratio|), so twice as dear is a half; place: 1 ÷ (1 + (km ÷ 50)²).
    """
    km = distance_km(own, other)
    every = own.niches | other.niches
    parts = {
        "meaning": closer_than,
        "niche": len(own.niches & other.niches) / len(every) if own.niches and other.niches else None,
        "price": _price(own, other),
        "place": None if km is None else 1 / (1 + (km / HALFWAY_KM) ** 2),
    }
    known = {name: value for name, value in parts.items() if value is not None}
    score = sum(weight * known.get(name, UNKNOWN) for name, weight in WEIGHTS.items())
    return Likeness(round(score, 9), known, km)


def ranked(found: Sequence[tuple[int, Likeness]]) -> list[tuple[int, Likeness]]:
    """Most alike first, equals in order of id."""
    return sorted(found, key=lambda pair: (-pair[1].score, pair[0]))


def distance_km(own: Traits, other: Traits) -> float | None:
    """Kilometres along the great circle (haversine); None when a point is unknown."""
    if None in (own.latitude, own.longitude, other.latitude, other.longitude):
        return None
    here, there = math.radians(own.latitude or 0.0), math.radians(other.latitude or 0.0)
    east = math.radians((other.longitude or 0.0) - (own.longitude or 0.0))
    inner = math.sin((there - here) / 2) ** 2 + math.cos(here) * math.cos(there) * math.sin(east / 2) ** 2
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(inner)))


def _price(own: Traits, other: Traits) -> float | None:
    if not own.price_minor or not other.price_minor or own.currency != other.currency:
        return None
    return 1 / (1 + abs(math.log2(other.price_minor / own.price_minor)))
