"""Parts to one number: the weighted mean of the parts that this brief can be ranked by."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from campaigns.matching.parts import Evidence
from campaigns.matching.scale import Numbers, neutral
from campaigns.matching.weights import Weights

DIGITS = 9


@dataclass(frozen=True)
class Scored:
    """Scores for the pool and what they are made of: score = Σ weight × value, to nine digits."""

    total: Numbers
    values: dict[str, Numbers]
    expected: dict[str, float]
    weights: dict[str, float]
    known: dict[str, NDArray[np.bool_]]


def score(evidence: dict[str, Evidence], weights: Weights, counts: Numbers | None = None) -> Scored:
    """The weighted mean in [0, 1]. A part nobody is known by is left out; one creator's unknown part is the mean."""
    active = {
        name: weight
        for name, weight in weights.parts.items()
        if weight > 0 and name in evidence and not np.isnan(evidence[name].values).all()
    }
    whole = sum(active.values())
    values, expected = {}, {}
    count = len(next(iter(evidence.values())).values)
    total = np.zeros(count)
    for name, weight in active.items():
        values[name], expected[name] = neutral(evidence[name].values, counts)
        total += weight / whole * values[name]
    return Scored(
        total=np.round(total, DIGITS) if active else np.full(count, 0.5),
        values=values,
        expected=expected,
        weights={name: weight / whole for name, weight in active.items()},
        known={name: ~np.isnan(evidence[name].values) for name in active},
    )
