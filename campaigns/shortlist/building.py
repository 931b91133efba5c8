"""Making the book of a large pool: columns, index and merits, from the database as it is now."""

from __future__ import annotations

from collections.abc import Iterator
from time import perf_counter

import numpy as np
import structlog
from numpy.typing import NDArray

from campaigns.matching.brief import BriefFacts
from campaigns.matching.narrowing import ENOUGH, Narrowed, standings
from campaigns.matching.nearest import Index
from campaigns.shortlist import book
from campaigns.shortlist.columns import Columns, Rows
from campaigns.shortlist.meaning import InMemory
from campaigns.shortlist.pool import NOW, Everybody, most_used_model
from campaigns.shortlist.reading import batches, listed_ids, read, read_vectors
from creators.embedding import DIMENSIONS
from creators.models import Creator, CreatorChange

log = structlog.get_logger(__name__)
SAMPLE, LEAST = 8_192, 640  # vectors to learn sixteen centres for each two numbers
CHANGED_SHARE = 20  # one in so many
NOTES_KEPT = 50_000


def renew() -> bool:
    """Build the book where the pool is large and the last one is missing, or a twentieth of it has changed since."""
    if Creator.objects.listed().order_by()[: ENOUGH + 1].count() <= ENOUGH:
        _forget_old_notes()
        return False
    last = book.facts_of(book.newest())
    if last is not None and last.model == most_used_model() and last.mark <= CreatorChange.since(NOW).mark:
        changes = CreatorChange.since(last.mark)
        if not changes.everybody and len(changes.creator_ids) <= last.counts["creators"] // CHANGED_SHARE:
            return False
    build()
    return True


def build() -> None:
    """Read everybody, index them, put the book on the shelf; older notes of changes are not needed any more."""
    began, mark, model = perf_counter(), CreatorChange.since(NOW).mark, most_used_model()
    ids, columns = listed_ids(), Columns()
    folder, halves = book.blank(str(mark), len(ids))
    index = Index.of(_sample(ids, model), _parts(ids, columns, model), halves)
    everybody = Everybody(mark, model, columns, InMemory(), np.zeros(0), np.zeros(0))
    norms = everybody.measure()
    pool = everybody.pool(Narrowed(np.arange(len(columns)), None), BriefFacts())
    facts = book.Facts(mark, model, {}, columns.words, norms.plain())
    book.publish(folder, book.Book(facts, columns, index, np.vstack(standings(pool))))
    CreatorChange.forget(mark)
    log.info("book_built", edition=folder.name, creators=len(columns), seconds=round(perf_counter() - began, 1))


def _parts(ids: Rows, columns: Columns, model: str) -> Iterator[NDArray[np.float16]]:
    """Fill the columns and give the vectors, row by row the same creators; who comes meanwhile is in the notes."""
    for part in batches(ids):
        batch = read(columns.words, ids=ids[np.searchsorted(ids, part[0]) : np.searchsorted(ids, part[1], "right")])
        columns.put(None, batch)
        yield _vectors(batch.ids, *read_vectors(model, between=part))


def _sample(ids: Rows, model: str) -> NDArray[np.float32]:
    """Some thousand vectors, to learn the codes from."""
    some = ids[np.linspace(0, len(ids) - 1, min(SAMPLE, len(ids))).astype(np.int64)]
    vectors = read_vectors(model, ids=some)[1].astype(np.float32)
    return vectors if len(vectors) >= LEAST else np.resize(vectors, (LEAST, DIMENSIONS))  # or what there is, repeated


def _vectors(ids: Rows, owners: Rows, halves: NDArray[np.float16]) -> NDArray[np.float16]:
    known = np.isin(owners, ids)
    vectors = np.zeros((len(ids), DIMENSIONS), dtype=np.float16)
    vectors[np.searchsorted(ids, owners[known])] = halves[known]
    return vectors


def _forget_old_notes() -> None:
    """A small pool is read again in a moment: its notes need not pile up."""
    if CreatorChange.objects.order_by()[: NOTES_KEPT + 1].count() > NOTES_KEPT:
        CreatorChange.forget(CreatorChange.since(NOW).mark)
