"""The demo's businesses and their campaigns, from what is written about them."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from marketplace.demo.content import load
from marketplace.demo.people import Registry, person
from marketplace.demo.places import TIME_ZONES, Map, currency_of
from marketplace.demo.shapes import DemoBusiness, DemoCampaign, DemoDeliverable, Person

ROLES = ("owner", "finance", "manager")


def draw_businesses(towns: Map, names: Registry) -> Iterator[DemoBusiness]:
    """Every business with its people."""
    for key, about in load("businesses").items():
        place = towns.hub(about["town"])
        yield DemoBusiness(
            key=key,
            name=about["name"],
            kind=about["kind"],
            about=about["about"],
            website=f"https://{key}.example/",
            place=place,
            currency=currency_of(place.country),
            time_zone=TIME_ZONES[place.country],
            members=_members(about, names),
        )


def _members(about: Mapping[str, Any], names: Registry) -> dict[str, Person]:
    return {role: person(names.claim(about[role])) for role in ROLES if role in about}


def draw_campaigns(today: date) -> Iterator[DemoCampaign]:
    """Every campaign as its brief says."""
    for key, brief in load("campaigns").items():
        starts, ends = brief["days"]
        yield DemoCampaign(
            key=key,
            business=brief["business"],
            title=brief["title"],
            product=brief["product"],
            goal=brief["goal"],
            message=" ".join(filter(None, (brief["message"], brief.get("flaw", "")))),
            niches=tuple(brief["niches"]),
            radius_km=brief.get("radius"),
            languages=tuple(brief.get("languages", ())),
            platforms=tuple(brief.get("platforms", ())),
            deliverables=tuple(DemoDeliverable(*item) for item in brief["items"]),
            budget_minor=brief["budget"] * 100,
            creators_wanted=brief["wanted"],
            starts_on=today + timedelta(days=starts),
            ends_on=today + timedelta(days=ends),
            usage_days=brief["usage"],
            dos=brief.get("dos", ""),
            donts=brief.get("donts", ""),
            product_value_minor=brief["product_value"] * 100 if "product_value" in brief else None,
            state=brief["state"],
            state_reason=brief.get("reason", ""),
        )
