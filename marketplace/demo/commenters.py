"""Who comments under the demo's channels: neighbours who care for a subject comment under several of them."""

from collections.abc import Iterable
from random import Random

from django.conf import settings

from creators.commenters import hash_of, key_of, sketch
from creators.models import Channel, CommenterSample
from marketplace.demo.shapes import DemoChannel, DemoCreator

NEIGHBOURS, OF_THE_COUNTRY = 300, 5_000  # people who comment on a subject in one town, and in a whole country
LEAST, MOST, FOLLOWERS_EACH = 30, 300, 30
NEAR, FAR = 0.3, 0.2  # the shares of commenters who are neighbours, and who live elsewhere in the country
Seen = tuple[Channel, DemoCreator, DemoChannel]


def commenter_samples(channels: Iterable[Seen]) -> list[CommenterSample]:
    """A sample for each channel with posts; the same one for the same channel."""
    key, found = key_of(settings.SECRET_KEY), []
    for row, creator, channel in channels:
        loaded = sum(post.sample.loaded for post in channel.posts)
        if not loaded or channel.figures_on is None:
            continue
        there = sum(max(post.comments or 0, post.sample.loaded) for post in channel.posts)
        people = _commenters(creator, channel)
        found.append(
            CommenterSample(
                channel=row,
                hashes=sketch(hash_of(one, key) for one in people),
                people=len(people),
                coverage=loaded / there,
                seen_on=channel.figures_on,
            )
        )
    return found


def _commenters(creator: DemoCreator, channel: DemoChannel) -> set[str]:
    chance, subject = Random(channel.handle), max(creator.niches, key=lambda niche: creator.niches[niche])  # noqa: S311
    count = min(max((channel.followers or 0) // FOLLOWERS_EACH, LEAST), MOST)
    near, far = round(count * NEAR), round(count * FAR)
    crowd = f"{channel.network} {subject} {creator.place.country}"
    people = {f"{crowd} {creator.place.name} {number}" for number in chance.sample(range(NEIGHBOURS), near)}
    people |= {f"{crowd} {number}" for number in chance.sample(range(OF_THE_COUNTRY), far)}
    return people | {f"{channel.network} {channel.handle} {number}" for number in range(count - near - far)}
