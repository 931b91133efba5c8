"""Before the score: the few thousand of a million who can be among the best, and a sample that stands for the rest."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from campaigns.matching.brief import BriefFacts
from campaigns.matching.candidates import Pool
from campaigns.matching.parts import TOPIC_SHARE, measure
from campaigns.matching.scale import SPREAD, Numbers
from campaigns.matching.score import score
from campaigns.matching.weights import FIRST, Weights

ENOUGH = 20_000  # so many are scored one and all
NEAREST = 20_000
BY_BOTH = 4_000
BY_THE_REST = 1_000
BACKGROUND = 6_000
Rows = NDArray[np.int64]
Mask = NDArray[np.bool_]
Nearest = Callable[[NDArray[np.float32], Mask, int], tuple[Rows, Numbers]]


@dataclass(frozen=True)
class Narrowed:
    """Rows to score (ascending), and for how many creators each stands; None: for itself, and nobody is missing."""

    rows: Rows
    counts: Numbers | None


@dataclass(frozen=True)
class Signals:
    """What is known of every row without reading its vector.

    `topic`: the share of the creator's niches that the brief asks for (0: none, or not known). `merit`: the score
    for a brief that says nothing; `order`: the rows by merit, best first. `always`: rows whose merit is not known yet;
    they are scored as they are.
    """

    topic: Numbers
    merit: Numbers
    order: Rows
    always: Rows


def candidates(
    brief: BriefFacts, keeps: Mask, *, signals: Signals, nearest: Nearest | None, weights: Weights = FIRST
) -> Narrowed:
    """Whom to score of those the filters keep: everybody up to 20,000, or without an index; else the promising.

    Promising: of the 20,000 nearest by meaning the 4,000 best by meaning, niches and merit together; the 1,000 best
    by niches and merit, and by merit alone; and who is new. The rest is a systematic sample, each row standing for
    its share (Horvitz and Thompson, JASA 47, 1952): means, spreads and places are those of everybody.
    """
    kept = int(np.count_nonzero(keeps))
    if kept <= ENOUGH or nearest is None:
        return Narrowed(np.flatnonzero(keeps), None)
    chosen = np.zeros(len(keeps), dtype=np.bool_)
    chosen[signals.always[keeps[signals.always]]] = True
    step = weights.parts.get("niche", 0.0) / sum(weights.parts.values()) / SPREAD / np.hypot(1, TOPIC_SHARE)
    there = np.flatnonzero(signals.topic)
    there = there[keeps[there]]
    by_topic = step * TOPIC_SHARE / _spread(signals.topic[there], kept)
    alone = BY_THE_REST
    if brief.vector is not None and np.any(brief.vector):
        rows, cosines = nearest(brief.vector, keeps, NEAREST)
        near = step / _spread_of_nearest(cosines, kept) * cosines
        chosen[rows[_best(near + by_topic * signals.topic[rows] + signals.merit[rows], BY_BOTH)]] = True
    else:
        alone += BY_BOTH
    chosen[there[_best(by_topic * signals.topic[there] + signals.merit[there], alone)]] = True
    chosen[_first(signals.order, keeps, alone)] = True
    return _with_background(keeps & chosen, keeps & ~chosen)


def _with_background(chosen: Mask, rest: Mask) -> Narrowed:
    others, own = np.flatnonzero(rest), np.flatnonzero(chosen)
    sample = others[np.linspace(0, len(others) - 1, min(BACKGROUND, len(others))).astype(np.int64)]
    rows = np.sort(np.concatenate([own, sample]))
    return Narrowed(rows, np.where(chosen[rows], 1.0, len(others) / max(len(sample), 1)))


def _best(values: Numbers, count: int) -> Rows:
    """Where the `count` largest are, in no order."""
    if len(values) <= count:
        return np.arange(len(values))
    return np.argpartition(values, len(values) - count)[len(values) - count :].astype(np.int64)


def _first(order: Rows, keeps: Mask, count: int) -> Rows:
    """The first `count` rows of an order that are kept, without looking at all of it."""
    found: list[Rows] = []
    for start in range(0, len(order), ENOUGH):
        part = order[start : start + ENOUGH]
        found.append(part[keeps[part]])
        if sum(map(len, found)) >= count:
            break
    return np.concatenate([np.zeros(0, dtype=np.int64), *found])[:count]


def _spread(values: Numbers, kept: int) -> float:
    """The standard deviation of these values and as many zeros as make them `kept`."""
    return max(math.sqrt(float((values**2).sum()) / kept - (float(values.sum()) / kept) ** 2), 1e-9)


def _spread_of_nearest(cosines: Numbers, kept: int) -> float:
    """The spread of everybody's cosines, from the nearest alone.

    The mean excess over the lowest of the best share p is about σ ÷ z(p) for a normal tail, z(p) ≈ √(2·ln(1/p)).
    """
    if not len(cosines):
        return 1.0
    share = min(len(cosines) / kept, 0.5)
    excess = float(cosines.mean() - cosines.min())
    return max(excess * math.sqrt(2 * math.log(1 / share)), 1e-9)


def merit(pool: Pool, weights: Weights = FIRST) -> Numbers:
    """What each creator would score for a brief that says nothing, in points of a brief that says everything."""
    if not len(pool):
        return np.zeros(0)
    scored = score(measure(BriefFacts(), pool), weights)
    share = sum(weights.parts[name] for name in scored.weights) / sum(weights.parts.values())
    return scored.total * share
