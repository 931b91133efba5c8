"""Which creators changed, noted by the database itself, whoever writes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db import connection, models

EVERYBODY = 0
MOST = 400_000  # notes that are told one by one; to sort more takes longer than to read everybody again
Mark = TypeVar("Mark", int, str)
_UNREAD = """
    SELECT pg_current_snapshot()::text, CASE WHEN (
        SELECT count(*) > %(most)s FROM (
            SELECT FROM creators_creatorchange
            WHERE xact >= pg_snapshot_xmin(%(position)s::pg_snapshot)::text::bigint LIMIT %(most)s + 1
        ) AS notes
    ) THEN ARRAY[0]::bigint[] ELSE ARRAY(
        SELECT DISTINCT creator_id FROM creators_creatorchange
        WHERE xact >= pg_snapshot_xmin(%(position)s::pg_snapshot)::text::bigint AND (
            NOT pg_visible_in_snapshot(xact::text::xid8, %(position)s::pg_snapshot)
            OR creator_id = 0 OR xact = pg_current_xact_id_if_assigned()::text::bigint
        )
    ) END
"""
_SINCE = """
    SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint, CASE WHEN (
        SELECT count(*) > %(most)s FROM (
            SELECT FROM creators_creatorchange WHERE xact >= %(mark)s LIMIT %(most)s + 1
        ) AS notes
    ) THEN ARRAY[0]::bigint[] ELSE ARRAY(
        SELECT DISTINCT creator_id FROM creators_creatorchange WHERE xact >= %(mark)s
    ) END
"""
_FORGET = """
    WITH gone AS (DELETE FROM creators_creatorchange WHERE xact < %(before)s RETURNING 1)
    INSERT INTO creators_creatorchange (creator_id, xact) SELECT 0, %(before)s - 1 WHERE EXISTS (SELECT FROM gone)
"""


@dataclass(frozen=True, slots=True)
class Changes(Generic[Mark]):
    """Who changed since a mark, and the mark to ask from next time. `everybody`: too long ago, or all at once."""

    mark: Mark
    creator_ids: Sequence[int]

    @property
    def everybody(self) -> bool:
        return EVERYBODY in self.creator_ids


class CreatorChange(models.Model):
    """A creator's row, niches, prices or vector changed in this transaction. Written by triggers, never updated.

    The mark is the oldest transaction that was still open: whatever commits later has that number or a larger one, so
    nothing is missed, and a little is told twice.
    """

    BEGINNING = "1:1:"  # a position before all transactions

    creator_id = models.BigIntegerField()
    xact = models.BigIntegerField(db_index=True)

    def __str__(self) -> str:
        return f"{self.creator_id} in {self.xact}"

    @staticmethod
    def since(mark: int) -> Changes[int]:
        """Who changed in the transactions that had not ended at this mark, or began after it."""
        with connection.cursor() as cursor:
            cursor.execute(_SINCE, {"mark": mark, "most": MOST})
            found, ids = cursor.fetchone()
        return Changes(found, ids)

    @staticmethod
    def unread(position: str) -> Changes[str]:
        """Who changed in transactions that one reader has not seen the end of: each is told to that reader once.

        The position is what was visible when it read last (a snapshot of PostgreSQL): a transaction that was open then
        is told once it ends, and those that ended before are not told again. Notes that were dropped unread are told
        as everybody; so are the notes of the transaction that asks, each time.
        """
        with connection.cursor() as cursor:
            cursor.execute(_UNREAD, {"position": position, "most": MOST})
            found, ids = cursor.fetchone()
        return Changes(found, ids)

    @staticmethod
    def forget(before: int) -> None:
        """Drop what is older than a mark; whoever asks from further back is told that everybody changed."""
        with connection.cursor() as cursor:
            cursor.execute(_FORGET, {"before": before})
