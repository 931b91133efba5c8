"""Known frauds put into real creators, to see whether the parts would have noticed. What was bought is drawn at random.

Strengths (uniform in the logarithm for factors): one to three bought comments for each genuine one, nine in ten of them
short or generic, every second a copy; a pod of 5–15 creators under each post; likes × 2–4; followers × 2–5, or × 1.5.
A sample of comments keeps its size, so bought ones push genuine ones out.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from creators.authenticity.evidence import Evidence, PostEvidence, sane
from creators.authenticity.norms import Norms
from creators.authenticity.scoring import score
from creators.evaluation.logistic import fit, log_odds
from creators.evaluation.measures import auc

Numbers = NDArray[np.float64]
Random = np.random.Generator
SAMPLE = 25
LEAST_COMMENTS = 10
LEAST_CREATORS = 40


@dataclass(frozen=True)
class Bought:
    """How bought comments look: the share of them that each count counts, and their length in words."""

    generic: float
    emoji_only: float
    distinct_texts: float
    unique_fans: float
    from_creators: float
    replied_to: float
    words: float


CHEAP = Bought(0.9, 0.45, 0.5, 0.95, 0.0, 0.0, 2.0)
OF_A_POD = Bought(0.5, 0.15, 0.9, 1.0, 1.0, 0.4, 4.0)
COUNTS = ("generic", "emoji_only", "distinct_texts", "unique_fans", "from_creators", "replied_to")


def _factor(random: Random, low: float, high: float) -> float:
    return float(np.exp(random.uniform(np.log(low), np.log(high))))


def _generic(evidence: Evidence, random: Random) -> Evidence:
    ratio = _factor(random, 1, 3)
    return _each(evidence, lambda post: _commented(post, (sane(post.comments) or 0) * ratio, CHEAP, random))


def _pod(evidence: Evidence, random: Random) -> Evidence:
    members = float(random.integers(5, 16))
    return _each(evidence, lambda post: _commented(post, members, OF_A_POD, random))


def _likes(evidence: Evidence, random: Random) -> Evidence:
    factor = _factor(random, 2, 4)
    return _each(evidence, lambda post: replace(post, likes=None if post.likes is None else post.likes * factor))


def _followers(low: float, high: float) -> Callable[[Evidence, Random], Evidence]:
    def inject(evidence: Evidence, random: Random) -> Evidence:
        factor = _factor(random, low, high)
        bought = _each(evidence, lambda post: replace(post, followers=(post.followers or 0) * factor))
        return replace(bought, followers=(evidence.followers or 0) * factor)

    return inject


FRAUDS: dict[str, Callable[[Evidence, Random], Evidence]] = {
    "bought generic comments": _generic,
    "pods": _pod,
    "likes × 2–4": _likes,
    "followers × 2–5": _followers(2, 5),
    "followers × 1.5": _followers(1.5, 1.5),
}


def _each(evidence: Evidence, change: Callable[[PostEvidence], PostEvidence]) -> Evidence:
    return replace(evidence, posts=[change(post) for post in evidence.posts])


def _commented(post: PostEvidence, more: float, bought: Bought, random: Random) -> PostEvidence:
    """The post with `more` comments of that kind, and the sample that one would have seen of it."""
    fans, comments = int(sane(post.fan_comments) or 0), sane(post.comments) or 0
    if not fans:
        return replace(post, comments=comments + more)
    size = max(fans, min(round(fans + more), SAMPLE))
    theirs = int(random.binomial(size, more / (more + max(comments, fans))))
    kept = min((size - theirs) / fans, 1.0)
    counts: dict[str, Any] = {"fan_comments": float(size), "comments": comments + more}
    for name in COUNTS:
        own = sane(getattr(post, name))
        if own is not None:
            seen = random.binomial(int(min(own, fans)), kept) + random.binomial(theirs, getattr(bought, name))
            counts[name] = float(min(seen, size))
    if (words := sane(post.mean_words)) is not None:
        counts["mean_words"] = (words * (size - theirs) + bought.words * theirs) / size
    return replace(post, **counts)


def noticed(everybody: Sequence[Evidence], norms: Norms, *, seed: int = 5) -> dict[str, dict[str, float]]:
    """For each fraud, AUC of telling injected creators from the same creators as they were.

    `score`: by the score alone. `own_test`: by a logistic regression on the parts for this fraud alone, learned on
    every other creator and judged on the rest; it shows what the evidence holds, were one to look for just this.
    """
    random = np.random.default_rng(seed)
    people = [evidence for evidence in everybody if evidence.posts and evidence.comments_seen >= LEAST_COMMENTS]
    if len(people) < LEAST_CREATORS:
        return {}
    before = _seen(people, norms)
    found = {}
    for name, inject in FRAUDS.items():
        after = _seen([inject(evidence, random) for evidence in people], norms)
        found[name] = {
            "creators": len(people),
            "score": _told(-before[:, 0], -after[:, 0]),
            "own_test": _own(before, after),
        }
    return found


def _seen(people: Sequence[Evidence], norms: Norms) -> Numbers:
    """The score, then each part's standing (0 where unknown)."""
    scored = (score(evidence, norms) for evidence in people)
    return np.array([[one.score, *(part.standing or 0.0 for part in one.parts)] for one in scored])


def _own(before: Numbers, after: Numbers) -> float:
    taught = np.concatenate([before[::2, 1:], after[::2, 1:]])
    beta = fit(taught, np.repeat([0.0, 1.0], [len(before[::2]), len(after[::2])]))
    return _told(log_odds(beta, before[1::2, 1:]), log_odds(beta, after[1::2, 1:]))


def _told(before: Numbers, after: Numbers) -> float:
    labels = np.repeat([0.0, 1.0], [len(before), len(after)])
    return round(auc(labels, np.concatenate([before, after])), 4)
