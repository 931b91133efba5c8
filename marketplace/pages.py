"""The pages of no app: the front door, errors, the styleguide, and the frame round all the others."""

import http.client
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from marketplace import samples

THEMES = ("light", "dark")
YEAR = 365 * 24 * 3600

# (URL name, label, icon) of the main menu, by what a person does here.
BUSINESS = (
    ("home", gettext_lazy("Home"), "house"),
    ("discover", gettext_lazy("Discover"), "compass"),
    ("campaign_list", gettext_lazy("Campaigns"), "megaphone"),
    ("offer_list", gettext_lazy("Offers"), "inbox"),
    ("collaboration_list", gettext_lazy("Work"), "handshake"),
)
CREATOR = (
    ("creator_home", gettext_lazy("Home"), "house"),
    ("opportunities", gettext_lazy("Find work"), "sparkles"),
    ("offer_list", gettext_lazy("Offers"), "inbox"),
    ("collaboration_list", gettext_lazy("Work"), "handshake"),
    ("earnings", gettext_lazy("Earnings"), "wallet"),
)
BOTH = (
    ("home", gettext_lazy("Home"), "house"),
    ("discover", gettext_lazy("Discover"), "compass"),
    ("campaign_list", gettext_lazy("Campaigns"), "megaphone"),
    ("opportunities", gettext_lazy("Find work"), "sparkles"),
    ("offer_list", gettext_lazy("Offers"), "inbox"),
    ("collaboration_list", gettext_lazy("Work"), "handshake"),
    ("earnings", gettext_lazy("Earnings"), "wallet"),
)
# Five fit at the bottom of a phone; the rest stays one tap away, in the account menu.
NO_THUMB = {"compass", "wallet"}
VISITOR = (
    ("discover", gettext_lazy("Find creators"), "compass"),
    ("fees", gettext_lazy("How fees work"), "receipt"),
)
NEWCOMER = (("home", gettext_lazy("Home"), "house"), ("fees", gettext_lazy("How fees work"), "receipt"))
STAFF = (("home", gettext_lazy("Home"), "house"), ("admin:index", gettext_lazy("Admin"), "shield"))


def frame(request: HttpRequest) -> dict[str, Any]:
    """What every page's frame needs. Asks the database nothing."""
    hats = list(getattr(request, "hats", None) or [])
    theme = request.COOKIES.get("theme", "")
    nav = _links(_menu(request, hats), request.path)
    return {
        "nav": nav,
        "tabs": _thumbs(nav) if hats else [],
        "hats": hats,
        "theme": theme if theme in THEMES else "",
        "version": settings.VERSION,
        "zone": getattr(getattr(request, "user", None), "time_zone", "UTC"),
        "mail_folder": settings.EMAIL_FILE_PATH if settings.LOCAL and "filebased" in settings.EMAIL_BACKEND else "",
    }


def _thumbs(nav: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The menu for the bottom of a phone: five at most."""
    return nav if len(nav) <= 5 else [link for link in nav if link["icon"] not in NO_THUMB]


def _menu(request: HttpRequest, hats: list[str]) -> tuple[tuple[str, Any, str], ...]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return VISITOR
    if "business" in hats and "creator" in hats:
        return BOTH
    if "creator" in hats:
        return CREATOR
    if "business" in hats:
        return BUSINESS
    return STAFF if user.is_staff else NEWCOMER


def _links(menu: tuple[tuple[str, Any, str], ...], path: str) -> list[dict[str, Any]]:
    links = []
    for name, label, icon in menu:
        url = reverse(name)
        current = path == url or (url != "/" and path.startswith(url))
        links.append({"label": label, "url": url, "icon": icon, "current": current})
    return links


@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """The front door, for somebody who has never been here."""
    return render(request, "pages/landing.html")


@require_safe
def fees(request: HttpRequest) -> HttpResponse:
    """Who pays what, in one table."""
    return render(request, "pages/fees.html", {"examples": samples.fee_examples()})


@require_safe
def trust(request: HttpRequest) -> HttpResponse:
    """What both sides can rely on."""
    return render(request, "pages/trust.html")


@require_safe
def contact(request: HttpRequest) -> HttpResponse:
    """Where mail to the people behind this site goes: the address its own mail comes from."""
    return render(request, "pages/contact.html", {"address": parseaddr(settings.DEFAULT_FROM_EMAIL)[1]})


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Remember light, dark or the system's choice, and go back to the page."""
    here = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(here, {request.get_host()}, require_https=request.is_secure())
    response = redirect(here if safe else "/")
    chosen = request.POST.get("theme", "")
    if chosen in THEMES:
        response.set_cookie("theme", chosen, max_age=YEAR, samesite="Lax", secure=request.is_secure())
    else:
        response.delete_cookie("theme", samesite="Lax")
    return response


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component with its states."""
    return render(request, "styleguide/index.html", samples.styleguide())


def asked_by_program(request: HttpRequest) -> bool:
    """Whether the answer is read by a program: everything under /api/v1/."""
    return request.path.startswith("/api/v1/")


def as_problem(status: int, code: str, detail: str) -> HttpResponse:
    """The same refusal as problem+json (RFC 9457)."""
    title = http.client.responses[status].capitalize()
    body = {"type": "about:blank", "title": title, "status": status, "code": code, "detail": detail}
    return JsonResponse(body, status=status, content_type="application/problem+json")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request could not be read."""
    if asked_by_program(request):
        return as_problem(400, "unreadable_input", gettext("The request could not be read."))
    return render(request, "400.html", {"limit": limit_broken_by(exception)}, status=400)


def limit_broken_by(error: Exception | None) -> str:
    """Which limit a request that was too large broke, in words; empty when it was broken in another way."""
    if isinstance(error, RequestDataTooBig):
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1024 // 1024
        return gettext("This is more text than we take: at most %(most)d MB in one form.") % {"most": most}
    if isinstance(error, TooManyFieldsSent):
        return gettext("This form has more fields than we take.")
    if isinstance(error, TooManyFilesSent):
        return gettext("At most %(most)d files at once.") % {"most": settings.DATA_UPLOAD_MAX_NUMBER_FILES}
    return ""


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: seen, but not theirs."""
    if asked_by_program(request):
        return as_problem(403, "permission_denied", gettext("This is not yours to do."))
    return render(request, "403.html", status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form was open too long, or cookies are off."""
    return render(request, "403_csrf.html", {"title": gettext("This form has expired")}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: there is nothing here, or nothing for this person."""
    if asked_by_program(request):
        words = gettext("There is no such address, or it takes no such verb. The API describes itself at %(docs)s.")
        return as_problem(404, "no_such_address", words % {"docs": reverse("api_docs")})
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault. Reads neither the session nor the database, either may be what broke."""
    if asked_by_program(request):
        return as_problem(500, "our_fault", "Something broke on our side. Nothing half-done is kept.")
    return HttpResponse(render_to_string("500.html"), status=500)
