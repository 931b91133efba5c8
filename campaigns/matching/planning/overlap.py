"""Who engages whom, when nobody's list of followers is known: a prior from niche, place and size, and what is known.

Two creators overlap as far as their people are in the same segments. A segment is a niche in a region, or that niche
anywhere else; the larger a creator, the more of their people are anywhere else. Within a segment people are taken to
follow independently, so that two creators who engage the shares p and q of it have p·q in common.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from campaigns.matching.planning.audience import MOST_SHARE, Audience, Rows
from campaigns.matching.scale import Numbers

NICHES_EACH = 3
# The share of a creator's people who are of their own region, by tier from seed to mega and unknown; set by hand.
AT_HOME = np.array([0.75, 0.70, 0.60, 0.45, 0.30, 0.20, 0.60])
MOST_OF_ONE = 0.1  # of a segment's people the largest creator there engages: a segment is never smaller than that
PAIRS_EACH = 4
DEGREE = (1.0, 1.5)  # a region is so many degrees of latitude and longitude: some 110 km each way in Central Europe


@dataclass(frozen=True)
class Following:
    """What is known of n creators' people.

    `engaged` (n,) are the people one post is expected to engage; `niches` (n, q) weigh a creator's niches and `worth`
    (q + 1,) says in [0, 1] how far a brief wants people of each, the last for creators of none; `regions` (n,) from
    `region_of`; `tiers` (n,) from `cells.tier`. People of no region in particular count for `far` in [0, 1].
    """

    engaged: Numbers
    niches: Numbers
    worth: Numbers
    regions: Rows
    tiers: Rows
    far: float = 1.0

    def __len__(self) -> int:
        return len(self.engaged)


def region_of(latitude: Numbers, longitude: Numbers) -> Rows:
    """A number for each creator's region, from 1; 0 where the place is not known."""
    cells = np.column_stack([np.floor(latitude / DEGREE[0]), np.floor(longitude / DEGREE[1])])
    known = ~np.isnan(cells).any(axis=1)
    regions = np.zeros(len(cells), dtype=np.int64)
    if known.any():
        _names, place = np.unique(cells[known], axis=0, return_inverse=True)
        regions[known] = place.ravel() + 1
    return regions


def audience_of(them: Following) -> Audience:
    """The prior: each creator's people spread over niche × region, and segments as large as their creators need."""
    niches, weights = _main_niches(them)
    home = AT_HOME[them.tiers][:, None]
    home = np.where(them.regions[:, None] > 0, home, 0.0)
    count = int(them.regions.max(initial=0)) + 1
    people = np.hstack([weights * home, weights * (1 - home)]) * them.engaged[:, None]
    segments = np.hstack([niches * count + them.regions[:, None], niches * count])
    size = len(them.worth) * count
    largest = np.zeros(size)
    np.maximum.at(largest, segments, people)
    there = np.maximum(np.bincount(segments.ravel(), people.ravel(), size), largest / MOST_OF_ONE)
    near = np.where(np.arange(size) % count > 0, 1.0, them.far)
    shares = people / np.maximum(there, 1e-9)[segments]
    return Audience(segments, shares, there * np.repeat(them.worth, count) * near, np.zeros(len(them)))


def _main_niches(them: Following) -> tuple[Rows, Numbers]:
    """Each creator's strongest three niches, and their weights adding up to 1; the last niche of all for none."""
    none = len(them.worth) - 1
    padded = np.hstack([them.niches, np.zeros((len(them), NICHES_EACH))])
    order = np.argsort(-padded, axis=1, kind="stable")[:, :NICHES_EACH]
    weights = np.take_along_axis(padded, order, axis=1)
    total = weights.sum(axis=1, keepdims=True)
    weights = weights / np.where(total > 0, total, 1)
    weights[:, 0] = np.where(total[:, 0] > 0, weights[:, 0], 1.0)
    return np.where(total > 0, np.minimum(order, none), none), weights


def with_shared(audience: Audience, engaged: Numbers, pairs: Sequence[tuple[int, int, float]]) -> Audience:
    """The same where for some pairs of creators it is known how many people engage with both.

    `pairs` are (row, row, people), say from commenters seen under both. Those people become a segment of their own that
    both engage, and leave the segments where the prior had put them; what each creator engages alone stays the same. A
    creator takes part in at most four pairs, the largest; no more than all of their people are shared.
    """
    taken = largest_pairs(engaged, pairs)
    if not taken:
        return audience
    count, wide = audience.segments.shape
    alone = audience.gains(np.ones(len(audience.value)))
    worth = np.where(engaged > 0, alone / np.maximum(engaged, 1e-9), 0.0)
    segments = np.hstack([audience.segments, np.zeros((count, PAIRS_EACH), dtype=np.int64)])
    shares = np.hstack([audience.shares, np.zeros((count, PAIRS_EACH))])
    used, moved, value = np.full(count, wide), np.zeros(count), list(audience.value)
    for first, second, people in taken:
        most = max(worth[first], worth[second], 1e-9)
        for row in (first, second):
            segments[row, used[row]] = len(value)
            shares[row, used[row]] = min(worth[row] / most, MOST_SHARE)
            used[row] += 1
            moved[row] += people
        value.append(people * most)
    shares[:, :wide] *= np.clip(1 - moved / np.maximum(engaged, 1e-9), 0.0, 1.0)[:, None]
    return Audience(segments, shares, np.array(value), audience.own)


def largest_pairs(engaged: Numbers, pairs: Sequence[tuple[int, int, float]]) -> list[tuple[int, int, float]]:
    """The largest first, as far as both have a place left for a pair and people who are not in one yet."""
    left: NDArray[np.float64] = engaged.astype(np.float64)
    used = np.zeros(len(engaged), dtype=np.int64)
    taken = []
    for first, second, people in sorted(pairs, key=lambda pair: (-pair[2], pair[0], pair[1])):
        fitting = float(min(people, left[first], left[second]))
        if fitting <= 0 or max(used[first], used[second]) >= PAIRS_EACH or first == second:
            continue
        for row in (first, second):
            left[row] -= fitting
            used[row] += 1
        taken.append((first, second, fitting))
    return taken
