"""Everything that is compared: baselines, the engine, and the learned order, each giving scores for every trial."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from campaigns.evaluation.learning import Lesson, learned, scores
from campaigns.evaluation.study import Case, Study
from campaigns.evaluation.trials import Rows
from campaigns.matching import FIRST, Weights
from campaigns.matching.parts import measure
from campaigns.matching.score import score

Numbers = NDArray[np.float64]
Ranker = Callable[[Study, Case], Numbers]
STRANGERS = 200

BASELINES = {
    "category match": "niche_match",
    "BM25": "bm25",
    "TF-IDF, words": "tfidf_words",
    "TF-IDF, letters 4-6": "tfidf_letters",
    "embedding alone": "mean_post",
}
WARM_BASELINES = {"middle of the known": "known_middle", "collaborative filtering": "alike_brands"}
COLD = ("text", "words", "niche", "creator", "followers")
WARM = (*COLD, "likeness", "shared")
# What each part adds: every line is trained anew with one more group. The last of each is the whole.
LADDER = {
    "meaning": COLD[:1],
    "+ words and letters": COLD[:2],
    "+ niche": COLD[:3],
    "+ creator (no followers)": COLD[:4],
}
WARM_LADDER = {
    "cold + likeness with the known": WARM[:6],
    "warm without followers": tuple(group for group in WARM if group != "followers"),
}


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
        "engine (prior weights)": engine(),
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


def by_learning(study: Study, groups: tuple[str, ...], *, rounds: int) -> Iterator[tuple[Case, Numbers]]:
    """Scores of every judged case by trees that never saw its brand: they learn from the other folds."""
    columns = study.of_groups(*groups)
    for fold in sorted({case.fold for case in study.judged}):
        lessons = [_lesson(case) for case in study.cases if case.fold != fold]
        trees = learned(lessons, columns, rounds=rounds)
        for case in study.judged:
            if case.fold == fold:
                yield case, scores(trees, case.features, columns)


def _lesson(case: Case) -> Lesson:
    """The real ones and some of the strangers: more of those teach little and cost much."""
    kept: Rows = np.arange(min(case.trial.positives + STRANGERS, len(case.trial.rows)))
    return Lesson(case.features[kept], (kept < case.trial.positives).astype(np.int64))
