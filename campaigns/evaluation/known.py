"""How like a creator is to those who are known to work with the brand: in what they write, whom they reach and how big
they are. The content half of a warm start; who worked with whom is in `collaborative`."""

import numpy as np
from numpy.typing import NDArray

from campaigns.evaluation.queries import Query
from campaigns.evaluation.trials import Rows
from campaigns.evaluation.world import World

Columns = dict[str, NDArray[np.float64]]
NEAREST, SAMPLE = 3, 1_000
# A brand of two collaborators says little of whom it wants: their middle is drawn towards everybody's by so many.
TRUST = 3.0


def near_known(world: World, query: Query, rows: Rows) -> Columns:
    """Likeness of some creators with the middle of the known collaborators' posts and with the nearest few of them,
    standardised by a fixed sample of everybody; NaN where nobody is known."""
    sample = np.random.default_rng(1).choice(len(world), min(SAMPLE, len(world)), replace=False)
    asked, known = np.concatenate([rows, sample]), query.known
    columns = _likeness(world, asked, known) if len(known) else dict.fromkeys(NAMES, np.full(len(asked), np.nan))
    told = {name: _against_sample(column, len(rows)) for name, column in columns.items()}
    return told | {"known_count": np.full(len(rows), np.log1p(len(known)))}


NAMES = (
    "known_middle", "known_nearest", "known_words_middle", "known_words_nearest", "known_terms", "known_direction",
    "known_category", "known_subject",
)  # fmt: skip


def _likeness(world: World, asked: Rows, known: Rows) -> Columns:
    columns = {}
    for name, vectors in (("known", world.vectors), ("known_words", world.latent)):
        each = vectors[asked] @ vectors[known].T
        each[asked[:, None] == known[None, :]] = 0  # nobody is near themselves
        count = min(NEAREST, len(known))
        columns[f"{name}_middle"] = each.mean(axis=1)
        columns[f"{name}_nearest"] = np.partition(each, each.shape[1] - count, axis=1)[:, -count:].mean(axis=1)
    terms = np.asarray(world.terms[known].mean(axis=0)).ravel()
    share = np.bincount(world.category[known], minlength=len(world.categories)) / len(known)
    columns["known_terms"] = world.terms[asked] @ terms
    columns["known_direction"] = world.both[asked] @ _direction(world, known)
    columns["known_category"] = share[world.category[asked]]
    columns["known_subject"] = world.subjects[asked] @ world.subjects[known].mean(axis=0)
    return {name: np.asarray(column, dtype=np.float64) for name, column in columns.items()}


def _direction(world: World, known: Rows) -> NDArray[np.float64]:
    """From everybody's middle to theirs, where the spread of all creators counts as usual (Fisher's discriminant)."""
    found: NDArray[np.float64] = world.precision @ (world.both[known].mean(axis=0) - world.both.mean(axis=0))
    return found


def size_of_known(world: World, query: Query, rows: Rows) -> Columns:
    """How far a creator's size is from the known collaborators', in their spread (drawn towards everybody's)."""
    size = np.log1p(world.pool.followers)
    if not len(query.known):
        return {"size_from_known": np.full(len(rows), np.nan)}
    own = size[query.known]
    trust = len(own) / (len(own) + TRUST)
    middle = trust * own.mean() + (1 - trust) * size.mean()
    spread = np.sqrt(trust * own.var() + (1 - trust) * size.var())
    return {"size_from_known": np.abs(size[rows] - middle) / max(float(spread), 1e-9)}


def _against_sample(values: NDArray[np.float64], asked: int) -> NDArray[np.float64]:
    sample = values[asked:]
    found: NDArray[np.float64] = (values[:asked] - sample.mean()) / max(float(sample.std()), 1e-9)
    return found
