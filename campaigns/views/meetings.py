"""How business and creator meet: invitations, applications, the creator's opportunities."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaigns.forms import ApplicationForm, DigestForm, InvitationForm, LeadsForm, ReasonForm
from campaigns.models import Application, Campaign, Invitation
from campaigns.policies import require
from campaigns.services import digests, invitations
from campaigns.services.closing import ASKED
from campaigns.shortlist import choose, open_to, why_hidden
from campaigns.states import MANAGER, InvitationState
from campaigns.views.frame import with_buttons
from campaigns.views.leads import narrowed, page_of_choice
from campaigns.views.rows import application_rows, invitation_rows
from campaigns.views.verbs import Ask, answer_verb
from creators.models import Creator
from marketplace.kit.forms import attempt
from marketplace.kit.paging import page_of
from marketplace.users.requests import person

ANSWERS = {"offer", "shortlist", "decline"}
REPLIES = {"view", "accept", "decline"}


@require_safe
@login_required
def opportunities(request: HttpRequest) -> HttpResponse:
    """What a creator can say yes to: invitations first, then open campaigns, then one's own applications."""
    creator = Creator.objects.owned_by(person(request)).select_related("digest").first()
    if creator is None:
        return redirect("profile_edit")
    form = LeadsForm(request.GET, currency=creator.currency)
    form.is_valid()
    invitations = Invitation.objects.visible_to(request.user).filter(creator=creator)
    open_ones = invitations.filter(state__in=[*ASKED, InvitationState.ACCEPTED])
    invited = page_of(request, invitation_rows(open_ones), name="invitations")
    applied = application_rows(Application.objects.visible_to(request.user).filter(creator=creator))
    found = narrowed(open_to(creator), creator, said=form.cleaned_data)
    choice = choose(creator, found)
    context = {
        "creator": creator,
        "form": form,
        "is_narrowed": any(form.cleaned_data.values()),
        "invitations": with_buttons(request, invited, REPLIES),
        "campaigns": page_of_choice(request, found, choice),
        "hidden": choice.hidden,
        "why_hidden": why_hidden(choice),
        "digest_form": DigestForm(initial={"every": digests.rhythm_of(creator)}),
        "applications": page_of(request, applied, name="applications"),
    }
    return render(request, "campaigns/opportunities.html", context)


@require_POST
@login_required
def digest_edit(request: HttpRequest) -> HttpResponse:
    """How often this creator wants to hear of new campaigns."""
    creator = get_object_or_404(Creator.objects.owned_by(person(request)))
    form = DigestForm(request.POST)
    if form.is_valid():
        digests.set_rhythm(creator, every=form.cleaned_data["every"], by=person(request))
        messages.success(request, _("Saved."))
    else:
        messages.error(request, _("Choose one of the three."))
    return redirect("opportunities")


@require_http_methods(["GET", "POST"])
@login_required
def invitation_new(request: HttpRequest, public_id: str, handle: str) -> HttpResponse:
    """Ask one creator to join."""
    campaign = get_object_or_404(Campaign.objects.run_by(person(request)), public_id=public_id)
    require(person(request), campaign, MANAGER)
    creator = get_object_or_404(Creator.objects.listed(), handle=handle)
    form = InvitationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        attempt(form, lambda: invitations.invite_creator(campaign, creator, by=person(request), **form.cleaned_data))
        if not form.errors:
            messages.success(request, _("Invitation sent."))
            return redirect("shortlist", public_id)
    context = {"campaign": campaign, "creator": creator, "form": form}
    return render(request, "campaigns/invitation_form.html", context, status=409 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@login_required
def application_new(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ask to join an open campaign."""
    campaign = get_object_or_404(Campaign.objects.visible_to(person(request)), public_id=public_id)
    creator = get_object_or_404(Creator.objects.owned_by(person(request)))
    invitations.must_be_open(campaign)
    invitations.must_be_ready(creator)
    form = ApplicationForm(request.POST or None, currency=campaign.currency)
    if request.method == "POST" and form.is_valid():
        attempt(form, lambda: invitations.apply_to_campaign(campaign, by=person(request), **form.cleaned_data))
        if not form.errors:
            messages.success(request, _("Your application is with the business."))
            return redirect("opportunities")
    context = {"campaign": campaign, "creator": creator, "form": form}
    return render(request, "campaigns/application_form.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@login_required
def invitation_verb(request: HttpRequest, public_id: str, verb: str) -> HttpResponse:
    """One verb of the invitation's table."""
    rows = Invitation.objects.visible_to(person(request)).select_related("campaign__business", "creator")
    return answer_verb(request, get_object_or_404(rows, public_id=public_id), verb, INVITATION_ASKS)


@require_http_methods(["GET", "POST"])
@login_required
def application_verb(request: HttpRequest, public_id: str, verb: str) -> HttpResponse:
    """One verb of the application's table."""
    rows = application_rows(Application.objects.visible_to(person(request)))
    return answer_verb(request, get_object_or_404(rows, public_id=public_id), verb, APPLICATION_ASKS)


INVITATION_ASKS = {
    "view": Ask(lambda row, data, request: invitations.view_invitation(row, by=person(request)), is_silent=True),
    "accept": Ask(
        lambda row, data, request: invitations.accept_invitation(row, by=person(request)),
        explain="The business sees that you are interested and can make you an offer. Nothing is agreed yet.",
    ),
    "decline": Ask(
        lambda row, data, request: invitations.decline_invitation(row, reason=data["reason"], by=person(request)),
        form=ReasonForm,
    ),
    "withdraw": Ask(
        lambda row, data, request: invitations.withdraw_invitation(row, by=person(request)),
        explain="The creator is told. One invitation goes to each creator, so they cannot be invited again.",
    ),
}
APPLICATION_ASKS = {
    "shortlist": Ask(lambda row, data, request: invitations.shortlist_application(row, by=person(request))),
    "decline": Ask(
        lambda row, data, request: invitations.decline_application(row, reason=data["reason"], by=person(request)),
        explain="The creator reads your reason, so make it a kind and useful one.",
        form=ReasonForm,
    ),
    "withdraw": Ask(lambda row, data, request: invitations.withdraw_application(row, by=person(request))),
}
