"""Where the demo's people live: the hubs, and smaller places around them."""

import csv
import gzip
import io
import math
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from random import Random

from marketplace.demo.content import load
from marketplace.demo.shapes import Place

TOWNS = Path(__file__).resolve().parents[2] / "creators" / "data" / "towns.csv.gz"
CURRENCIES = {"GB": "GBP"}
TIME_ZONES = {
    "AT": "Europe/Vienna", "BE": "Europe/Brussels", "DE": "Europe/Berlin", "ES": "Europe/Madrid",
    "FR": "Europe/Paris", "GB": "Europe/London", "IE": "Europe/Dublin", "IT": "Europe/Rome",
    "NL": "Europe/Amsterdam", "PT": "Europe/Lisbon",
}  # fmt: skip


class Map:
    """The hubs with what lies around each."""

    def __init__(self, around: dict[tuple[str, str], list[Place]], hubs: Sequence[Place]) -> None:
        self.hubs = hubs
        self._around = around
        self._weights = [row[3] for row in load("places")["hubs"]]
        self._share = float(load("places")["nearby_share"])

    def hub(self, name: str) -> Place:
        return next(place for place in self.hubs if place.name == name)

    def near(self, hub: Place, rng: Random) -> Place:
        """The hub itself, or now and then a smaller place beside it."""
        around = self._around[hub.country, hub.name]
        return rng.choice(around) if around and rng.random() < self._share else hub

    def any_hub(self, rng: Random) -> Place:
        return rng.choices(self.hubs, self._weights)[0]


@cache
def the_map() -> Map:
    """Read the open table once; only the hubs and what lies around them are kept."""
    wanted = [tuple(row[:3]) for row in load("places")["hubs"]]
    near_km = float(load("places")["nearby_km"])
    regions = {(region, country) for _name, region, country in wanted}
    with gzip.open(TOWNS, "rb") as packed:
        rows = csv.reader(io.StringIO(packed.read().decode("utf-8")))
        places = [Place(n, r, c, float(lat), float(lon)) for n, r, c, lat, lon in rows if (r, c) in regions]
    known = {(place.name, place.region, place.country): place for place in places}
    hubs = [known[name, region, country] for name, region, country in wanted]
    around = {
        (hub.country, hub.name): [
            place for place in places if place.country == hub.country and 2 < distance_km(hub, place) < near_km
        ]
        for hub in hubs
    }
    return Map(around, hubs)


def distance_km(one: Place, other: Place) -> float:
    """Near enough for small distances: a flat map scaled at the first place's latitude."""
    north = (other.latitude - one.latitude) * 110.6
    east = (other.longitude - one.longitude) * 111.3 * math.cos(math.radians(one.latitude))
    return math.hypot(north, east)


def currency_of(country: str) -> str:
    return CURRENCIES.get(country, "EUR")
