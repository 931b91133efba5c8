"""What the forms start from: a goal's template, the brief, the terms on the table."""

import re
from datetime import timedelta
from typing import Any

from django.utils import timezone

from campaigns.budget import left
from campaigns.goals import templates_for
from campaigns.models import Business, Campaign, Goal, Offer
from creators.models import Niche
from marketplace.kit.money import Money

HAND_IN_DAYS = 10
PUBLISH_DAYS = 14


def goals() -> list[dict[str, Any]]:
    """The five goals with what their template begins."""
    return [{"value": goal.value, "label": goal.label, **templates_for(goal)} for goal in Goal]


def brief_from_template(business: Business, *, goal: str) -> dict[str, Any]:
    """A first draft of the brief for a goal, in the business's own place."""
    template = templates_for(goal if goal in Goal.values else Goal.AWARENESS)
    start = timezone.localdate() + timedelta(days=7)
    # What the template says of the message is advice: it stands in the empty field, not in the brief.
    hint = template.pop("message")
    return {
        **template,
        "hint": hint,
        "niches": niches_of(business),
        "town": business.town,
        "radius_km": 50 if business.town_id else None,
        "starts_on": start,
        "ends_on": start + timedelta(days=template["days"]),
    }


def niches_of(business: Business) -> list[Niche]:
    """What the business is about: its last campaign's niches, else the one its own words speak of most."""
    last = Campaign.objects.filter(business=business, niches__isnull=False).first()
    if last is not None:
        return list(last.niches.all())
    said = set(re.findall(r"\w+", f"{business.name} {business.about}".lower()))
    finer = Niche.objects.exclude(parent=None).order_by("slug")
    weights = [(len(said.intersection(niche.keywords.split("|"))), niche) for niche in finer]
    best = max(weights, key=lambda pair: pair[0], default=None)
    return [best[1]] if best and best[0] else []


def brief_of(campaign: Campaign) -> dict[str, Any]:
    """The brief as it stands."""
    names = [
        *["title", "product", "goal", "message", "town", "radius_km", "languages", "platforms", "compensation"],
        *["creators_wanted", "starts_on", "ends_on", "usage_days", "usage_paid_ads", "disclosure", "dos", "donts"],
    ]
    lines = campaign.deliverables.values("kind", "network", "count", "detail")
    return {
        **{name: getattr(campaign, name) for name in names},
        "niches": campaign.niches.all(),
        "budget": campaign.budget,
        "product_value": Money(campaign.product_value_minor, campaign.currency)
        if campaign.product_value_minor
        else None,
        "deliverables": list(lines),
    }


def terms_from_brief(campaign: Campaign) -> dict[str, Any]:
    """A first offer: the brief's work, and an even share of what is left."""
    today = timezone.localdate()
    share = left(campaign).share(10_000 * 100 // (109 * max(campaign.creators_wanted, 1)))
    return {
        "fee": share if share.minor > 0 else None,
        "due_on": today + timedelta(days=HAND_IN_DAYS),
        "publish_on": today + timedelta(days=PUBLISH_DAYS),
        "usage_days": campaign.usage_days,
        "usage_paid_ads": campaign.usage_paid_ads,
        "product": campaign.product if campaign.compensation == "fee_and_product" else "",
        "disclosure": campaign.disclosure,
        "deliverables": list(campaign.deliverables.values("kind", "network", "count", "detail")),
    }


def terms_on_table(offer: Offer) -> dict[str, Any]:
    """The current version, to be changed."""
    terms = offer.terms.get(number=offer.version)
    names = ["fee", "due_on", "publish_on", "usage_days", "usage_paid_ads", "product", "disclosure", "note"]
    return {**{name: getattr(terms, name) for name in names}, "note": "", "deliverables": terms.deliverables}
