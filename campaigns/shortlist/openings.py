"""The open campaigns as one creator may take them: hard filters first, the rest ranked, and why others are missing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject
from django.utils import timezone
from django.utils.formats import date_format
from numpy.typing import NDArray

from campaigns.budget import FREE_AGAIN, each
from campaigns.matching import CreatorFacts, Openings, Recommendation, obstacles, recommend
from campaigns.matching.asking import asked
from campaigns.models import Application, Campaign, Collaboration, Invitation, Offer
from campaigns.shortlist.brief import RELATED
from campaigns.shortlist.limits import TEXTS, bounds_of, limits_of, with_beside
from campaigns.states import InvitationState
from creators.embedding import unpack
from creators.models import Creator, CreatorNiche, Network, Niche, PostVector, Rate
from creators.validity import LANGUAGES

OVER = [InvitationState.WITHDRAWN, InvitationState.EXPIRED]  # of invitation and offer: as if nobody had asked
MOST = 2_000  # the newest; nobody reads more, and ranking them would take longer than a page may
LANGUAGE_NAMES, NETWORK_NAMES = dict(LANGUAGES), dict(Network.choices)


@dataclass(frozen=True)
class Choice:
    """What a creator may choose from: pk → its recommendation, best first; and which filters hide how many others.

    ``stopped`` counts every filter that hides a campaign, ``alone`` those that no other filter hides as well;
    ``is_placed`` says whether we know where the creator is.
    """

    found: dict[int, Recommendation] = field(default_factory=dict)
    stopped: Counter[str] = field(default_factory=Counter)
    alone: Counter[str] = field(default_factory=Counter)
    hidden: int = 0
    is_placed: bool = True


def open_to(creator: Creator) -> QuerySet[Campaign]:
    """Open campaigns that this creator does not run and has no talks with yet, the newest first."""
    rows = Campaign.objects.open().exclude(pk__in=Application.objects.filter(creator=creator).values("campaign"))
    asked: tuple[QuerySet[Any], ...] = (Invitation.objects.all(), Offer.objects.all())
    for talks in asked:
        rows = rows.exclude(pk__in=talks.filter(creator=creator).exclude(state__in=OVER).values("campaign"))
    if creator.user_id is not None:
        rows = rows.exclude(business__members__user=creator.user_id)
    return rows.annotate(open_since=Coalesce("opened_at", "created_at")).order_by("-open_since", "-id")


def choose(creator: Creator, campaigns: QuerySet[Campaign], *, today: date | None = None) -> Choice:
    """Rank those of these campaigns that no hard filter hides from this creator. Four queries, however many."""
    read = {"read_by": F("brief_vector__model"), "meaning": F("brief_vector__vector")}
    rows = list(with_beside(campaigns, texts=bool(creator.exclusions)).annotate(**read)[:MOST])
    if not rows:
        return Choice()
    niches = {niche.pk: niche for niche in Niche.objects.order_by("pk")}
    stopped, alone, kept = Counter[str](), Counter[str](), []
    bounds = bounds_of(creator)
    for row, limits in zip(rows, limits_of(rows, niches), strict=True):
        names = obstacles(limits, bounds)
        stopped.update(names)
        alone.update(names if len(names) == 1 else [])
        if not names:
            kept.append(row)
    hidden = len(rows) - len(kept)
    is_placed = bounds.latitude is not None
    if not kept:
        return Choice({}, stopped, alone, hidden, is_placed)
    known = _known_of(creator)
    openings = _openings(creator, kept, niches, known, today=today or timezone.localdate())
    ranked = recommend(_facts(creator, known), openings, limit=MOST)
    return Choice({one.campaign: one for one in ranked}, stopped, alone, hidden, is_placed)


def _known_of(creator: Creator) -> dict[str, Any]:
    """What stands beside a creator, in one query: niches, prices, vectors, and the paid work begun this month."""
    month = timezone.localtime().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    begun = Collaboration.objects.filter(offer__creator=OuterRef("pk"), created_at__gte=month)
    counted = begun.exclude(state__in=FREE_AGAIN).order_by().values("offer__creator").annotate(n=Count("pk"))
    weights = CreatorNiche.objects.filter(creator=OuterRef("pk")).order_by()
    card = Rate.objects.filter(creator=OuterRef("pk"), currency=creator.currency).order_by("-price_minor")
    read = PostVector.objects.filter(creator=OuterRef("pk"), model=OuterRef("vector__model")).order_by()
    beside = {
        "weights": ArraySubquery(weights.values(pair=JSONObject(slug="niche__slug", weight="weight"))),
        "card": ArraySubquery(card.values(pair=JSONObject(kind="kind", price="price_minor"))),
        "begun": Coalesce(Subquery(counted.values("n")), 0),
        "model": F("vector__model"),
        "meaning": F("vector__vector"),
        "posts": ArraySubquery(read.values("vector")),
    }
    found: dict[str, Any] = Creator.objects.filter(pk=creator.pk).annotate(**beside).values(*beside).get()
    return found


def _facts(creator: Creator, known: dict[str, Any]) -> CreatorFacts:
    """The creator as the ranking reads them; languages and networks by the names the reasons say."""
    return CreatorFacts(
        niches={pair["slug"]: pair["weight"] for pair in known["weights"]},
        vector=unpack([known["meaning"]])[0] if known["meaning"] else None,
        posts=unpack(known["posts"]),
        latitude=creator.latitude,
        longitude=creator.longitude,
        languages=_named(creator.languages, LANGUAGE_NAMES),
        platforms=_named(creator.platforms, NETWORK_NAMES),
        exclusions=tuple(creator.exclusions),
    )


def _openings(
    creator: Creator, rows: Sequence[Any], niches: dict[int, Niche], known: dict[str, Any], *, today: date
) -> Openings:
    """These campaigns by column, priced for this creator by their card: kind of work → their lowest price for it."""
    months = [max(row.starts_on or today, today).replace(day=1) for row in rows]
    card = {pair["kind"]: pair["price"] for pair in known["card"]}
    room = [creator.room_per_month - (known["begun"] if month == today.replace(day=1) else 0) for month in months]
    return Openings.of(
        [row.pk for row in rows],
        vectors=_vectors(rows, known["model"] or ""),
        niches=_wanted(rows, niches),
        niche_names=[niche.slug for niche in niches.values()],
        currency=[row.currency for row in rows],
        latitude=_known(row.latitude for row in rows),
        longitude=_known(row.longitude for row in rows),
        radius_km=_known(row.radius_km for row in rows),
        pay_minor=[each(row).minor for row in rows],
        ask_minor=_asked(rows, creator, card),
        room_left=[max(left, 0) for left in room],
        room=[creator.room_per_month] * len(rows),
        town=[row.town_name for row in rows],
        month=[date_format(month, "F") for month in months],
        mentioned=[_mentioned(row, creator.exclusions) for row in rows],
        languages=[_named(row.languages, LANGUAGE_NAMES) for row in rows],
        platforms=[_named(row.platforms, NETWORK_NAMES) for row in rows],
    )


def _vectors(rows: Sequence[Any], model: str) -> NDArray[np.float32]:
    """What each brief means, by the model that read the creator; zeros for those it has not read."""
    return unpack([row.meaning if row.read_by == model else None for row in rows])


def _wanted(rows: Sequence[Any], niches: dict[int, Niche]) -> NDArray[np.float64]:
    """How much each brief wants each niche: what it names fully, parents and children of that less."""
    column = {pk: place for place, pk in enumerate(niches)}
    kin: dict[int, set[int]] = {pk: set() for pk in niches}
    for niche in niches.values():
        if niche.parent_id is not None:
            kin[niche.pk].add(niche.parent_id)
            kin[niche.parent_id].add(niche.pk)
    wanted = np.zeros((len(rows), len(niches)))
    for place, row in enumerate(rows):
        wanted[place, [column[pk] for named in row.niche_ids for pk in kin[named]]] = RELATED
        wanted[place, [column[pk] for pk in row.niche_ids]] = 1.0
    return wanted


def _asked(rows: Sequence[Any], creator: Creator, card: dict[str, int]) -> NDArray[np.float64]:
    """What this creator asks for each brief's items; NaN where they named no price, or another currency."""
    kinds = sorted({kind for row in rows for kind in row.kinds})
    counts = np.zeros((len(kinds), len(rows)))
    for place, row in enumerate(rows):
        for kind, count in zip(row.kinds, row.counts, strict=True):
            counts[kinds.index(kind), place] += count
    items = zip(counts, _known(card.get(kind) for kind in kinds), strict=True)
    lowest, least = _known([creator.price_from_minor, creator.minimum_fee_minor])
    same = np.array([row.currency == creator.currency for row in rows], dtype=np.bool_)
    return np.where(same, asked(items, lowest=lowest, least=least), np.nan)


def _mentioned(row: Any, exclusions: Sequence[str]) -> str:
    """The first of these subjects that stands in the brief as a word."""
    if not exclusions:
        return ""
    said = "\n".join(getattr(row, name) for name in TEXTS)
    return next((word for word in exclusions if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", said, re.IGNORECASE)), "")


def _named(codes: Sequence[str], names: dict[str, str]) -> frozenset[str]:
    return frozenset(names.get(code, code) for code in codes)


def _known(values: Any) -> NDArray[np.float64]:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)
