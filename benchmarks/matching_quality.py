"""Does the order mean anything? Real collaborators among 797 candidates per brief, as Gan et al. (ACM MM 2019)."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from benchmarks.matching_data import World
from campaigns.matching import FIRST, BriefFacts, Pool, Weights
from campaigns.matching.parts import measure
from campaigns.matching.retrieve import top
from campaigns.matching.score import score

CANDIDATES, POSITIVES, DRAWS = 797, 11, 5
Ranker = Callable[[BriefFacts, Pool], NDArray[np.float64]]


def engine(weights: Weights = FIRST) -> Ranker:
    return lambda brief, pool: score(measure(brief, pool), weights).total


def without(*parts: str) -> Weights:
    return replace(FIRST, parts={name: weight for name, weight in FIRST.parts.items() if name not in parts})


def rankers() -> dict[str, Ranker]:
    """The engine, the engine less each part that this data can speak to, and what it must beat."""
    random = np.random.default_rng(3)
    return {
        "random": lambda brief, pool: random.random(len(pool)),
        "followers descending": lambda brief, pool: pool.followers,
        "embedding alone": lambda brief, pool: (pool.vectors @ brief.vector).astype(float),
        "engine": engine(),
        "engine, niches not given": lambda brief, pool: engine()(replace(brief, niches={}), pool),
        "engine without engagement": engine(without("engagement")),
        "engine without conversation": engine(without("conversation")),
        "engine without either": engine(without("engagement", "conversation")),
    }


def evaluate(world: World, seed: int = 1) -> dict[str, dict[str, float]]:
    """AUC, Recall@10/50, MRR (mean over brands, five draws each), half-width of the 95 % interval by brand, small."""
    trials = _trials(world, seed)
    table = {}
    for name, rank in rankers().items():
        rows = np.array([_measured(rank, world, brief, rows, positives) for brief, rows, positives in trials])
        by_brand = rows.reshape(-1, DRAWS, rows.shape[1]).mean(axis=1)
        picks = np.random.default_rng(seed).integers(0, len(by_brand), (1_000, len(by_brand)))
        width = 1.96 * by_brand[:, 0][picks].mean(axis=1).std()
        table[name] = dict(zip(COLUMNS, [*by_brand.mean(axis=0), width], strict=True))
    return table


COLUMNS = ("AUC", "R@10", "R@50", "MRR", "nDCG@10", "<10k in top 50", "± AUC")


def _trials(world: World, seed: int) -> list[tuple[int, NDArray[np.int64], int]]:
    """Brief, candidate rows with the positives first, how many those are. Only creators whose posts were read."""
    random, spoken = np.random.default_rng(seed), world.pool.vectors.any(axis=1)
    trials = []
    for number, known in enumerate(world.collaborators):
        positives, others = known[spoken[known]], np.setdiff1d(np.flatnonzero(spoken), known)
        for _ in range(DRAWS if len(positives) else 0):
            some = random.choice(positives, min(POSITIVES, len(positives)), replace=False)
            rest = random.choice(others, CANDIDATES - len(some), replace=False)
            trials.append((number, np.concatenate([some, rest]), len(some)))
    return trials


def _measured(rank: Ranker, world: World, brief: int, rows: NDArray[np.int64], positives: int) -> list[float]:
    ascending = np.sort(rows)
    scores = rank(world.briefs[brief], world.pool.take(ascending))
    order = ascending[top(scores, np.random.default_rng(brief).permutation(len(rows)), len(rows))]
    places = np.flatnonzero(np.isin(order, rows[:positives]))
    gain = (1 / np.log2(places[places < 10] + 2)).sum() / (1 / np.log2(np.arange(min(positives, 10)) + 2)).sum()
    return [
        1 - (places.mean() - (positives - 1) / 2) / (len(rows) - positives),
        (places < 10).sum() / positives,
        (places < 50).sum() / positives,
        1 / (places[0] + 1),
        gain,
        float((world.pool.followers[order[:50]] < 10_000).mean()),
    ]
