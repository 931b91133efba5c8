"""The shortlist: who fits this brief, and why."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from campaigns import budget
from campaigns.models import Campaign
from campaigns.services import invitations, matches
from campaigns.shortlist import newest_run
from creators.embedding import MODEL
from creators.models import Creator
from marketplace.users.requests import person

SHOWN = 24


@require_safe
@login_required
def shortlist(request: HttpRequest, public_id: str) -> HttpResponse:
    """The newest finished run, best first; while one is being made the page asks again by itself."""
    campaign = _campaign(request, public_id)
    return render(request, "campaigns/shortlist.html", _shown(campaign))


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


def _shown(campaign: Campaign) -> dict[str, Any]:
    """Cards in rank order with what the business did about each creator so far."""
    run, newest = newest_run(campaign), campaign.match_runs.first()
    rows = list(run.matches.select_related("creator")[:SHOWN]) if run else []
    saved = list(campaign.saved.select_related("creator")[:SHOWN])
    saved_ids = {row.creator_id for row in saved}
    invited = dict(campaign.invitations.order_by().values_list("creator_id", "state"))
    offered = dict(campaign.offers.order_by("created_at").values_list("creator_id", "state"))
    for match in rows:
        match.is_saved = match.creator_id in saved_ids  # type: ignore[attr-defined]
        match.invited = invited.get(match.creator_id, "")  # type: ignore[attr-defined]
        match.offered = offered.get(match.creator_id, "")  # type: ignore[attr-defined]
    waiting = newest is not None and newest.finished_at is None
    return {
        "by_words": run is not None and run.model != MODEL,
        "campaign": campaign, "run": run, "matches": rows, "saved": saved, "waiting": waiting,
        "left": budget.left(campaign), "loosen": run.filtered.get("loosen") if run else None,
    }  # fmt: skip


def _campaign(request: HttpRequest, public_id: str) -> Campaign:
    rows = Campaign.objects.run_by(person(request)).select_related("business", "town")
    return get_object_or_404(rows, public_id=public_id)
