"""What a creator's posts and comments say of them, as arithmetic. Unknown stays None, never zero."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Value = TypeVar("Value", float, NDArray[np.float64])
TIERS = (
    ("seed", 1_000),
    ("nano", 10_000),
    ("micro", 100_000),
    ("mid", 500_000),
    ("macro", 1_000_000),
)
# Median engagement by followers (share, not per cent) to start from, until a cell has enough creators of our own.
FIRST_MEDIANS: Mapping[str, Mapping[str, float]] = {
    "instagram": {"nano": 0.048, "micro": 0.024, "mid": 0.018, "macro": 0.015, "mega": 0.012},
    "tiktok": {"nano": 0.103, "micro": 0.081, "mid": 0.063, "macro": 0.055, "mega": 0.049},
    "youtube": {"nano": 0.032, "micro": 0.021, "mid": 0.015, "macro": 0.012, "mega": 0.009},
}
ANY_MEDIAN = 0.03
ENOUGH_CREATORS = 200
WITHIN = 0.316
BETWEEN = 0.597
HALF = 0.5  # Added to each count of engagements so that a silent post has a logarithm.
ENTERED_IS_WORTH = 2  # A rate typed in by its owner weighs as much as this many posts that we saw ourselves.


@dataclass(frozen=True, slots=True)
class PostFacts:
    """One post: its engagements beside the followers of the channel it stood on, and a sample of its comments."""

    followers: int | None
    likes: int | None
    comments: int | None
    is_sponsored: bool = False
    fan_comments: int = 0
    replied_to: int = 0
    hollow: int = 0
    mean_words: float | None = None

    @property
    def rate(self) -> float | None:
        """(likes + comments) ÷ followers; None when a part is unknown."""
        if not self.followers or self.likes is None:
            return None
        return (self.likes + (self.comments or 0)) / self.followers

    @property
    def log_rate(self) -> float | None:
        """The same as a natural logarithm, half an engagement added; None when a part is unknown."""
        if not self.followers or self.likes is None:
            return None
        return math.log((self.likes + (self.comments or 0) + HALF) / self.followers)


@dataclass(frozen=True, slots=True)
class Cell:
    """What creators of one network and tier usually reach: mean and variance of the logarithm of their rates."""

    mean: float
    between: float = BETWEEN


@dataclass(frozen=True, slots=True)
class Engagement:
    """The median as it is, how many posts it is from, and what is believed after shrinkage."""

    rate: float | None
    posts: int
    shrunk: float | None


@dataclass(frozen=True, slots=True)
class Conversation:
    """How far people talk with the creator under the posts; ``seen`` are comments of others than the creator."""

    seen: int
    reply_rate: float | None
    words: float | None
    genuine_share: float | None

    @property
    def score(self) -> float | None:
        """0–1: half replies (40 % is strong), three tenths length (eight words is long), two tenths substance.

        Each part counts as if ten ordinary comments had been seen besides, so that three lucky ones lift nobody.
        """
        if self.reply_rate is None:
            return None
        trust = self.seen / (self.seen + 10)
        replies = min((self.reply_rate or 0.0) / 0.4, 1.0)
        length = min((self.words or 0.0) / 8.0, 1.0)
        return trust * (0.5 * replies + 0.3 * length + 0.2 * (self.genuine_share or 0.0))


def tier_of(followers: int | None) -> str:
    """The band of followers a channel falls in; empty when unknown."""
    if followers is None:
        return ""
    return next((name for name, below in TIERS if followers < below), "mega")


def cell_of(network: str, tier: str, *, creators: int = 0, mean: float | None = None) -> Cell:
    """The cell's own mean once 200 creators stand behind it, else the published median of its tier."""
    if mean is not None and creators >= ENOUGH_CREATORS:
        return Cell(mean)
    medians = FIRST_MEDIANS.get(network, {})
    return Cell(math.log(medians.get("nano" if tier == "seed" else tier, ANY_MEDIAN)))


def shrink(mean_log: float, posts: float, cell: Cell) -> float:
    """The rate after shrinkage to its cell, by log-normal empirical Bayes.

    With x̄ the mean log rate of n posts, σ² the variance between one creator's posts and μ, τ² the mean and
    variance between creators of the cell:  exp((n·x̄/σ² + μ/τ²) / (n/σ² + 1/τ²)).
    Efron and Morris, "Data Analysis Using Stein's Estimator", JASA 70 (1975); σ² = .316 and τ² = .597 were measured
    on 39,068 posts (see docs). Few posts stay near the cell, many speak for themselves.
    """
    return math.exp(believed(posts / WITHIN, mean_log, 1 / cell.between, cell.mean))


def believed(own: Value, mean: Value, prior: float, usual: Value) -> Value:
    """What is believed of a value seen with precision `own`, when `usual` is known with precision `prior`.

    The mean of the two, weighed by precision (1 ÷ variance): the posterior mean of a normal value. One number or many.
    """
    return (own * mean + prior * usual) / (own + prior)


def engagement(posts: Sequence[PostFacts], cell: Cell, *, entered: float | None = None) -> Engagement:
    """The median over posts; where no post is known, the rate its owner entered, weighed as two posts."""
    rates = [rate for post in posts if (rate := post.rate) is not None]
    logs = [log for post in posts if (log := post.log_rate) is not None]
    if rates:
        return Engagement(median(rates), len(rates), shrink(fmean(logs), len(logs), cell))
    if entered:
        return Engagement(entered, 0, shrink(math.log(entered), ENTERED_IS_WORTH, cell))
    return Engagement(None, 0, None)


def conversation(posts: Sequence[PostFacts]) -> Conversation:
    """Replies, words and substance over all comments that were seen, each weighed by how many there were."""
    fans = sum(post.fan_comments for post in posts)
    if not fans:
        return Conversation(0, None, None, None)
    worded = [(post.mean_words, post.fan_comments) for post in posts if post.mean_words is not None]
    counted = sum(count for _, count in worded)
    return Conversation(
        fans,
        min(sum(post.replied_to for post in posts) / fans, 1.0),
        sum(words * count for words, count in worded) / counted if counted else None,
        max(0.0, 1 - sum(post.hollow for post in posts) / fans),
    )


def sponsored_share(posts: Sequence[PostFacts]) -> float | None:
    """Sponsored posts ÷ posts; None when no post is known."""
    return sum(post.is_sponsored for post in posts) / len(posts) if posts else None
