"""Everything that is known of the creators who have posts, as arrays; computed once for all briefs."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from campaigns.evaluation.folder import Folder
from campaigns.evaluation.latent import Latent
from campaigns.evaluation.lexical import Lexicon, inverse_frequency, unit_rows
from campaigns.evaluation.tagger import Tagger
from campaigns.matching import Pool
from creators.embedding import mean_by_owner
from creators.evaluation.tables import FolderError

Numbers = NDArray[np.float64]
Vectors = NDArray[np.float32]
SHRINKAGE = 0.3


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

    @cached_property
    def space(self) -> Latent:
        """Which words go together in these captions."""
        return Latent(self.lexicon.counts)

    @cached_property
    def latent(self) -> Vectors:
        """Creators × directions of that space."""
        return self.space.of(self.lexicon.counts)

    @cached_property
    def latent_posts(self) -> Vectors:
        return self.space.of(self.lexicon.of_posts)

    @cached_property
    def terms(self) -> sparse.csr_matrix:
        """TF-IDF of creators' words, rows of unit length."""
        return unit_rows(self.lexicon.counts, inverse_frequency(self.lexicon.counts))

    @cached_property
    def both(self) -> Vectors:
        """The two meanings of creators side by side: by the language model and by these captions."""
        return np.hstack([self.vectors, self.latent])

    @cached_property
    def precision(self) -> Vectors:
        """The inverse of how `both` is spread over creators, drawn towards an even spread."""
        spread = np.cov(self.both, rowvar=False)
        even = SHRINKAGE * np.trace(spread) / len(spread) * np.eye(len(spread))
        inverse: Vectors = np.linalg.inv(spread + even).astype(np.float32)
        return inverse

    @cached_property
    def tagger(self) -> Tagger:
        """Category from words, learned from all creators; reads no pair."""
        return Tagger(self.both, self.category, len(self.categories))

    @cached_property
    def subjects(self) -> Numbers:
        """What creators' words are about (creators × categories, shares)."""
        return self.tagger.shares(self.both)


def world_of(folder: Folder, vectors: Vectors) -> World:
    """Only creators some of whose words have a meaning; `vectors` are those of `folder.texts`.

    Raises FolderError where nobody said anything.
    """
    average = mean_by_owner(vectors, folder.owner, len(folder))
    kept = np.flatnonzero(average.any(axis=1))
    if not len(kept):
        raise FolderError("No post holds words whose meaning can be read.")
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
