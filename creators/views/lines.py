"""The two sections of a profile that are lists: channels and the rate card."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from creators.forms import ChannelForm, RateForm, TermsForm
from creators.models import Channel, Creator, Rate
from creators.services.channels import add_channel, edit_channel, remove_channel
from creators.services.profiles import edit_profile
from creators.services.rates import RateLine, remove_rate, set_rate
from creators.views.profile import own_creator
from creators.views.public import channel_row
from marketplace.kit.errors import DomainError
from marketplace.kit.forms import attempt
from marketplace.kit.money import Money
from marketplace.users.requests import person


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile_channels(request: HttpRequest) -> HttpResponse:
    """The channels there are, and a form for one more."""
    creator = own_creator(request)
    if creator is None:
        return redirect("profile_edit")
    form = ChannelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        attempt(form, lambda: add_channel(creator, by=person(request), **_said(form)))
        if not form.errors:
            messages.success(request, _("Channel added."))
            return redirect("profile_channels")
    context = {"creator": creator, "form": form, "channels": [channel_row(row) for row in creator.channels.all()]}
    return render(request, "creators/channels.html", context, status=400 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def channel_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """One channel and its figures."""
    channel = _own_channel(request, public_id)
    form = ChannelForm(request.POST or None, initial=_initial(channel))
    if request.method == "POST" and form.is_valid():
        attempt(form, lambda: edit_channel(channel, by=person(request), **_said(form)))
        if not form.errors:
            messages.success(request, _("Saved."))
            return redirect("profile_channels")
    context = {"creator": channel.creator, "form": form, "channel": channel}
    return render(request, "creators/channel.html", context, status=400 if form.errors else 200)


@login_required
@require_POST
def channel_remove(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take a channel off the profile."""
    try:
        remove_channel(_own_channel(request, public_id), by=person(request))
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Channel removed."))
    return redirect("profile_channels")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile_rates(request: HttpRequest) -> HttpResponse:
    """The rate card, a form for one more price, and the terms below it; ``form`` says which one was sent."""
    creator = own_creator(request)
    if creator is None:
        return redirect("profile_edit")
    sent = request.POST.get("form", "") if request.method == "POST" else ""
    terms = TermsForm(request.POST if sent == "terms" else None, initial=_terms(creator))
    rate = RateForm(request.POST if sent == "rate" else None, currency=creator.currency)
    done = (sent == "terms" and _store_terms(request, creator, terms)) or (
        sent == "rate" and _store_rate(request, creator, rate)
    )
    if done:
        messages.success(request, _("Saved."))
        return redirect("profile_rates")
    context = {"creator": creator, "terms": terms, "form": rate, "rates": list(creator.rates.all())}
    return render(request, "creators/rates.html", context, status=400 if terms.errors or rate.errors else 200)


@login_required
@require_POST
def rate_remove(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take a price off the card."""
    rate = get_object_or_404(Rate.objects.owned_by(person(request)), public_id=public_id)
    try:
        remove_rate(rate, by=person(request))
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Price removed."))
    return redirect("profile_rates")


def _store_terms(request: HttpRequest, creator: Creator, form: TermsForm) -> bool:
    if not form.is_valid():
        return False
    fee = form.cleaned_data["minimum_fee"]
    said = {"currency": form.cleaned_data["currency"], "minimum_fee_minor": fee.minor if fee else None}
    attempt(form, lambda: edit_profile(creator, by=person(request), **said))
    return not form.errors


def _store_rate(request: HttpRequest, creator: Creator, form: RateForm) -> bool:
    if not form.is_valid():
        return False
    said = form.cleaned_data
    line = RateLine(said["kind"], said["price"], network=said["network"], note=said["note"])
    attempt(form, lambda: set_rate(creator, line=line, by=person(request)))
    return not form.errors


def _terms(creator: Creator) -> dict[str, Any]:
    fee = creator.minimum_fee_minor
    return {"currency": creator.currency, "minimum_fee": Money(fee, creator.currency) if fee else None}


def _own_channel(request: HttpRequest, public_id: str) -> Channel:
    mine = Channel.objects.owned_by(person(request)).select_related("creator")
    return get_object_or_404(mine, public_id=public_id)


def _said(form: ChannelForm) -> Any:
    return form.changes


def _initial(channel: Channel) -> dict[str, Any]:
    names = ("network", "handle", "url", "followers", "figures_on")
    rate = channel.engagement_rate
    engagement = None if rate is None else round(rate * 100, 3)
    return {**{name: getattr(channel, name) for name in names}, "engagement": engagement}
