"""Figures that hang together: followers, engagement, comments and prices of small accounts."""

import math
from dataclasses import dataclass
from random import Random

from marketplace.demo.shapes import DemoComments

FEWEST, MOST = 800, 60_000
MEDIAN_FOLLOWERS, SPREAD_FOLLOWERS = 6_200, 1.05
NANO_BELOW = 10_000
# Median engagement by followers, nano and micro (product.md); blogs and newsletters count readers who write back.
MEDIAN_RATES = {
    "instagram": (0.048, 0.024), "tiktok": (0.103, 0.081), "youtube": (0.032, 0.021),
    "blog": (0.020, 0.012), "newsletter": (0.030, 0.018),
}  # fmt: skip
# A few accounts look bought: many followers, little and empty conversation. Authenticity has something to find.
HOLLOW_SHARE = 0.03
SPREAD_OF_CREATORS, SPREAD_OF_POSTS = 0.38, 0.30
NANO_PRICES, MICRO_PRICES = (1_000, 10_000), (10_000, 50_000)
# How a price compares with that of a post or reel.
PRICE_OF = {
    "post": 0.8, "reel": 1.0, "story": 0.45, "video": 1.6, "article": 1.1, "newsletter": 0.9,
    "ugc": 0.9, "replies": 0.35, "live_qa": 0.8,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Habits:
    """What one creator's audience and conversation are like."""

    followers: int
    pull: float
    reply_rate: float
    comment_words: float
    genuine: float

    @property
    def is_hollow(self) -> bool:
        return self.genuine < 0.4


def draw_habits(rng: Random) -> Habits:
    """One creator's followers (log-normal, mostly small) and how they talk with people."""
    followers = MEDIAN_FOLLOWERS * math.exp(rng.gauss(0, SPREAD_FOLLOWERS))
    while not FEWEST <= followers <= MOST:
        followers = MEDIAN_FOLLOWERS * math.exp(rng.gauss(0, SPREAD_FOLLOWERS))
    if rng.random() < HOLLOW_SHARE:
        return Habits(odd(followers * 1.6), 0.28, 0.02, 2.1, 0.34)
    warmth = rng.betavariate(2.2, 3.0)
    return Habits(
        followers=odd(followers),
        pull=math.exp(rng.gauss(0, SPREAD_OF_CREATORS)),
        reply_rate=round(warmth, 3),
        comment_words=round(3.2 + 9 * warmth * rng.uniform(0.6, 1.2), 1),
        genuine=round(min(0.97, 0.62 + 0.35 * warmth + rng.gauss(0, 0.05)), 3),
    )


def rate_of(network: str, followers: int, pull: float) -> float:
    """The engagement rate one expects of a channel: the median of its tier times the creator's pull."""
    nano, micro = MEDIAN_RATES[network]
    return min(0.35, (nano if followers < NANO_BELOW else micro) * pull)


def draw_post(rng: Random, network: str, followers: int, rate: float, *, sponsored: bool) -> tuple[int, int]:
    """Likes and comments of one post; a paid one does a little worse."""
    engaged = followers * rate * math.exp(rng.gauss(0, SPREAD_OF_POSTS)) * (0.92 if sponsored else 1)
    share = min(0.3, (0.05 if network != "newsletter" else 0.2) * math.exp(rng.gauss(0, 0.4)))
    comments = round(engaged * share)
    return max(1, round(engaged) - comments), comments


def draw_comments(rng: Random, comments: int, habits: Habits) -> DemoComments:
    """A sample of the comments under a post, as an import would have loaded it."""
    loaded = min(comments, rng.randint(12, 24))
    fans = round(loaded * rng.uniform(0.75, 0.95))
    weak = min(fans, round(fans * (1 - habits.genuine)))
    emoji = round(weak * rng.uniform(0.3, 0.7))
    replied = sum(rng.random() < habits.reply_rate for _ in range(fans))
    return DemoComments(
        loaded=loaded,
        fan_comments=fans,
        unique_fans=round(fans * rng.uniform(0.8, 1)),
        owner_replies=min(loaded - fans, replied),
        replied_to=replied,
        emoji_only=emoji,
        short_or_generic=weak - emoji,
        mean_words=round(max(1.5, rng.gauss(habits.comment_words, 1.4)), 1),
    )


def reel_price_minor(rng: Random, followers: int, rate: float) -> int:
    """What a reel costs: by the people it moves more than by those it could reach, within the tier's band."""
    low, high = NANO_PRICES if followers < NANO_BELOW else MICRO_PRICES
    price = (2_600 + 22 * followers * rate) * math.exp(rng.gauss(0, 0.28))
    return rounded(min(max(price, low / PRICE_OF["post"]), high))


def price_minor(kind: str, reel_minor: int) -> int:
    return rounded(reel_minor * PRICE_OF[kind])


def rounded(minor: float) -> int:
    """People ask for 35, 80 or 150, not for 83.17."""
    step = 500 if minor < 20_000 else 1_000
    return max(1_000, round(minor / step) * step)


def odd(number: float) -> int:
    """A whole number; followers are never round."""
    return max(1, round(number))
