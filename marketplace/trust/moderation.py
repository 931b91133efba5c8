"""The admin's side of a life cycle: what may be done now, each with a reason, from the same table as everywhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from marketplace.kit.errors import DomainError
from marketplace.kit.money import Money
from marketplace.kit.states import Move

Verb = Callable[..., object]
ADMIN = frozenset({"admin"})
HTTPS: Mapping[Any, Any] = {models.URLField: {"assume_scheme": "https"}}


LONGEST = 500


class ReasonForm(forms.Form):
    """Why, in words that those concerned will read: a ready sentence, one's own words, or both."""

    ready = forms.MultipleChoiceField(
        label="Ready sentences", required=False, widget=forms.CheckboxSelectMultiple(attrs={"class": "ready-reasons"})
    )
    reason = forms.CharField(
        label="Your words",
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4, "cols": 80}),
        help_text="Those concerned read this.",
    )

    def __init__(self, *args: Any, ready: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ready"].choices = [(text, text) for text in ready]  # type: ignore[attr-defined]
        if not ready:
            del self.fields["ready"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        words = [*data.get("ready", []), data.get("reason", "").strip()]
        data["whole"] = " ".join(filter(None, words))
        if not self.errors and not data["whole"]:
            self.add_error("reason", "Choose a sentence or write one.")
        if len(data["whole"]) > LONGEST:
            self.add_error("reason", f"Keep it under {LONGEST} letters, the ready sentences included.")
        return data


def sum_of(minor: int | None, currency: str) -> str:
    """A sum for people, a dash where there is none."""
    return "–" if minor is None else str(Money(minor, currency))


class ReadOnlyAdmin(admin.ModelAdmin[Any]):
    """Rows one may look at and not touch."""

    formfield_overrides = HTTPS

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class ReadOnlyInline(admin.TabularInline[Any, Any]):
    """Rows of a thing, to look at."""

    formfield_overrides = HTTPS
    extra = 0
    can_delete = False
    show_change_link = True

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[Any, ...]:
        return tuple(self.fields or ())

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ModeratedAdmin(ReadOnlyAdmin):
    """Rows with a life cycle: read-only, but for the verbs of the table that an admin may use.

    ``moves`` is the table (any iterable of Move); ``verbs`` maps each verb to a service ``f(thing, *, reason, by)``;
    ``ready`` maps a verb to the sentences that most reasons are made of.
    """

    moves: ClassVar[tuple[Move, ...]] = ()
    verbs: ClassVar[Mapping[str, Verb]] = {}
    ready: ClassVar[Mapping[str, Sequence[str]]] = {}

    def state_of(self, thing: Any) -> str:
        """Where the thing stands, in the table's words."""
        return str(thing.state)

    def possible(self, thing: Any) -> list[Move]:
        """The verbs an admin may use on this thing now."""
        state = self.state_of(thing)
        return [m for m in self.moves if m.verb in self.verbs and state in m.sources and m.roles & ADMIN]

    @admin.display(description="What you can do")
    def decide(self, thing: Any) -> SafeString | str:
        links = [(reverse(self._name, args=[thing.pk, m.verb]), m.label) for m in self.possible(thing)]
        buttons = format_html_join("", '<a href="{}">{}</a>', links)
        return format_html('<span class="decide">{}</span>', buttons) if links else "Nothing now"

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """What one can do stands first."""
        return sorted(super().get_fields(request, obj), key=lambda name: name != "decide")

    def get_urls(self) -> list[Any]:
        meta = self.model._meta
        name = f"{meta.app_label}_{meta.model_name}_verb"
        return [path("<int:pk>/do/<slug:verb>/", self.admin_site.admin_view(self.act), name=name), *super().get_urls()]

    @property
    def _name(self) -> str:
        return f"admin:{self.model._meta.app_label}_{self.model._meta.model_name}_verb"

    def act(self, request: HttpRequest, pk: int, verb: str) -> HttpResponse:
        """Ask for the reason, then do it."""
        thing = get_object_or_404(self.get_queryset(request), pk=pk)
        move = next((m for m in self.moves if m.verb == verb and verb in self.verbs and m.roles & ADMIN), None)
        if move is None or not self.may_decide(request):
            return HttpResponse(status=404)
        back = reverse(f"admin:{self.model._meta.app_label}_{self.model._meta.model_name}_change", args=[pk])
        form = ReasonForm(request.POST or None, ready=self.ready.get(verb, ()))
        if request.method == "POST" and form.is_valid():
            try:
                self.verbs[verb](thing, reason=form.cleaned_data["whole"], by=request.user)
            except DomainError as error:
                form.add_error(None, error.message)
            else:
                messages.success(request, format_html("{}: {}", move.label, thing))
                return HttpResponseRedirect(back)
        context = {
            **self.admin_site.each_context(request), "form": form, "thing": thing, "move": move, "back": back,
            "title": f"{move.label}: {thing}", "opts": self.model._meta,
        }  # fmt: skip
        return render(request, "admin/verb.html", context)

    def may_decide(self, request: HttpRequest) -> bool:
        """Deciding needs the right to change, although rows are never edited by hand."""
        meta = self.model._meta
        return request.user.has_perm(f"{meta.app_label}.change_{meta.model_name}")
