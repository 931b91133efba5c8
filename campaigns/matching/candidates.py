"""The creators who passed the hard filters, as columns: row i of every array is the same creator."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from campaigns.matching.cells import Norms, cell, tier

Numbers = NDArray[np.float64]
FIGURES = (
    "followers",
    "engagement_rate",
    "engagement_posts",
    "comments_per_like",
    "reply_rate",
    "genuine_share",
    "comment_words",
    "comments_seen",
    "latitude",
    "longitude",
    "price_minor",
    "sponsored_share",
    "authenticity",
    "authenticity_low",
    "authenticity_high",
    "reliability",
)


@dataclass(frozen=True)
class Pool:
    """Creators by column. NaN is "not known" everywhere; a vector of zeros is "nothing read yet".

    Build it with `Pool.of`, which fills what is not given (a niche that is not known weighs nothing), and sorts by id
    so that the same creators in another order are the same pool. Rates are shares (.034), not per cent. `price_minor`
    is what this brief's deliverables cost with this creator, in the brief's currency. `platform` is the network the
    figures are from. `posts` holds the vectors of single posts and `post_rows` whose they are, for the best post
    beside the average.

    A large pool may come as a sample: `counts` says for how many creators each row stands (absent: for itself), and
    every mean, spread, share and place is over those. `cosines` are the brief's with each creator, where they were
    computed already (NaN: nothing read); then `vectors` may be left out. `topic` is the share of each creator's niches
    that the brief asks for, where it was computed already; then only the brief's own niches need be columns. `norms`
    are what is usual in the market; absent, it is measured among these.
    """

    ids: NDArray[np.int64]
    vectors: NDArray[np.float32]
    niches: Numbers
    niche_names: tuple[str, ...]
    platform: NDArray[np.str_]
    posts: NDArray[np.float32]
    post_rows: NDArray[np.int64]
    followers: Numbers
    engagement_rate: Numbers
    engagement_posts: Numbers
    comments_per_like: Numbers
    reply_rate: Numbers
    genuine_share: Numbers
    comment_words: Numbers
    comments_seen: Numbers
    latitude: Numbers
    longitude: Numbers
    price_minor: Numbers
    sponsored_share: Numbers
    authenticity: Numbers
    authenticity_low: Numbers
    authenticity_high: Numbers
    reliability: Numbers
    counts: Numbers | None = None
    cosines: Numbers | None = None
    topic: Numbers | None = None
    norms: Norms | None = None

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def size(self) -> int:
        """How many creators the rows stand for together."""
        return len(self) if self.counts is None else round(float(self.counts.sum()))

    @cached_property
    def cells(self) -> NDArray[np.int64]:
        """Network and tier of each, as one number."""
        return cell(self.platform, tier(self.followers))

    @classmethod
    def of(
        cls,
        ids: ArrayLike,
        *,
        vectors: NDArray[np.float32] | None = None,
        niches: ArrayLike | None = None,
        niche_names: Sequence[str] = (),
        platform: Sequence[str] | NDArray[np.str_] | None = None,
        posts: NDArray[np.float32] | None = None,
        post_rows: ArrayLike | None = None,
        counts: Numbers | None = None,
        cosines: Numbers | None = None,
        topic: Numbers | None = None,
        norms: Norms | None = None,
        **figures: ArrayLike,
    ) -> Self:
        """The pool in order of ids, with everything that was not given marked as unknown."""
        if unknown := set(figures) - set(FIGURES):
            raise TypeError(f"A pool has no column {', '.join(sorted(unknown))}.")
        known = np.asarray(ids, dtype=np.int64)
        count = len(known)
        order = None if (known[1:] > known[:-1]).all() else np.argsort(known, kind="stable")
        weights = _weights(niches, (count, len(niche_names)))
        meaning = np.zeros((count, 0), dtype=np.float32) if vectors is None else vectors
        owners = np.zeros(0, dtype=np.int64) if post_rows is None else np.asarray(post_rows, dtype=np.int64)
        networks = np.asarray(platform if platform is not None else [""] * count, dtype=np.str_)
        return cls(
            ids=_sorted(known, order),
            vectors=_sorted(meaning, order),
            niches=_sorted(weights, order),
            niche_names=tuple(niche_names),
            platform=_sorted(networks, order),
            posts=np.zeros((0, 0), dtype=np.float32) if posts is None else posts,
            post_rows=owners if order is None else np.argsort(order)[owners],
            counts=_if_given(counts, order),
            cosines=_if_given(cosines, order),
            topic=_if_given(topic, order),
            norms=norms,
            **{name: _sorted(_column(figures, name, count), order) for name in FIGURES},
        )

    def take(self, rows: NDArray[np.int64]) -> "Pool":
        """The same columns for some rows only (ascending)."""
        kept = np.isin(self.post_rows, rows)
        cut: dict[str, Any] = {
            "posts": self.posts[kept],
            "post_rows": np.searchsorted(rows, self.post_rows[kept]),
            "niche_names": self.niche_names,
            "norms": self.norms,
        }
        for name in (column.name for column in fields(self) if column.name not in cut):
            column = getattr(self, name)
            cut[name] = None if column is None else column[rows]
        return Pool(**cut)


def _sorted(column: NDArray[Any], order: NDArray[np.int64] | None) -> NDArray[Any]:
    """In order of ids, without a copy where it is so already."""
    return column if order is None else column[order]


def _weights(niches: ArrayLike | None, shape: tuple[int, int]) -> Numbers:
    """What is not known, or less than nothing, weighs nothing."""
    weights = np.zeros(shape) if niches is None else np.asarray(niches, dtype=np.float64).reshape(shape)
    return weights if weights.min(initial=0.0) >= 0 else np.nan_to_num(weights).clip(min=0)


def _if_given(column: Numbers | None, order: NDArray[np.int64] | None) -> Numbers | None:
    return None if column is None else _sorted(column, order)


def _column(figures: Mapping[str, ArrayLike], name: str, count: int) -> Numbers:
    """A column of floats; what is not finite, or a negative count or rate, is not known."""
    if name not in figures:
        return np.full(count, np.nan)
    column = np.array(figures[name], dtype=np.float64)
    if column.shape != (count,):
        raise ValueError(f"{name} has {column.shape} values for {count} creators.")
    column[~np.isfinite(column)] = np.nan
    if name not in ("latitude", "longitude"):
        column[column < 0] = np.nan
    return column
