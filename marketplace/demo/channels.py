"""A creator's channels, with the posts and the past of each."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from statistics import median

from marketplace.demo.captions import Voice, write_caption
from marketplace.demo.figures import Habits, draw_comments, draw_post, odd, rate_of
from marketplace.demo.shapes import DemoChannel, DemoPost, DemoSnapshot

NETWORKS = {"instagram": 58, "tiktok": 22, "youtube": 10, "blog": 6, "newsletter": 4}
KINDS = {
    "instagram": ("photo", "carousel", "reel", "reel"), "tiktok": ("video",), "youtube": ("video", "short"),
    "blog": ("article",), "newsletter": ("issue",),
}  # fmt: skip
HOSTS = {"blog": "blog.example", "newsletter": "letters.example"}
MONTHS_BACK = 6


def draw_channels(
    rng: Random, handle: str, voice: Voice, habits: Habits, niches: Mapping[str, float], today: date
) -> list[DemoChannel]:
    """One to three channels; the first is where the creator lives and has the most followers and posts."""
    networks = _networks(rng)
    made = []
    for number, network in enumerate(networks):
        followers = habits.followers if number == 0 else odd(habits.followers * rng.uniform(0.12, 0.7))
        count = rng.randint(6, 10) if number == 0 else rng.randint(2, 3)
        own = replace(habits, followers=followers)
        posts = _posts(rng, f"{handle}-{network}", network, voice, own, niches, today, count)
        made.append(_channel(rng, handle, network, own, posts, today, with_past=number == 0))
    return made


def _networks(rng: Random) -> list[str]:
    names, weights = list(NETWORKS), list(NETWORKS.values())
    first = rng.choices(names, weights)[0]
    rest = [name for name in names if name != first]
    more = rng.choices((0, 1, 2), (45, 40, 15))[0]
    return [first, *rng.sample(rest, more)]


def _posts(
    rng: Random,
    mark: str,
    network: str,
    voice: Voice,
    habits: Habits,
    niches: Mapping[str, float],
    today: date,
    count: int,
) -> list[DemoPost]:
    rate = rate_of(network, habits.followers, habits.pull)
    paid_share = rng.choice((0.0, 0.05, 0.1, 0.15, 0.3))
    step = rng.uniform(5, 24)
    posts = []
    for number in range(count):
        day = today - timedelta(days=round(number * step + rng.uniform(1, step)))
        sponsored = rng.random() < paid_share
        niche = rng.choices(list(niches), list(niches.values()))[0]
        text, disclosed = write_caption(rng, voice, niche, day, sponsored=sponsored)
        likes, comments = draw_post(rng, network, habits.followers, rate, sponsored=sponsored)
        posts.append(
            DemoPost(
                external_id=f"{mark}-{count - number}", posted_on=day, kind=rng.choice(KINDS[network]), niche=niche,
                text=text, likes=likes, comments=comments, sample=draw_comments(rng, comments, habits),
                is_sponsored=sponsored, is_disclosed=disclosed,
            )
        )  # fmt: skip
    return posts


def _channel(
    rng: Random, handle: str, network: str, habits: Habits, posts: Sequence[DemoPost], today: date, *, with_past: bool
) -> DemoChannel:
    rate = round(median((post.likes + post.comments) / habits.followers for post in posts), 5)
    count = rng.randint(60, 900)
    name = handle.replace("-", ".")
    host = HOSTS.get(network)
    return DemoChannel(
        network=network,
        handle=name,
        url=f"https://{handle}.{host}/" if host else f"https://{network}.example/{name}",
        followers=habits.followers,
        following=rng.randint(90, 1400),
        posts_count=count,
        engagement_rate=rate,
        source=rng.choice(("entered", "entered", "imported", "proved")),
        figures_on=today - timedelta(days=rng.randint(1, 40)),
        posts=tuple(posts),
        snapshots=_past(rng, habits, count, rate, today) if with_past else (),
    )


def _past(rng: Random, habits: Habits, posts_count: int, rate: float, today: date) -> tuple[DemoSnapshot, ...]:
    """Month by month backwards; an account that bought its followers shows the month it did."""
    growth = rng.uniform(1.0, 1.045)
    jump_at = rng.randint(1, 3) if habits.is_hollow else 0
    followers, past = float(habits.followers), []
    for month in range(1, MONTHS_BACK + 1):
        followers /= 1.6 if month == jump_at else growth
        drift = rng.uniform(0.92, 1.08)
        past.append(
            DemoSnapshot(
                today - timedelta(days=30 * month), odd(followers), max(1, posts_count - 9 * month), rate * drift
            )
        )
    return tuple(past)
