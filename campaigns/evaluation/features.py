"""What the learned ranker reads of one brief and every creator. Never: numbers of sampled posts, length of captions.

Each group is a family of columns, so that leaving one out shows what it adds. Columns of likeness are standardised
over all creators, because briefs differ in how near anybody comes.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from campaigns.evaluation.queries import Query
from campaigns.evaluation.world import World
from campaigns.matching import BriefFacts, cells
from campaigns.matching.parts import engagement
from campaigns.matching.scale import against_cell, standard

Columns = dict[str, NDArray[np.float64]]
Vectors = NDArray[np.float32]
NEAREST = 30


@dataclass(frozen=True)
class Sides:
    """Likenesses of one query with every creator that were worked out for many queries at once."""

    bm25: NDArray[np.float32]
    words: NDArray[np.float32]
    letters: NDArray[np.float32]
    letters_best: NDArray[np.float32]
    latent: NDArray[np.float32]
    niches: NDArray[np.float64]


def of_query(world: World, query: Query, sides: Sides) -> dict[str, Columns]:
    """Group → columns over all creators, for one brief."""
    return {
        "text": _text(world, query),
        "words": _words(sides),
        "together": _together(world, query, sides),
        "niche": _niche(world, sides),
    }


def of_creators(world: World) -> dict[str, Columns]:
    """Group → columns that are the same whoever asks: residuals against the usual of their size, and size itself."""
    pool = world.pool
    own = cells.cell(pool.platform, cells.tier(pool.followers))
    with np.errstate(invalid="ignore", divide="ignore"):
        creator = {
            "engagement": engagement(BriefFacts(), pool).values,
            "reply_rate": against_cell(pool.reply_rate, own),
            "genuine_share": against_cell(pool.genuine_share, own),
            "comment_words": against_cell(np.log1p(pool.comment_words), own),
            "comments_per_like": against_cell(np.log(np.clip(pool.comments_per_like, 1e-4, 1.0)), own),
            "followees": np.log1p(world.profile["followees"]),
            "posts_of_profile": np.log1p(world.profile["posts"]),
        }
    return {"creator": creator, "followers": {"followers": np.log1p(pool.followers)}}


def _text(world: World, query: Query) -> Columns:
    """Meaning by the language model."""
    columns = _likeness(world.vectors, world.posts, world.owner, query.vector)
    return {
        "mean_post": standard(columns["mean"]),
        "mean_post_raw": columns["mean"],
        "best_post": standard(columns["best"]),
        "like_nearest": standard(columns["nearest"]),
    }


def _likeness(creators: Vectors, posts: Vectors, owner: NDArray[np.int64], wanted: Vectors) -> Columns:
    """The average post, the best post, and likeness with those who come nearest (pseudo relevance feedback, Rocchio
    1971)."""
    mean = (creators @ wanted).astype(np.float64)
    best = np.full(len(creators), -1.0)
    np.maximum.at(best, owner, (posts @ wanted).astype(np.float64))
    middle = creators[np.argsort(-mean, kind="stable")[:NEAREST]].mean(axis=0)
    return {"mean": mean, "best": best, "nearest": (creators @ middle).astype(np.float64)}


def _words(sides: Sides) -> Columns:
    """The same words, and the same runs of letters."""
    return {
        "bm25": standard(sides.bm25.astype(np.float64)),
        "tfidf_words": standard(sides.words.astype(np.float64)),
        "tfidf_letters": standard(sides.letters.astype(np.float64)),
        "tfidf_letters_best": standard(sides.letters_best.astype(np.float64)),
    }


def _together(world: World, query: Query, sides: Sides) -> Columns:
    """Words that go together in these captions, alone and beside the language model."""
    columns = _likeness(world.latent, world.latent_posts, world.owner, sides.latent)
    asked = np.concatenate([query.vector, sides.latent])
    aside = world.both @ (world.precision @ (asked - world.both.mean(axis=0)))
    meant = (world.vectors @ query.vector).astype(np.float64)
    near = np.argsort(-(standard(columns["mean"]) + standard(meant)), kind="stable")[:NEAREST]
    towards = world.both @ (world.precision @ (world.both[near].mean(axis=0) - world.both.mean(axis=0)))
    return {
        "latent_mean": standard(columns["mean"]),
        "latent_raw": columns["mean"],
        "latent_best": standard(columns["best"]),
        "latent_nearest": standard(columns["nearest"]),
        "aside": standard(aside.astype(np.float64)),
        "towards_nearest": standard(towards.astype(np.float64)),
    }


def _niche(world: World, sides: Sides) -> Columns:
    """How far the creator's category is what the brief asks for, and how far their words are."""
    place = np.argsort(np.argsort(-sides.niches))
    columns = {
        "niche_match": sides.niches[world.category],
        "niche_place": place[world.category].astype(np.float64),
        "subject_match": world.subjects @ sides.niches,
        "subject_share": world.subjects[np.arange(len(world)), world.category],
    }
    return columns | {f"is_{name}": (world.category == row).astype(float) for row, name in enumerate(world.categories)}
