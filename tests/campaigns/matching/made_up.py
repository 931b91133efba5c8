"""Made-up pools: two hundred creators whose figures hang together, from one seed."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from campaigns.matching import BriefFacts, Pool

SIZE = 16
NICHES = ("baking", "coffee", "gardens")


def unit(rows: NDArray[np.float64]) -> NDArray[np.float32]:
    found: NDArray[np.float32] = (rows / np.linalg.norm(rows, axis=-1, keepdims=True)).astype(np.float32)
    return found


def columns(count: int = 200, seed: int = 7) -> dict[str, Any]:
    """Every column a pool can have; a tenth of each figure is not known."""
    random = np.random.default_rng(seed)
    figures: dict[str, Any] = {
        "followers": random.lognormal(9, 1.2, count).round(),
        "engagement_rate": random.lognormal(-3.5, 0.7, count),
        "engagement_posts": random.integers(1, 30, count).astype(float),
        "comments_per_like": random.lognormal(-3, 0.8, count),
        "reply_rate": random.beta(2, 4, count),
        "genuine_share": random.beta(4, 3, count),
        "comment_words": random.gamma(4, 1.5, count),
        "comments_seen": random.integers(0, 300, count).astype(float),
        "latitude": 48 + random.random(count),
        "longitude": 11 + random.random(count),
        "price_minor": random.integers(5_000, 40_000, count).astype(float),
        "sponsored_share": random.beta(1, 6, count),
        "authenticity": random.beta(8, 2, count),
        "reliability": random.beta(9, 1, count),
    }
    for column in figures.values():
        column[random.random(count) < 0.1] = np.nan
    return figures | {
        "vectors": unit(random.normal(size=(count, SIZE))),
        "niches": random.random((count, len(NICHES))) * (random.random((count, len(NICHES))) > 0.5),
        "niche_names": NICHES,
        "platform": ["instagram", "tiktok", "blog"] * (count // 3) + ["youtube"] * (count % 3),
    }


def made_up(**changes: Any) -> Pool:
    """A pool of two hundred, with some columns replaced (None: left out)."""
    full = {name: column for name, column in (columns() | changes).items() if column is not None}
    return Pool.of(np.arange(1, 201), **full)


def alike(count: int, **figures: Any) -> Pool:
    """Creators who differ in nothing but what is given; ids 1, 2, 3 …"""
    same: dict[str, Any] = {
        "vectors": unit(np.ones((count, SIZE))),
        "niche_names": NICHES,
        "niches": np.ones((count, len(NICHES))),
        "platform": ["instagram"] * count,
        "followers": np.full(count, 4_000.0),
        "engagement_rate": np.full(count, 0.04),
        "engagement_posts": np.full(count, 10.0),
    }
    given = {name: column for name, column in (same | figures).items() if column is not None}
    return Pool.of(np.arange(1, count + 1), **given)


def brief(**changes: Any) -> BriefFacts:
    """A bakery in a town, looking for people nearby."""
    facts: dict[str, Any] = {
        "text": "Sourdough bakery",
        "niches": {"baking": 1.0, "coffee": 0.3},
        "latitude": 48.5,
        "longitude": 11.5,
        "radius_km": 40.0,
        "budget_minor": 60_000,
        "vector": unit(np.arange(1.0, SIZE + 1)),
    }
    return BriefFacts(**(facts | changes))
