"""Verbs in the admin that need a reason: picked rows, one by one, each with an audit row of its own."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import QuerySet
from django.http import HttpRequest

from marketplace.kit.errors import DomainError
from marketplace.trust.admin import ReadOnlyAdmin
from marketplace.users.requests import person


class ReasonForm(ActionForm):
    """Why, beside the action: it goes into the audit log."""

    reason = forms.CharField(required=False, max_length=300, label="Reason")


class ReasonedAdmin(ReadOnlyAdmin):
    """Rows to be read, and verbs that only a superuser may use, with a reason."""

    action_form = ReasonForm

    def has_verb_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_superuser)

    def apply_to_each(self, request: HttpRequest, rows: QuerySet[Any], verb: Callable[..., Any], past: str) -> None:
        """One by one; what is refused is named, the others are done."""
        done = 0
        for row in rows:
            try:
                verb(row, reason=request.POST.get("reason", ""), by=person(request))
                done += 1
            except DomainError as refusal:
                self.message_user(request, f"{row}: {refusal.message}", messages.ERROR)
        if done:
            self.message_user(request, f"{done} {past}.", messages.SUCCESS)


class RetryAdmin(ReasonedAdmin):
    """Rows that may be asked for again."""

    actions = ["retry"]
    retry_one: Callable[..., Any]

    @admin.action(description="Try again now (reason required)", permissions=["verb"])
    def retry(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        self.apply_to_each(request, queryset, type(self).retry_one, "tried again")
