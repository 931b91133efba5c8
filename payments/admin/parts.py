"""What the bank's admin pages share: rows to be read, and verbs that need a reason."""

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


class StuckFilter(admin.SimpleListFilter):
    """What waits for a person, or has been tried too often."""

    title = "stuck"
    parameter_name = "stuck"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "Stuck")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        stuck: QuerySet[Any] = queryset.stuck() if self.value() == "yes" else queryset  # type: ignore[attr-defined]
        return stuck


class ReasonedAdmin(ReadOnlyAdmin):
    """Rows that an admin may act on, one after another, with a reason; nothing is edited by hand."""

    action_form = ReasonForm

    def has_act_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_superuser)

    def each(self, request: HttpRequest, rows: QuerySet[Any], act: Callable[..., Any], done: str) -> None:
        """Do it for one row after another; what refuses is named, the others are done."""
        count = 0
        for row in rows:
            try:
                act(row, reason=request.POST.get("reason", ""), by=person(request))
                count += 1
            except DomainError as refusal:
                self.message_user(request, f"{row}: {refusal.message}", messages.ERROR)
        if count:
            self.message_user(request, f"{count} {done}.", messages.SUCCESS)


class RetryAdmin(ReasonedAdmin):
    """Rows that may be asked for again."""

    actions = ["retry"]
    retry_one: Callable[..., Any]

    @admin.action(description="Try again now (reason required)", permissions=["act"])
    def retry(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        self.each(request, queryset, type(self).retry_one, "tried again")


class RowsInline(admin.TabularInline[Any, Any]):
    """Rows under a row, to be read."""

    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
