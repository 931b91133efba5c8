"""The conversation in the room: read, written, reported. A page of its own, and a card that asks for news by itself."""

from __future__ import annotations

from hashlib import blake2s

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.forms import MessageForm, ReportForm
from campaigns.models import Collaboration, Message
from campaigns.services import conversation as talk
from campaigns.views.frame import standing
from marketplace.kit.errors import Conflict
from marketplace.kit.forms import attempt
from marketplace.kit.paging import page_of
from marketplace.users.requests import person

BY_NUMBER = ("-id",)
TOO_SOON = {"leads_away", "too_many_messages"}


@require_http_methods(["GET", "POST"])
@login_required
def conversation(request: HttpRequest, public_id: str) -> HttpResponse:
    """What both sides wrote, and room to write. htmx gets the card, or with ``lines`` the lines alone."""
    room = _room(request, public_id)
    if request.method == "POST":
        return _write(request, room)
    tag = _tag(room, person(request).pk)
    if "lines" in request.GET and tag in parse_etags(request.headers.get("If-None-Match", "")):
        return HttpResponseNotModified()
    return _shown(request, room, MessageForm())


@require_safe
@login_required
def message_file(request: HttpRequest, public_id: str) -> FileResponse:
    """A file somebody sent, only for the two sides; not once its message is hidden."""
    row = get_object_or_404(Message.objects.visible_to(person(request)).filter(hidden_at=None), public_id=public_id)
    if not row.file:
        raise Http404
    return FileResponse(row.file.open(), as_attachment=True, filename=row.file_name)


@require_http_methods(["GET", "POST"])
@login_required
def message_report(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say that a message of the other side breaks the rules."""
    rows = Message.objects.visible_to(person(request)).select_related("collaboration__offer__campaign", "by")
    message = get_object_or_404(rows.select_related("collaboration__offer__creator"), public_id=public_id)
    talk.check_report(message, by=person(request))
    form = ReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        attempt(form, lambda: talk.report_message(message, by=person(request), **form.cleaned_data))
        if not form.errors:
            messages.success(request, _("Thank you. We look at it and tell you what we decide."))
            return redirect("conversation", message.collaboration.public_id)
    context = {"message": message, "form": form}
    return render(request, "campaigns/message_report.html", context, status=400 if form.errors else 200)


def _room(request: HttpRequest, public_id: str) -> Collaboration:
    rows = talk.with_news(Collaboration.objects.visible_to(person(request)))
    return get_object_or_404(rows.select_related("offer__campaign__business", "offer__creator"), public_id=public_id)


def _write(request: HttpRequest, room: Collaboration) -> HttpResponse:
    form = MessageForm(request.POST, request.FILES)
    if form.is_valid() and attempt(form, lambda: _send(form, room, request)) is not None:
        if not request.htmx:  # type: ignore[attr-defined]
            return redirect("conversation", room.public_id)
        return _shown(request, _room(request, room.public_id), MessageForm())
    codes = {error.code for errors in form.errors.as_data().values() for error in errors}
    return _shown(request, room, form, status=409 if codes & TOO_SOON else 400)


def _send(form: MessageForm, room: Collaboration, request: HttpRequest) -> Message:
    try:
        return talk.write_message(room, by=person(request), **form.cleaned_data)
    except Conflict as refusal:
        if refusal.code == "leads_away":
            form.ask_whether_sure()
        raise


def _shown(request: HttpRequest, room: Collaboration, form: MessageForm, *, status: int = 200) -> HttpResponse:
    """The page or its part; whoever is shown the newest messages has read them."""
    roles = standing(request).roles(room)
    side = talk.side_among(roles)
    page = page_of(request, room.messages.select_related("by"), by=BY_NUMBER)
    if page and not page.previous and status == 200:
        talk.read_messages(room, side=side, up_to=page[0].pk, by=person(request))
    context = {
        "room": room,
        "lines": page,
        "side": side,
        "seen": talk.seen_by_other_side(room, side),
        "form": form if talk.may_write_as(roles) else None,
        "tag": _tag(room, person(request).pk),
        "is_newest": not page.previous,
    }
    return render(request, _template(request), context, status=status)


def _template(request: HttpRequest) -> str:
    if not request.htmx:  # type: ignore[attr-defined]
        return "campaigns/conversation.html"
    return "campaigns/_talk_lines.html" if "lines" in request.GET else "campaigns/_talk.html"


def _tag(room: Collaboration, user_id: int) -> str:
    """What the lines look like for this person: a new message, a hidden one or a read mark changes it."""
    facts = (room.pk, user_id, *talk.news_of(room))
    return f'"{blake2s(repr(facts).encode(), digest_size=12).hexdigest()}"'
