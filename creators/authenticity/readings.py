"""From evidence to readings: one number for each post, on a scale where differences mean the same everywhere.

Rates and ratios are logarithms. Shares of a sample of comments are 2·arcsin √((k + 3/8) ÷ (n + 3/4)), whose variance
hardly depends on the share (Anscombe, Biometrika 35, 1948). Nothing here says what is good: that is in `norms`.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from creators.authenticity.evidence import Evidence, PostEvidence, sane

HALF = 0.5
SATURATED = 0.25  # of posts sponsored
DOUBT = 4
GROWTH_TOLERATED, GROWTH_TOLERATED_A_DAY = 0.10, 0.005  # growth or loss beyond one's usual, as a logarithm
GROWTH_DAYS = 14
GROWTH_POINTS = 4
PAID_USUAL = math.log(0.96)  # a sponsored post's engagement over an organic one's, within creators


@dataclass(frozen=True, slots=True)
class Reading:
    """A value, and how many things (comments, posts, days) it was read from; infinite where size does not matter."""

    value: float
    size: float
    followers: float | None = None
    network: str = ""


def engagement(post: PostEvidence) -> tuple[float, float] | None:
    """log((likes + comments + ½) ÷ followers)."""
    followers, likes = sane(post.followers), sane(post.likes)
    if not followers or likes is None:
        return None
    return math.log((likes + (sane(post.comments) or 0) + HALF) / followers), math.inf


def comments_per_like(post: PostEvidence) -> tuple[float, float] | None:
    """log((comments + ½) ÷ (likes + ½)); a post that nobody liked says nothing."""
    likes, comments = sane(post.likes), sane(post.comments)
    if not likes or comments is None:
        return None
    return math.log((comments + HALF) / (likes + HALF)), comments + HALF


def depth(post: PostEvidence) -> tuple[float, float] | None:
    """log(1 + mean words of a comment)."""
    fans, words = sane(post.fan_comments), sane(post.mean_words)
    return (math.log1p(min(words, 1e4)), fans) if fans and words is not None else None


def share(name: str, *, least: int = 1) -> Callable[[PostEvidence], tuple[float, float] | None]:
    """The share of the sampled comments that `name` counts; None below `least` comments."""

    def read(post: PostEvidence) -> tuple[float, float] | None:
        fans, count = sane(post.fan_comments), sane(getattr(post, name))
        if fans is None or fans < least or count is None:
            return None
        return 2 * math.asin(math.sqrt((min(count, fans) + 0.375) / (fans + 0.75))), fans

    return read


OF_POSTS: dict[str, Callable[[PostEvidence], tuple[float, float] | None]] = {
    "engagement": engagement,
    "comments_per_like": comments_per_like,
    "depth": depth,
    "generic": share("generic"),
    "emoji_only": share("emoji_only"),
    "diversity": share("distinct_texts", least=2),
    "replies": share("replied_to"),
    "returning": share("unique_fans", least=2),
    "from_creators": share("from_creators"),
}


def following(evidence: Evidence) -> Reading | None:
    """log(1 + accounts followed)."""
    value = sane(evidence.following)
    return None if value is None else Reading(math.log1p(value), math.inf)


def growth(evidence: Evidence) -> Reading | None:
    """How far the worst day-to-day jump of followers (up or down) is from this channel's own usual; 0 or below.

    Needs four days over two weeks. The usual is the median daily growth, so a channel that grows fast and steadily has
    no anomaly. Bought followers come at once and are purged at once (De Cristofaro et al., IMC 2014).
    """
    days = _days(evidence.history)
    if len(days) < GROWTH_POINTS or days[-1][0] - days[0][0] < GROWTH_DAYS:
        return None
    steps = [(later - day, math.log((count + 10) / (before + 10))) for (day, before), (later, count) in pairwise(days)]
    daily = sorted(change / gap for gap, change in steps)
    usual = (daily[(len(daily) - 1) // 2] + daily[len(daily) // 2]) / 2
    worst = max(abs(change - usual * gap) - GROWTH_TOLERATED_A_DAY * gap for gap, change in steps)
    return Reading(-max(0.0, worst - GROWTH_TOLERATED), len(steps))


def _days(history: Sequence[tuple[date, float]]) -> list[tuple[int, float]]:
    known = {day.toordinal(): count for day, said in history if (count := sane(said)) is not None}
    return sorted(known.items())


def saturation(evidence: Evidence) -> Reading | None:
    """By how much the sponsored share exceeds 25 %; 0 or below. Sponsored work as such costs nothing."""
    posts = len(evidence.posts)
    if not posts:
        return None
    sponsored = sum(post.is_sponsored for post in evidence.posts)
    # As if four organic posts had been seen besides: one sponsored post of two is no saturation yet.
    return Reading(-max(0.0, sponsored / (posts + DOUBT) - SATURATED), posts)


def paid_posts(evidence: Evidence) -> Reading | None:
    """Mean log engagement of sponsored posts less that of organic ones, less the usual ×.96; needs both kinds."""
    logs: dict[bool, list[float]] = {True: [], False: []}
    for post in evidence.posts:
        if (found := engagement(post)) is not None:
            logs[post.is_sponsored].append(found[0])
    paid, organic = logs[True], logs[False]
    if not paid or not organic:
        return None
    value = sum(paid) / len(paid) - sum(organic) / len(organic) - PAID_USUAL
    return Reading(value, 1 / (1 / len(paid) + 1 / len(organic)))


OF_PROFILES: dict[str, Callable[[Evidence], Reading | None]] = {
    "following": following,
    "growth": growth,
    "saturation": saturation,
    "paid_posts": paid_posts,
}


def read(evidence: Evidence) -> Iterator[tuple[str, list[Reading]]]:
    """Each part's readings; none where nothing is known."""
    for name, of_post in OF_POSTS.items():
        yield name, [_placed(post, evidence, *found) for post in evidence.posts if (found := of_post(post)) is not None]
    for name, of_profile in OF_PROFILES.items():
        reading = of_profile(evidence)
        yield name, [] if reading is None else [reading]


def _placed(post: PostEvidence, evidence: Evidence, value: float, size: float) -> Reading:
    followers = sane(post.followers)
    return Reading(value, size, followers if followers else None, post.network or evidence.network)
