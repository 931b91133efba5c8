"""A business and the people in it."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaigns.forms import BusinessEditForm, BusinessForm, InviteForm
from campaigns.forms.team import COUNTRIES
from campaigns.models import Business, Invite, Member, Role
from campaigns.policies import OWNER, require, roles_of
from campaigns.services import teams
from marketplace.kit.forms import attempt
from marketplace.users.requests import person


@require_http_methods(["GET", "POST"])
@login_required
def business_new(request: HttpRequest) -> HttpResponse:
    """Open a business; whoever does is its owner."""
    form = BusinessForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        business = attempt(form, lambda: teams.create_business(person(request), **form.cleaned_data))
        if business is not None:
            messages.success(request, _("Welcome! Post your first campaign whenever you are ready."))
            return redirect("campaign_new")
    return render(request, "campaigns/business_new.html", {"form": form}, status=400 if form.errors else 200)


@require_safe
@login_required
def team_mine(request: HttpRequest) -> HttpResponse:
    """One's team, or the choice between several."""
    businesses = list(Business.objects.joined_by(person(request)))
    if not businesses:
        return redirect("business_new")
    if len(businesses) == 1:
        return redirect("team", businesses[0].public_id)
    return render(request, "campaigns/team_list.html", {"businesses": businesses})


@require_http_methods(["GET", "POST"])
@login_required
def team(request: HttpRequest, public_id: str) -> HttpResponse:
    """Who is in the business and who is invited; owners invite here."""
    business = get_object_or_404(Business.objects.visible_to(person(request)), public_id=public_id)
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        attempt(form, lambda: teams.invite_member(business, by=person(request), **form.cleaned_data))
        if not form.errors:
            messages.success(request, _("The invitation is on its way."))
            return redirect("team", public_id)
    context = {
        "business": business,
        "members": business.members.select_related("user"),
        "invites": Invite.objects.visible_to(person(request)).filter(business=business).open(),
        "roles": Role.choices,
        "mine": roles_of(person(request), business),
        "form": form,
    }
    return render(request, "campaigns/team.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@login_required
def business_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """An owner changes what creators read about the business."""
    business = get_object_or_404(Business.objects.visible_to(person(request)), public_id=public_id)
    require(person(request), business, OWNER)
    names = ("name", "about", "website", "town")
    form = BusinessEditForm(request.POST or None, initial={name: getattr(business, name) for name in names})
    if request.method == "POST" and form.is_valid():
        attempt(form, lambda: teams.edit_business(business, by=person(request), **form.cleaned_data))
        if not form.errors:
            messages.success(request, _("Saved."))
            return redirect("team", public_id)
    country = dict(COUNTRIES).get(business.country, business.country)
    context = {"business": business, "form": form, "country": country}
    return render(request, "campaigns/business_edit.html", context, status=400 if form.errors else 200)


@require_POST
@login_required
def member_role(request: HttpRequest, public_id: str) -> HttpResponse:
    """An owner gives somebody another role."""
    member = _member(request, public_id)
    teams.change_role(member, role=request.POST.get("role", ""), by=person(request))
    return redirect("team", member.business.public_id)


@require_POST
@login_required
def member_remove(request: HttpRequest, public_id: str) -> HttpResponse:
    """An owner removes somebody, or somebody leaves."""
    member = _member(request, public_id)
    if member.user_id == person(request).pk:
        teams.leave(member.business, by=person(request))
        return redirect("home")
    teams.remove_member(member, by=person(request))
    return redirect("team", member.business.public_id)


@require_POST
@login_required
def invite_withdraw(request: HttpRequest, public_id: str) -> HttpResponse:
    """An owner takes an invitation to the team back."""
    rows = Invite.objects.visible_to(person(request)).select_related("business")
    invite = get_object_or_404(rows, public_id=public_id)
    teams.withdraw_invite(invite, by=person(request))
    return redirect("team", invite.business.public_id)


@require_safe
def invite_show(request: HttpRequest, token: str) -> HttpResponse:
    """Who invites whom to what, before one says yes, logs in or signs up. The link is the permission to read it."""
    invite = teams.find_invite(token)
    mine = str(getattr(request.user, "email", ""))
    context = {
        "invite": invite,
        "token": token,
        "is_theirs": invite is not None and mine.casefold() == invite.email.casefold(),
        "onward": urlencode({"next": request.path, "email": invite.email if invite else ""}),
    }
    return render(request, "campaigns/invite.html", context)


@require_POST
@login_required
def invite_accept(request: HttpRequest, token: str) -> HttpResponse:
    """Take the seat."""
    member = teams.accept_invite(token, by=person(request))
    return redirect("team", member.business.public_id)


def _member(request: HttpRequest, public_id: str) -> Member:
    rows = Member.objects.visible_to(person(request)).select_related("business", "user")
    return get_object_or_404(rows, public_id=public_id)
