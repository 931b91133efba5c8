"""Evidence → score, band and the parts that made it.

For each part: the residual of every reading from what is usual for network, size and niche; their precision-weighted
mean; its shrinkage to zero by empirical Bayes (Efron and Morris, JASA 70, 1975), in units of the spread between
creators. The log-odds are Σ weight × that, a unit above the usual counting `upward` of one below. The score is
100·Φ(log-odds ÷ spread): 50 is usual. The band is that of log-odds ± z·√(together × Σ weight² × what is still unknown).

So a part that is not known adds exactly nothing to the log-odds, as if it were usual, and leaves the band as wide as it
was: missing evidence never lowers the score, and evidence only narrows the band (in log-odds).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist

from creators.authenticity.evidence import Evidence, sane
from creators.authenticity.norms import BORROWED, MEASURED_ON, Norm, Norms, norms, shift
from creators.authenticity.readings import Reading, read
from creators.figures import believed

USUAL = 50.0
FARTHEST = 4.0  # spreads; one absurd part cannot decide alone
ENOUGH_POSTS, ENOUGH_COMMENTS = 8, 30
_PHI = NormalDist().cdf


@dataclass(frozen=True, slots=True)
class Part:
    """One sign: `standing` in spreads of creators (0 usual, below 0 speaks against), None when nothing is known.

    `points` is what it adds to the score of 50. `own` and `usual` are readings, on their own scales, from `size` things
    each on average. `unknown` is the share of the spread between creators that is still open: 1 when nothing is known.
    """

    name: str
    readings: int
    standing: float | None
    points: float
    unknown: float
    own: float | None = None
    usual: float | None = None
    size: float = 1.0


@dataclass(frozen=True, slots=True)
class Authenticity:
    """A score of 0–100 with its 80 % and 95 % bands, and its parts; `score` = 50 + Σ points.

    `doubt` is the width of the band before the curve: 1 where nothing is known, 0 where everything were.
    `is_enough` is false below 8 posts and below 30 comments: then show the band and say so, not the number alone.
    """

    score: float
    low: float
    high: float
    low95: float
    high95: float
    doubt: float
    is_enough: bool
    posts: int
    comments: int
    parts: tuple[Part, ...]
    version: str


def score(evidence: Evidence, given: Norms | None = None) -> Authenticity:
    """The score of one creator. What cannot be is unknown; where nothing is known it is 50 with the widest band."""
    by = given or norms()
    found = dict(read(evidence))
    parts = [_part(name, found.get(name, []), norm, evidence) for name, norm in by.parts.items()]
    odds = [_odds(part, by.parts[part.name]) for part in parts]
    middle, spread = sum(odds), by.spread
    open_ = math.sqrt(by.together * sum(by.parts[part.name].weight ** 2 * part.unknown for part in parts))
    whole = 100 * _PHI(middle / spread)
    # The curve is shared out in proportion, so that the points add up to the score.
    per_odds = (whole - USUAL) / middle if abs(middle) > 1e-9 else 100 / spread / math.sqrt(2 * math.pi)

    def at(z: float) -> float:
        return 100 * _PHI((middle + z * open_) / spread)

    return Authenticity(
        score=whole,
        low=at(-by.z80),
        high=at(by.z80),
        low95=at(-by.z95),
        high95=at(by.z95),
        doubt=open_ / spread,
        is_enough=len(evidence.posts) >= ENOUGH_POSTS or evidence.comments_seen >= ENOUGH_COMMENTS,
        posts=len(evidence.posts),
        comments=evidence.comments_seen,
        parts=tuple(_worth(part, each * per_odds) for part, each in zip(parts, odds, strict=True)),
        version=by.version,
    )


def _part(name: str, readings: Sequence[Reading], norm: Norm, evidence: Evidence) -> Part:
    if not readings:
        return Part(name, 0, None, 0.0, 1.0)
    usual = [_usual(name, reading, norm, evidence) for reading in readings]
    weights = [1 / _variance(reading, norm, evidence) for reading in readings]
    precision = sum(weights)
    own = sum(weight * reading.value for weight, reading in zip(weights, readings, strict=True)) / precision
    expected = sum(weight * value for weight, value in zip(weights, usual, strict=True)) / precision
    residual = norm.sign * (own - expected)
    prior = 1 / norm.between
    standing = believed(precision, residual, prior, 0.0) / math.sqrt(norm.between)
    bounded = min(max(standing, -FARTHEST), FARTHEST)
    size = sum(reading.size for reading in readings) / len(readings)
    return Part(name, len(readings), bounded, 0.0, prior / (precision + prior), own, expected, size)


def _usual(name: str, reading: Reading, norm: Norm, evidence: Evidence) -> float:
    followers = reading.followers if reading.followers is not None else sane(evidence.followers)
    if name == "engagement" and evidence.usual is not None and reading.network == evidence.network:
        return evidence.usual + (norm.niches or {}).get(evidence.niche, 0.0)
    usual = norm.usual(followers, reading.size, evidence.niche)
    return usual + shift(reading.network, followers) if name == "engagement" else usual


def _variance(reading: Reading, norm: Norm, evidence: Evidence) -> float:
    """Of one reading; on a network where nothing was measured the usual itself is not sure."""
    known = (reading.network or evidence.network) in ("", MEASURED_ON)
    return norm.variance(reading.size) * (1.0 if known else BORROWED)


def _odds(part: Part, norm: Norm) -> float:
    if part.standing is None:
        return 0.0
    return norm.weight * part.standing * (norm.upward if part.standing > 0 else 1.0)


def _worth(part: Part, points: float) -> Part:
    return replace(part, points=points)
