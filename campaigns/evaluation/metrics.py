"""How good an order is: one row of measures per trial, then means over brands with bootstrap intervals."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from campaigns.matching.retrieve import top

Numbers = NDArray[np.float64]
MEASURES = ("AUC", "cAUC", "R@10", "R@50", "nDCG@10", "MRR", "MAP", "MedR", "<10k")
BOOTSTRAPS = 1_000
SMALL = 10_000


def in_order(scores: Numbers) -> NDArray[np.int64]:
    """Places of the scores, best first. Equal scores stand in an order that no collaborator chose."""
    return top(scores, np.random.default_rng(len(scores)).permutation(len(scores)), len(scores))


def measured(
    scores: Numbers,
    positives: int,
    *,
    category: NDArray[np.int64],
    followers: Numbers,
    order: NDArray[np.int64] | None = None,
) -> Numbers:
    """The measures of one trial, whose first `positives` scores are the real collaborators'.

    AUC: share of (real, other) pairs in the right order. cAUC: the same, with others of the real one's own category.
    MedR: the place of the first real one (its median over brands is taken in `summed`). `<10k`: share of creators
    under 10,000 followers in the top 50. `order`: that of the scores, where it is not `in_order`.
    """
    order = in_order(scores) if order is None else order
    place = np.empty(len(scores), dtype=np.int64)
    place[order] = np.arange(len(scores))
    found = np.sort(place[:positives])
    depth = np.arange(1, positives + 1)
    gain = (1 / np.log2(found[found < 10] + 2)).sum() / (1 / np.log2(np.arange(min(positives, 10)) + 2)).sum()
    return np.array(
        [
            _auc(place[:positives], place[positives:]),
            _auc_by_category(place, positives, category),
            (found < 10).sum() / positives,
            (found < 50).sum() / positives,
            gain,
            1 / (found[0] + 1),
            (depth / (found + 1)).mean(),
            found[0] + 1,
            (followers[order[:50]] < SMALL).mean(),
        ]
    )


def _auc(real: NDArray[np.int64], others: NDArray[np.int64]) -> float:
    """Mann and Whitney's statistic ÷ the number of pairs, from places without ties; NaN without others."""
    if not len(others):
        return float("nan")
    behind = len(others) - np.searchsorted(np.sort(others), real)
    return float(behind.mean() / len(others))


def _auc_by_category(place: NDArray[np.int64], positives: int, category: NDArray[np.int64]) -> float:
    """Mean over the real ones of their AUC against others of their own category."""
    real, kinds = place[:positives], category[:positives]
    parts = []
    for kind in np.unique(kinds):
        own = place[positives:][category[positives:] == kind]
        parts += [_auc(real[row : row + 1], own) for row in np.flatnonzero(kinds == kind)]
    known = [part for part in parts if not np.isnan(part)]
    return float(np.mean(known)) if known else float("nan")


def summed(rows: Numbers, brands: Sequence[str], *, seed: int = 1) -> dict[str, tuple[float, float, float]]:
    """Measure → (value, low, high): trials averaged in their brand, brands averaged, the 95 % interval by resampling
    brands (percentile bootstrap). MedR is the median over brands."""
    names = sorted(set(brands))
    which = np.array([names.index(brand) for brand in brands])
    by_brand = np.vstack([_mean(rows[which == brand]) for brand in range(len(names))])
    picks = np.random.default_rng(seed).integers(0, len(names), (BOOTSTRAPS, len(names)))
    told = {}
    for column, measure in enumerate(MEASURES):
        how = _median if measure == "MedR" else _mean
        drawn = how(by_brand[:, column][picks].T)
        known = drawn[~np.isnan(drawn)]  # a resample may hold only brands whose measure nobody can take
        low, high = np.percentile(known, [2.5, 97.5]) if len(known) else (np.nan, np.nan)
        told[measure] = (float(how(by_brand[:, column : column + 1])[0]), float(low), float(high))
    return told


def _mean(rows: Numbers) -> Numbers:
    """The mean of each column's known values."""
    known = ~np.isnan(rows)
    return np.where(known.any(axis=0), np.nansum(rows, axis=0) / np.maximum(known.sum(axis=0), 1), np.nan)


def _median(rows: Numbers) -> Numbers:
    median: Numbers = np.median(rows, axis=0)
    return median
