"""From a creator back to the work: which of one's campaigns is this person for?"""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from campaigns.models import Campaign
from campaigns.states import MANAGER, CampaignState, InvitationState, OfferState
from campaigns.views.frame import standing
from creators.models import Creator
from marketplace.users.requests import person

SHOWN = 30
# A draft can keep a creator for later; only an open campaign can ask.
CHOOSABLE = [CampaignState.OPEN, CampaignState.DRAFT, CampaignState.IN_REVIEW, CampaignState.PAUSED]


@require_safe
@login_required
def creator_choose(request: HttpRequest) -> HttpResponse:
    """Invite, offer to or save ``?creator=HANDLE`` on one of the campaigns this person runs."""
    creator = get_object_or_404(Creator.objects.listed(), handle=request.GET.get("creator", "")[:40])
    if "business" not in request.hats:  # type: ignore[attr-defined]
        return redirect("business_new")
    rows = Campaign.objects.run_by(person(request)).filter(state__in=CHOOSABLE).select_related("business")
    mine = [row for row in rows[:SHOWN] if MANAGER in standing(request).roles(row)]
    context = {"creator": creator, "campaigns": sorted(_with_talks(mine, creator), key=_open_first)}
    return render(request, "campaigns/choose.html", context)


def _open_first(campaign: Campaign) -> bool:
    return campaign.state != CampaignState.OPEN


def _with_talks(campaigns: list[Campaign], creator: Creator) -> list[Campaign]:
    """Each campaign with what was said to this creator so far, in the table's words, and what may be said next."""
    invited = _by_campaign(creator.invitations.all())
    offered = _by_campaign(creator.offers.order_by("created_at"))
    saved = set(creator.saved.values_list("campaign_id", flat=True))
    for campaign in campaigns:
        asked, dealt = invited.get(campaign.pk), offered.get(campaign.pk)
        is_open = campaign.state == CampaignState.OPEN
        campaign.invited = InvitationState(asked) if asked else None  # type: ignore[attr-defined]
        campaign.offered = OfferState(dealt) if dealt else None  # type: ignore[attr-defined]
        campaign.may_invite = is_open and not asked and not dealt  # type: ignore[attr-defined]
        campaign.may_offer = is_open and not dealt  # type: ignore[attr-defined]
        campaign.is_saved = campaign.pk in saved  # type: ignore[attr-defined]
    return campaigns


def _by_campaign(rows: QuerySet[Any]) -> dict[int, str]:
    return dict(rows.values_list("campaign_id", "state"))
