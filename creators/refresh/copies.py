"""Copies of niches and posts on the creator's row, so that a card, a filter or a search needs no join."""

from collections.abc import Iterable, Mapping

from django.db import connection

from creators.models import Niche


def niche_ancestors() -> dict[int, list[int]]:
    """Each niche with itself and everything above it."""
    parents = dict(Niche.objects.order_by().values_list("pk", "parent_id"))
    return {pk: _path(pk, parents) for pk in parents}


def _path(pk: int, parents: Mapping[int, int | None]) -> list[int]:
    path: list[int] = []
    above: int | None = pk
    while above is not None and above not in path:
        path.append(above)
        above = parents.get(above)
    return path


_COPY = """
    WITH RECURSIVE above AS (
        SELECT w.creator_id, n.id, n.parent_id, n.slug
        FROM creators_creatorniche w JOIN creators_niche n ON n.id = w.niche_id
        WHERE w.creator_id = ANY(%(ids)s)
        UNION
        SELECT a.creator_id, n.id, n.parent_id, n.slug FROM above a JOIN creators_niche n ON n.id = a.parent_id
    ), slugs AS (SELECT creator_id, array_agg(DISTINCT slug ORDER BY slug) AS slugs FROM above GROUP BY 1),
    names AS (
        SELECT w.creator_id, array_agg(n.name ORDER BY w.weight DESC, n.name) AS names,
            string_agg(n.name || ' ' || n.slug, ' ' ORDER BY w.weight DESC, n.name) AS words
        FROM creators_creatorniche w JOIN creators_niche n ON n.id = w.niche_id
        WHERE w.creator_id = ANY(%(ids)s) GROUP BY 1
    )
    UPDATE creators_creator c SET niche_slugs = coalesce(s.slugs, '{}'), niche_names = coalesce(m.names, '{}'),
        niche_words = coalesce(m.words, ''), texts_at = now()
    FROM unnest(%(ids)s::bigint[]) AS given(id) LEFT JOIN slugs s ON s.creator_id = given.id
        LEFT JOIN names m ON m.creator_id = given.id
    WHERE c.id = given.id AND (c.niche_slugs, c.niche_names, c.niche_words)
        IS DISTINCT FROM (coalesce(s.slugs, '{}')::varchar[], coalesce(m.names, '{}')::varchar[], coalesce(m.words, ''))
"""


def copy_niches(creator_ids: Iterable[int]) -> None:
    """Write each creator's niche names (heaviest first) and slugs (with all ancestors) on its row."""
    with connection.cursor() as cursor:
        cursor.execute(_COPY, {"ids": list(creator_ids)})


POSTS_READ = 8
LETTERS = 400
_COPY_POSTS = """
    UPDATE creators_creator c SET post_words = fresh.words
    FROM (
        SELECT given.id, coalesce(string_agg(left(p.text, %(letters)s), E'\n' ORDER BY p.nth), '') AS words
        FROM unnest(%(ids)s::bigint[]) AS given(id) LEFT JOIN (
            SELECT ch.creator_id, po.text,
                row_number() OVER (PARTITION BY ch.creator_id ORDER BY po.posted_on DESC NULLS LAST, po.id DESC) AS nth
            FROM creators_post po JOIN creators_channel ch ON ch.id = po.channel_id
            WHERE ch.creator_id = ANY(%(ids)s) AND po.text <> ''
        ) p ON p.creator_id = given.id AND p.nth <= %(posts)s
        GROUP BY given.id
    ) fresh
    WHERE c.id = fresh.id AND c.post_words <> fresh.words
"""


def copy_post_words(creator_ids: Iterable[int]) -> None:
    """Write the beginnings of each creator's newest posts on its row, where the search finds their words."""
    with connection.cursor() as cursor:
        cursor.execute(_COPY_POSTS, {"ids": list(creator_ids), "posts": POSTS_READ, "letters": LETTERS})
