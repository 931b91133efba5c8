"""The listed creators as columns. Read once per process and kept until one of them changes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from django.db.models import Count, Max
from numpy.typing import NDArray

from campaigns.matching import BriefFacts, Pool
from creators.embedding import DIMENSIONS, LEXICAL, MODEL
from creators.models import Creator, CreatorNiche, CreatorVector, Niche, Rate
from creators.states import CreatorState

FIGURES = (
    "followers",
    "engagement_rate",
    "engagement_posts",
    "reply_rate",
    "genuine_share",
    "comment_words",
    "comments_seen",
    "latitude",
    "longitude",
    "sponsored_share",
)
Version = tuple[Any, ...]


@dataclass(frozen=True)
class _Kept:
    version: Version
    model: str
    pool: Pool
    price_from: dict[int, int]
    currency: dict[int, str]


_kept: _Kept | None = None


def pool_for(ids: list[int], facts: BriefFacts) -> Pool:
    """The pool of these creators (ids ascending), priced for this brief."""
    everybody = _everybody()
    rows = np.flatnonzero(np.isin(everybody.pool.ids, np.array(ids, dtype=np.int64)))
    few = everybody.pool.take(rows)
    return replace(few, price_minor=_prices(few.ids, everybody, facts))


def reading_model() -> str:
    """The model that read most of the listed creators: a brief is read by the same one, models are never mixed."""
    return _everybody().model


def _everybody() -> _Kept:
    global _kept
    version = _version()
    if _kept is None or _kept.version != version:
        _kept = _load(version)
    return _kept


def _version() -> Version:
    """Changes whenever a creator, a vector or a niche does."""
    creators = Creator.objects.listed().order_by()
    seen = creators.aggregate(
        Count("pk"), Max("pk"), Max("updated_at"), Max("figures_at"), Max("facts_at"), Max("texts_at")
    )
    vectors = CreatorVector.objects.aggregate(Count("pk"), Max("made_at"))
    return (*seen.values(), *vectors.values())


def _load(version: Version) -> _Kept:
    listed = Creator.objects.listed().order_by("pk")
    columns = ("pk", "platforms", "currency", "price_from_minor", *FIGURES)
    rows = list(listed.values_list(*columns))
    ids = np.array([row[0] for row in rows], dtype=np.int64)
    names, niches = _niches(ids)
    model = _most_used()
    figures: dict[str, Any] = {name: _numbers([row[4 + place] for row in rows]) for place, name in enumerate(FIGURES)}
    return _Kept(
        version=version,
        model=model,
        pool=Pool.of(
            ids,
            vectors=_vectors(ids, model),
            niches=niches,
            niche_names=names,
            platform=[row[1][0] if row[1] else "" for row in rows],
            **figures,
        ),
        price_from={row[0]: row[3] for row in rows if row[3] is not None},
        currency={row[0]: row[2] for row in rows},
    )


def _numbers(values: list[Any]) -> NDArray[np.float64]:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def _most_used() -> str:
    counts = CreatorVector.objects.filter(creator__state=CreatorState.LISTED).order_by().values_list("model")
    used = dict(counts.annotate(Count("pk")))
    return LEXICAL if used.get(LEXICAL, 0) > used.get(MODEL, 0) else MODEL


def _vectors(ids: NDArray[np.int64], model: str) -> NDArray[np.float32]:
    """What each creator's posts mean; zeros for those nothing was read of yet."""
    vectors = np.zeros((len(ids), DIMENSIONS), dtype=np.float32)
    found = list(CreatorVector.objects.filter(model=model).order_by().values_list("creator_id", "vector"))
    whole = [(owner, raw) for owner, raw in found if len(raw) == DIMENSIONS * 2]
    if not whole:
        return vectors
    owners = np.array([owner for owner, _raw in whole], dtype=np.int64)
    known = np.isin(owners, ids)
    halves = np.frombuffer(b"".join(bytes(raw) for _owner, raw in whole), dtype=np.float16)
    vectors[np.searchsorted(ids, owners[known])] = halves.reshape(-1, DIMENSIONS)[known]
    return vectors


def _niches(ids: NDArray[np.int64]) -> tuple[tuple[str, ...], NDArray[np.float64]]:
    """One column for each niche, with the weights creators have there."""
    slugs = dict(Niche.objects.order_by("pk").values_list("pk", "slug"))
    column = {pk: place for place, pk in enumerate(slugs)}
    weights = np.zeros((len(ids), len(slugs)))
    rows = CreatorNiche.objects.order_by().values_list("creator_id", "niche_id", "weight")
    at = {int(pk): row for row, pk in enumerate(ids)}
    for creator_id, niche_id, weight in rows:
        if (row := at.get(creator_id)) is not None and niche_id in column:
            weights[row, column[niche_id]] = weight
    return tuple(slugs.values()), weights


def _prices(ids: NDArray[np.int64], everybody: _Kept, facts: BriefFacts) -> NDArray[np.float64]:
    """What this brief's items cost with each creator: from the rate card, else their lowest price for each item."""
    cards: dict[int, dict[str, int]] = {}
    rates = Rate.objects.filter(kind__in=list(facts.deliverables), currency=facts.currency).order_by("-price_minor")
    for creator_id, kind, price in rates.values_list("creator_id", "kind", "price_minor"):
        cards.setdefault(creator_id, {})[kind] = price
    return _numbers([_price(int(pk), cards.get(int(pk), {}), everybody, facts) for pk in ids])


def _price(creator_id: int, card: dict[str, int], everybody: _Kept, facts: BriefFacts) -> int | None:
    if everybody.currency[creator_id] != facts.currency or not facts.deliverables:
        return None
    fallback = everybody.price_from.get(creator_id)
    total = 0
    for kind, count in facts.deliverables.items():
        price = card.get(kind, fallback)
        if price is None:
            return None
        total += count * price
    return total
