"""What somebody looks for: filters, the five orders there are (never by followers), a place."""

from collections.abc import Sequence
from dataclasses import dataclass

ORDERS = ("engagement", "conversation", "newest", "price", "distance")
RADIUS_KM = 50
RADIUS_MAX_KM = 500
AVAILABLE = ("room", "active")


@dataclass(frozen=True, slots=True)
class Place:
    """A point to measure from, and how far around it to look."""

    latitude: float
    longitude: float
    radius_km: float = RADIUS_KM
    label: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for; what is empty is not asked. Prices compare within one currency, both ends included.

    ``available`` is “room” (takes paid work) or “active” (posted in the last ACTIVE_DAYS days).
    """

    q: str = ""
    niches: Sequence[str] = ()
    platform: str = ""
    language: str = ""
    country: str = ""
    near: Place | None = None
    price_min_minor: int | None = None
    price_max_minor: int | None = None
    currency: str = "EUR"
    engagement_min: float | None = None
    tier: str = ""
    available: str = ""
    order: str = "engagement"

    @property
    def narrow(self) -> bool:
        """Whether one of the rarer questions is asked."""
        asked = (self.language, self.country, self.is_priced, self.engagement_min, self.tier, self.available)
        return any(asked)

    @property
    def asked(self) -> list[str]:
        """The names of the filters that are set."""
        said = {
            "q": self.q.strip(),
            "niche": self.niches,
            "platform": self.platform,
            "language": self.language,
            "country": self.country,
            "near": self.near,
            "price": self.is_priced,
            "engagement": self.engagement_min is not None,
            "tier": self.tier,
            "available": self.available,
        }
        return [name for name, value in said.items() if value]

    @property
    def is_priced(self) -> bool:
        """Whether either end of the price is asked."""
        return self.price_min_minor is not None or self.price_max_minor is not None

    @property
    def orders(self) -> list[str]:
        """The orders that make sense here: distance needs a place."""
        return [name for name in ORDERS if name != "distance" or self.near]
