"""The listed creators as columns. Read once per process; after that, only those who changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from django.db import connection
from django.db.models import Count

from campaigns.matching import BriefFacts, Pool
from campaigns.matching.asking import asked
from campaigns.matching.cells import Norms
from campaigns.matching.narrowing import ENOUGH, Mask, Narrowed, Rows, Signals, candidates, other_points
from campaigns.matching.parts import norms_of
from campaigns.matching.place import great_circle_km
from campaigns.shortlist import book
from campaigns.shortlist.columns import FIGURES, Columns, Numbers
from campaigns.shortlist.meaning import Indexed, InMemory, Meaning
from campaigns.shortlist.reading import MODELS, batches, listed_ids, read, read_vectors
from creators.embedding import DIMENSIONS, LEXICAL, LIGHT, MODEL
from creators.models import CreatorChange, CreatorVector
from creators.states import CreatorState

NOW = 2**62
FRESH = 2_000  # so many of the changed are scored whatever they are; of more, those near the brief


@dataclass
class Everybody:
    """All listed creators as this process knows them, up to the changes before `mark`."""

    mark: int
    model: str
    columns: Columns
    meaning: Meaning
    merit: Numbers
    engaged: Numbers
    edition: str = ""
    order: Rows = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    norms: Norms | None = None

    def catch_up(self, mark: int, ids: Rows) -> None:
        """Take in those who changed."""
        if len(ids):
            batch = read(self.columns.words, ids=ids)
            rows = self.columns.put(ids, batch)
            vectors = np.zeros((len(rows), DIMENSIONS), dtype=np.float32)
            owners, halves = read_vectors(self.model, ids=batch.ids)
            vectors[np.searchsorted(batch.ids, owners)] = halves
            self.meaning.put(rows, vectors)
            if len(self.columns) <= ENOUGH:
                self.measure()
        self.mark = mark

    def measure(self) -> Norms:
        """Find out what is usual among all who are listed, and remember it."""
        listed = Narrowed(np.flatnonzero(self.columns.alive), None)
        with np.errstate(invalid="ignore", divide="ignore"):
            self.norms = norms_of(self.pool(listed, BriefFacts()))
        return self.norms

    @property
    def read_by(self) -> str:
        """The model that read most of those who are listed now."""
        codes = self.columns.column("model")[self.columns.alive]
        counts = {name: int(np.sum(codes == code)) for code, name in enumerate(MODELS, start=1)}
        return most_of(counts)

    def narrowed(self, keeps: Mask, facts: BriefFacts) -> Narrowed:
        """Whom of the kept rows to score."""
        reach = self.meaning.reach
        if reach is None or np.count_nonzero(keeps) <= ENOUGH:
            return Narrowed(np.flatnonzero(keeps), None)
        if late := len(self.columns) - len(self.merit):  # the new ones: as most
            self.merit = np.append(self.merit, np.full(late, self.merit.mean()))
            self.engaged = np.append(self.engaged, np.full(late, np.nan))
        signals = Signals(
            topic=self._topic(facts),
            points=lambda rows: self._points(rows, facts),
            order=self.order,
            always=self.meaning.fresh[-FRESH:],
        )
        return candidates(facts, keeps, signals=signals, reach=reach)

    def _points(self, rows: Rows, facts: BriefFacts) -> Numbers:
        """What rows score by everything but meaning and niches."""
        km = np.full(len(rows), np.nan)
        if facts.is_placed:
            latitude, longitude = (self.columns.column(name)[rows] for name in ("latitude", "longitude"))
            km = great_circle_km(facts.latitude or 0.0, facts.longitude or 0.0, latitude, longitude)
        return other_points(facts, self.merit[rows], self.engaged[rows], self._prices(rows, facts), km)

    def _topic(self, facts: BriefFacts) -> Numbers:
        codes, wanted = self.columns.words.get("niches", {}), self._wanted(facts)
        shares = {codes[name]: weight for name, weight in wanted.items()}
        return self.columns.sets["niches"].share(shares, len(self.columns))

    def _wanted(self, facts: BriefFacts) -> dict[str, float]:
        """The niches of the brief that there are, the strongest as 1."""
        codes = self.columns.words.get("niches", {})
        wanted = {name: weight for name, weight in facts.niches.items() if weight > 0 and name in codes}
        return {name: weight / max(wanted.values()) for name, weight in wanted.items()}

    def pool(self, chosen: Narrowed, facts: BriefFacts) -> Pool:
        """These rows as the ranking reads them, priced for this brief."""
        columns, rows = self.columns, chosen.rows
        niches, wanted = columns.sets["niches"], self._wanted(facts)
        weights = niches.dense(rows, [columns.words["niches"][name] for name in wanted])
        totals = niches.totals(len(columns))[rows]
        shares = weights @ list(wanted.values()) / np.where(totals > 0, totals, np.nan) if wanted else None
        networks = np.array(["", *columns.words.get("platforms", {})])
        figures: dict[str, Any] = {name: columns.column(name)[rows] for name in FIGURES}
        return Pool.of(
            columns.ids[rows],
            niches=weights,
            niche_names=tuple(wanted),
            topic=shares,
            norms=self.norms,
            platform=networks[columns.column("platform")[rows].astype(np.int64)],
            counts=chosen.counts,
            cosines=None if facts.meaning is None else self.meaning.cosines(facts.meaning, rows),
            price_minor=self._prices(rows, facts),
            **figures,
        )

    def _prices(self, rows: Rows, facts: BriefFacts) -> Numbers:
        """What this brief's items cost with each creator; NaN for those who name prices in another currency."""
        columns = self.columns
        if not facts.deliverables:
            return np.full(len(rows), np.nan)
        items = ((count, columns.column(f"price_{kind}")[rows]) for kind, count in facts.deliverables.items())
        lowest, least = (columns.column(name)[rows] for name in ("price_from_minor", "minimum_fee_minor"))
        currency = columns.words.get("currencies", {}).get(facts.currency, -1)
        return np.where(columns.column("currency")[rows] == currency, asked(items, lowest=lowest, least=least), np.nan)


_kept: Everybody | None = None


def reading_model() -> str:
    """The model that reads the pool: a brief is read by the same one, models are never mixed.

    The book of a large pool says it: pages ask, too, and counting a million takes half a second.
    """
    last = book.facts_of(book.newest())
    return most_used_model() if last is None else last.model


def most_used_model() -> str:
    """The model that read most of the listed creators, counted."""
    counts = CreatorVector.objects.filter(creator__state=CreatorState.LISTED).order_by().values_list("model")
    used = dict(counts.annotate(Count("pk")))
    return most_of(used)


def most_of(counts: Mapping[str, int]) -> str:
    """The model that read most; of as many, and where nothing was read, a real one before the letters."""
    return max((MODEL, LIGHT, LEXICAL), key=lambda name: counts.get(name, 0))


def everybody() -> Everybody:
    """All listed creators as they are now. What an open transaction sees may never come true: that is not kept."""
    global _kept
    if connection.in_atomic_block:
        return load()
    if _kept is None or _kept.edition != book.newest():
        _kept = opened(book.newest()) or load()
    changes = CreatorChange.since(_kept.mark)
    if not changes.everybody:
        _kept.catch_up(changes.mark, np.array(sorted(changes.creator_ids), dtype=np.int64))
    if changes.everybody or (changes.creator_ids and _kept.read_by != _kept.model):
        _kept = load()
    return _kept


def opened(edition: str) -> Everybody | None:
    """Everybody as the newest book has them; None without one that belongs to this database."""
    found = book.open_book(edition)
    if found is None or found.facts.mark > CreatorChange.since(NOW).mark:
        return None
    facts, (merit, engaged) = found.facts, found.standings
    order = np.argsort(-merit, kind="stable")
    meaning, norms = Indexed(found.index), Norms.read(facts.norms)
    return Everybody(facts.mark, facts.model, found.columns, meaning, merit, engaged, edition, order, norms)


def load() -> Everybody:
    """Everybody from the database, with all vectors in memory."""
    edition, mark = book.newest(), CreatorChange.since(NOW).mark
    columns, meaning, model = Columns(), InMemory(), most_used_model()
    for part in batches(listed_ids()):
        rows = columns.put(None, read(columns.words, between=part))
        meaning.put(rows, np.zeros((len(rows), DIMENSIONS), dtype=np.float32))
        owners, vectors = read_vectors(model, between=part)
        at = columns.rows_of(owners)
        meaning.put(at[at >= 0], vectors[at >= 0])
    who = Everybody(mark, model, columns, meaning, np.zeros(0), np.zeros(0), edition)
    who.measure()
    return who
