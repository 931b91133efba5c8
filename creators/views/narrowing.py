"""The search in words: what is asked, each with the way to drop it; what else there is, each with its count."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from creators.forms import AVAILABLE_LABELS, TIER_CHOICES
from creators.models import Network
from creators.search import WIDER, Facets, Looser, Wanted, band_of
from creators.validity import LANGUAGES
from marketplace.kit.money import Money

# The parameters of each filter that are not called like it.
PARAMETERS = {
    "near": ("near", "radius_km"),
    "price": ("price_min", "price_max"),
    "engagement": ("engagement_min",),
}
TITLES = {
    "niche": lazy("Niche"),
    "platform": lazy("Network"),
    "language": lazy("Language"),
    "country": lazy("Country"),
    "price": lazy("Price from"),
    "available": lazy("Availability"),
    "tier": lazy("Size, for information"),
}
LOOSER_MOST = 1_000


@dataclass(frozen=True, slots=True)
class Words:
    """The names of what filters hold."""

    niches: Mapping[str, str]
    currency: str

    def of(self, facet: str, value: str) -> str:
        """A facet's value as people say it."""
        if facet == "price":
            return self.prices(*band_of(int(value), self.currency))
        return str(self._names(facet).get(value, value))

    def prices(self, least: int | None, most: int | None) -> str:
        """“€50.00 to €99.99”, “up to €50.00”, “from €2,500.00”."""
        low, high = (_money(minor, self.currency) for minor in (least, most))
        if least and most is not None:
            return _("%(low)s to %(high)s") % {"low": low, "high": high}
        return _("up to %(price)s") % {"price": high} if most is not None else _("from %(price)s") % {"price": low}

    def _names(self, facet: str) -> Mapping[str, Any]:
        known: dict[str, Mapping[str, Any]] = {
            "niche": self.niches,
            "platform": dict(Network.choices),
            "language": dict(LANGUAGES),
            "available": AVAILABLE_LABELS,
            "tier": dict(TIER_CHOICES),
        }
        return known.get(facet, {})


def asked_chips(wanted: Wanted, asked: Sequence[str], words: Words, query: QueryDict) -> list[dict[str, str]]:
    """Each filter that is asked: its words, and the same search without it."""
    return [{"label": _said(name, wanted, words), "url": link(query, name)} for name in asked]


def in_words(wanted: Wanted, words: Words) -> str:
    """The whole search in one line: “Food & drink › Baking · German”."""
    return " · ".join(_said(name, wanted, words) for name in wanted.asked) or _("Everybody")


def facet_groups(facets: Facets, wanted: Wanted, words: Words, query: QueryDict) -> list[dict[str, Any]]:
    """Each facet with its values, counts and links; sizes are told and never linked."""
    chosen = {
        "niche": set(wanted.niches),
        **{name: {getattr(wanted, name)} for name in ("platform", "language", "country", "available")},
    }
    groups = []
    for name, title in TITLES.items():
        values = facets.counts.get(name, [])
        chips = [
            {
                "label": words.of(name, value),
                "count": f"{count:,}",
                "url": "" if name == "tier" else link(query, name, **_answer(name, value, wanted.currency)),
                "current": _is_chosen(name, value, wanted, chosen.get(name, set())),
            }
            for value, count in _in_order(name, values)
        ]
        if chips:
            groups.append({"title": title, "chips": chips, "estimated": name in facets.estimated})
    return groups


def looser_links(found: Sequence[Looser], wanted: Wanted, words: Words, query: QueryDict) -> list[dict[str, str]]:
    """Which filter to loosen, and how many would fit then."""
    links = []
    for one in found:
        count = _("more than %(n)s") % {"n": f"{LOOSER_MOST:,}"} if one.count > LOOSER_MOST else str(one.count)
        if one.name == WIDER:
            label = _("Look within %(km)d km") % {"km": one.radius_km or 0}
            url = link(query, "", radius_km=f"{one.radius_km:g}")
        else:
            label = _("Without “%(filter)s”") % {"filter": _said(one.name, wanted, words)}
            url = link(query, one.name)
        links.append({"label": label, "count": count, "url": url})
    return links


def link(query: QueryDict, without: str, **more: str) -> str:
    """The address of the same search without one filter, or with other answers to it; on its first page."""
    asked = query.copy()
    for name in ("cursor", *PARAMETERS.get(without, (without,))):
        asked.pop(name, None)
    for name, values in list(asked.lists()):
        if not any(values):
            del asked[name]
    for name, value in more.items():
        asked[name] = value
    return f"?{asked.urlencode()}" if asked else "?"


def _answer(facet: str, value: str, currency: str) -> dict[str, str]:
    """What the form would send for this value."""
    if facet != "price":
        return {facet: value}
    least, most = band_of(int(value), currency)
    ends = {"price_min": least or None, "price_max": most}
    said = {name: str(Money(minor, currency).major) for name, minor in ends.items() if minor is not None}
    return {**said, "currency": currency}


def _is_chosen(facet: str, value: str, wanted: Wanted, chosen: set[str]) -> bool:
    if facet == "price":
        least, most = band_of(int(value), wanted.currency)
        return wanted.is_priced and (wanted.price_min_minor or 0, wanted.price_max_minor) == (least, most)
    return value in chosen


def _in_order(facet: str, values: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """Prices and sizes in their own order, all others by how many there are."""
    if facet == "price":
        return sorted(values, key=lambda pair: int(pair[0]))
    sizes = [name for name, _label in TIER_CHOICES]
    return sorted(values, key=lambda pair: sizes.index(pair[0])) if facet == "tier" else values


def _said(name: str, wanted: Wanted, words: Words) -> str:
    """One filter in words."""
    near = wanted.near
    say: dict[str, Callable[[], str]] = {
        "q": lambda: f"“{wanted.q}”",
        "niche": lambda: ", ".join(words.of("niche", slug) for slug in wanted.niches),
        "near": lambda: _("%(km)d km around %(place)s") % {"km": near.radius_km, "place": near.label} if near else "",
        "price": lambda: words.prices(wanted.price_min_minor, wanted.price_max_minor),
        "engagement": lambda: _("Engagement from %(share)g %%") % {"share": (wanted.engagement_min or 0) * 100},
    }
    return say[name]() if name in say else words.of(name, getattr(wanted, name))


def _money(minor: int | None, currency: str) -> str:
    return "" if minor is None else Money(minor, currency).text(get_language() or "en")
