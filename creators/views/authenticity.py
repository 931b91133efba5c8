"""A creator's authenticity: the score with its band, what moved it, its history, and the creator's own answer."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from creators.authenticity import TOLD
from creators.forms import AnswerForm
from creators.models import AuthenticityAnswer, AuthenticityRecord, Creator
from creators.policies import SELF, roles_of
from creators.services.authenticity import answer_authenticity, authenticity_of
from creators.views.profile import own_creator
from marketplace.kit.charts import band
from marketplace.kit.forms import attempt
from marketplace.users.requests import person

MOVED = 3


@require_safe
def creator_authenticity(request: HttpRequest, handle: str) -> HttpResponse:
    """Everything about the score of a creator one may see."""
    visible = Creator.objects.visible_to(request.user).defer("words", "post_words")
    creator = get_object_or_404(visible.select_related("authenticity_answer"), handle=handle)
    context = _context(creator) | {"is_mine": SELF in roles_of(request.user, creator)}
    return render(request, "creators/authenticity.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile_authenticity(request: HttpRequest) -> HttpResponse:
    """One's own score, what would improve it, and the answer that stands beside it."""
    creator = own_creator(request)
    if creator is None:
        return redirect("profile_edit")
    answer = answer_of(creator)
    form = AnswerForm(request.POST or None, initial={"text": answer.text if answer else ""})
    if request.method == "POST" and form.is_valid():
        attempt(form, lambda: answer_authenticity(creator, text=form.cleaned_data["text"], by=person(request)))
        if not form.errors:
            messages.success(request, _("Saved. It stands beside your score, and we look at it."))
            return redirect("profile_authenticity")
    context = _context(creator) | {"form": form, "is_mine": True}
    return render(request, "creators/authenticity_mine.html", context, status=400 if form.errors else 200)


def latest_of(creator: Creator) -> dict[str, Any] | None:
    """The newest score in words, for the creator's page; None before the first one."""
    records = authenticity_of(creator, days=1)
    return told(records[0]) if records else None


def answer_of(creator: Creator) -> AuthenticityAnswer | None:
    """What the creator says to it."""
    return getattr(creator, "authenticity_answer", None)


def told(record: AuthenticityRecord) -> dict[str, Any]:
    """One record in words."""
    parts = [{**part, "title": TOLD[part["name"]].title} for part in record.parts if part["name"] in TOLD]
    known = [part for part in parts if part["standing"] != "unknown"]
    return {
        "score": f"{record.score:.0f}",
        "band": f"{record.low:.0f}–{record.high:.0f}",
        "wide": f"{record.low95:.0f}–{record.high95:.0f}",
        "is_enough": record.is_enough,
        "day": date_format(record.made_on, "j M Y"),
        "version": record.version,
        "from": _evidence(record),
        "moved": known[:MOVED],
        "known": known,
        "unknown": [part for part in parts if part["standing"] == "unknown"],
        "improvements": record.improvements,
    }


def _evidence(record: AuthenticityRecord) -> str:
    posts = ngettext("%(n)s post", "%(n)s posts", record.posts) % {"n": f"{record.posts:,}"}
    comments = ngettext("%(n)s comment", "%(n)s comments", record.comments) % {"n": f"{record.comments:,}"}
    return f"{posts}, {comments}"


def _context(creator: Creator) -> dict[str, Any]:
    records = authenticity_of(creator)
    return {
        "creator": creator,
        "latest": told(records[0]) if records else None,
        "history": [told(record) for record in records],
        "drawn": _drawn(records[::-1]),
        "answer": answer_of(creator),
    }


def _drawn(records: Sequence[AuthenticityRecord]) -> Any:
    """The chart, oldest first; a single score is no history yet."""
    if len(records) < 2:
        return None
    start = records[0].made_on
    points = [((one.made_on - start).days, one.low, one.score, one.high) for one in records]
    return band(points, labels=[date_format(one.made_on, "j M Y") for one in records], top=100)
