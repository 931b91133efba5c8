"""How far the truth may be from what is expected."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from campaigns.matching.planning.facts import Candidates

DRAWS = 512
MIDDLE = (0.1, 0.9)
SEED = 20_261


def middle_80(candidates: Candidates, rows: Sequence[int]) -> tuple[float, float]:
    """The tenth and the ninetieth percentile of the people engaged by these creators.

    Each creator engages a log-normal multiple of what is expected, of mean 1 and the variance `spread`: the posterior
    of their rate (`cells.shrunk_rate`) and one post's own luck. Independent between creators, drawn from one fixed
    seed, so that the same plan always says the same.
    """
    chosen = np.asarray(rows, dtype=np.int64)
    audience = candidates.audience
    segments, shares = audience.segments[chosen], audience.shares[chosen]
    names, place = np.unique(segments, return_inverse=True)
    variance = candidates.spread[chosen]
    normal = np.random.default_rng(SEED).standard_normal((DRAWS, len(chosen)))
    factor = np.exp(normal * np.sqrt(variance) - variance / 2)
    missed = np.ones((DRAWS, len(names)))
    where = place.reshape(segments.shape)
    for row in range(len(chosen)):
        left = 1 - np.minimum(factor[:, row, None] * shares[row], 1.0)
        for at, segment in enumerate(where[row].tolist()):
            missed[:, segment] *= left[:, at]
    reach = (1 - missed) @ audience.value[names] + audience.own[chosen].sum()
    low, high = np.quantile(reach, MIDDLE)
    return float(low), float(high)
