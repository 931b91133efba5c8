"""The first page: a landing page for strangers, the next actions for everybody else."""

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from campaigns.models import Application, Campaign, Collaboration, Invitation, Offer, SavedSearch
from campaigns.services.closing import ASKED
from campaigns.services.earnings import at_a_glance
from campaigns.states import MANAGER, PAYER, ApplicationState, CollaborationState, OfferState
from campaigns.views.frame import standing, with_buttons
from campaigns.views.meetings import ANSWERS, REPLIES
from campaigns.views.rows import application_rows, collaboration_rows, invitation_rows, offer_rows
from creators.models import Creator
from marketplace.pages import landing
from marketplace.users.models import User

ROWS = 6
TO_LOOK_AT = [CollaborationState.IN_REVIEW, CollaborationState.LIVE]
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
    """What waits for this person first: payments, reviews, counter-offers, applications; then what goes on."""
    runs, pays = standing(request).businesses(MANAGER), standing(request).businesses(PAYER)
    campaigns = Campaign.objects.run_by(user)
    applications = Application.objects.visible_to(user)
    asking = applications.filter(campaign__business__in=runs, state=ApplicationState.SUBMITTED)
    offers = Offer.objects.visible_to(user).filter(campaign__business__in=runs, state=OfferState.COUNTERED)
    rooms = Collaboration.objects.visible_to(user).filter(offer__campaign__in=campaigns).exclude(state__in=DONE)
    waiting = Q(state=CollaborationState.AWAITING_PAYMENT, offer__campaign__business__in=pays)
    waiting |= Q(state__in=TO_LOOK_AT, offer__campaign__business__in=runs)
    context = {
        "campaigns": campaigns.select_related("business", "town")[:ROWS],
        "waiting": collaboration_rows(rooms.filter(waiting))[:ROWS],
        "offers": offer_rows(offers)[:ROWS],
        "applications": with_buttons(request, application_rows(asking)[:ROWS], ANSWERS),
        "collaborations": collaboration_rows(rooms.exclude(waiting))[:ROWS],
        "finds": SavedSearch.objects.visible_to(user).filter(business__in=runs).with_finds()[:ROWS],
        "may_start": bool(runs),
    }
    return render(request, "campaigns/home_business.html", context)


@require_safe
@login_required
def creator_home(request: HttpRequest) -> HttpResponse:
    """What waits for the creator: offers, invitations, work that is due, and what is secured."""
    creator = Creator.objects.owned_by(request.user).select_related("account", "town").first()
    if creator is None:
        return redirect("profile_edit")
    offers = Offer.objects.visible_to(request.user).filter(creator=creator, state=OfferState.SENT)
    invitations = Invitation.objects.visible_to(request.user).filter(creator=creator, state__in=ASKED)
    collaborations = Collaboration.objects.visible_to(request.user).filter(offer__creator=creator)
    context = {
        "creator": creator,
        "glance": at_a_glance(creator),
        "offers": offer_rows(offers)[:ROWS],
        "invitations": with_buttons(request, invitation_rows(invitations)[:ROWS], REPLIES),
        "collaborations": collaboration_rows(collaborations.exclude(state__in=DONE))[:ROWS],
    }
    return render(request, "campaigns/home_creator.html", context)
