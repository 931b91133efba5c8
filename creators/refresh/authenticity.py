"""Scores creators' authenticity from what is stored, for any number of them at once, and keeps the day's row."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from itertools import groupby, islice
from operator import itemgetter
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from creators.authenticity import (
    Authenticity,
    Evidence,
    PostEvidence,
    improvements,
    moved,
    norms,
    score,
    sentence,
    standing,
)
from creators.figures import tier_of
from creators.models import AuthenticityRecord, Channel, Creator, CreatorNiche, Niche, Post, Snapshot
from creators.refresh.copies import niche_ancestors
from creators.refresh.figures import LAST_POSTS, usual_rates

HISTORY_DAYS = 400
AT_ONCE = 1_000
_COUNTS = {
    "fan_comments": "fan_comments",
    "unique_fans": "unique_fans",
    "replied_to": "replied_to",
    "emoji_only": "emoji_only",
    "generic": "short_or_generic",
    "mean_words": "mean_words",
    "distinct_texts": "distinct_texts",
    "from_creators": "from_creators",
}
_FIELDS = ("channel__creator_id", "channel__followers", "channel__network", "likes", "comments", "is_sponsored")


@transaction.atomic
def refresh_authenticity(creator_ids: Iterable[int]) -> int:
    """Score these creators anew and keep it as today's row. Running twice changes nothing but the time."""
    ids = sorted(set(creator_ids))
    # Locked in one order, like the figures: a change of facts meanwhile waits, and is found due again.
    held = Creator.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")
    found = {pk: score(evidence) for pk, evidence in _gather(list(held.values_list("pk", flat=True))).items()}
    _keep(found)
    return len(found)


def _gather(ids: Sequence[int]) -> dict[int, Evidence]:
    usual, niches = usual_rates(), _niches(ids)
    posts = {pk: [_post(row) for row in islice(rows, LAST_POSTS)] for pk, rows in groupby(_posts(ids), itemgetter(0))}
    largest = _largest_channels(ids)
    history = _history([row[0] for row in largest.values()])
    found = {}
    for pk in ids:
        channel, network, followers, following = largest.get(pk, (0, "", None, None))
        found[pk] = Evidence(
            network=network,
            followers=followers,
            following=following,
            niche=niches.get(pk, ""),
            posts=posts.get(pk, []),
            history=history.get(channel, []),
            usual=usual.get((network, tier_of(followers))),
        )
    return found


def _largest_channels(ids: Sequence[int]) -> dict[int, tuple[int, str, int | None, int | None]]:
    rows = Channel.objects.filter(creator_id__in=ids).order_by(F("followers").asc(nulls_first=True), "-pk")
    columns = rows.values_list("creator_id", "pk", "network", "followers", "following")
    return {creator: (pk, network, followers, following) for creator, pk, network, followers, following in columns}


def _history(channels: Sequence[int]) -> dict[int, list[tuple[date, float]]]:
    since = timezone.now().date() - timedelta(days=HISTORY_DAYS)
    rows = Snapshot.objects.filter(channel_id__in=channels, taken_on__gte=since, followers__isnull=False)
    found: dict[int, list[tuple[date, float]]] = defaultdict(list)
    for channel, day, followers in rows.order_by("taken_on").values_list("channel_id", "taken_on", "followers"):
        found[channel].append((day, followers or 0))
    return found


def _niches(ids: Sequence[int]) -> dict[int, str]:
    """Each creator's heaviest niche, as the one above it that was measured."""
    measured, ancestors = norms().niches, niche_ancestors()
    slugs = dict(Niche.objects.order_by().values_list("pk", "slug"))
    above = {pk: next((slugs[one] for one in path if slugs[one] in measured), "") for pk, path in ancestors.items()}
    rows = CreatorNiche.objects.filter(creator_id__in=ids).order_by("weight", "-niche_id")
    return {creator: above[niche] for creator, niche in rows.values_list("creator_id", "niche_id") if above.get(niche)}


def _posts(ids: Sequence[int]) -> Iterator[tuple[Any, ...]]:
    newest_first = F("posted_on").desc(nulls_last=True)
    posts = Post.objects.filter(channel__creator_id__in=ids).order_by("channel__creator_id", newest_first, "-pk")
    columns = (*_FIELDS, *(f"comment_stats__{name}" for name in _COUNTS.values()))
    return posts.values_list(*columns).iterator(chunk_size=5_000)


def _post(row: Sequence[Any]) -> PostEvidence:
    _creator, followers, network, likes, comments, is_sponsored, *counts = row
    said = dict(zip(_COUNTS, counts, strict=True))
    # Nobody among some commenters cannot be: the column was not counted.
    said["unique_fans"] = said["unique_fans"] or None
    return PostEvidence(followers, likes, comments, is_sponsored, network, **said)


def _keep(found: dict[int, Authenticity]) -> None:
    now = timezone.now()
    records = [_record(pk, one, now) for pk, one in found.items()]
    AuthenticityRecord.objects.bulk_create(
        records,
        batch_size=AT_ONCE,
        update_conflicts=True,
        unique_fields=["creator", "made_on", "version"],
        update_fields=[*_BANDS, "is_enough", "posts", "comments", "parts", "improvements", "made_at"],
    )
    columns = [list(column) for column in zip(*(_copied(pk, one) for pk, one in found.items()), strict=True)]
    if columns:
        with connection.cursor() as cursor:
            cursor.execute(_COPY, [norms().version, now, *columns])


def _copied(pk: int, found: Authenticity) -> tuple[int, float | None, float | None, float | None]:
    """What search and matching read: shares, and nothing below enough evidence."""
    if not found.is_enough:
        return pk, None, None, None
    return pk, round(found.score / 100, 4), round(found.low / 100, 4), round(found.high / 100, 4)


_BANDS = ("score", "low", "high", "low95", "high95")
_COPY = """
    UPDATE creators_creator AS c SET authenticity = fresh.score, authenticity_low = fresh.low,
        authenticity_high = fresh.high, authenticity_version = %s, authenticity_at = %s
    FROM unnest(%s::bigint[], %s::float8[], %s::float8[], %s::float8[]) AS fresh (id, score, low, high)
    WHERE c.id = fresh.id
"""


def _record(pk: int, found: Authenticity, now: Any) -> AuthenticityRecord:
    bands = {name: value for name, value in asdict(found).items() if name in _BANDS}
    known = [
        {"name": part.name, "points": round(part.points, 2), "standing": standing(part), "text": sentence(part)}
        for part in moved(found)
    ]
    unknown = [
        {"name": part.name, "points": 0.0, "standing": "unknown", "text": sentence(part)}
        for part in found.parts
        if part.standing is None
    ]
    return AuthenticityRecord(
        creator_id=pk,
        made_on=now.date(),
        version=found.version,
        **bands,
        is_enough=found.is_enough,
        posts=found.posts,
        comments=found.comments,
        parts=known + unknown,
        improvements=improvements(found),
        made_at=now,
    )
