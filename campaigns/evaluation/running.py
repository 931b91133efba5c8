"""The whole evaluation: a folder in, one table of measures out."""

from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from campaigns.evaluation import rankers
from campaigns.evaluation.folder import Folder, read
from campaigns.evaluation.metrics import measured, summed
from campaigns.evaluation.study import Case, Study, study_of
from campaigns.evaluation.trials import Shape
from campaigns.evaluation.vectors import embedded
from campaigns.evaluation.world import World, world_of
from creators.embedding import LEXICAL, build

Numbers = NDArray[np.float64]
Tell = Callable[[str, int, int], None]
Table = dict[str, dict[str, tuple[float, float, float]]]


def evaluate(path: Path, *, data_dir: Path, model: str, shape: Shape, rounds: int, tell: Tell) -> dict[str, Any]:
    """Table → ranker → measure → (value, low, high). `tell(step, done, total)` hears how far it is.

    Raises FolderError for a folder that cannot be evaluated, EmbeddingError where the model cannot read.
    """
    tell("Read the folder", 0, 1)
    folder = read(path)
    tell("Read the folder", 1, 1)
    world, briefs = prepared(folder, data_dir=data_dir, model=model, tell=tell)
    study = study_of(world, briefs, shape, lambda done, total: tell("Compute features", done, total))
    judged = sorted({case.query.brand for case in study.judged})
    return {
        "model": model,
        "creators": len(world),
        "posts": len(world.texts),
        "briefs": len(judged),
        "learned_from": len({case.query.brand for case in study.cases}),
        "trials": asdict(shape),
        **tables(study, rounds=rounds, tell=tell),
    }


def prepared(folder: Folder, *, data_dir: Path, model: str, tell: Tell) -> tuple[World, dict[str, NDArray[np.float32]]]:
    """The creators with the meaning of their posts, and the meaning of each brief by brand."""
    if model != LEXICAL:
        build(data_dir)

    def vectors(texts: list[str], step: str) -> NDArray[np.float32]:
        return embedded(texts, data_dir=data_dir, model=model, advance=lambda done, of: tell(step, done, of))

    world = world_of(folder, vectors(folder.texts, "Read the captions"))
    read_briefs = vectors(list(folder.briefs.values()), "Read the briefs")
    return world, dict(zip(folder.briefs, read_briefs, strict=True))


def tables(study: Study, *, rounds: int, tell: Tell) -> dict[str, Table]:
    """Cold: the brand is new. Warm: half of its collaborators are known. Ablation: what each part adds."""
    learned: dict[str, dict[str, tuple[str, ...]]] = {
        "cold": {"learned, cold": rankers.COLD},
        "warm": {"learned, warm": rankers.WARM},
        "ablation": {**rankers.LADDER, **rankers.WARM_LADDER},
    }
    plain = {"cold": rankers.simple(), "warm": rankers.warm_baselines(), "ablation": rankers.engine_parts()}
    total = sum(len(learned[name]) + len(plain[name]) for name in learned)
    found: dict[str, Table] = {name: {} for name in learned}
    for name, table in found.items():
        for ranker, how in plain[name].items():
            table[ranker] = judge(study, ((case, how(study, case)) for case in study.judged))
            tell("Rank", sum(map(len, found.values())), total)
        for ranker, groups in learned[name].items():
            table[ranker] = judge(study, rankers.by_learning(study, groups, rounds=rounds))
            tell("Rank", sum(map(len, found.values())), total)
    return found


def judge(study: Study, ranked: Iterable[tuple[Case, Numbers]]) -> dict[str, tuple[float, float, float]]:
    """The measures of one ranker over all judged trials."""
    rows, brands = [], []
    for case, scores in ranked:
        at = case.trial.rows
        # Equal scores stand in an order that no collaborator chose.
        ties = np.random.default_rng(len(at)).permutation(len(at))
        rows.append(
            measured(
                scores, case.trial.positives, category=study.world.category[at],
                followers=study.world.pool.followers[at], ties=ties,
            )
        )  # fmt: skip
        brands.append(case.query.brand)
    return summed(np.vstack(rows), brands)
