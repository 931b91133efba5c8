"""Searches that a business keeps, and whom they found since."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaigns.forms import SearchEditForm, SearchSaveForm
from campaigns.models import Business, SavedSearch
from campaigns.services import searches
from campaigns.states import MANAGER
from campaigns.views.frame import standing
from creators.forms import SearchForm
from creators.search import address_of, restored
from creators.services.places import niche_choices
from creators.views.cards import card_of
from creators.views.narrowing import Words, in_words
from marketplace.kit.errors import NotAllowed
from marketplace.kit.forms import attempt
from marketplace.users.requests import person

LONGEST_QUERY = 2_000


@require_safe
@login_required
def search_list(request: HttpRequest) -> HttpResponse:
    """Every search of one's teams, with how many new creators fit."""
    niches = dict(niche_choices())
    rows = SavedSearch.objects.visible_to(person(request)).select_related("business")
    context = {"searches": [_row(row, niches) for row in rows], "most": searches.SEARCHES_MAX}
    return render(request, "campaigns/search_list.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def search_new(request: HttpRequest) -> HttpResponse:
    """Keep the search in the address under a name."""
    teams = Business.objects.joined_by(person(request)).filter(pk__in=standing(request).businesses(MANAGER))
    choices = [(row.public_id, row.name) for row in teams]
    if not choices and not standing(request).teams:
        return redirect("business_new")
    if not choices:
        raise NotAllowed("not_yours", "Owners and managers save searches.")
    asked = SearchForm(QueryDict(request.META.get("QUERY_STRING", "")[:LONGEST_QUERY]))
    asked.is_valid()
    wanted = asked.wanted()
    form = SearchSaveForm(request.POST or None, businesses=choices, initial={"is_told": True})
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        business = get_object_or_404(teams, public_id=said.pop("business", "") or choices[0][0])
        made = attempt(form, lambda: searches.save_search(business, wanted=wanted, by=person(request), **said))
        if made is not None:
            messages.success(request, _("Saved. We look every day who is new."))
            return redirect("search_list")
    words = in_words(wanted, Words(dict(niche_choices()), wanted.currency))
    context = {"form": form, "said": words, "back": address_of(wanted), "is_empty": not wanted.asked}
    return render(request, "campaigns/search_new.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@login_required
def search_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """Whom a search found since somebody last looked; its name and whether it tells."""
    search = _search(request, public_id)
    form = SearchEditForm(request.POST or None, initial={"name": search.name, "is_told": search.is_told})
    if request.method == "POST" and form.is_valid():
        attempt(form, lambda: searches.edit_search(search, by=person(request), **form.cleaned_data))
        if not form.errors:
            messages.success(request, _("Saved."))
            return redirect("search_detail", public_id)
    context = {
        **_row(search, dict(niche_choices())),
        "cards": [card_of(row) for row in searches.finds_of(search)],
        "form": form,
        "may_change": MANAGER in standing(request).roles(search.business),
    }
    return render(request, "campaigns/search_detail.html", context, status=400 if form.errors else 200)


@require_POST
@login_required
def search_look(request: HttpRequest, public_id: str) -> HttpResponse:
    """The new ones have been seen."""
    searches.look_at_search(_search(request, public_id), by=person(request))
    return redirect("search_list")


@require_POST
@login_required
def search_remove(request: HttpRequest, public_id: str) -> HttpResponse:
    """A search is no longer wanted."""
    searches.remove_search(_search(request, public_id), by=person(request))
    messages.success(request, _("Removed."))
    return redirect("search_list")


def _search(request: HttpRequest, public_id: str) -> SavedSearch:
    rows = SavedSearch.objects.visible_to(person(request)).select_related("business")
    return get_object_or_404(rows, public_id=public_id)


def _row(search: SavedSearch, niches: dict[str, str]) -> dict[str, Any]:
    """A search in words, with the address that asks the same."""
    wanted = restored(search.wanted)
    return {
        "search": search,
        "said": in_words(wanted, Words(niches, wanted.currency)),
        "query": address_of(wanted),
        "new": len(search.fresh),
    }
