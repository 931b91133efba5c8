"""How well the account model tells labelled accounts apart: within a file, and from one file to another."""

import zlib
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from creators.authenticity.accounts import FEATURES, AccountModel
from creators.evaluation.labelled import Labelled
from creators.evaluation.logistic import chances, fit, log_odds
from creators.evaluation.measures import auc, average_precision, brier

Numbers = NDArray[np.float64]
Judge = Callable[[Numbers], Numbers]
FOLDS = 10


def measured(files: Sequence[Labelled], model: AccountModel) -> dict[str, Any]:
    """For each file: cross-validation and the model that ships; then each file judged by what another taught."""
    return {
        "files": {file.name: _of_file(file, model) for file in files},
        "transfer": [
            {"learned_from": teacher.name, "judged": file.name, "shared": _shared(teacher, file)}
            | _figures(file.labels, learned(teacher.features, teacher.labels, even=True)(file.features))
            for teacher in files
            for file in files
            if teacher is not file
        ],
    }


def learned(features: Numbers, labels: Numbers, *, even: bool = False) -> Judge:
    """A judge (features → log-odds) by these accounts; what is unknown counts as their mean."""
    middle = means(features)
    beta = fit(_filled(features, middle), labels, even=even)
    return lambda others: log_odds(beta, _filled(others, middle))


def means(features: Numbers) -> Numbers:
    """Each column's mean of what is known; 0 where nothing is."""
    known = ~np.isnan(features)
    found: Numbers = np.where(known, features, 0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    return found


def _filled(features: Numbers, middle: Numbers) -> Numbers:
    return np.where(np.isnan(features), middle, features)


def _of_file(file: Labelled, model: AccountModel) -> dict[str, Any]:
    return {
        "accounts": len(file),
        "fake": int(file.labels.sum()),
        "cross_validated": _figures(file.labels, _cross_validated(file)),
        "shipped": _figures(file.labels, _shipped(file, model)),
        "shipped_learned_from_it": file.sha256 in model.learned_from,
        "warnings": list(file.warnings),
    }


def _cross_validated(file: Labelled) -> Numbers:
    """Ten folds; accounts that look exactly alike are in one fold, so that no copy is learned and judged."""
    alike = np.array([zlib.crc32(row.tobytes()) for row in np.round(file.features, 9)])
    _kinds, kind = np.unique(alike, return_inverse=True)
    fold = np.random.default_rng(5).permutation(kind.max() + 1)[kind] % FOLDS
    found = np.zeros(len(file))
    for number in np.unique(fold):
        out = fold == number
        found[out] = learned(file.features[~out], file.labels[~out])(file.features[out])
    return found


def _shipped(file: Labelled, model: AccountModel) -> Numbers:
    names = list(FEATURES)
    middle = np.array([model.features[name].mean for name in names])
    weights = np.array([model.features[name].weight for name in names])
    found: Numbers = model.intercept + _filled(file.features, middle) @ weights
    return found


def _shared(teacher: Labelled, file: Labelled) -> int:
    """How many accounts of the one look exactly like one of the other."""
    known = {row.tobytes() for row in np.round(teacher.features, 9)}
    return sum(row.tobytes() in known for row in np.round(file.features, 9))


def _figures(labels: Numbers, odds: Numbers) -> dict[str, float]:
    return {
        "auc": round(auc(labels, odds), 4),
        "average_precision": round(average_precision(labels, odds), 4),
        "brier": round(brier(labels, chances(odds)), 4),
    }
