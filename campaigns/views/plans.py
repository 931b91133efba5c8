"""The plan: whom a budget buys, and from there the invitations."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from campaigns.forms import InvitationForm, PlanForm
from campaigns.matching.planning import Impossible
from campaigns.models import Campaign
from campaigns.services import invitations
from campaigns.services.matches import ENDED
from campaigns.services.plans import MOST_CREATORS, STEP_MAJOR, Planned, Wanted, make_plan
from campaigns.shortlist import Asked, with_kin
from campaigns.states import MANAGER, CampaignState
from campaigns.views.frame import standing
from campaigns.views.plan_words import BEST, HIGH, basis, certificate, in_the_way, lines, question_of, spare
from creators.models import Creator
from marketplace.users.requests import person


@require_http_methods(["GET", "POST"])
@login_required
def campaign_plan(request: HttpRequest, public_id: str) -> HttpResponse:
    """Whom the money buys; sent back, it invites those who were chosen."""
    rows = Campaign.objects.run_by(person(request)).select_related("business", "town")
    campaign = get_object_or_404(with_kin(rows).prefetch_related("deliverables"), public_id=public_id)
    if request.method == "POST":
        return _invite(request, campaign)
    may_invite = MANAGER in standing(request).roles(campaign) and campaign.state == CampaignState.OPEN
    context: dict[str, Any] = {"campaign": campaign, "may_invite": may_invite, "message": InvitationForm()["message"]}
    form = PlanForm(request.GET, campaign=campaign) if "budget" in request.GET else None
    if form is not None and not form.is_valid():
        return render(request, "campaigns/plan.html", {**context, "form": form}, status=400)
    planned = make_plan(campaign, form.wanted() if form else Wanted(), by=standing(request))
    context["form"] = PlanForm(campaign=campaign, initial=_said(planned.wanted))
    return render(request, "campaigns/plan.html", context | _shown(planned, is_over=campaign.state in ENDED))


def _said(wanted: Asked) -> dict[str, Any]:
    """What was taken as asked, for the form to show."""
    return {
        "budget": wanted.budget, "goal": wanted.goal, "least": wanted.least, "most": wanted.most,
        "local": wanted.local_percent, "niches": wanted.every_niche, "known": wanted.only_known,
    }  # fmt: skip


def _shown(planned: Planned, *, is_over: bool) -> dict[str, Any]:
    """The answer as the page tells it."""
    budget = planned.wanted.budget
    slider = {"from": STEP_MAJOR, "to": max(2 * int(budget.major), 4 * STEP_MAJOR), "at": int(budget.major)}
    shown = {"planned": planned, "left": planned.left, "goal": planned.wanted.goal, "slider": slider}
    if isinstance(planned.found, Impossible):
        return shown | {"problem": in_the_way(planned)}
    told = lines(planned)
    height = HIGH * len(told)
    return shown | {
        "plan": planned.found, "lines": told, "picture_height": height, "certificate": certificate(planned.found),
        "spare": spare(planned), "basis": basis(planned),
        "is_over": is_over,
        "question": [] if is_over or planned.found.certified >= BEST else question_of(planned.wanted),
    }  # fmt: skip


def _invite(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    handles = request.POST.getlist("creators")[:MOST_CREATORS]
    form = InvitationForm(request.POST)
    chosen = list(Creator.objects.listed().filter(handle__in=handles).order_by("pk"))
    message = form.cleaned_data["message"] if form.is_valid() else ""
    sent = invitations.invite_creators(campaign, chosen, message=message, by=person(request))
    if not sent:
        messages.error(request, _("Nobody new was chosen, so no invitation was sent."))
        return redirect("campaign_plan", campaign.public_id)
    said = ngettext("%(n)d invitation sent.", "%(n)d invitations sent.", len(sent)) % {"n": len(sent)}
    messages.success(request, said)
    return redirect(f"{campaign.get_absolute_url()}#invitations")
