"""Single posts beside the average: looked at for the last few hundred only, and named as evidence."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from campaigns.matching.brief import BriefFacts
from campaigns.matching.candidates import Pool
from campaigns.matching.meaning import DIGITS
from campaigns.matching.parts import Evidence
from campaigns.matching.scale import Numbers, standard, standing

LOOKED_AT = 300  # creators whose single posts are read: three times a whole list
LONGEST = 60


@dataclass(frozen=True)
class Posts:
    """Posts by row: whose it is (n,), its unit vector (n, d), its day in ISO form or "", and how its text begins.

    A creator's posts stand newest first: of two that are equally close, the newer one is named.
    """

    owners: NDArray[np.int64]
    vectors: NDArray[np.float32]
    days: Sequence[str]
    words: Sequence[str]


ReadPosts = Callable[[NDArray[np.int64]], Posts]


def closest(brief: BriefFacts, pool: Pool, posts: Posts) -> Evidence:
    """The one post of each creator that comes closest to the brief; NaN for whoever has none among these.

    Facts: its cosine, and its row in `posts`.
    """
    cosine, which = np.full(len(pool), np.nan), np.full(len(pool), np.nan)
    wanted = brief.vector
    if wanted is not None and posts.vectors.shape[1:] == wanted.shape:
        near: Numbers = (posts.vectors @ wanted).astype(np.float64).round(DIGITS)
        read = np.flatnonzero(near != 0)  # a post without words has a vector of zeros
        order = read[np.lexsort((-read, near[read]))]  # the closest, and of equals the first, is written last
        rows = np.searchsorted(pool.ids, posts.owners[order])
        cosine[rows], which[rows] = near[order], order
    return Evidence(standing(standard(cosine, pool.counts)), {"cosine": cosine, "post": which})


def beginning(text: str) -> str:
    """How a post begins, on one line, cut at a word."""
    line = " ".join(text.split())
    if len(line) <= LONGEST:
        return line
    cut = line[:LONGEST]
    return f"{cut.rsplit(' ', 1)[0] if ' ' in cut else cut} …"
