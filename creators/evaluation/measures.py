"""How well numbers tell two labels apart."""

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

Numbers = NDArray[np.float64]


def auc(labels: Numbers, values: Numbers) -> float:
    """The chance that a labelled one has the higher value; equal values count half (Mann and Whitney, 1947)."""
    ones = labels > 0.5
    positives, others = int(ones.sum()), int((~ones).sum())
    if not positives or not others:
        return float("nan")
    places = rankdata(values)
    return float((places[ones].sum() - positives * (positives + 1) / 2) / (positives * others))


def average_precision(labels: Numbers, values: Numbers) -> float:
    """Mean precision at each labelled one, from the highest value down; equal values are taken together."""
    order = np.argsort(-values, kind="stable")
    ranked, ones = values[order], labels[order] > 0.5
    ends = np.append(np.flatnonzero(np.diff(ranked)), len(ranked) - 1)
    found = np.cumsum(ones)[ends]
    if not found[-1]:
        return float("nan")
    gained = np.diff(found, prepend=0)
    return float((gained * found / (ends + 1)).sum() / found[-1])


def brier(labels: Numbers, chances: Numbers) -> float:
    """Mean squared distance of the probability from the label (Brier, 1950); a coin has .25."""
    return float(((chances - labels) ** 2).mean())
