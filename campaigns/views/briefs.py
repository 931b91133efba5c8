"""Campaigns: written, posted, watched."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from campaigns import budget
from campaigns.forms import BriefForm, DeliverableFormSet, OpenBriefForm, ReasonForm
from campaigns.models import Application, Business, Campaign, Collaboration, Goal, Invitation, Offer
from campaigns.policies import VIEWER, require
from campaigns.services import briefs, drafts
from campaigns.services.invitations import not_ready
from campaigns.states import LIVE_OFFER, MANAGER, CampaignState
from campaigns.views import prefill
from campaigns.views.frame import buttons, standing, with_buttons
from campaigns.views.meetings import ANSWERS
from campaigns.views.money import MONEY_ASKS
from campaigns.views.rows import NEAREST, application_rows, collaboration_rows, invitation_rows, offer_rows
from campaigns.views.verbs import Ask, answer_verb
from creators.models import Creator
from marketplace.kit.errors import NotAllowed
from marketplace.kit.forms import attempt
from marketplace.kit.paging import page_of
from marketplace.users.requests import person

BOTH = ("campaign", "creator")


@require_safe
@login_required
def campaign_list(request: HttpRequest) -> HttpResponse:
    """The campaigns of one's businesses."""
    rows = (
        Campaign.objects.run_by(person(request))
        .select_related("business", "town")
        .annotate(
            offers_live=Count("offers", filter=Q(offers__state__in=LIVE_OFFER), distinct=True),
            asking=Count("applications", filter=Q(applications__state="submitted"), distinct=True),
        )
    )
    businesses = Business.objects.joined_by(person(request))
    may_start = not businesses or bool(standing(request).businesses(MANAGER))
    context = {"campaigns": page_of(request, rows), "businesses": businesses, "may_start": may_start}
    return render(request, "campaigns/campaign_list.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def campaign_new(request: HttpRequest) -> HttpResponse:
    """Choose a goal, then write the brief that its template has begun."""
    businesses = Business.objects.joined_by(person(request), "owner", "manager")
    business = businesses.filter(public_id=request.GET.get("business", "")).first() or businesses.first()
    if business is None and "business" in request.hats:  # type: ignore[attr-defined]
        raise NotAllowed("not_yours", "Only owners and managers start campaigns. Ask one of them.", role=MANAGER)
    if business is None:
        return redirect("business_new")
    goal = request.GET.get("goal", "")
    if request.method == "GET" and goal not in Goal.values:
        return render(request, "campaigns/campaign_goal.html", {"goals": prefill.goals(), "business": business})
    form, items = _brief_forms(request, business.currency, prefill.brief_from_template(business, goal=goal))
    if request.method == "POST" and form.is_valid() and items.is_valid():
        campaign = attempt(form, lambda: drafts.draft_campaign(business, by=person(request), **_typed(form, items)))
        if campaign is not None:
            return redirect(campaign)
    return _brief_page(request, form, items, business=business)


@require_http_methods(["GET", "POST"])
@login_required
def campaign_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change the brief: all of it before it opens, only words and dates afterwards."""
    campaign = get_object_or_404(Campaign.objects.run_by(person(request)), public_id=public_id)
    require(person(request), campaign, MANAGER)
    briefs.must_be_editable(campaign)
    if campaign.state in briefs.BARELY_EDITABLE:
        return _edit_open(request, campaign)
    form, items = _brief_forms(request, campaign.currency, prefill.brief_of(campaign))
    if request.method == "POST" and form.is_valid() and items.is_valid():
        attempt(form, lambda: drafts.redraft_campaign(campaign, by=person(request), **_typed(form, items)))
        if not form.errors:
            return redirect(campaign)
    return _brief_page(request, form, items, campaign=campaign)


def _edit_open(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    initial = prefill.brief_of(campaign)
    form = OpenBriefForm(request.POST or None, initial=initial, currency=campaign.currency)
    if request.method == "POST" and form.is_valid():
        attempt(form, lambda: briefs.edit_campaign(campaign, by=person(request), **form.brief()))
        if not form.errors:
            messages.success(request, _("Saved. Creators see the new words at once."))
            return redirect(campaign)
    context = {"form": form, "campaign": campaign}
    return render(request, "campaigns/campaign_words.html", context, status=400 if form.errors else 200)


@require_safe
@login_required
def campaign_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """The campaign as its business runs it, or as a creator reads it."""
    campaign = _campaign(request, public_id)
    roles = standing(request).roles(campaign)
    if "viewer" in roles or "admin" in roles:
        return render(request, "campaigns/campaign_detail.html", _desk(request, campaign, roles))
    return render(request, "campaigns/campaign_brief.html", _seen(request, campaign))


@require_http_methods(["GET", "POST"])
@login_required
def campaign_verb(request: HttpRequest, public_id: str, verb: str) -> HttpResponse:
    """One verb of the campaign's table."""
    return answer_verb(request, _campaign(request, public_id), verb, ASKS)


def _desk(request: HttpRequest, campaign: Campaign, roles: frozenset[str]) -> dict[str, Any]:
    committed = budget.committed(campaign)
    applications = page_of(request, application_rows(campaign.applications.all()), name="applications")
    invitations = page_of(request, invitation_rows(campaign.invitations.all()), name="invitations")
    rooms = collaboration_rows(Collaboration.objects.visible_to(request.user).filter(offer__campaign=campaign))
    return {
        "campaign": campaign,
        "left": campaign.budget - committed,
        "committed": committed,
        "buttons": buttons(request, campaign, ASKS.keys() - {"return_money"}),
        "may_see_money": VIEWER in roles,
        "may_manage": MANAGER in roles,
        "may_edit": MANAGER in roles and campaign.state in briefs.FULLY_EDITABLE + briefs.BARELY_EDITABLE,
        "applications": with_buttons(request, applications, ANSWERS),
        "invitations": with_buttons(request, invitations, {"offer", "withdraw"}),
        "offers": page_of(request, offer_rows(campaign.offers.all()), name="offers"),
        "collaborations": page_of(request, rooms, by=NEAREST, name="work"),
    }


def _seen(request: HttpRequest, campaign: Campaign) -> dict[str, Any]:
    """What a creator sees of it: the brief, and where they stand with it."""
    user = person(request)
    creator = Creator.objects.owned_by(user).first()
    offers = offer_rows(Offer.objects.visible_to(user).filter(campaign=campaign, creator__user=user))
    offer = offers.select_related("collaboration").first()
    invitation = (
        Invitation.objects.visible_to(user).select_related(*BOTH).filter(campaign=campaign, creator__user=user).first()
    )
    application = (
        Application.objects.visible_to(user).select_related(*BOTH).filter(campaign=campaign, creator__user=user).first()
    )
    asked = buttons(request, invitation, {"accept", "decline", "withdraw"}) if invitation else []
    may_apply = campaign.state == CampaignState.OPEN and creator is not None and not (application or asked or offer)
    return {
        "campaign": campaign,
        "invitation": invitation,
        "application": application,
        "invitation_buttons": asked,
        "application_buttons": buttons(request, application, {"withdraw"}) if application else [],
        "offer": offer,
        "may_apply": may_apply,
        "not_ready": not_ready(creator) if may_apply and creator else "",
    }


def _brief_forms(request: HttpRequest, currency: str, initial: dict[str, Any]) -> tuple[BriefForm, Any]:
    lines, hint = initial.pop("deliverables", []), initial.pop("hint", "")
    if request.method == "POST":
        return BriefForm(request.POST, currency=currency, hint=hint), DeliverableFormSet(request.POST, prefix="items")
    return BriefForm(initial=initial, currency=currency, hint=hint), DeliverableFormSet(initial=lines, prefix="items")


def _typed(form: BriefForm, items: Any) -> dict[str, Any]:
    return {"brief": form.brief(), "niches": form.cleaned_data["niches"], "items": items.items()}


def _brief_page(request: HttpRequest, form: BriefForm, items: Any, **context: Any) -> HttpResponse:
    failed = request.method == "POST" and (form.errors or items.errors)
    status = 409 if failed and form.non_field_errors() else 400 if failed else 200
    return render(request, "campaigns/campaign_form.html", {"form": form, "items": items, **context}, status=status)


def _campaign(request: HttpRequest, public_id: str) -> Campaign:
    rows = Campaign.objects.visible_to(person(request)).select_related("business", "town")
    return get_object_or_404(rows, public_id=public_id)


ASKS = {
    "submit": Ask(
        lambda campaign, data, request: briefs.submit_campaign(campaign, by=person(request)),
        explain="We check it at once. If all is well it opens now; otherwise a person looks within a day.",
    ),
    "pause": Ask(
        lambda campaign, data, request: briefs.pause_campaign(campaign, by=person(request)),
        explain="Creators no longer find it. What is agreed goes on.",
    ),
    "resume": Ask(
        lambda campaign, data, request: briefs.resume_campaign(campaign, by=person(request)),
        explain="Creators find it again.",
    ),
    "complete": Ask(
        lambda campaign, data, request: briefs.complete_campaign(campaign, by=person(request)),
        explain="No new offers; collaborations under way are finished as agreed.",
    ),
    "cancel": Ask(
        lambda campaign, data, request: briefs.cancel_campaign(campaign, reason=data["reason"], by=person(request)),
        explain="Open offers, invitations and applications end. What is agreed goes on.",
        form=ReasonForm,
    ),
    **MONEY_ASKS,
    "archive": Ask(
        lambda campaign, data, request: briefs.archive_campaign(campaign, by=person(request)),
        explain="It leaves your lists; nothing is lost.",
    ),
}
