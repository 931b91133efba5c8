"""The whole evaluation: a folder in, tables of measures out."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from campaigns.evaluation import rankers
from campaigns.evaluation.fairness import Shown, shown
from campaigns.evaluation.folder import Folder, read
from campaigns.evaluation.metrics import measured, summed
from campaigns.evaluation.study import Case, Study, study_of
from campaigns.evaluation.trials import Shape
from campaigns.evaluation.vectors import embedded
from campaigns.evaluation.world import World, world_of
from creators.embedding import MODEL, build

Numbers = NDArray[np.float64]
Tell = Callable[[str, int, int], None]
Told = dict[str, tuple[float, float, float]]
NOT_LEARNED = "Nothing was learned: that takes collaborators of brands in at least two folds."


@dataclass(frozen=True)
class Judged:
    """One ranker's measures by trial, with the brand of each, and whom it put at the top."""

    rows: Numbers
    brands: list[str]
    shown: Shown

    def told(self) -> Told:
        return summed(self.rows, self.brands)

    def more_than(self, other: "Judged") -> Told:
        """The difference to another ranker over the same trials, brand by brand: its interval is much narrower than
        two intervals beside each other, because hard brands are hard for both."""
        return summed(self.rows - other.rows, self.brands)


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
        "briefs_left_out": sorted(set(folder.briefs) - set(judged)),
        "learned_from": len({case.query.brand for case in study.cases}),
        "trials": asdict(shape),
        **tables(study, rounds=rounds, tell=tell),
    }


def prepared(folder: Folder, *, data_dir: Path, model: str, tell: Tell) -> tuple[World, dict[str, NDArray[np.float32]]]:
    """The creators with the meaning of their posts, and the meaning of each brief by brand."""
    if model == MODEL:
        build(data_dir)

    def vectors(texts: list[str], step: str) -> NDArray[np.float32]:
        return embedded(texts, data_dir=data_dir, model=model, advance=lambda done, of: tell(step, done, of))

    world = world_of(folder, vectors(folder.texts, "Read the captions"))
    read_briefs = vectors(list(folder.briefs.values()), "Read the briefs")
    return world, dict(zip(folder.briefs, read_briefs, strict=True))


def tables(study: Study, *, rounds: int, tell: Tell) -> dict[str, Any]:
    """Cold: the brand is new. Warm: half of its collaborators are known. Parts: each ranker of the ablation. Adds: what
    a part changes, as differences. Shown: whom the orders put at the top, by tier."""
    learning = study.teaches
    found: dict[str, dict[str, Judged]] = {}
    total = sum(len(table) for table in rankers.everything(learning=learning).values())
    for name, table in rankers.everything(learning=learning).items():
        found[name] = {}
        for ranker, how in table.items():
            found[name][ranker] = heard(study, how(study, rounds))
            tell("Rank", sum(map(len, found.values())), total)
    by_name = {ranker: judged for table in found.values() for ranker, judged in table.items()}
    return {
        **{name: {ranker: judged.told() for ranker, judged in table.items()} for name, table in found.items()},
        "adds": {
            part: by_name[whole].more_than(by_name[less])
            for part, (whole, less) in rankers.DIFFERENCES.items()
            if whole in by_name and less in by_name
        },
        "shown": {ranker: asdict(judged.shown) for ranker, judged in by_name.items() if ranker in rankers.SHOWN},
        "notes": [] if learning else [NOT_LEARNED],
    }


def judge(study: Study, ranked: Iterable[tuple[Case, Numbers]]) -> Told:
    """The measures of one ranker over all judged trials."""
    return heard(study, ranked).told()


def heard(study: Study, ranked: Iterable[tuple[Case, Numbers]]) -> Judged:
    """One ranker over all judged trials, which may come in any order."""
    place = {id(case): row for row, case in enumerate(study.judged)}
    rows: dict[int, Numbers] = {}
    scores: dict[int, Numbers] = {}
    for case, told in ranked:
        at = case.trial.rows
        scores[place[id(case)]] = told
        rows[place[id(case)]] = measured(
            told, case.trial.positives, category=study.world.category[at],
            followers=study.world.pool.followers[at],
        )  # fmt: skip
    each = range(len(study.judged))
    brands = [case.query.brand for case in study.judged]
    return Judged(np.vstack([rows[row] for row in each]), brands, shown(study, [scores[row] for row in each]))
