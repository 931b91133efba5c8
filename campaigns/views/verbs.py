"""One page for every verb: a GET asks what it needs to know, a POST does it. The table decides who may."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import messages
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from campaigns.moves import Moving, check
from campaigns.views.frame import DANGER
from marketplace.kit.forms import attempt
from marketplace.kit.states import Move
from marketplace.users.requests import person

Act = Callable[[Any, dict[str, Any], HttpRequest], object]


@dataclass(frozen=True)
class Ask:
    """What a verb does, what it must be told first, and the sentences that say what follows and that it was done."""

    act: Act
    explain: str | Callable[[Any], str] = ""
    form: type[forms.Form] | None = None
    options: Callable[[Any], dict[str, Any]] = field(default=lambda _thing: {})
    template: str = "campaigns/verb.html"
    context: Callable[[Any], dict[str, Any]] = field(default=lambda _thing: {})
    is_silent: bool = False


def answer_verb(request: HttpRequest, thing: Moving, verb: str, asks: dict[str, Ask]) -> HttpResponse:
    """Show or carry out one verb on one thing. NotAllowed and Conflict as the table says; 404 for no such verb."""
    if verb not in asks:
        raise Http404
    ask = asks[verb]
    move = check(thing, verb, by=person(request))
    form = _form(request, thing, ask)
    if request.method == "POST" and form.is_valid():
        result = attempt(form, lambda: ask.act(thing, form.cleaned_data, request))
        if not form.errors:
            return _onward(request, thing, move, result, is_silent=ask.is_silent)
    explain = ask.explain(thing) if callable(ask.explain) else ask.explain
    context = {"thing": thing, "move": move, "form": form, "explain": explain, "is_danger": verb in DANGER}
    status = 409 if form.non_field_errors() and request.method == "POST" else 400 if form.errors else 200
    return render(request, ask.template, context | ask.context(thing), status=status)


def _form(request: HttpRequest, thing: Moving, ask: Ask) -> forms.Form:
    kind = ask.form or forms.Form
    options = ask.options(thing)
    if request.method == "POST":
        options.pop("initial", None)
        return kind(request.POST, request.FILES, **options)
    return kind(**options)


def _onward(request: HttpRequest, thing: Moving, move: Move, result: object, *, is_silent: bool) -> HttpResponse:
    if isinstance(result, str):
        return redirect(result)
    if not is_silent:
        messages.success(request, _("You %(did)s.") % {"did": move.past})
    target: Any = result if isinstance(result, models.Model) and hasattr(result, "get_absolute_url") else thing
    return redirect(target)
