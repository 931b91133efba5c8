"""A creator's own profile, one section at a time: what was typed stays until it is right."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from creators.forms import AboutForm, ExclusionsForm, NichesForm, OpeningForm, PlaceForm
from creators.models import Creator
from creators.policies import actions_for
from creators.services.moderation import pause_creator, resume_creator, submit_creator
from creators.services.places import niche_choices
from creators.services.profiles import edit_profile, missing_for_review, open_profile
from marketplace.kit.forms import attempt
from marketplace.users.requests import person

SECTIONS = (
    ("profile", "profile_about", gettext_lazy("About you")),
    ("place", "profile_place", gettext_lazy("Place and languages")),
    ("channels", "profile_channels", gettext_lazy("Channels")),
    ("niches", "profile_niches", gettext_lazy("Niches")),
    ("rates", "profile_rates", gettext_lazy("Prices")),
    ("exclusions", "profile_exclusions", gettext_lazy("What you won't promote")),
)
VERBS: dict[str, Callable[..., None]] = {
    "submit": submit_creator,
    "pause": pause_creator,
    "resume": resume_creator,
}
QUIET = frozenset({"pause"})
OPTIONAL = frozenset({"exclusions"})


def own_creator(request: HttpRequest) -> Creator | None:
    """The profile of whoever is asking."""
    return Creator.objects.owned_by(request.user).defer("words", "post_words").first()


@login_required
@require_safe
def profile_edit(request: HttpRequest) -> HttpResponse:
    """Where the profile stands, what is still missing, and the sections to fill in."""
    creator = own_creator(request)
    if creator is None:
        form = OpeningForm(initial={"display_name": person(request).name})
        return render(request, "creators/open.html", {"form": form})
    missing = missing_for_review(creator)
    context = {
        "creator": creator,
        "sections": sections_of(missing, filled={"exclusions"} if creator.exclusions else set()),
        "missing": missing,
        "buttons": [button for button in buttons_of(request, creator) if button["verb"] != "submit" or not missing],
    }
    return render(request, "creators/profile.html", context)


@login_required
@require_POST
def profile_open(request: HttpRequest) -> HttpResponse:
    """The first step: a name, and the profile is there as a draft."""
    form = OpeningForm(request.POST)
    if form.is_valid():
        attempt(form, lambda: open_profile(person(request), display_name=form.cleaned_data["display_name"]))
        if not form.errors:
            return redirect("profile_about")
    return render(request, "creators/open.html", {"form": form}, status=400)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile_about(request: HttpRequest) -> HttpResponse:
    """Name, address and bio."""

    def make(creator: Creator, data: Any) -> forms.Form:
        names = ("display_name", "handle", "bio")
        return AboutForm(data, initial={name: getattr(creator, name) for name in names})

    return edit_section(request, "profile", make, lambda form: form.cleaned_data)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile_place(request: HttpRequest) -> HttpResponse:
    """Town, country and languages."""

    def make(creator: Creator, data: Any) -> forms.Form:
        now = {"town": creator.town_label, "country": creator.country, "languages": creator.languages}
        return PlaceForm(data, initial=now)

    return edit_section(request, "place", make, lambda form: form.cleaned_data)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile_exclusions(request: HttpRequest) -> HttpResponse:
    """What one will not promote, and how much room there is in a month."""

    def make(creator: Creator, data: Any) -> forms.Form:
        lines = "\n".join(creator.exclusions)
        return ExclusionsForm(data, initial={"exclusions": lines, "room_per_month": creator.room_per_month})

    return edit_section(request, "exclusions", make, lambda form: form.cleaned_data)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile_niches(request: HttpRequest) -> HttpResponse:
    """What one is credible in, at most five."""

    def make(creator: Creator, data: Any) -> forms.Form:
        chosen = list(creator.niche_weights.values_list("niche__slug", flat=True))
        return NichesForm(data, initial={"niches": chosen}, choices=niche_choices())

    return edit_section(request, "niches", make, lambda form: {"niches": form.cleaned_data["niches"]})


@login_required
@require_POST
def creator_verb(request: HttpRequest, public_id: str, verb: str) -> HttpResponse:
    """Submit, pause or resume one's own listing."""
    if verb not in VERBS:
        raise Http404
    creator = get_object_or_404(
        Creator.objects.visible_to(request.user).defer("words", "post_words"), public_id=public_id
    )
    VERBS[verb](creator, by=person(request))
    messages.success(request, _("Done. Your profile is now: %(state)s.") % {"state": creator.get_state_display()})
    return redirect("profile_edit")


def edit_section(
    request: HttpRequest,
    section: str,
    make: Callable[[Creator, Any], forms.Form],
    changes: Callable[[forms.Form], dict[str, Any]],
) -> HttpResponse:
    """Show or store one section that is one form, then go on to the next section that lacks something."""
    creator = own_creator(request)
    if creator is None:
        return redirect("profile_edit")
    form = make(creator, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        attempt(form, lambda: edit_profile(creator, by=person(request), **changes(form)))
        if not form.errors:
            messages.success(request, _("Saved."))
            return redirect("profile_edit")
    context = {"creator": creator, "form": form, "section": section, "title": title_of(section)}
    return render(request, "creators/section.html", context, status=400 if form.errors else 200)


def title_of(section: str) -> str:
    return next(str(title) for name, _url, title in SECTIONS if name == section)


def sections_of(missing: list[tuple[str, str]], *, filled: set[str]) -> list[dict[str, Any]]:
    """The sections with what each still lacks; an optional one is done when something is in it."""
    return [
        {
            "url": url,
            "title": title,
            "lacks": [said for section, said in missing if section == name],
            "is_optional": name in OPTIONAL and name not in filled,
        }
        for name, url, title in SECTIONS
    ]


def buttons_of(request: HttpRequest, creator: Creator) -> list[dict[str, Any]]:
    """The verbs of the table that this person may use on this page now."""
    moves = [move for move in actions_for(person(request), creator) if move.verb in VERBS]
    return [
        {
            "verb": move.verb,
            "label": move.label,
            "url": reverse("creator_verb", args=[creator.public_id, move.verb]),
            "tone": "" if move.verb in QUIET else "primary",
        }
        for move in moves
    ]
