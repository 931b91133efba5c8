"""The best few of many, exactly, and always in the same order."""

import numpy as np
from numpy.typing import NDArray

from campaigns.matching.scale import Numbers


def top(scores: Numbers, ids: NDArray[np.int64], limit: int) -> NDArray[np.int64]:
    """Rows of the `limit` highest scores, best first; equal scores by ascending id. NaN comes last.

    All rows that tie with the last one taken are looked at, so the cut does not depend on how numpy partitions.
    """
    limit = min(max(limit, 0), len(scores))
    if not limit:
        return np.zeros(0, dtype=np.int64)
    lost = np.where(np.isnan(scores), -np.inf, scores)
    edge = np.partition(lost, len(lost) - limit)[len(lost) - limit]
    rows = np.flatnonzero(lost >= edge)
    order = np.lexsort((ids[rows], -lost[rows]))
    return rows[order][:limit].astype(np.int64)
