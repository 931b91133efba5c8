"""Everything that is compared: baselines, the engine, and the learned order, each giving scores for every trial."""

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from xgboost import Booster

from campaigns.evaluation.learning import Lesson, learned, scores
from campaigns.evaluation.study import Case, Study
from campaigns.evaluation.trials import Rows
from campaigns.matching import FIRST, Weights
from campaigns.matching.parts import measure
from campaigns.matching.score import score

Numbers = NDArray[np.float64]
Ranker = Callable[[Study, Case], Numbers]
Way = Callable[[Study, int], Iterable[tuple[Case, Numbers]]]
STRANGERS = 200
ENGINE = "engine (prior weights)"

BASELINES = {
    "category match": "niche_match",
    "BM25": "bm25",
    "TF-IDF, words": "tfidf_words",
    "TF-IDF, letters 4-6": "tfidf_letters",
    "embedding alone": "mean_post",
}
WARM_BASELINES = {
    "middle of the known": "known_middle",
    "direction of the known": "known_direction",
    "collaborative filtering": "alike_brands",
    "ridge of who works together": "ridge_of_brands",
}
COLD = ("text", "words", "together", "niche", "translated", "creator", "followers")
WARM = (*COLD, "likeness", "size", "shared")
# Trained anew with one more group each; the next is the whole ("learned, cold" and "learned, warm").
LADDER = {
    "meaning": COLD[:1],
    "+ words and letters": COLD[:2],
    "+ words that go together": COLD[:3],
    "+ niche": COLD[:4],
    "+ translation": COLD[:5],
    "+ creator (no followers)": COLD[:6],
    "cold + likeness with the known": (*COLD, "likeness"),
    "cold + likeness + size of the known": (*COLD, "likeness", "size"),
    "warm without followers": tuple(group for group in WARM if group not in ("followers", "size")),
}
# What is told as a difference: part → (with it, without it).
DIFFERENCES = {
    "engine: niche, given by the business": (ENGINE, "engine, niches not given"),
    "engine: engagement": (ENGINE, "engine without engagement"),
    "engine: conversation": (ENGINE, "engine without conversation"),
    "engine: engagement and conversation": (ENGINE, "engine without either"),
    "learned instead of the engine": ("learned, cold", ENGINE),
    "learned: words and letters": ("+ words and letters", "meaning"),
    "learned: words that go together": ("+ words that go together", "+ words and letters"),
    "learned: niche": ("+ niche", "+ words that go together"),
    "learned: translation": ("+ translation", "+ niche"),
    "learned: creator": ("+ creator (no followers)", "+ translation"),
    "learned: followers": ("learned, cold", "+ creator (no followers)"),
    "warm: likeness with the known": ("cold + likeness with the known", "learned, cold"),
    "warm: size of the known": ("cold + likeness + size of the known", "cold + likeness with the known"),
    "warm: who worked with whom": ("learned, warm", "cold + likeness + size of the known"),
    "warm: followers and size": ("learned, warm", "warm without followers"),
}
SHOWN = ("random", "followers descending", ENGINE, "learned, cold", "+ creator (no followers)", "learned, warm")


def engine(weights: Weights = FIRST, *, niches: bool = True) -> Ranker:
    """The engine of the product with these weights, over the candidates of the trial only."""

    def ranked(study: Study, case: Case) -> Numbers:
        order = np.argsort(case.trial.rows)
        pool = study.world.pool.take(case.trial.rows[order])
        facts = case.facts if niches else replace(case.facts, niches={})
        found = np.empty(len(order))
        found[order] = score(measure(facts, pool), weights).total
        return found

    return ranked


def without(*parts: str) -> Weights:
    return replace(FIRST, parts={name: weight for name, weight in FIRST.parts.items() if name not in parts})


def by_column(name: str) -> Ranker:
    """One feature as it is."""
    return lambda study, case: case.features[:, study.column(name)].astype(np.float64)


def simple() -> dict[str, Ranker]:
    """What needs no learning and knows nothing of the brand's past."""
    random = np.random.default_rng(3)
    return {
        "random": lambda study, case: random.random(len(case.trial.rows)),
        "followers descending": by_column("followers"),
        **{name: by_column(column) for name, column in BASELINES.items()},
        ENGINE: engine(),
    }


def warm_baselines() -> dict[str, Ranker]:
    return {name: by_column(column) for name, column in WARM_BASELINES.items()}


def engine_parts() -> dict[str, Ranker]:
    """The engine less each part that this data can speak to."""
    return {
        "engine, niches not given": engine(niches=False),
        "engine without engagement": engine(without("engagement")),
        "engine without conversation": engine(without("conversation")),
        "engine without either": engine(without("engagement", "conversation")),
    }


def everything(*, learning: bool) -> dict[str, dict[str, Way]]:
    """Table → ranker → how it ranks all judged cases; `learning` is false where there is nothing to learn from."""
    plain = {"cold": simple(), "warm": warm_baselines(), "parts": engine_parts()}
    taught: dict[str, dict[str, tuple[str, ...]]] = {
        "cold": {"learned, cold": COLD},
        "warm": {"learned, warm": WARM},
        "parts": LADDER,
    }
    return {
        name: {ranker: _one_by_one(how) for ranker, how in table.items()}
        | {ranker: _by_groups(groups) for ranker, groups in taught[name].items() if learning}
        for name, table in plain.items()
    }


def _one_by_one(how: Ranker) -> Way:
    return lambda study, rounds: ((case, how(study, case)) for case in study.judged)


def _by_groups(groups: tuple[str, ...]) -> Way:
    return lambda study, rounds: by_learning(study, groups, rounds=rounds)


def by_learning(study: Study, groups: tuple[str, ...], *, rounds: int) -> Iterator[tuple[Case, Numbers]]:
    """Scores of every judged case by trees that never saw its brand: they learn from the other folds.

    Needs `study.teaches`.
    """
    columns = study.of_groups(*groups)
    folds = sorted({case.fold for case in study.judged})

    def without(fold: int) -> Booster:
        return learned([_lesson(case, fold) for case in study.cases if case.fold != fold], columns, rounds=rounds)

    with ThreadPoolExecutor(min(os.cpu_count() or 1, len(folds))) as pool:
        for fold, trees in zip(folds, pool.map(without, folds), strict=True):
            yield from ((case, scores(trees, case.features, columns)) for case in study.judged if case.fold == fold)


def _lesson(case: Case, ranked: int) -> Lesson:
    """The real ones and some of the strangers: more of those teach little and cost much."""
    kept: Rows = np.arange(min(case.trial.positives + STRANGERS, len(case.trial.rows)))
    return Lesson(case.teaching(ranked)[kept], (kept < case.trial.positives).astype(np.int64))
