"""The learned order: gradient-boosted trees that optimise nDCG (LambdaMART; Burges, MSR-TR-2010-82)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import xgboost
from numpy.typing import NDArray

ROUNDS = 150
# One thread: on a busy machine several wait for each other at every tree, and the sums would depend on their number.
SETTINGS = {
    "objective": "rank:ndcg", "lambdarank_pair_method": "topk", "lambdarank_num_pair_per_sample": 20,
    "eta": 0.08, "max_depth": 5, "min_child_weight": 2.0, "subsample": 0.8, "colsample_bytree": 0.6,
    "lambda": 3.0, "tree_method": "hist", "max_bin": 128, "seed": 1, "nthread": 1, "verbosity": 0,
}  # fmt: skip


@dataclass(frozen=True)
class Lesson:
    """One query's creators: rows × features, and 1 for each real collaborator."""

    features: NDArray[np.float32]
    real: NDArray[np.int64]


def learned(lessons: Sequence[Lesson], columns: NDArray[np.int64], *, rounds: int = ROUNDS) -> xgboost.Booster:
    """Trees over some of the columns. The same lessons give the same trees."""
    data = xgboost.DMatrix(
        np.vstack([lesson.features[:, columns] for lesson in lessons]),
        label=np.concatenate([lesson.real for lesson in lessons]),
        qid=np.repeat(np.arange(len(lessons)), [len(lesson.real) for lesson in lessons]),
        nthread=1,
    )
    return xgboost.train(SETTINGS, data, num_boost_round=rounds)


def scores(trees: xgboost.Booster, features: NDArray[np.float32], columns: NDArray[np.int64]) -> NDArray[np.float64]:
    """One number per creator; only their order means something."""
    told: NDArray[np.float64] = trees.predict(xgboost.DMatrix(features[:, columns], nthread=1)).astype(np.float64)
    return told
