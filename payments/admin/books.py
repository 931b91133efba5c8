"""The ledger, the invoices, and the prices that estimates start from."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone

from marketplace.trust.admin import ReadOnlyAdmin
from payments.admin.holds import EntryInline
from payments.estimates import DAYS, ENOUGH, TOLERANCE_BPS, compare, percent_of
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

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.actuals)
        return [path("actuals/", view, name="payments_feeschedule_actuals"), *super().get_urls()]

    def actuals(self, request: HttpRequest) -> HttpResponse:
        """What the schedule would have said of the payments that arrived, beside what they cost."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        days = next((days for days in (30, 90, 365) if request.GET.get("days") == str(days)), DAYS)
        rows = compare(timezone.now() - timedelta(days=days))
        context = {
            **self.admin_site.each_context(request), "title": "Estimates against actuals", "opts": self.model._meta,
            "rows": [(row, percent_of(row.off_bps)) for row in rows], "days": days, "choices": (30, 90, 365),
            "tolerance": TOLERANCE_BPS // 100, "enough": ENOUGH,
        }  # fmt: skip
        return render(request, "admin/payments/feeschedule/actuals.html", context)


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
