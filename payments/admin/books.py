"""The ledger, and the prices that estimates start from."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from marketplace.trust.admin import ReadOnlyAdmin
from payments.admin.holds import EntryInline
from payments.models import Balance, FeeSchedule, Posting


@admin.register(Posting)
class PostingAdmin(ReadOnlyAdmin):
    """The ledger: what happened, and its balanced lines."""

    list_display = ["created_at", "kind", "key", "hold", "account", "source"]
    list_filter = ["kind"]
    search_fields = ["key", "source", "hold__public_id"]
    list_select_related = ["hold", "account"]
    date_hierarchy = "created_at"
    inlines = [EntryInline]


@admin.register(Balance)
class BalanceAdmin(ReadOnlyAdmin):
    """What guarded accounts hold now."""

    list_display = ["chart", "owner", "currency", "minor"]
    list_filter = ["chart", "currency"]
    search_fields = ["owner"]


@admin.register(FeeSchedule)
class FeeScheduleAdmin(admin.ModelAdmin[FeeSchedule]):
    """Prices of processing, for estimates. A new price is a new row with its day."""

    list_display = ["method", "country", "currency", "bps", "fixed_minor", "cap_minor", "valid_from", "source"]
    list_filter = ["method", "currency"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
