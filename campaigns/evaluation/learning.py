"""The learned order: gradient-boosted trees that tell real collaborators from strangers (Chen and Guestrin, KDD 2016).

Taught one creator at a time, not to order lists (LambdaMART): on brands that are not judged, this ranked better.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import xgboost
from numpy.typing import NDArray

ROUNDS = 150
# One thread: on a busy machine several wait for each other at every tree, and the sums would depend on their number.
SETTINGS = {
    "objective": "binary:logistic", "eta": 0.08, "max_depth": 5, "min_child_weight": 2.0, "subsample": 0.8,
    "colsample_bytree": 0.6, "lambda": 3.0, "tree_method": "hist", "max_bin": 128, "seed": 1, "nthread": 1,
    "verbosity": 0,
}  # fmt: skip


@dataclass(frozen=True)
class Lesson:
    """One query's creators: rows × features, and 1 for each real collaborator."""

    features: NDArray[np.float32]
    real: NDArray[np.int64]


def learned(lessons: Sequence[Lesson], columns: NDArray[np.int64], *, rounds: int = ROUNDS) -> xgboost.Booster:
    """Trees over some of the columns. The same lessons give the same trees."""
    data = xgboost.QuantileDMatrix(
        np.vstack([lesson.features[:, columns] for lesson in lessons]),
        label=np.concatenate([lesson.real for lesson in lessons]),
        nthread=1,
        max_bin=SETTINGS["max_bin"],
    )
    return xgboost.train(SETTINGS, data, num_boost_round=rounds)


def scores(trees: xgboost.Booster, features: NDArray[np.float32], columns: NDArray[np.int64]) -> NDArray[np.float64]:
    """Log-odds, one per creator; only their order means something."""
    rows = xgboost.DMatrix(features[:, columns], nthread=1)
    told: NDArray[np.float64] = trees.predict(rows, output_margin=True).astype(np.float64)
    return told
