"""Made-up candidates for a plan, from one seed each."""

from typing import Any

import numpy as np

from campaigns.matching.planning import Audience, Candidates

SEGMENTS = 12


def candidates(count: int, seed: int = 1, **changes: Any) -> Candidates:
    """Creators in three of twelve segments each, who cost more the more they reach."""
    random = np.random.default_rng(seed)
    segments = np.array([random.choice(SEGMENTS, 3, replace=False) for _ in range(count)]).reshape(count, 3)
    shares = random.lognormal(-3, 1, (count, 3)).clip(max=0.6)
    price = (2_000 + 60_000 * shares.sum(axis=1) * random.lognormal(0, 0.5, count)).astype(np.int64)
    columns: dict[str, Any] = {
        "ids": np.arange(1, count + 1),
        "price_minor": price,
        "cost_minor": price + price // 10,
        "audience": Audience(segments, shares, random.lognormal(6, 0.7, SEGMENTS), np.zeros(count)),
        "is_local": random.random(count) < 0.5,
        "niche": random.integers(0, 4, count),
        "risk": random.random(count),
        "spread": np.full(count, 0.35),
    }
    return Candidates(**(columns | changes))


def alike(count: int, *, cost: int = 10_000, share: float = 0.1, **changes: Any) -> Candidates:
    """Creators who cost the same and have the same segment to themselves: each is a copy of the other."""
    audience = Audience(
        np.zeros((count, 1), dtype=np.int64), np.full((count, 1), share), np.array([1_000.0]), np.zeros(count)
    )
    same: dict[str, Any] = {
        "price_minor": np.full(count, cost),
        "cost_minor": np.full(count, cost),
        "audience": audience,
        "is_local": np.zeros(count, dtype=np.bool_),
        "niche": np.zeros(count, dtype=np.int64),
        "risk": np.zeros(count),
    }
    return candidates(count, **(same | changes))
