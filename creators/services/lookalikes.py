"""More like this: creators who are alike in what they say, know, cost and where they are, each with the reasons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from creators.models import Creator
from creators.search import CARD_COLUMNS
from creators.search.likeness import Likeness, Traits, likeness, ranked
from creators.search.nearest import Near, nearest
from marketplace.kit.money import Money

SHOWN = 3
MOST = 20
# So many of the nearest by meaning are compared in everything else.
COMPARED = 200
KEPT_SECONDS = 600
REASONS = 3
NEARBY_KM = 100
ENOUGH_COMMENTS = 10
_TRAITS = ("niche_slugs", "latitude", "longitude")


@dataclass(frozen=True, slots=True)
class Reason:
    """A code to group by, the sentence, and the numbers in it."""

    code: str
    text: str
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Lookalike:
    """A creator like another: the columns of a card, how alike (0 … 1) by which parts, and why in words."""

    row: Mapping[str, Any]
    score: float
    parts: Mapping[str, float]
    reasons: list[Reason]


def more_like(creator: Creator, *, limit: int = SHOWN) -> list[Lookalike]:
    """The listed creators most like this one. Three queries; who is near by meaning is kept for ten minutes."""
    key = f"alike:{creator.pk}:{creator.texts_at.timestamp()}"
    kept: tuple[list[Near], int] | None = cache.get(key)
    near, looked_at = kept if kept is not None else nearest(creator, limit=COMPARED)
    if kept is None:
        cache.set(key, (near, looked_at), timeout=KEPT_SECONDS)
    by_pk = {one.pk: one for one in near}
    if not by_pk:
        return []
    rows = Creator.objects.listed().filter(pk__in=list(by_pk)).order_by().values("pk", *CARD_COLUMNS, *_TRAITS)
    known = {row["pk"]: row for row in rows}
    own = traits_of({name: getattr(creator, name) for name in (*_TRAITS, "price_from_minor", "currency")})
    found = [(pk, likeness(own, traits_of(row), closer_than=by_pk[pk].closer_than)) for pk, row in known.items()]
    return [
        Lookalike(known[pk], one.score, one.parts, reasons(creator, known[pk], one, by_pk[pk], looked_at))
        for pk, one in ranked(found)[: min(limit, MOST)]
    ]


def traits_of(row: Mapping[str, Any]) -> Traits:
    """What is compared, from a row of columns."""
    return Traits(
        frozenset(row["niche_slugs"]), row["price_from_minor"], row["currency"], row["latitude"], row["longitude"]
    )


def reasons(creator: Creator, row: Mapping[str, Any], alike: Likeness, near: Near, looked_at: int) -> list[Reason]:
    """Up to three sentences from the facts that made them alike, the strongest part first."""
    told = {
        "niche": _niche(creator, row),
        "meaning": _meaning(near, looked_at),
        "place": _place(alike),
        "price": _price(creator, row, alike),
    }
    known = [reason for name in sorted(alike.parts, key=lambda name: -alike.parts[name]) if (reason := told[name])]
    return [*known, *_talk(row)][:REASONS]


def _niche(creator: Creator, row: Mapping[str, Any]) -> Reason | None:
    shared = [name for name in creator.niche_names if name in row["niche_names"]]
    if not shared:
        return None
    return Reason("niche", _("%(niches)s, too") % {"niches": ", ".join(shared[:2])}, {"niches": shared})


def _meaning(near: Near, looked_at: int) -> Reason | None:
    if near.closer_than is None or near.closer_than < 0.5:
        return None
    share = min(int(near.closer_than * 100), 99)
    text = _("writes and posts more alike than %(share)d %% of %(n)s others") % {"share": share, "n": f"{looked_at:,}"}
    return Reason("meaning", text, {"cosine": round(near.cosine or 0.0, 4), "closer_than": share, "pool": looked_at})


def _place(alike: Likeness) -> Reason | None:
    if alike.distance_km is None or alike.distance_km > NEARBY_KM:
        return None
    km = round(alike.distance_km)
    text = _("%(km)d km away") % {"km": km} if km else _("in the same place")
    return Reason("place", text, {"distance_km": round(alike.distance_km, 1)})


def _price(creator: Creator, row: Mapping[str, Any], alike: Likeness) -> Reason | None:
    """Told where it is much the same, or less; dearer is no reason."""
    own, theirs = creator.price_from_minor, row["price_from_minor"]
    if "price" not in alike.parts or own is None or theirs > own * 1.25:
        return None
    price = Money(theirs, row["currency"]).text(get_language() or "en")
    words = _("about the same price: from %(price)s") if theirs >= own * 0.8 else _("costs less: from %(price)s")
    return Reason("price", words % {"price": price}, {"price_minor": theirs, "currency": row["currency"]})


def _talk(row: Mapping[str, Any]) -> list[Reason]:
    """Whether people talk there, if enough was seen to say so."""
    rate, seen = row["reply_rate"], row["comments_seen"]
    if not rate or seen < ENOUGH_COMMENTS:
        return []
    text = _("answers %(share)d %% of comments (%(n)s seen)") % {"share": round(rate * 100), "n": f"{seen:,}"}
    return [Reason("conversation", text, {"reply_rate": rate, "comments_seen": seen})]
