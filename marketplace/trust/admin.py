"""The audit log and the strikes: to be read."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from marketplace.trust.models import AuditEntry, Strike


class ReadOnlyAdmin(admin.ModelAdmin[Any]):
    """Rows that the admin may look at and never touch."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    """Who did what, when and why."""

    list_display = ["at", "by", "act", "thing_type", "thing_label", "reason"]
    list_filter = ["act", "thing_type"]
    search_fields = ["thing_id", "thing_label", "reason", "by__email"]
    list_select_related = ["by"]
    date_hierarchy = "at"


@admin.register(Strike)
class StrikeAdmin(ReadOnlyAdmin):
    """Recorded breaches."""

    list_display = ["created_at", "user", "kind", "reason", "lifted_at"]
    list_filter = ["kind"]
    search_fields = ["user__email", "reason"]
    list_select_related = ["user"]
