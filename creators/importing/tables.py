"""How checked rows reach the tables: COPY into a temporary table, then one INSERT and one UPDATE for what changed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

GIVEN_CREATORS = {
    "line": "int4", "external_id": "text", "handle": "text", "public_id": "text", "display_name": "text",
    "bio": "text", "country": "text", "languages": "varchar[]", "currency": "text", "minimum_fee_minor": "int8",
    "town_id": "int8", "town_label": "text", "latitude": "float8", "longitude": "float8", "niche_ids": "int8[]",
    "niche_names": "varchar[]", "niche_slugs": "varchar[]", "niche_words": "text", "channel_public_id": "text",
    "network": "text", "channel_handle": "text", "url": "text", "followers": "int8", "following": "int8",
    "posts_count": "int8", "engagement_rate": "float8", "figures_on": "date",
}  # fmt: skip
GIVEN_POSTS = {
    "channel_id": "int8", "external_id": "text", "posted_on": "date", "kind": "text", "text": "text", "likes": "int8",
    "comments": "int8", "is_disclosed": "bool", "is_sponsored": "bool",
}  # fmt: skip
GIVEN_COMMENTS = {
    "channel_id": "int8", "post": "text", "loaded": "int4", "fan_comments": "int4", "unique_fans": "int4",
    "owner_replies": "int4", "replied_to": "int4", "emoji_only": "int4", "short_or_generic": "int4",
    "mean_words": "float8", "distinct_texts": "int4", "from_creators": "int4",
}  # fmt: skip
GIVEN_COMMENTERS = {"channel_id": "int8", "hashes": "bytea", "people": "int4"}
_SAID = ("display_name", "bio", "country", "languages", "currency", "minimum_fee_minor", "town_id", "town_label",
         "latitude", "longitude", "niche_names", "niche_slugs", "niche_words")  # fmt: skip
_FIGURES = ("followers", "following", "posts_count", "engagement_rate", "figures_on", "url")
_POST = ("posted_on", "kind", "text", "likes", "comments", "is_disclosed", "is_sponsored")
_COMMENT = tuple(GIVEN_COMMENTS)[2:]


@dataclass(slots=True)
class Tally:
    """What happened to the rows of one kind."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: int = 0


def stage(table: str, columns: dict[str, str], rows: Iterable[Sequence[Any]]) -> None:
    """Put the rows in a fresh temporary table."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {table}")
        cursor.execute(
            f"CREATE TEMP TABLE {table} ({', '.join(f'{n} {t}' for n, t in columns.items())}) ON COMMIT DROP"
        )
        with cursor.copy(f"COPY {table} FROM STDIN") as copy:
            copy.set_types(list(columns.values()))
            for row in rows:
                copy.write_row(row)
        cursor.execute(f"ANALYZE {table}")


def take_clashes() -> list[tuple[int, str]]:
    """Remove the staged creators whose channel is already another creator's; returns (line, channel)."""
    return _rows(
        "DELETE FROM given_creators g USING creators_channel ch JOIN creators_creator c ON c.id = ch.creator_id"
        " WHERE ch.network = g.network AND ch.handle = g.channel_handle"
        " AND c.external_id IS DISTINCT FROM g.external_id"
        " RETURNING g.line, g.network || ' ' || g.channel_handle"
    )


def merge_creators(state: str) -> tuple[set[int], set[int]]:
    """Insert the new creators and update what is said of unclaimed ones; returns the ids of both."""
    made = _ids(_INSERT_CREATORS, [state])
    same = ", ".join(f"c.{name}" for name in _SAID)
    said = ", ".join(f"coalesce(g.{name}, c.{name})" for name in _SAID)
    pairs = ", ".join(f"{name} = coalesce(g.{name}, c.{name})" for name in _SAID)
    changed = _ids(
        f"UPDATE creators_creator c SET {pairs}, updated_at = now(), texts_at = now() FROM given_creators g"  # noqa: S608
        f" WHERE c.external_id = g.external_id AND c.user_id IS NULL AND ({same}) IS DISTINCT FROM ({said})"
        " RETURNING c.id"
    )
    return made, changed


def merge_niches() -> set[int]:
    """Give unclaimed creators exactly the niches the file names, where it names any."""
    gone = _ids(
        "DELETE FROM creators_creatorniche w USING creators_creator c JOIN given_creators g USING (external_id)"
        " WHERE w.creator_id = c.id AND c.user_id IS NULL AND g.niche_ids IS NOT NULL"
        " AND NOT w.niche_id = ANY(g.niche_ids) RETURNING c.id"
    )
    return gone | _ids(
        "INSERT INTO creators_creatorniche (creator_id, niche_id, weight, as_of)"
        " SELECT c.id, unnest(g.niche_ids), 1, current_date"
        " FROM given_creators g JOIN creators_creator c USING (external_id)"
        " WHERE c.user_id IS NULL ON CONFLICT (creator_id, niche_id) DO NOTHING RETURNING creator_id"
    )


def merge_channels() -> set[int]:
    """Insert channels, update the imported ones whose figures changed; returns the creators concerned."""
    return _ids(
        "INSERT INTO creators_channel AS t (public_id, created_at, updated_at, creator_id, network, handle, url,"  # noqa: S608
        " external_id, followers, following, posts_count, engagement_rate, source, figures_on)"
        " SELECT g.channel_public_id, now(), now(), c.id, g.network, g.channel_handle, coalesce(g.url, ''),"
        " g.external_id, g.followers, g.following, g.posts_count, g.engagement_rate, 'imported', g.figures_on"
        " FROM given_creators g JOIN creators_creator c USING (external_id)"
        f" ON CONFLICT (network, handle) DO UPDATE SET {_pairs(_FIGURES)}, updated_at = now()"
        f" WHERE t.source = 'imported' AND {_differs(_FIGURES)} RETURNING t.creator_id"
    )


def merge_snapshots() -> None:
    """Keep the figures of a known day beside those of other days."""
    _rows(
        "INSERT INTO creators_snapshot AS t (channel_id, taken_on, followers, following, posts_count,"
        " engagement_rate, source)"
        " SELECT ch.id, g.figures_on, g.followers, g.following, g.posts_count, g.engagement_rate, 'imported'"
        " FROM given_creators g JOIN creators_channel ch ON ch.network = g.network AND ch.handle = g.channel_handle"
        " WHERE g.figures_on IS NOT NULL AND ch.source = 'imported'"
        " ON CONFLICT (channel_id, taken_on) DO NOTHING RETURNING 1"
    )


def merge_posts() -> list[tuple[int, bool]]:
    """Insert and update posts; returns (channel, was it new) for each that changed."""
    return _rows(
        f"INSERT INTO creators_post AS t ({', '.join(GIVEN_POSTS)}) SELECT * FROM given_posts"  # noqa: S608
        f" ON CONFLICT (channel_id, external_id) DO UPDATE SET {_pairs(_POST)}"
        f" WHERE {_differs(_POST)} RETURNING t.channel_id, t.xmax = 0"
    )


def merge_comments() -> list[tuple[int, bool]]:
    """Insert and update comment figures; returns (channel, was it new) for each that changed."""
    names = ", ".join(_COMMENT)
    given = ", ".join(f"g.{name}" for name in _COMMENT)
    return _rows(
        f"WITH done AS (INSERT INTO creators_commentstats AS t (post_id, {names}) SELECT p.id, {given}"  # noqa: S608
        " FROM given_comments g JOIN creators_post p ON p.channel_id = g.channel_id AND p.external_id = g.post"
        f" ON CONFLICT (post_id) DO UPDATE SET {_pairs(_COMMENT)}"
        f" WHERE {_differs(_COMMENT)} RETURNING t.post_id,"
        " t.xmax = 0 AS new)"
        " SELECT p.channel_id, done.new FROM done JOIN creators_post p ON p.id = done.post_id"
    )


def merge_commenters() -> list[tuple[int, bool]]:
    """Keep who was seen commenting under each channel; returns (channel, was it new) for each that changed."""
    return _rows(
        "INSERT INTO creators_commentersample AS t (channel_id, hashes, people, coverage, seen_on)"
        " SELECT g.channel_id, g.hashes, g.people, coalesce(seen.coverage, 1), current_date"
        " FROM given_commenters g LEFT JOIN LATERAL ("
        "  SELECT sum(s.loaded)::float8 / nullif(sum(greatest(p.comments, s.loaded)), 0) AS coverage"
        "  FROM creators_post p JOIN creators_commentstats s ON s.post_id = p.id"
        "  WHERE p.channel_id = g.channel_id AND s.loaded > 0) seen ON true"
        " ON CONFLICT (channel_id) DO UPDATE SET hashes = excluded.hashes, people = excluded.people,"
        " coverage = excluded.coverage, seen_on = excluded.seen_on"
        " WHERE (t.hashes, t.people, t.coverage) IS DISTINCT FROM (excluded.hashes, excluded.people, excluded.coverage)"
        " RETURNING t.channel_id, t.xmax = 0"
    )


def channels_of_creators() -> dict[str, tuple[int, int]]:
    """Each imported creator's first imported channel: external id → (channel, creator)."""
    rows = _rows(
        "SELECT DISTINCT ON (c.id) c.external_id, ch.id, c.id FROM creators_creator c JOIN creators_channel ch"
        " ON ch.creator_id = c.id AND ch.external_id = c.external_id"
        " WHERE c.external_id IS NOT NULL ORDER BY c.id, ch.id"
    )
    return {external_id: (channel, creator) for external_id, channel, creator in rows}


def _pairs(names: Sequence[str]) -> str:
    """What the file leaves empty stays as it is."""
    return ", ".join(f"{name} = coalesce(excluded.{name}, t.{name})" for name in names)


def _differs(names: Sequence[str]) -> str:
    old = ", ".join(f"t.{name}" for name in names)
    new = ", ".join(f"coalesce(excluded.{name}, t.{name})" for name in names)
    return f"({old}) IS DISTINCT FROM ({new})"


def _rows(sql: str, values: Sequence[Any] = ()) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, list(values) or None)
        return list(cursor.fetchall())


def _ids(sql: str, values: Sequence[Any] = ()) -> set[int]:
    return {row[0] for row in _rows(sql, values)}


_INSERT_CREATORS = """
    INSERT INTO creators_creator (public_id, created_at, updated_at, external_id, handle, display_name, bio, country,
        languages, currency, minimum_fee_minor, town_id, town_label, latitude, longitude, niche_names, niche_slugs,
        niche_words, exclusions, room_per_month, state, state_reason, platforms, engagement_posts, comments_seen, tier,
        facts_at, texts_at)
    SELECT g.public_id, now(), now(), g.external_id,
        CASE WHEN EXISTS (SELECT 1 FROM creators_creator o WHERE o.handle = g.handle)
            THEN left(g.handle, 32) || '-' || left(md5(g.external_id), 7) ELSE g.handle END,
        coalesce(g.display_name, left(g.external_id, 60)), coalesce(g.bio, ''), coalesce(g.country, ''),
        coalesce(g.languages, '{}'), coalesce(g.currency, 'EUR'), g.minimum_fee_minor, g.town_id,
        coalesce(g.town_label, ''), g.latitude, g.longitude, coalesce(g.niche_names, '{}'),
        coalesce(g.niche_slugs, '{}'), coalesce(g.niche_words, ''), '{}', 4, %s, '', '{}', 0, 0, '', now(), now()
    FROM given_creators g ORDER BY g.line
    ON CONFLICT (external_id) DO NOTHING RETURNING id
"""
