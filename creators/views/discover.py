"""Looking for creators: filters in the address, pages by cursor, a swap of the results with htmx."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from creators.forms import AVAILABLE_LABELS, CURRENCIES, ORDER_LABELS, TIER_CHOICES, SearchForm
from creators.models import Network
from creators.search import CARD_COLUMNS, Facets, Page, Search, Wanted, count_facets, found_page, loosen
from creators.services.places import find_towns, niche_choices
from creators.validity import LANGUAGES
from creators.views.cards import card_of
from creators.views.compare import chosen
from creators.views.narrowing import Words, asked_chips, facet_groups, link, looser_links
from creators.views.options import options
from marketplace.kit.errors import Busy

CARDS = 18
# Counting further would cost more than anybody wants to know.
COUNTED = 1_000
# Filters that stay folded until they are asked or wrong.
RARER = {"country", "engagement_min", "price_min", "price_max", "currency", "tier", "language", "available"}
RADII = (10, 25, 50, 100, 250)


@require_safe
def discover(request: HttpRequest) -> HttpResponse:
    """Everybody may look; ranked by engagement, conversation, price, distance or date, never by followers."""
    form = SearchForm(request.GET)
    form.is_valid()
    wanted = form.wanted()
    # Everybody everywhere is no answer to a place we don't know.
    lost = form.data.get("near", "") if "near" in form.errors else ""
    niches = niche_choices()
    context: dict[str, Any] = {
        "form": form,
        "wanted": wanted,
        "lost": lost,
        "ignored": [form.fields[name].label for name in form.errors if name != "near"],
        "most": COUNTED,
        "most_shown": f"{COUNTED:,}",
        "opened": wanted.narrow or bool(RARER & form.errors.keys()),
        **({"cards": []} if lost else _results(request, wanted, dict(niches))),
    }
    partial = bool(request.headers.get("HX-Request")) and not request.headers.get("HX-History-Restore-Request")
    if not partial:
        context |= _choices(form, wanted, niches)
    response = render(request, "creators/_results.html" if partial else "creators/discover.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_safe
def town_options(request: HttpRequest) -> HttpResponse:
    """Towns that begin with what was typed, for the list behind a town field."""
    text = (request.GET.get("near") or request.GET.get("town") or "")[:80]
    return render(request, "creators/_towns.html", {"towns": find_towns(text) if len(text) > 1 else []})


def _results(request: HttpRequest, wanted: Wanted, niches: dict[str, str]) -> dict[str, Any]:
    """One page of cards, what is asked as chips, what else there is with counts; if nobody fits, what to loosen."""
    search, words = Search(wanted), Words(niches, wanted.currency)
    try:
        page: Page = found_page(search, columns=CARD_COLUMNS, cursor=request.GET.get("cursor", ""), size=CARDS)
    except Busy:
        return {"cards": [], "too_slow": True, "asked": asked_chips(wanted, search.asked, words, request.GET)}
    facets: Facets = count_facets(search)
    looser = [] if page.rows else loosen(search)
    picked = chosen(request)
    return {
        "cards": [card_of(row) for row in page.rows],
        "chosen": picked,
        "carried": [handle for handle in picked if all(row["handle"] != handle for row in page.rows)],
        "next_query": _query(request, page.next),
        "previous_query": _query(request, page.previous),
        "count": facets.total,
        "asked": asked_chips(wanted, search.asked, words, request.GET),
        "groups": facet_groups(facets, wanted, words, request.GET),
        "kept_query": link(request.GET, "c"),
        "looser": looser_links(looser, wanted, words, request.GET),
    }


def _choices(form: SearchForm, wanted: Wanted, niches: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """The lists of the filters, with what is asked now."""
    asked = form.data
    orders = [(name, ORDER_LABELS[name]) for name in wanted.orders]
    return {
        "niches": options(niches, asked.get("niche"), anything=_("Any niche")),
        "networks": options(Network.choices, asked.get("platform"), anything=_("Any network")),
        "languages": options(LANGUAGES, asked.get("language"), anything=_("Any language")),
        "currencies": options(CURRENCIES, wanted.currency),
        "tiers": options(TIER_CHOICES, asked.get("tier"), anything=_("Any size")),
        "availabilities": options(AVAILABLE_LABELS.items(), asked.get("available"), anything=_("Anybody")),
        "orders": options(orders, wanted.order),
        "radii": options(((f"{km:g}", f"{km:g} km") for km in sorted({*RADII, form.radius})), f"{form.radius:g}"),
    }


def _query(request: HttpRequest, cursor: str) -> str:
    """The same filters on the neighbouring page."""
    if not cursor:
        return ""
    asked = request.GET.copy()
    asked["cursor"] = cursor
    return "?" + asked.urlencode()
