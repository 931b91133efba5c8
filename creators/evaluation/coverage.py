"""Do the bands hold what they say? The first post of a creator foretells the second; norms are from other creators."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from creators.authenticity.evidence import Evidence
from creators.authenticity.norms import Norms
from creators.evaluation.norms import Column, columns, measured, pairs, residuals
from creators.figures import believed

Numbers = NDArray[np.float64]
MOST_PARTS = 6  # a creator counts for the whole score when the two posts share this many parts


def halves(everybody: Sequence[Evidence]) -> tuple[list[Evidence], list[Evidence]]:
    """Every other creator, and the rest."""
    return list(everybody[::2]), list(everybody[1::2])


def coverage(everybody: Sequence[Evidence], given: Norms) -> dict[str, Any]:
    """Share of second posts inside the 80 % and 95 % bands that the first one foretold, by part and for the whole.

    The bands' width in standard deviations (`z80`, `z95`) and `together` are those of `given`; what is usual and the
    variances are measured on the half of creators that is not judged, both ways round.
    """
    odd, even = halves(everybody)
    runs = [
        foretold(judged, replace(measured(others), together=given.together))
        for judged, others in ((odd, even), (even, odd))
    ]
    merged = {name: np.concatenate([run[name] for run in runs]) for name in runs[0]}
    return {name: _share(distance, given) for name, distance in merged.items() if len(distance)}


def _share(distance: Numbers, given: Norms) -> dict[str, float]:
    far = np.abs(distance)
    return {
        "creators": len(far),
        "within_80": round(float((far <= given.z80).mean()), 4),
        "within_95": round(float((far <= given.z95).mean()), 4),
    }


def foretold(judged: Sequence[Evidence], norms: Norms) -> dict[str, Numbers]:
    """For each part, and "score" for all: (second post − what the first foretold) ÷ its standard deviation."""
    niches = sorted(norms.niches)
    found: dict[str, Numbers] = {}
    total, variance, parts = (np.zeros(len(judged)) for _ in range(3))
    for name, column in columns(judged, niches).items():
        first, second = pairs(column.owner)
        if name == "following" or not len(first):
            continue
        apart, spread, scale = _foretold(column, norms, name, niches, first, second)
        found[name] = apart / np.sqrt(spread)
        rows = column.owner[first]
        total[rows] += scale * apart
        variance[rows] += scale**2 * spread
        parts[rows] += 1
    whole = parts >= MOST_PARTS
    found["score"] = total[whole] / np.sqrt(norms.together * variance[whole])
    return found


def _foretold(
    column: Column, norms: Norms, name: str, niches: Sequence[str], first: NDArray[np.int64], second: NDArray[np.int64]
) -> tuple[Numbers, Numbers, float]:
    norm = norms.parts[name]
    beta = np.array([norm.intercept, norm.size, norm.size2, norm.few])
    offsets = np.array([(norm.niches or {}).get(niche, 0.0) for niche in niches])
    apart = norm.sign * residuals(column, beta, offsets)
    noise = norm.within + norm.sampling / np.maximum(column.count, 0.5)
    prior = 1 / norm.between
    middle = believed(1 / noise[first], apart[first], prior, np.zeros(len(first)))
    spread: Numbers = 1 / (1 / noise[first] + prior) + noise[second]
    return apart[second] - middle, spread, norm.weight / float(np.sqrt(norm.between))


def quantiles(everybody: Sequence[Evidence], norms: Norms) -> tuple[float, float, float]:
    """`together`, `z80` and `z95` of the whole score on these creators, for the document that ships."""
    distance = foretold(everybody, replace(norms, together=1.0))["score"]
    together = max(float(distance.var()), 1.0)
    far = np.abs(distance) / np.sqrt(together)
    return together, float(np.quantile(far, 0.8)), float(np.quantile(far, 0.95))
