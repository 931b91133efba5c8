"""What the bank's admin pages share: rows under a row, and the filter for what is stuck."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest


class StuckFilter(admin.SimpleListFilter):
    """What waits for a person, or has been tried too often."""

    title = "stuck"
    parameter_name = "stuck"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "Stuck")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        stuck: QuerySet[Any] = queryset.stuck() if self.value() == "yes" else queryset  # type: ignore[attr-defined]
        return stuck


class RowsInline(admin.TabularInline[Any, Any]):
    """Rows under a row, to be read."""

    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
