"""The first page: a landing page for strangers, the next actions for everybody else."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from campaigns.models import Application, Campaign, Collaboration, Invitation, Offer
from campaigns.services.closing import ASKED
from campaigns.states import ApplicationState, CollaborationState, OfferState
from campaigns.views.frame import with_buttons
from campaigns.views.meetings import ANSWERS, REPLIES
from campaigns.views.rows import application_rows, collaboration_rows, invitation_rows, offer_rows
from creators.models import Creator
from marketplace.pages import landing
from marketplace.users.models import User

ROWS = 6
DONE = [CollaborationState.COMPLETED, CollaborationState.CANCELLED, CollaborationState.EXPIRED]


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Landing page or desk."""
    if not isinstance(request.user, User):
        return landing(request)
    hats = request.hats  # type: ignore[attr-defined]
    if "business" in hats:
        return business_desk(request, request.user)
    if "creator" in hats:
        return redirect("creator_home")
    return render(request, "campaigns/welcome.html")


def business_desk(request: HttpRequest, user: User) -> HttpResponse:
    """What waits for the business: counter-offers, payments, reviews, applications."""
    campaigns = Campaign.objects.run_by(user)
    asking = application_rows(Application.objects.filter(campaign__in=campaigns, state=ApplicationState.SUBMITTED))
    context = {
        "campaigns": campaigns.select_related("business", "town")[:ROWS],
        "offers": offer_rows(Offer.objects.filter(campaign__in=campaigns, state=OfferState.COUNTERED))[:ROWS],
        "collaborations": collaboration_rows(
            Collaboration.objects.filter(offer__campaign__in=campaigns).exclude(state__in=DONE)
        )[:ROWS],
        "applications": with_buttons(request, asking[:ROWS], ANSWERS),
    }
    return render(request, "campaigns/home_business.html", context)


@require_safe
@login_required
def creator_home(request: HttpRequest) -> HttpResponse:
    """What waits for the creator: offers, invitations, work that is due, and what is secured."""
    creator = Creator.objects.owned_by(request.user).select_related("account", "town").first()
    if creator is None:
        return redirect("profile_edit")
    asked = invitation_rows(Invitation.objects.filter(creator=creator, state__in=ASKED))
    context = {
        "creator": creator,
        "offers": offer_rows(Offer.objects.filter(creator=creator, state=OfferState.SENT))[:ROWS],
        "invitations": with_buttons(request, asked[:ROWS], REPLIES),
        "collaborations": collaboration_rows(
            Collaboration.objects.filter(offer__creator=creator).exclude(state__in=DONE)
        )[:ROWS],
    }
    return render(request, "campaigns/home_creator.html", context)
