"""All trials of all briefs with everything any ranker may read of them: one matrix per trial, columns by name."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from campaigns.evaluation import collaborative, features, known
from campaigns.evaluation.features import Sides
from campaigns.evaluation.lexical import Cosines, bm25
from campaigns.evaluation.queries import Query, from_captions
from campaigns.evaluation.translation import NAMES, Known, Translation
from campaigns.evaluation.trials import Shape, Trial, drawn, fold_of, lesson
from campaigns.evaluation.world import World
from campaigns.matching import BriefFacts
from creators.embedding import DIMENSIONS
from creators.evaluation.tables import FolderError

Tick = Callable[[int, int], None]
Vectors = NDArray[np.float32]
BATCH = 80


@dataclass(frozen=True)
class Case:
    """One trial as the rankers see it. `judged` is false for those that are only learned from.

    The last columns of `features` are learned from brands of other folds than this one's. To teach who ranks another
    fold, they are learned without that one, too: `others` holds them by the fold that is ranked.
    """

    trial: Trial
    query: Query
    facts: BriefFacts
    fold: int
    features: NDArray[np.float32]
    others: dict[int, NDArray[np.float32]]
    judged: bool

    def teaching(self, ranked: int) -> NDArray[np.float32]:
        """The features to learn from for whoever ranks this fold."""
        learned = self.others[ranked]
        return np.hstack([self.features[:, : -learned.shape[1]], learned])


@dataclass(frozen=True)
class Study:
    """Every case, and the group that each column of their features belongs to."""

    world: World
    cases: list[Case]
    columns: list[str]
    groups: list[str]

    @property
    def judged(self) -> list[Case]:
        return [case for case in self.cases if case.judged]

    @property
    def teaches(self) -> bool:
        """Whether every judged brand has brands of other folds to learn from."""
        return len({case.fold for case in self.cases}) > 1

    def of_groups(self, *names: str) -> NDArray[np.int64]:
        """The columns of these groups."""
        return np.flatnonzero(np.isin(self.groups, names))

    def column(self, name: str) -> int:
        return self.columns.index(name)


def study_of(world: World, briefs: dict[str, Vectors], shape: Shape, tick: Tick, *, seed: int = 1) -> Study:
    """Draw all trials and compute all features; `briefs` are the vectors of the briefs by brand.

    Raises FolderError where no brief has two collaborators whose posts were read.
    """
    random = np.random.default_rng(seed)
    asked = sorted(brand for brand in briefs if len(world.pairs.get(brand, ())) > 1)
    if not asked:
        raise FolderError("No brief names a brand that two creators with posts worked with.")
    others = sorted(brand for brand, rows in world.pairs.items() if brand not in briefs and len(rows) >= shape.fewest)
    trials = [trial for brand in asked for trial in drawn(brand, world.pairs[brand], len(world), shape, random)]
    trials += [lesson(brand, world.pairs[brand], len(world), shape, random) for brand in others]
    queries = [_query(world, trial, briefs.get(trial.brand)) for trial in trials]
    folds = fold_of(asked, shape, random) | fold_of(others, shape, random, first=len(asked))
    cases, columns, groups = [], [], []
    for done, (case, named) in enumerate(_cases(world, trials, queries, folds, set(asked)), start=1):
        cases.append(case)
        columns, groups = list(named), list(named.values())
        tick(done, len(trials))
    return Study(world, cases, columns, groups)


def _query(world: World, trial: Trial, vector: Vectors | None) -> Query:
    if vector is None:
        return from_captions(world, trial.brand, trial.known)
    return Query(trial.brand, world.briefs[trial.brand], vector, trial.known)


def _cases(
    world: World, trials: list[Trial], queries: list[Query], folds: dict[str, int], asked: set[str]
) -> Iterator[tuple[Case, dict[str, str]]]:
    """Trials come brand by brand, so what is the same for all trials of a brand is computed once."""
    links, everybody = collaborative.Links(world), features.of_creators(world)
    members = [{brand for brand, fold in folds.items() if fold == number} for number in sorted(set(folds.values()))]
    factors = [collaborative.factors(links.without(brands)) for brands in members]
    brands = {query.brand: query for query in queries}
    sides = dict(zip(brands, _sides(world, list(brands.values())), strict=True))
    meant = {brand: np.concatenate([query.vector, sides[brand].latent]) for brand, query in brands.items()}
    translation = Translation(world, [_known(world, name, meant[name], folds[name]) for name in brands])
    brand, of_brand = "", everybody
    for trial, query in zip(trials, queries, strict=True):
        if query.brand != brand:
            brand, of_brand = query.brand, features.of_query(world, query, sides[query.brand]) | everybody
        warm = collaborative.shared(links, query) | collaborative.by_factors(factors[folds[brand]], query.known)
        cut = {group: {name: column[trial.rows] for name, column in held.items()} for group, held in of_brand.items()}
        cut["likeness"] = known.near_known(world, query, trial.rows)
        cut["size"] = known.size_of_known(world, query, trial.rows)
        cut["shared"] = {name: column[trial.rows] for name, column in warm.items()}
        named = {name: group for group, held in cut.items() for name in held}
        named |= dict.fromkeys(NAMES, "translated")
        own = folds[brand]
        others = {fold: translation.of(meant[brand], trial.rows, {own, fold}) for fold in set(folds.values())}
        matrix = np.column_stack([*(column for held in cut.values() for column in held.values()), others[own]])
        niches = dict(zip(world.categories, sides[brand].niches.tolist(), strict=True))
        facts = BriefFacts(text=query.text, vector=query.vector, niches=niches)
        yield Case(trial, query, facts, own, matrix.astype(np.float32), others, brand in asked), named


def _known(world: World, brand: str, asked: Vectors, fold: int) -> Known:
    real = world.pairs[brand]
    return Known(asked, world.both[real].mean(axis=0), len(real), fold)


def _sides(world: World, queries: list[Query]) -> Iterator[Sides]:
    """The sparse products, a batch of queries at a time."""
    lexicon = world.lexicon
    asked, letters = lexicon.asked([query.text for query in queries]), lexicon.letters()
    wanted = (asked @ letters).tocsr()
    words, runs = Cosines(lexicon.counts), Cosines((lexicon.counts @ letters).tocsr())
    each = Cosines((lexicon.of_posts @ letters).tocsr())
    latent = world.space.of(asked)
    meant = np.vstack([*[query.vector for query in queries], np.zeros((0, DIMENSIONS))])
    niches = world.tagger.shares(np.hstack([meant, latent]).astype(np.float32))
    for start in range(0, len(queries), BATCH):
        few = slice(start, start + BATCH)
        counts, same, alike = bm25(lexicon.counts, asked[few]), words.of(asked[few]), runs.of(wanted[few])
        singly = each.of(wanted[few])
        for row in range(len(counts)):
            best = np.zeros(len(world), dtype=np.float32)
            np.maximum.at(best, world.owner, singly[row])
            yield Sides(counts[row], same[row], alike[row], best, latent[start + row], niches[start + row])
