"""Measures what is usual, and how far creators differ, on real creators: the document that the score reads.

Usual: ridge regression of each reading on size, its square, 1 ÷ √n and niche. Variances: from the first two posts of
creators who have two. Half the squared difference of the two is within a creator (regressed on 1 ÷ n), their product
between creators: method of moments, as for a one-way random-effects model (Searle, Casella, McCulloch, 1992).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import nnls

from creators.authenticity.evidence import Evidence
from creators.authenticity.norms import Norms, parsed, place
from creators.authenticity.readings import OF_POSTS, read

Numbers = NDArray[np.float64]
NICHE_RIDGE = 5.0
# By hand, in the light of the table of injected frauds: what the parts weigh, and which way is better.
WEIGHTS: dict[str, tuple[int, float, float]] = {
    "engagement": (1, 0.7, 0.3),
    "comments_per_like": (1, 0.7, 0.3),
    "depth": (1, 0.15, 1.0),
    "generic": (-1, 0.3, 1.0),
    "emoji_only": (-1, 0.4, 1.0),
    "diversity": (1, 0.35, 1.0),
    "replies": (1, 0.2, 1.0),
    "returning": (-1, 0.1, 1.0),
    "from_creators": (-1, 0.6, 1.0),
    "following": (-1, 0.15, 1.0),
}
# No data here shows these: variances by hand. `within`, `sampling`, `between`.
BY_HAND: dict[str, tuple[float, float, float, float, float]] = {
    "growth": (0.4, 1.0, 0.005, 0.05, 0.04),
    "saturation": (0.2, 1.0, 0.0, 0.25, 0.01),
    "paid_posts": (0.15, 0.3, 0.0, 0.338, 0.1),
}
# Here n is part of the value itself, not the size of a sample: what is usual must not depend on it.
COUNTED = {"comments_per_like"}
BASIS = ("intercept", "size", "size2", "few")


@dataclass(frozen=True)
class Column:
    """All readings of one part: whose (`owner`, a row of the evidence), the value, n, and what is usual depends on."""

    owner: NDArray[np.int64]
    value: Numbers
    count: Numbers
    basis: Numbers
    niche: NDArray[np.int64]


def columns(everybody: Sequence[Evidence], niches: Sequence[str]) -> dict[str, Column]:
    """Every reading of every creator, by part."""
    place_of = {niche: number for number, niche in enumerate(niches)}
    found: dict[str, list[tuple[float, ...]]] = {name: [] for name in WEIGHTS}
    for row, evidence in enumerate(everybody):
        for name, readings in read(evidence):
            if name in found:
                for one in readings:
                    x = place(one.followers if one.followers is not None else evidence.followers)
                    found[name].append((row, one.value, one.size, x, place_of.get(evidence.niche, -1)))
    return {name: _column(rows, sampled=name not in COUNTED) for name, rows in found.items()}


def _column(rows: list[tuple[float, ...]], *, sampled: bool) -> Column:
    table = np.array(rows, dtype=np.float64).reshape(-1, 5)
    owner, value, count, x, niche = table.T
    few = 1 / np.sqrt(np.maximum(count, 1)) if sampled else np.zeros(len(x))
    basis = np.column_stack([np.ones(len(x)), x, x * x, few])
    return Column(owner.astype(np.int64), value, count, basis, niche.astype(np.int64))


def measured(everybody: Sequence[Evidence], *, version: str = "measured") -> Norms:
    """Norms of these creators alone."""
    return parsed(document(everybody, version=version))


def document(everybody: Sequence[Evidence], *, version: str) -> dict[str, Any]:
    """The same as the JSON document that ships."""
    niches = sorted({evidence.niche for evidence in everybody} - {""})
    found = columns(everybody, niches)
    parts: dict[str, dict[str, Any]] = {}
    for name, column in found.items():
        sign, weight, upward = WEIGHTS[name]
        beta, offsets = _usual(column, len(niches))
        within, sampling, between = _variances(column, beta, offsets, of_posts=name in OF_POSTS)
        parts[name] = {"sign": sign, "weight": weight, "upward": upward}
        parts[name] |= {"within": within, "sampling": sampling, "between": between}
        parts[name] |= dict(zip(BASIS, beta.tolist(), strict=True)) | {
            "niches": dict(zip(niches, offsets.tolist(), strict=True))
        }
    for name, (weight, upward, within, sampling, between) in BY_HAND.items():
        parts[name] = {"sign": 1, "weight": weight, "upward": upward}
        parts[name] |= {"within": within, "sampling": sampling, "between": between}
    said: dict[str, Any] = {"version": version, "together": 1.0, "z80": 1.2816, "z95": 1.96, "parts": parts}
    return {name: _rounded(value) for name, value in said.items()}


def _usual(column: Column, niches: int) -> tuple[Numbers, Numbers]:
    if not len(column.value):
        return np.zeros(4), np.zeros(niches)
    members = np.zeros((len(column.value), niches))
    known = column.niche >= 0
    members[known, column.niche[known]] = 1
    # A column of 1 ÷ √n that is all zero: the tiny ridge keeps it harmless.
    design = np.column_stack([column.basis, members])
    ridge = np.diag([1e-6] * 4 + [NICHE_RIDGE] * niches)
    found: Numbers = np.linalg.solve(design.T @ design + ridge, design.T @ column.value)
    return found[:4], found[4:]


def residuals(column: Column, beta: Numbers, offsets: Numbers) -> Numbers:
    """Readings less what is usual."""
    found: Numbers = column.value - column.basis @ beta - np.append(offsets, 0.0)[column.niche]
    return found


def _variances(column: Column, beta: Numbers, offsets: Numbers, *, of_posts: bool) -> tuple[float, float, float]:
    """`within`, `sampling`, `between`; a figure that a profile has once is taken as sure to a twentieth."""
    apart = residuals(column, beta, offsets)
    first, second = pairs(column.owner)
    if not of_posts or len(first) < 2:
        spread = max(float(apart.var()) if len(apart) else 0.0, 0.01)
        return spread / 20, 0.0, spread
    halves = (apart[first] - apart[second]) ** 2 / 2
    per_thing = (1 / column.count[first] + 1 / column.count[second]) / 2
    if per_thing.max() > 0:
        (within, sampling), _rest = nnls(np.column_stack([np.ones(len(first)), per_thing]), halves)
    else:
        within, sampling = halves.mean(), 0.0
    between = float((apart[first] * apart[second]).mean())
    return max(float(within), 1e-3), float(sampling), max(between, 1e-3)


def pairs(owner: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where the first and the second reading of each creator stand, of creators who have two (owners ascending)."""
    starts = np.flatnonzero(np.append(True, np.diff(owner) != 0)) if len(owner) else np.zeros(0, dtype=np.int64)
    first = starts[starts + 1 < len(owner)]
    first = first[owner[first + 1] == owner[first]]
    return first, first + 1


def _rounded(said: Any) -> Any:
    """Five significant digits: more would be noise."""
    if isinstance(said, dict):
        return {name: _rounded(value) for name, value in said.items()}
    if isinstance(said, float) and said and math.isfinite(said):
        return round(said, 4 - math.floor(math.log10(abs(said))))
    return said
