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
from campaigns.matching.place import closeness
from campaigns.matching.scale import Numbers, mean_of, neutral, standard, standing
from campaigns.matching.score import score
from campaigns.matching.weights import FIRST, Weights

ENOUGH = 20_000  # so many are scored one and all
NEAREST, FEWEST, ONE_IN = 20_000, 5_000, 25  # of the nearest one in 25 of the kept is looked at, within these bounds
BY_BOTH = 3_000
BY_THE_REST = 1_500
BACKGROUND = 4_000
USUAL_THERE = 1.0  # how near posts of a niche are to a brief of it, in standard deviations: for want of their own
Rows = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Narrowed:
    """Rows to score (ascending), and for how many creators each stands; None: for itself, and nobody is missing."""

    rows: Rows
    counts: Numbers | None


@dataclass(frozen=True)
class Signals:
    """What is known of every row without reading its vector.

    `topic`: the share of the creator's niches that the brief asks for (0: none, or not known). `points`: what rows
    score by everything but meaning and niches. `order`: the rows by merit, best first. `always`: rows whose merit is
    not known yet; they are scored as they are.
    """

    topic: Numbers
    points: Callable[[Rows], Numbers]
    order: Rows
    always: Rows


@dataclass(frozen=True)
class Reach:
    """The index: about the nearest of the kept rows with their cosines, and the exact cosines of given rows."""

    nearest: Callable[[NDArray[np.float32], Mask, int], tuple[Rows, Numbers]]
    cosines: Callable[[NDArray[np.float32], Rows], Numbers]


def candidates(
    brief: BriefFacts, keeps: Mask, *, signals: Signals, reach: Reach | None, weights: Weights = FIRST
) -> Narrowed:
    """Whom to score of those the filters keep: everybody up to 20,000, or without an index; else the promising.

    Promising: of the 5,000 to 20,000 nearest by meaning the 3,000 best by all that is known; the 1,500 best by niches
    and the rest without meaning, and by merit alone; and who is new. The others are a systematic sample, each row
    standing for its share (Horvitz and Thompson, JASA 47, 1952): means, spreads and places are those of everybody.
    """
    kept = np.flatnonzero(keeps)
    if len(kept) <= ENOUGH or reach is None:
        return Narrowed(kept, None)
    sample = kept[np.linspace(0, len(kept) - 1, min(BACKGROUND, len(kept))).astype(np.int64)]
    chosen = np.zeros(len(keeps), dtype=np.bool_)
    chosen[signals.always[keeps[signals.always]]] = True
    vector = brief.meaning
    there = np.flatnonzero(signals.topic)
    there = there[keeps[there]]
    topics = _Scale.of_few(signals.topic[there], len(kept))
    cosines = np.zeros(len(sample)) if vector is None else reach.cosines(vector, sample)
    guess = _guess(signals, topics, sample, cosines, weights)
    if vector is not None:
        rows, near = reach.nearest(vector, keeps, min(max(len(kept) // ONE_IN, FEWEST), NEAREST))
        chosen[rows[_best(guess(rows, near), BY_BOTH)]] = True
    alone = BY_THE_REST if vector is not None else BY_THE_REST + BY_BOTH
    chosen[there[_best(guess(there, None), alone)]] = True
    chosen[_first(signals.order, keeps, alone)] = True
    return _with_sample(np.flatnonzero(chosen), sample[~chosen[sample]], len(kept))


def _guess(
    signals: Signals, topics: _Scale, sample: Rows, cosines_of_sample: Numbers, weights: Weights
) -> Callable[[Rows, Numbers | None], Numbers]:
    """How rows will about score, with the means and spreads of a sample."""
    text = _Scale.of(cosines_of_sample)
    both = _Scale.of(np.nan_to_num(text(cosines_of_sample)) + TOPIC_SHARE * topics(signals.topic[sample]))
    weight = weights.parts.get("niche", 0.0) / sum(weights.parts.values())

    def guess(rows: Rows, cosines: Numbers | None) -> Numbers:
        near = USUAL_THERE if cosines is None else np.nan_to_num(text(cosines))
        return weight * standing(both(near + TOPIC_SHARE * topics(signals.topic[rows]))) + signals.points(rows)

    return guess


@dataclass(frozen=True)
class _Scale:
    """Values as distances from a mean, in standard deviations."""

    middle: float
    spread: float

    def __call__(self, values: Numbers) -> Numbers:
        distance: Numbers = (values - self.middle) / self.spread
        return distance

    @classmethod
    def of(cls, values: Numbers) -> _Scale:
        """Of what is known of these."""
        middle = mean_of(values)
        return cls(middle, max(math.sqrt(mean_of((values - middle) ** 2)), 1e-9))

    @classmethod
    def of_few(cls, values: Numbers, count: int) -> _Scale:
        """Of these values and as many zeros as make them `count`."""
        middle = float(values.sum()) / count
        return cls(middle, max(math.sqrt(max(float((values**2).sum()) / count - middle**2, 0.0)), 1e-9))


def _with_sample(own: Rows, others: Rows, kept: int) -> Narrowed:
    """The chosen, each for itself, and some of the others for all of them."""
    rows = np.concatenate([own, others])
    counts = np.repeat([1.0, (kept - len(own)) / max(len(others), 1)], [len(own), len(others)])
    order = np.argsort(rows)
    return Narrowed(rows[order], counts[order])


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


def standings(pool: Pool, weights: Weights = FIRST) -> tuple[Numbers, Numbers]:
    """What can be said of creators before there is a brief: merit, and likes and comments that a post may expect.

    Merit is the score for a brief that says nothing, in points of one that says everything.
    """
    if not len(pool):
        return np.zeros(0), np.zeros(0)
    evidence = measure(BriefFacts(), pool)
    scored = score(evidence, weights)
    share = sum(weights.parts[name] for name in scored.weights) / sum(weights.parts.values())
    return scored.total * share, evidence["price"].facts["engaged"]


def other_points(
    brief: BriefFacts, merit: Numbers, engaged: Numbers, price_minor: Numbers, km: Numbers, weights: Weights = FIRST
) -> Numbers:
    """Merit, and what price and place add for this brief, row by row; what is not known is as usual."""
    whole = sum(weights.parts.values())
    with np.errstate(invalid="ignore", divide="ignore"):
        price = standing(-standard(np.log(np.where(price_minor > 0, price_minor, np.nan) / engaged)))
        near = closeness(km, brief.radius_km or 0.0)
    parts = {"price": price, "place": near}
    return merit + sum(weights.parts.get(name, 0.0) / whole * _usual(values) for name, values in parts.items())


def _usual(values: Numbers) -> Numbers:
    filled, expected = neutral(values)
    return np.zeros(len(values)) if np.isnan(expected) else filled
