"""Weights from what came of shown matches. Pure: events in, weights and a verdict out.

Two logistic heads, one for "the business asks" and one for "the creator agrees". Log-odds of small chances are about
their logs, so the sum of the two heads orders like the product of the two chances, and stays a straight line: every
part keeps one weight, and the points of a match still add up to its score.

Places at the top are looked at more. Each asked creator therefore counts 1 ÷ (how likely that place is looked at), at
most 1 ÷ .12 (inverse propensity scoring with clipping: Joachims, Swaminathan and Schnabel, WSDM 2017).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

from campaigns.matching.scale import Numbers
from campaigns.matching.weights import Weights

ENOUGH_EVENTS, ENOUGH_ASKED = 2_000, 50
CLIP = 0.12
NEARNESS = 0.5  # Strength of the pull towards the prior: a weight learned from nothing stays where it was.
HELD_OUT = 4  # Every fourth campaign judges.
BOOTSTRAPS = 1_000
EXAMINED = 0.5
ACCEPTED, APPROVED, REPEATED, DECLINED = 1.0, 2.0, 3.0, -0.4


def examined(position: int) -> float:
    """How likely somebody looks at a place: 1 ÷ √position, an assumption until clicks are counted."""
    return float(position**-EXAMINED)


@dataclass(frozen=True)
class Event:
    """One shown match: its campaign, part → value (unknown parts are absent), how likely it was looked at, whether
    the creator was asked, and the gain of what followed (None: no answer)."""

    campaign: int
    values: Mapping[str, float]
    propensity: float
    asked: bool
    gain: float | None = None


@dataclass(frozen=True)
class Verdict:
    """How learned weights did on campaigns they had not seen: difference of discounted gain, with its 95 % interval.
    `better` only if the whole interval is above zero."""

    learned: float
    before: float
    low: float
    high: float
    campaigns: int

    @property
    def better(self) -> bool:
        return self.low > 0


def enough(events: Sequence[Event]) -> bool:
    """Below this the prior stays: learning from little is worse than knowing nothing."""
    asked = sum(event.asked for event in events)
    return len(events) >= ENOUGH_EVENTS and asked >= ENOUGH_ASKED


def learn(events: Sequence[Event], prior: Weights, *, version: str) -> Weights:
    """The prior's parts, weighed anew; they sum to one and none is negative."""
    names = list(prior.parts)
    values, before = matrix(events, names), _shares(prior, names)
    asked = np.array([event.asked for event in events], dtype=float)
    trust = np.where(asked > 0, 1 / np.clip([event.propensity for event in events], CLIP, 1.0), 1.0)
    heads = _head(values, asked, trust, before)
    answered = np.array([event.asked and event.gain is not None for event in events])
    if answered.any():
        gains = np.array([event.gain or 0.0 for event in events])[answered]
        heads = heads + _head(values[answered], (gains > 0).astype(float), np.maximum(np.abs(gains), 0.1), before)
    total = heads.sum()
    shares = heads / total if total > 0 else before
    return Weights(version, {name: round(float(share), 6) for name, share in zip(names, shares, strict=True)})


def matrix(events: Sequence[Event], names: Sequence[str]) -> Numbers:
    """Events × parts; an unknown part takes the mean of the known, as in the score."""
    rows = np.array([[event.values.get(name, np.nan) for name in names] for event in events], dtype=float)
    rows = rows.reshape(len(events), len(names))
    known = ~np.isnan(rows)
    middle = np.where(known, rows, 0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    found: Numbers = np.where(known, rows, middle)
    return found


def judge(events: Sequence[Event], learned: Weights, before: Weights, *, seed: int = 1) -> Verdict:
    """Order each campaign's shown matches by both weights and compare the discounted gain of what followed.

    Gains are weighted by 1 ÷ propensity and divided by the campaign's own sum of those weights (self-normalised);
    the interval resamples campaigns.
    """
    groups: dict[int, list[Event]] = {}
    for event in events:
        groups.setdefault(event.campaign, []).append(event)
    told = [(_gain(group, learned), _gain(group, before)) for group in groups.values() if any(e.gain for e in group)]
    if not told:
        return Verdict(0.0, 0.0, 0.0, 0.0, 0)
    new, old = np.array(told).T
    picks = np.random.default_rng(seed).integers(0, len(told), (BOOTSTRAPS, len(told)))
    low, high = np.percentile((new - old)[picks].mean(axis=1), [2.5, 97.5])
    return Verdict(float(new.mean()), float(old.mean()), float(low), float(high), len(told))


def apart(events: Sequence[Event]) -> tuple[list[Event], list[Event]]:
    """Events to learn from and events to judge by, campaigns kept whole."""
    judging = set(sorted({event.campaign for event in events})[::HELD_OUT])
    return [e for e in events if e.campaign not in judging], [e for e in events if e.campaign in judging]


def _shares(weights: Weights, names: Sequence[str]) -> Numbers:
    found = np.array([max(weights.parts.get(name, 0.0), 0.0) for name in names])
    return found / max(float(found.sum()), 1e-9)


def _head(values: Numbers, labels: Numbers, trust: Numbers, before: Numbers) -> Numbers:
    """Weights of a logistic regression that are not negative and are drawn towards a multiple of `before`."""
    slope = _fitted(values @ before[:, None], labels, trust, np.zeros(1), 1e-3)[0]
    return _fitted(values, labels, trust, slope * before, NEARNESS)


def _fitted(values: Numbers, labels: Numbers, trust: Numbers, centre: Numbers, pull: float) -> Numbers:
    """argmin Σ trust · log-loss + pull · |w − centre|², w ≥ 0, with a free intercept."""
    middle = values.mean(axis=0)
    design = np.column_stack([np.ones(len(values)), values - middle])

    def loss(found: Numbers) -> tuple[float, Numbers]:
        line = design @ found
        away = found[1:] - centre
        cost = trust @ (np.logaddexp(0, line) - labels * line) + pull * away @ away
        slope = design.T @ (trust * (expit(line) - labels))
        slope[1:] += 2 * pull * away
        return float(cost), slope

    start = np.concatenate([[0.0], centre])
    bounds = [(None, None), *[(0.0, None)] * values.shape[1]]
    found: NDArray[np.float64] = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x
    return found[1:]


def _gain(group: Sequence[Event], weights: Weights) -> float:
    """Σ gain ÷ log2(place + 1), each gain weighted by 1 ÷ propensity, ÷ the sum of those weights."""
    names = list(weights.parts)
    scores = matrix(group, names) @ _shares(weights, names)
    place = np.empty(len(group))
    place[np.argsort(-scores, kind="stable")] = np.arange(1, len(group) + 1)
    trust = 1 / np.clip([event.propensity for event in group], CLIP, 1.0)
    gains = np.array([event.gain or 0.0 for event in group])
    counted = gains != 0
    return float((trust * gains / np.log2(place + 1))[counted].sum() / trust[counted].sum())
