"""Posts the world's campaigns through the services, as their managers and an admin would."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from campaigns.models import Business, Campaign, Compensation, MatchRun
from campaigns.services import briefs, drafts
from campaigns.shortlist import run_match
from campaigns.terms import Item
from creators.models import Niche
from marketplace.demo.shapes import DemoCampaign, World
from marketplace.users.models import User


@transaction.atomic
def post_campaigns(world: World) -> None:
    """Every brief as a draft; all but the drafts are posted, and an admin answers where one has to."""
    admin = User.objects.get(email=world.admin.email)
    niches = {niche.slug: niche for niche in Niche.objects.all()}
    for demo in world.campaigns:
        business = Business.objects.select_related("town").get(name=world.business(demo.business).name)
        owner = User.objects.get(email=world.business(demo.business).members["owner"].email)
        campaign = drafts.draft_campaign(
            business,
            brief=brief_of(demo, business),
            niches=[niches[slug] for slug in demo.niches],
            items=items_of(demo),
            by=owner,
        )
        if demo.state != "draft":
            _post(campaign, demo, owner=owner, admin=admin)


def brief_of(demo: DemoCampaign, business: Business) -> Any:
    """The brief in the service's words."""
    return {
        "title": demo.title,
        "product": demo.product,
        "goal": demo.goal,
        "message": demo.message,
        "town": business.town if demo.radius_km else None,
        "radius_km": demo.radius_km,
        "country": business.country,
        "languages": list(demo.languages),
        "platforms": list(demo.platforms),
        "compensation": Compensation.FEE_AND_PRODUCT if demo.product_value_minor else Compensation.FEE,
        "product_value_minor": demo.product_value_minor,
        "budget_minor": demo.budget_minor,
        "currency": business.currency,
        "creators_wanted": demo.creators_wanted,
        "starts_on": demo.starts_on,
        "ends_on": demo.ends_on,
        "usage_days": demo.usage_days,
        "dos": demo.dos,
        "donts": demo.donts,
    }


def items_of(demo: DemoCampaign) -> Sequence[Item]:
    return [
        Item(kind=item.kind, network=item.network, count=item.count, detail=item.detail) for item in demo.deliverables
    ]


def _post(campaign: Campaign, demo: DemoCampaign, *, owner: User, admin: User) -> None:
    briefs.submit_campaign(campaign, by=owner)
    if campaign.state == "in_review" and demo.state not in ("in_review", "rejected"):
        briefs.approve_campaign(campaign, by=admin)
    if demo.state == "rejected":
        briefs.reject_campaign(campaign, reason=demo.state_reason, by=admin)
    if demo.state == "cancelled":
        briefs.cancel_campaign(campaign, by=owner, reason=demo.state_reason)


def rank_first(world: World) -> None:
    """The shortlists a visitor will open first are there at once; the sweep makes the others in the background."""
    emails = [one.person.email for one in world.logins]
    waiting = MatchRun.objects.filter(finished_at=None, campaign__business__members__user__email__in=emails)
    for run_id in waiting.order_by("pk").values_list("pk", flat=True).distinct():
        run_match(run_id)


def close_campaigns(world: World) -> None:
    """What is paused or over by now; done last, for stories need an open campaign."""
    ends: Mapping[str, Any] = {
        "paused": briefs.pause_campaign, "completed": briefs.complete_campaign, "archived": _put_away
    }  # fmt: skip
    for demo in world.campaigns:
        if demo.state in ends:
            business = world.business(demo.business)
            campaign = Campaign.objects.get(title=demo.title, business__name=business.name)
            owner = User.objects.get(email=business.members["owner"].email)
            if campaign.state == "open":
                ends[demo.state](campaign, by=owner)


def _put_away(campaign: Campaign, *, by: User) -> None:
    briefs.complete_campaign(campaign, by=by)
    briefs.archive_campaign(campaign, by=by)
