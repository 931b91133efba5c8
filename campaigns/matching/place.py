"""Distance on the globe, and what it is worth to a brief with a radius."""

import math

import numpy as np

from campaigns.matching.brief import BriefFacts
from campaigns.matching.candidates import Pool
from campaigns.matching.scale import Numbers

EARTH_KM = 6371.0


def distance_km(brief: BriefFacts, pool: Pool) -> Numbers:
    """Great-circle distance from the brief's place (haversine); NaN where a place is not known."""
    if brief.latitude is None or brief.longitude is None:
        return np.full(len(pool), np.nan)
    return great_circle_km(brief.latitude, brief.longitude, pool.latitude, pool.longitude)


def great_circle_km(here: float, there: float, latitude: Numbers, longitude: Numbers) -> Numbers:
    """Kilometres from one point (degrees north, degrees east) to many, by the haversine formula."""
    latitude, longitude, here, there = np.radians(latitude), np.radians(longitude), np.radians(here), np.radians(there)
    half = np.sin((latitude - here) / 2) ** 2 + np.cos(latitude) * np.cos(here) * np.sin((longitude - there) / 2) ** 2
    distance: Numbers = 2 * EARTH_KM * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0)))
    return distance


def kilometres(latitude: float, longitude: float, to_latitude: float, to_longitude: float) -> float:
    """Great-circle distance between two points, by the same formula."""
    rise, run = math.radians(to_latitude - latitude), math.radians(to_longitude - longitude)
    shrink = math.cos(math.radians(latitude)) * math.cos(math.radians(to_latitude))
    half = math.sin(rise / 2) ** 2 + shrink * math.sin(run / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(min(half, 1.0)))


def closeness(distance: Numbers, radius_km: float) -> Numbers:
    """1 ÷ (1 + (distance ÷ radius)²): 1 on the spot, a half at the radius, a fifth at twice the radius."""
    if radius_km <= 0:
        return np.full(len(distance), np.nan)
    return 1 / (1 + (distance / radius_km) ** 2)
