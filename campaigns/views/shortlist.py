"""The shortlist: who fits this brief, and why."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from campaigns import budget
from campaigns.models import Campaign, Match, MatchRun
from campaigns.services import invitations, matches
from campaigns.shortlist import newest_run, why_nobody
from campaigns.states import MANAGER, CampaignState, InvitationState, OfferState
from campaigns.views.frame import standing
from creators.embedding import LEXICAL
from creators.models import Creator
from marketplace.kit.paging import page_of
from marketplace.users.requests import person

SHOWN, LATEST = 24, 5


@require_safe
@login_required
def shortlist(request: HttpRequest, public_id: str) -> HttpResponse:
    """The newest finished run, best first; while one is being made the page asks again by itself."""
    campaign = _campaign(request, public_id)
    may_manage = MANAGER in standing(request).roles(campaign)
    return render(request, "campaigns/shortlist.html", _shown(request, campaign, may_manage=may_manage))


@require_POST
@login_required
def matches_request(request: HttpRequest, public_id: str) -> HttpResponse:
    """Rank the pool again."""
    matches.request_matches(_campaign(request, public_id), by=person(request))
    return redirect("shortlist", public_id)


@require_POST
@login_required
def creator_save(request: HttpRequest, public_id: str, handle: str) -> HttpResponse:
    """Put a creator on this campaign's list."""
    return _keep(request, public_id, handle, invitations.save_creator)


@require_POST
@login_required
def creator_forget(request: HttpRequest, public_id: str, handle: str) -> HttpResponse:
    """Take a creator off this campaign's list."""
    return _keep(request, public_id, handle, invitations.forget_creator)


def _keep(request: HttpRequest, public_id: str, handle: str, verb: Any) -> HttpResponse:
    creator = get_object_or_404(Creator.objects.visible_to(request.user), handle=handle)
    verb(_campaign(request, public_id), creator, by=person(request))
    if request.POST.get("from") == "creator":
        return redirect(f"{reverse('creator_choose')}?creator={handle}")
    return redirect("shortlist", public_id)


def _shown(request: HttpRequest, campaign: Campaign, *, may_manage: bool) -> dict[str, Any]:
    """Cards in rank order with what the business did about each creator so far."""
    run, waiting = _runs(campaign)
    ranked = Match.objects.filter(run=run).select_related("creator")
    rows = page_of(request, ranked, by=["rank"], size=SHOWN)
    if run is not None and request.method == "GET":
        matches.see_matches(run, rows)
    saved = campaign.saved.select_related("creator")
    saved_ids = {row.creator_id for row in saved}
    may_ask = may_manage and campaign.state == CampaignState.OPEN
    invited = dict(campaign.invitations.order_by().values_list("creator_id", "state"))
    offered = dict(campaign.offers.order_by("created_at").values_list("creator_id", "state"))
    for match in rows:
        match.is_saved = match.creator_id in saved_ids  # type: ignore[attr-defined]
        _note_talks(match, invited.get(match.creator_id), offered.get(match.creator_id), may_ask=may_ask)
    return {
        "by_words": run is not None and run.model in ("", LEXICAL),
        "campaign": campaign, "run": run, "matches": rows, "saved": saved, "waiting": waiting,
        "left": budget.left(campaign), "may_manage": may_manage, "nobody": why_nobody(run.filtered) if run else "",
    }  # fmt: skip


def _runs(campaign: Campaign) -> tuple[MatchRun | None, bool]:
    """The newest finished run, and whether a newer one is being made."""
    runs = list(campaign.match_runs.all()[:LATEST])
    found = next((run for run in runs if run.finished_at is not None and not run.error), None)
    return found or (newest_run(campaign) if runs else None), bool(runs) and runs[0].finished_at is None


def _note_talks(match: Match, invited: str | None, offered: str | None, *, may_ask: bool) -> None:
    """What was said to this creator so far, in the table's words, and what may be said next."""
    match.invited = InvitationState(invited) if invited else None  # type: ignore[attr-defined]
    match.offered = OfferState(offered) if offered else None  # type: ignore[attr-defined]
    match.may_invite = may_ask and not invited and not offered  # type: ignore[attr-defined]
    match.may_offer = may_ask and not offered  # type: ignore[attr-defined]


def _campaign(request: HttpRequest, public_id: str) -> Campaign:
    rows = Campaign.objects.run_by(person(request)).select_related("business", "town")
    return get_object_or_404(rows, public_id=public_id)
