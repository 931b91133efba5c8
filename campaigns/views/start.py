"""The first step of a campaign, before anybody signs up: goal, place and budget, and the first creators who fit."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from campaigns.forms import StartForm
from creators.search import CARD_COLUMNS, Place, Wanted, find_creators, page_of
from creators.views.cards import card_of

CARDS = 6
RADIUS_KM = 100


@require_safe
def campaign_start(request: HttpRequest) -> HttpResponse:
    """Asks for a goal, a niche, a place and a budget; shows who fits, then where to go on."""
    form = StartForm(request.GET or None)
    asked = form.is_valid()
    context = {
        "form": form,
        "asked": asked,
        "cards": _first_creators(form.cleaned_data) if asked else [],
        "onward": _onward(request, form.cleaned_data["goal"]) if asked else "",
    }
    return render(request, "campaigns/start.html", context)


def _first_creators(said: dict[str, Any]) -> list[Any]:
    """The six who answer best, within reach and budget; nothing is stored."""
    town, budget = said["town"], said["budget"]
    wanted = Wanted(
        niches=[said["niche"]] if said["niche"] else [],
        near=Place(town.latitude, town.longitude, RADIUS_KM) if town else None,
        price_max_minor=budget.minor if budget else None,
    )
    columns = (*CARD_COLUMNS, "distance_km") if wanted.near else CARD_COLUMNS
    return [
        card_of(row) for row in page_of(find_creators(wanted), order=wanted.order, columns=columns, size=CARDS).rows
    ]


def _onward(request: HttpRequest, goal: str) -> str:
    """To the brief; by way of the sign-up for whoever has no account yet."""
    brief = f"{reverse('campaign_new')}?{urlencode({'goal': goal})}"
    return brief if request.user.is_authenticated else f"{reverse('account_signup')}?{urlencode({'next': brief})}"
