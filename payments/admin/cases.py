"""What a person has to look at: cases, the rules of the books, and how reconciliation went. No money is edited."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from marketplace.trust.admin import ReadOnlyAdmin
from payments import services
from payments.admin.asking import ReasonedAdmin
from payments.models import Case, Finding, Reconciliation, StripeLine

# Name in the address → words, from how many days on, up to how many.
AGES = {
    "day": ("up to a day", 0, 1),
    "week": ("up to a week", 1, 7),
    "month": ("up to a month", 7, 30),
    "older": ("older", 30, 10_000),
}


class OpenFilter(admin.SimpleListFilter):
    """Which of the open ones, or the closed."""

    title = "open"
    parameter_name = "open"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("blocking", "Open, stopping payouts"), ("cleared", "Open, no longer so"), ("closed", "Closed")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Case]) -> QuerySet[Case]:
        match self.value():
            case "blocking":
                return queryset.filter(closed_at=None).exclude(account=None)
            case "cleared":
                return queryset.filter(closed_at=None).exclude(cleared_at=None)
            case "closed":
                return queryset.exclude(closed_at=None)
        return queryset


class AgeFilter(admin.SimpleListFilter):
    """How long a case has been waiting."""

    title = "age"
    parameter_name = "age"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(name, words) for name, (words, _, _) in AGES.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Case]) -> QuerySet[Case]:
        if self.value() not in AGES:
            return queryset
        _, youngest, oldest = AGES[str(self.value())]
        now = timezone.now()
        return queryset.filter(opened_at__range=(now - timedelta(days=oldest), now - timedelta(days=youngest)))


@admin.register(Case)
class CaseAdmin(ReasonedAdmin):
    """Open ones first, the oldest on top. docs/money.md says for each kind what to do."""

    actions = ["close"]
    list_display = ["text", "kind", "amount", "account", "age", "seen_at", "cleared_at", "closed_at", "closed_by"]
    list_filter = [OpenFilter, "kind", AgeFilter, "currency"]
    search_fields = ["key", "text", "reason", "account__name", "account__public_id"]
    list_select_related = ["account", "closed_by"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Case]:
        return Case.objects.order_by(F("closed_at").desc(nulls_first=True), "opened_at")

    @admin.display(description="age in days", ordering="-opened_at")
    def age(self, case: Case) -> int:
        return ((case.closed_at or timezone.now()) - case.opened_at).days

    @admin.action(description="Close (reason required)", permissions=["verb"])
    def close(self, request: HttpRequest, queryset: QuerySet[Case]) -> None:
        self.apply_to_each(request, queryset, services.close_case, "closed")


@admin.register(Finding)
class FindingAdmin(ReadOnlyAdmin):
    """The rules of the books, each with what the last look at it found; broken ones first."""

    list_display = [
        "name",
        "sentence",
        "severity",
        "offending",
        "broken_since",
        "checked_at",
        "milliseconds",
        "trouble",
    ]
    list_filter = ["severity"]
    search_fields = ["name", "sentence"]
    ordering = ["-offending", "name"]


@admin.register(Reconciliation)
class ReconciliationAdmin(ReadOnlyAdmin):
    """How far each comparison with Stripe came, and what it counted."""

    list_display = ["started_at", "since", "lines_copied", "finished_at", "trouble", "counts"]
    ordering = ["-started_at"]


@admin.register(StripeLine)
class StripeLineAdmin(ReadOnlyAdmin):
    """Stripe's own list of what moved our balance, beside ours."""

    list_display = ["happened_at", "kind", "net", "stripe_id", "thing", "matched_at"]
    list_filter = [("matched_at", admin.EmptyFieldListFilter), "kind", "currency"]
    search_fields = ["stripe_id", "thing"]
    ordering = ["-happened_at"]
    show_full_result_count = False
