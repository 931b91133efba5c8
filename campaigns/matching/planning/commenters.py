"""How many people two creators share, from samples of who comments under both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from math import sqrt

import numpy as np

from campaigns.matching.scale import Numbers
from creators.commenters import Hashes, in_common

ENOUGH = 30  # people of each to compare: of fewer, three in common may be chance
FEWEST = 3
EVERYWHERE = 50  # whoever comments under so many of them says nothing of two of them
Pair = tuple[int, int, float]


@dataclass(frozen=True)
class Commenters:
    """Some of the people seen commenting under one creator's posts; `coverage` is the share of comments seen."""

    hashes: Hashes
    coverage: float


def shared_people(samples: Mapping[int, Commenters], engaged: Numbers) -> list[Pair]:
    """(row, row, people) for each two creators with enough of both seen and somebody in common.

    Of A's n commenters i comment under B as well, seen with B's coverage c: a share of i ÷ (n · c). The same from B's
    side; the people shared are the geometric mean of the two shares of `engaged`, and no more than either engages.
    """
    found = []
    for first, second in _met(samples):
        one, other = samples[first], samples[second]
        both, of_one, of_other = in_common(one.hashes, other.hashes)
        if both < FEWEST or min(of_one, of_other) < ENOUGH:
            continue
        share = min(both / (of_one * other.coverage), 1.0)
        share_of_other = min(both / (of_other * one.coverage), 1.0)
        people = sqrt(share * float(engaged[first]) * share_of_other * float(engaged[second]))
        found.append((first, second, min(people, float(engaged[first]), float(engaged[second]))))
    return found


def _met(samples: Mapping[int, Commenters]) -> list[tuple[int, int]]:
    """The pairs who have at least three people in common: by person, not by pair."""
    if not samples:
        return []
    hashes = np.concatenate([sample.hashes for sample in samples.values()])
    rows = np.repeat(list(samples), [len(sample.hashes) for sample in samples.values()])
    order = np.argsort(hashes, kind="stable")
    hashes, rows = hashes[order], rows[order]
    starts = np.flatnonzero(np.concatenate([[True], hashes[1:] != hashes[:-1]])) if len(hashes) else np.zeros(0, int)
    sizes = np.diff(np.append(starts, len(hashes)))
    met: dict[tuple[int, int], int] = {}
    for start, size in zip(starts[sizes > 1].tolist(), sizes[sizes > 1].tolist(), strict=True):
        if size <= EVERYWHERE:
            for pair in combinations(sorted(rows[start : start + size].tolist()), 2):
                met[pair] = met.get(pair, 0) + 1
    return sorted(pair for pair, times in met.items() if times >= FEWEST)
