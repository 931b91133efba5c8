"""Recomputes the figures that search and matching read, for any number of creators at once."""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Min
from django.utils import timezone

from creators import figures
from creators.models import Channel, Creator, Post, Rate
from creators.refresh.copies import copy_post_words

LAST_POSTS = 30

COLUMNS = {
    "followers": "bigint",
    "tier": "text",
    "platforms": "varchar[]",
    "engagement_rate": "float8",
    "engagement_posts": "int4",
    "engagement_shrunk": "float8",
    "reply_rate": "float8",
    "comment_words": "float8",
    "genuine_share": "float8",
    "comments_seen": "int4",
    "sponsored_share": "float8",
    "conversation": "float8",
    "price_from_minor": "bigint",
    "last_post_on": "date",
}
_POST_FIELDS = (
    "channel__creator_id",
    "channel__followers",
    "likes",
    "comments",
    "is_sponsored",
    "comment_stats__fan_comments",
    "comment_stats__replied_to",
    "comment_stats__emoji_only",
    "comment_stats__short_or_generic",
    "comment_stats__mean_words",
    "posted_on",
)
_CELLS = """
    SELECT platforms[1], tier, count(*), sum(ln(engagement_rate)) FROM creators_creator
    WHERE engagement_rate > 0 AND engagement_posts > 0 AND cardinality(platforms) > 0 AND NOT id = ANY(%s)
    GROUP BY 1, 2
"""


@dataclass(slots=True)
class Found:
    """What is known of one creator before the shrinkage, which needs everybody else."""

    networks: list[str] = field(default_factory=list)
    followers: int | None = None
    entered: float | None = None
    posts: list[figures.PostFacts] = field(default_factory=list)
    last_post_on: date | None = None
    price_from_minor: int | None = None

    @property
    def cell(self) -> tuple[str, str]:
        return (self.networks[0] if self.networks else "", figures.tier_of(self.followers))


@transaction.atomic
def refresh_figures(creator_ids: Iterable[int]) -> int:
    """Bring the figures of these creators up to date. Running twice changes nothing."""
    ids = sorted(set(creator_ids))
    if not ids:
        return 0
    # Locked in one order, so that two refreshes, or a refresh and an edit, wait for each other and never deadlock.
    held = list(
        Creator.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk").values_list("pk", flat=True)
    )
    started = timezone.now()
    found = _gather(held)
    _write([_row(pk, facts, cell) for pk, facts, cell in _with_cells(held, found)], started)
    copy_post_words(held)
    return len(held)


def _gather(ids: Sequence[int]) -> dict[int, Found]:
    found: dict[int, Found] = defaultdict(Found)
    channels = Channel.objects.filter(creator_id__in=ids).order_by(F("followers").desc(nulls_last=True), "pk")
    for owner, network, followers, rate in channels.values_list(
        "creator_id", "network", "followers", "engagement_rate"
    ):
        facts = found[owner]
        if network not in facts.networks:
            facts.networks.append(network)
        facts.followers = followers if facts.followers is None else facts.followers
        facts.entered = rate if facts.entered is None else facts.entered
    for owner, rows in groupby(_posts(ids), key=itemgetter(0)):
        _add_posts(found[owner], rows)
    lowest = Rate.objects.filter(creator_id__in=ids, currency=F("creator__currency"))
    for owner, price in lowest.order_by().values_list("creator_id").annotate(Min("price_minor")):
        found[owner].price_from_minor = price
    return found


def _posts(ids: Sequence[int]) -> Iterator[tuple[Any, ...]]:
    newest_first = F("posted_on").desc(nulls_last=True)
    posts = Post.objects.filter(channel__creator_id__in=ids).order_by("channel__creator_id", newest_first, "-pk")
    return posts.values_list(*_POST_FIELDS).iterator(chunk_size=5_000)


def _add_posts(facts: Found, rows: Iterable[tuple[Any, ...]]) -> None:
    for number, row in enumerate(rows):
        if number >= LAST_POSTS:
            continue
        _, followers, likes, comments, sponsored, fans, replied, emoji, generic, words, posted_on = row
        facts.last_post_on = facts.last_post_on or posted_on
        facts.posts.append(
            figures.PostFacts(
                followers=followers,
                likes=likes,
                comments=comments,
                is_sponsored=sponsored,
                fan_comments=fans or 0,
                replied_to=replied or 0,
                hollow=max(emoji or 0, generic or 0),
                mean_words=words,
            )
        )


def usual_rates() -> dict[tuple[str, str], float]:
    """The mean log engagement rate of each network and tier that enough creators stand behind."""
    with connection.cursor() as cursor:
        cursor.execute(_CELLS, [[]])
        rows = cursor.fetchall()
    return {(network, tier): total / count for network, tier, count, total in rows if count >= figures.ENOUGH_CREATORS}


def _with_cells(ids: Sequence[int], found: dict[int, Found]) -> Iterator[tuple[int, Found, figures.Cell]]:
    """Each creator with the cell to shrink towards: everybody's rates, the new ones in place of the old."""
    counts: dict[tuple[str, str], int] = defaultdict(int)
    sums: dict[tuple[str, str], float] = defaultdict(float)
    with connection.cursor() as cursor:
        cursor.execute(_CELLS, [list(ids)])
        for network, tier, count, total in cursor.fetchall():
            counts[network, tier], sums[network, tier] = count, total
    for facts in found.values():
        rate = figures.engagement(facts.posts, figures.Cell(0.0)).rate
        if rate and facts.networks:
            counts[facts.cell] += 1
            sums[facts.cell] += math.log(rate)
    for pk in ids:
        facts, key = found[pk], found[pk].cell
        count = counts.get(key, 0)
        yield pk, facts, figures.cell_of(*key, creators=count, mean=sums[key] / count if count else None)


def _row(pk: int, facts: Found, cell: figures.Cell) -> tuple[Any, ...]:
    """The values of COLUMNS, in their order, behind the creator's id."""
    engagement = figures.engagement(facts.posts, cell, entered=facts.entered)
    talk = figures.conversation(facts.posts)
    return (
        pk,
        facts.followers,
        figures.tier_of(facts.followers),
        facts.networks,
        engagement.rate,
        engagement.posts,
        engagement.shrunk,
        talk.reply_rate,
        talk.words,
        talk.genuine_share,
        talk.seen,
        figures.sponsored_share(facts.posts),
        talk.score,
        facts.price_from_minor,
        facts.last_post_on,
    )


def _write(rows: Sequence[tuple[Any, ...]], started: datetime) -> None:
    """One COPY and one UPDATE, whether for one creator or for thirty thousand."""
    columns = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
    pairs = ", ".join(f"{name} = fresh.{name}" for name in COLUMNS)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS fresh_figures")
        cursor.execute(f"CREATE TEMP TABLE fresh_figures (id bigint, {columns}) ON COMMIT DROP")
        with cursor.copy("COPY fresh_figures FROM STDIN") as copy:
            copy.set_types(["int8", *COLUMNS.values()])
            for row in rows:
                copy.write_row(row)
        cursor.execute(
            f"UPDATE creators_creator AS c SET {pairs}, figures_at = %s FROM fresh_figures AS fresh"  # noqa: S608
            " WHERE c.id = fresh.id",
            [started],
        )
