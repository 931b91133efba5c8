"""The ledger, the invoices, and the prices that estimates start from."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from marketplace.trust.admin import ReadOnlyAdmin
from payments.admin.holds import EntryInline
from payments.models import Balance, FeeSchedule, Invoice, InvoiceDetails, InvoiceSeries, Posting


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


@admin.register(Invoice)
class InvoiceAdmin(ReadOnlyAdmin):
    """Invoices and credit notes, as they were issued."""

    list_display = ["label", "issued_on", "about", "amount", "tax", "issuer", "recipient", "corrects", "is_demo"]
    list_filter = ["about", "year", "currency", "is_demo"]
    search_fields = ["public_id", "prefix", "reference", "hold__public_id"]
    list_select_related = ["issuer", "recipient", "corrects"]
    date_hierarchy = "issued_on"


@admin.register(InvoiceSeries)
class InvoiceSeriesAdmin(ReadOnlyAdmin):
    """How far each issuer's numbers have come."""

    list_display = ["issuer", "year", "last"]
    list_filter = ["year"]
    list_select_related = ["issuer"]


@admin.register(InvoiceDetails)
class InvoiceDetailsAdmin(ReadOnlyAdmin):
    """What people want to read on their invoices."""

    list_display = ["account", "name", "tax_id"]
    search_fields = ["name", "account__name"]
    list_select_related = ["account"]
