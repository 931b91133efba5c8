"""Nearness by meaning: cosines of unit vectors, and the niches two sides share."""

import numpy as np

from campaigns.matching.brief import BriefFacts
from campaigns.matching.candidates import Pool
from campaigns.matching.nearest import cosines
from campaigns.matching.scale import Numbers

DIGITS = 5  # Beyond it, sums differ between processors and numbers of threads; the order must not.


def text_fit(brief: BriefFacts, pool: Pool) -> Numbers:
    """Cosine of the brief with each creator's average post; NaN where one of them has said nothing yet."""
    wanted = brief.meaning
    if pool.cosines is not None:
        return pool.cosines.round(DIGITS)
    if wanted is None or pool.vectors.shape[1:] != wanted.shape:
        return np.full(len(pool), np.nan)
    return cosines(pool.vectors, wanted).round(DIGITS)


def best_post(brief: BriefFacts, pool: Pool) -> Numbers:
    """The largest cosine among each creator's own posts; NaN without posts."""
    best: Numbers = np.full(len(pool), -np.inf)
    wanted = brief.meaning
    if wanted is not None and pool.posts.shape[1:] == wanted.shape:
        np.maximum.at(best, pool.post_rows, (pool.posts @ wanted).astype(np.float64))
    best[np.isinf(best)] = np.nan
    return best.round(DIGITS)


def topic_fit(brief: BriefFacts, pool: Pool) -> Numbers:
    """The share of the creator's niches that the brief asks for; NaN where either side names none."""
    if pool.topic is not None:
        return pool.topic
    wanted = np.array([max(brief.niches.get(name, 0.0), 0.0) for name in pool.niche_names])
    if not wanted.any():
        return np.full(len(pool), np.nan)
    asked = np.flatnonzero(wanted)
    total = pool.niches.sum(axis=1)
    match = pool.niches[:, asked] @ (wanted[asked] / wanted.max()) / np.where(total > 0, total, 1)
    return np.where(total > 0, match, np.nan)
