"""Whom an order puts before people's eyes: by size, and how unevenly."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from campaigns.evaluation.metrics import in_order
from campaigns.evaluation.study import Study
from campaigns.matching import cells

Numbers = NDArray[np.float64]
TOP = 50
TIERS = (*cells.TIER_NAMES, "unknown")
FEWEST = 20  # real collaborators; below it a tier's ratio is mostly chance


@dataclass(frozen=True)
class Shown:
    """By tier: its share of all candidates, of the real collaborators, and of the top 50. `ratio` is the share of the
    top 50 ÷ the share of the real ones (1 is fair), NaN where too few are real; `found` is the share of the tier's
    real ones in the top 50. `unevenness` is the Gini coefficient of how often a candidate stood in the top 50 of the
    times it could have."""

    candidates: dict[str, float]
    real: dict[str, float]
    top: dict[str, float]
    ratio: dict[str, float]
    found: dict[str, float]
    unevenness: float


def shown(study: Study, scores: Sequence[Numbers]) -> Shown:
    """Counts over all judged trials; `scores` in their order."""
    tier = cells.tier(study.world.pool.followers)
    could, did = np.zeros(len(tier)), np.zeros(len(tier))
    asked, real, top, both = (np.zeros(len(TIERS)) for _ in range(4))
    for case, told in zip(study.judged, scores, strict=True):
        rows, count = case.trial.rows, case.trial.positives
        best = in_order(told)[:TOP]
        could[rows] += 1
        did[rows[best]] += 1
        for total, some in ((asked, rows), (real, rows[:count]), (top, rows[best]), (both, rows[best[best < count]])):
            total += np.bincount(tier[some], minlength=len(total))
    enough = real >= FEWEST
    ratio = (top / top.sum()) / np.maximum(real / real.sum(), 1e-9)
    return Shown(
        candidates=_named(asked / asked.sum()),
        real=_named(real / real.sum()),
        top=_named(top / top.sum()),
        ratio=_named(np.where(enough, ratio, np.nan)),
        found=_named(np.where(enough, both / np.maximum(real, 1), np.nan)),
        unevenness=_gini((did / np.maximum(could, 1))[could > 0]),
    )


def _named(values: Numbers) -> dict[str, float]:
    return dict(zip(TIERS, values.tolist(), strict=True))


def _gini(values: Numbers) -> float:
    """0: all alike; towards 1: all to one. Half the mean difference of two ÷ the mean."""
    ordered, count = np.sort(values), len(values)
    if not ordered.sum():
        return 0.0
    return float((2 * np.arange(1, count + 1) - count - 1) @ ordered / (count * ordered.sum()))
