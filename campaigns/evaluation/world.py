"""Everything that is known of the creators who have posts, as arrays; computed once for all briefs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from campaigns.evaluation.folder import Folder
from campaigns.evaluation.lexical import Lexicon
from campaigns.matching import Pool
from creators.embedding import mean_by_owner

Numbers = NDArray[np.float64]
Vectors = NDArray[np.float32]
SHARPNESS = 8.0


@dataclass(frozen=True)
class World:
    """Creators with posts by row. `vectors` are their average posts, `posts` single ones of `owner`."""

    pool: Pool
    category: NDArray[np.int64]
    categories: tuple[str, ...]
    vectors: Vectors
    posts: Vectors
    owner: NDArray[np.int64]
    texts: list[str]
    lexicon: Lexicon
    profile: dict[str, Numbers]
    briefs: dict[str, str]
    pairs: dict[str, NDArray[np.int64]]

    def __len__(self) -> int:
        return len(self.category)

    def niches_of(self, wanted: Vectors) -> Numbers:
        """The categories that texts of these vectors are about (texts × categories, shares)."""
        return nearest_categories(self.vectors, self.category, wanted, len(self.categories))


def nearest_categories(vectors: Vectors, category: NDArray[np.int64], wanted: Vectors, count: int) -> Numbers:
    """Which niches a business would tick for texts of these vectors: those whose average creator is nearest, as
    shares (texts × count). Uses no pair."""
    middle = vectors.mean(axis=0)
    centres = np.vstack([vectors[category == kind].mean(axis=0) for kind in range(count)]) - middle
    shares = np.exp(SHARPNESS * (_units(wanted - middle) @ _units(centres).T).astype(np.float64))
    told: Numbers = shares / shares.sum(axis=1, keepdims=True)
    return told


def _units(rows: Vectors) -> Vectors:
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    units: Vectors = rows / np.maximum(length, 1e-9)
    return units


def world_of(folder: Folder, vectors: Vectors) -> World:
    """Only creators some of whose words have a meaning; `vectors` are those of `folder.texts`."""
    average = mean_by_owner(vectors, folder.owner, len(folder))
    kept = np.flatnonzero(average.any(axis=1))
    at = np.full(len(folder), -1)
    at[kept] = np.arange(len(kept))
    spoken = at[folder.owner] >= 0
    names = tuple(sorted({folder.category[row] for row in kept}))
    number = np.array([names.index(folder.category[row]) for row in kept])
    texts = [text for text, known in zip(folder.texts, spoken, strict=True) if known]
    owner = at[folder.owner[spoken]]
    figures: dict[str, Any] = {name: values[kept] for name, values in figures_by_creator(folder).items()}
    pool = Pool.of(
        np.arange(len(kept)), vectors=average[kept], niches=np.eye(len(names))[number], niche_names=names,
        platform=["instagram"] * len(kept), **figures,
    )  # fmt: skip
    return World(
        pool=pool, category=number, categories=names, vectors=average[kept], posts=vectors[spoken], owner=owner,
        texts=texts, lexicon=Lexicon(texts, owner, len(kept)),
        profile={name: values[kept] for name, values in folder.profile.items()}, briefs=folder.briefs,
        pairs={brand: at[rows][at[rows] >= 0] for brand, rows in folder.pairs.items()},
    )  # fmt: skip


def figures_by_creator(found: Folder) -> dict[str, Numbers]:
    """The columns of a pool. Every creator has "one post": counting sampled posts would leak who was looked at."""
    count, post = len(found), found.figures
    likes, comments = np.nan_to_num(post["likes"]), np.nan_to_num(post["comments"])
    per_follower = np.log((likes + comments + 0.5) / np.maximum(found.followers[found.owner], 1))
    fans = _per_owner(found.owner, post["fan_comments"], count, np.sum)
    seen = np.where(fans > 0, fans, np.nan)
    return {
        "followers": found.followers,
        "engagement_rate": np.exp(_per_owner(found.owner, per_follower, count, np.mean)),
        "engagement_posts": np.ones(count),
        "comments_per_like": _per_owner(found.owner, comments, count, np.sum)
        / np.maximum(_per_owner(found.owner, likes, count, np.sum), 1),
        "reply_rate": np.minimum(_per_owner(found.owner, post["replied_to"], count, np.sum) / seen, 1),
        "genuine_share": np.clip(1 - _per_owner(found.owner, post["short_or_generic"], count, np.sum) / seen, 0, 1),
        "comment_words": _per_owner(found.owner, post["mean_words"], count, np.mean),
        "comments_seen": _per_owner(found.owner, post["fan_comments"], count, np.mean),
    }


def _per_owner(owner: NDArray[np.int64], values: Numbers, count: int, how: Callable[..., object]) -> Numbers:
    """Sum or mean of the known values of each owner; NaN without any."""
    known = ~np.isnan(values)
    total = np.bincount(owner[known], values[known], minlength=count)
    number = np.bincount(owner[known], minlength=count)
    kept = total if how is np.sum else total / np.maximum(number, 1)
    return np.where(number > 0, kept, np.nan)
