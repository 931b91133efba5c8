"""What is known of one creator, as numbers. None is "not known"; a figure that cannot be is not known either."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

MOST = 1e12


def sane(value: float | None) -> float | None:
    """A finite count that is not negative nor absurd; None for everything else."""
    if value is None or not math.isfinite(value) or not 0 <= value <= MOST:
        return None
    return float(value)


@dataclass(frozen=True, slots=True)
class PostEvidence:
    """One post with a sample of its comments. Counts are of other people's comments (``fan_comments``) in the sample.

    ``followers`` are those of the channel it stood on, ``network`` that channel's (empty: the creator's largest).
    """

    followers: float | None = None
    likes: float | None = None
    comments: float | None = None
    is_sponsored: bool = False
    network: str = ""
    fan_comments: float | None = None
    unique_fans: float | None = None
    replied_to: float | None = None
    emoji_only: float | None = None
    generic: float | None = None
    mean_words: float | None = None
    distinct_texts: float | None = None
    from_creators: float | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """One creator: the largest channel's figures, the newest posts, and followers by day.

    ``usual`` is the mean log engagement rate of the creator's network and tier on this platform, once enough creators
    stand behind it. ``niche`` is the slug of a top niche, empty when unknown.
    """

    network: str = ""
    followers: float | None = None
    following: float | None = None
    niche: str = ""
    posts: Sequence[PostEvidence] = ()
    history: Sequence[tuple[date, float]] = field(default=())
    usual: float | None = None

    @property
    def comments_seen(self) -> int:
        """Comments of others in the samples."""
        return int(sum(sane(post.fan_comments) or 0 for post in self.posts))
