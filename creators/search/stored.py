"""A search as it is kept, and as the address of the discover page."""

from dataclasses import asdict
from typing import Any
from urllib.parse import urlencode

from creators.search.wanted import Place, Wanted
from marketplace.kit.money import Money


def stored(wanted: Wanted) -> dict[str, Any]:
    """The filters as plain values for JSON; the order is no part of what fits."""
    kept = asdict(wanted) | {"niches": list(wanted.niches)}
    kept.pop("order")
    return kept


def restored(kept: dict[str, Any]) -> Wanted:
    """The search that was kept."""
    near = kept.get("near")
    return Wanted(**{**kept, "near": Place(**near) if near else None})


def address_of(wanted: Wanted) -> str:
    """The query of the discover page that asks the same, newest first."""
    near = wanted.near
    prices = {"price_min": wanted.price_min_minor, "price_max": wanted.price_max_minor}
    said: dict[str, Any] = {
        "q": wanted.q,
        "niche": wanted.niches[0] if wanted.niches else "",
        "platform": wanted.platform,
        "language": wanted.language,
        "country": wanted.country,
        "near": (near.label or f"{near.latitude},{near.longitude}") if near else "",
        "radius_km": f"{near.radius_km:g}" if near else "",
        **{name: Money(minor, wanted.currency).major for name, minor in prices.items() if minor is not None},
        "currency": wanted.currency if wanted.is_priced else "",
        "engagement_min": "" if wanted.engagement_min is None else f"{wanted.engagement_min * 100:g}",
        "tier": wanted.tier,
        "available": wanted.available,
        "order": "newest",
    }
    return urlencode({name: value for name, value in said.items() if value != ""})
