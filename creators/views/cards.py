"""A creator's figures in words: each with its sample and its day, "not known yet" where nothing is known."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from creators.models import Network
from marketplace.kit.money import Money

NETWORK_NAMES = dict(Network.choices)


@dataclass(frozen=True, slots=True)
class Card:
    """One creator as the discover page shows them."""

    handle: str
    name: str
    niches: list[str]
    place: str
    platforms: str
    engagement: str
    engagement_from: str
    ranked_as: str
    conversation: str
    price: str
    distance: str


def card_of(row: Mapping[str, Any]) -> Card:
    """A card from the columns of a search."""
    return Card(
        handle=row["handle"],
        name=row["display_name"],
        niches=row["niche_names"][:3],
        place=row["town_label"] or row["country"],
        platforms=", ".join(NETWORK_NAMES.get(name, name) for name in row["platforms"]),
        engagement=percent(row["engagement_rate"]),
        engagement_from=sample(row["engagement_posts"], row["last_post_on"], known=row["engagement_rate"] is not None),
        ranked_as=_ranked(ranked_as(row["engagement_rate"], row["engagement_shrunk"])),
        conversation=conversation(row["reply_rate"], row["comment_words"]),
        price=price(row["price_from_minor"], row["currency"]),
        distance=_("%(km)d km away") % {"km": round(row["distance_km"])} if "distance_km" in row else "",
    )


def percent(share: float | None) -> str:
    """“4.1 %”, “28 %”, “0 %”; empty when unknown."""
    if share is None:
        return ""
    if share == 0:
        return "0 %"
    return f"{share * 100:.1f} %" if share < 0.1 else f"{share * 100:.0f} %"


def ranked_as(rate: float | None, shrunk: float | None) -> str:
    """The rate that orders count with, where few posts moved it away from the measured one; else empty."""
    return "" if rate is None or percent(rate) == percent(shrunk) else percent(shrunk)


def _ranked(share: str) -> str:
    return _("ranked as %(share)s") % {"share": share} if share else ""


def sample(posts: int, newest: date | None, *, known: bool) -> str:
    """What a rate is from: “12 posts, newest 3 Nov 2026”, or that its owner says so."""
    if not known:
        return ""
    if not posts:
        return _("entered by hand")
    counted = ngettext("%(n)d post", "%(n)d posts", posts) % {"n": posts}
    return f"{counted}, {_('newest')} {day(newest)}" if newest else counted


def conversation(reply_rate: float | None, words: float | None) -> str:
    """“answers 42 % of comments, 6 words each”; empty when unknown."""
    if reply_rate is None:
        return ""
    said = _("answers %(share)s of comments") % {"share": percent(reply_rate)}
    return f"{said}, {length(words)}" if words else said


def length(words: float | None) -> str:
    """“6 words each”; empty when unknown."""
    return ngettext("%(n)d word each", "%(n)d words each", round(words)) % {"n": round(words)} if words else ""


def price(minor: int | None, currency: str) -> str:
    """“from €80.00”; empty when there is no rate card."""
    return "" if minor is None else _("from %(price)s") % {"price": _money(minor, currency, get_language() or "en")}


def day(moment: date | datetime | None) -> str:
    return date_format(moment, "j M Y") if moment else ""


@lru_cache(maxsize=4096)
def _money(minor: int, currency: str, locale: str) -> str:
    return Money(minor, currency).text(locale)
