"""The brief and its wanted work in one go, as the builder's page sends them."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from campaigns.models import Business, Campaign
from campaigns.services.briefs import FULLY_EDITABLE, BriefFields, create_campaign, edit_campaign, set_deliverables
from campaigns.terms import Item
from creators.models import Niche
from marketplace.users.models import User


@transaction.atomic
def draft_campaign(
    business: Business, *, brief: BriefFields, niches: Sequence[Niche], items: Sequence[Item], by: User
) -> Campaign:
    """A manager saves a whole first draft: the brief, its niches and the wanted work."""
    campaign = create_campaign(business, by=by, niches=niches, **brief)
    set_deliverables(campaign, items=items, by=by)
    return campaign


@transaction.atomic
def redraft_campaign(
    campaign: Campaign, *, brief: BriefFields, niches: Sequence[Niche], items: Sequence[Item], by: User
) -> Campaign:
    """A manager saves the whole brief again; the wanted work stays as it is once the campaign is open."""
    edit_campaign(campaign, by=by, niches=niches, **brief)
    if campaign.state in FULLY_EDITABLE:
        set_deliverables(campaign, items=items, by=by)
    return campaign
