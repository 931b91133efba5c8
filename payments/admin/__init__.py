"""The bank as the admin sees it: everything to be read, and one verb for what is stuck: ask again, with a reason."""

from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest

from marketplace.kit.money import Money
from marketplace.trust.admin import ReadOnlyAdmin
from payments import services
from payments.admin.asking import RetryAdmin
from payments.admin.cases import CaseAdmin
from payments.models import (
    Account,
    Balance,
    Checkout,
    Entry,
    FeeSchedule,
    Hold,
    Operation,
    Payout,
    Posting,
    Refund,
    Share,
    StripeEvent,
    Transfer,
    Wallet,
)
from payments.states import Chart

__all__ = ["CaseAdmin"]


class StuckFilter(admin.SimpleListFilter):
    """What waits for a person, or has been tried too often."""

    title = "stuck"
    parameter_name = "stuck"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "Stuck")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        stuck: QuerySet[Any] = queryset.stuck() if self.value() == "yes" else queryset  # type: ignore[attr-defined]
        return stuck


@admin.register(Operation)
class OperationAdmin(RetryAdmin):
    """The outbox to Stripe."""

    retry_one = staticmethod(services.retry_operation)
    list_display = ["created_at", "kind", "state", "tries", "attempt", "next_try_at", "outcome", "hold", "account"]
    list_filter = [StuckFilter, "state", "kind"]
    search_fields = ["key", "hold__public_id", "account__name", "outcome"]
    list_select_related = ["hold", "account"]
    date_hierarchy = "created_at"


@admin.register(StripeEvent)
class StripeEventAdmin(RetryAdmin):
    """The inbox from Stripe."""

    retry_one = staticmethod(services.retry_event)
    list_display = ["happened_at", "kind", "state", "tries", "next_try_at", "outcome", "acts_as", "event_id"]
    list_filter = [StuckFilter, "state", "kind"]
    search_fields = ["event_id", "acts_as", "outcome"]
    date_hierarchy = "happened_at"


@admin.register(Refund)
class RefundAdmin(RetryAdmin):
    """Refunds; a refused or failed one can be tried once more as a new one."""

    retry_one = staticmethod(services.refund_again)
    list_display = ["created_at", "hold", "wallet", "total", "reason", "late", "state", "refusal", "confirmed_at"]
    list_filter = ["state", "late"]
    search_fields = ["public_id", "stripe_id", "hold__public_id", "wallet__public_id"]
    list_select_related = ["hold", "wallet"]


class RowsInline(admin.TabularInline[Any, Any]):
    """Rows under a row, to be read."""

    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class CheckoutInline(RowsInline):
    model = Checkout
    fields = readonly_fields = ("created_at", "total", "state", "stripe_id", "method", "processing_minor", "paid_at")


class ShareInline(RowsInline):
    model = Share
    fields = readonly_fields = ("payee", "amount")


class TransferInline(RowsInline):
    model = Transfer
    fields = readonly_fields = ("created_at", "payee", "state", "amount_minor", "fee_minor", "stripe_id", "refusal")


class RefundInline(RowsInline):
    model = Refund
    fields = readonly_fields = (
        "created_at",
        "state",
        "amount_minor",
        "fee_minor",
        "reason",
        "late",
        "stripe_id",
        "refusal",
    )


class EntryInline(RowsInline):
    model = Entry
    fields = readonly_fields = ("chart", "owner", "money")


class PostingInline(RowsInline):
    model = Posting
    fields = readonly_fields = ("created_at", "kind", "key", "source")


@admin.register(Hold)
class HoldAdmin(ReadOnlyAdmin):
    """What is held, for whom, and everything that happened to it."""

    list_display = ["created_at", "payer", "payee", "total", "state", "due_at", "secured_at", "reference"]
    list_filter = ["state", "currency"]
    search_fields = ["public_id", "reference", "payer__name", "payee__name"]
    list_select_related = ["payer", "payee"]
    inlines = [CheckoutInline, ShareInline, TransferInline, RefundInline, PostingInline]


@admin.register(Wallet)
class WalletAdmin(ReadOnlyAdmin):
    """What payers have put aside: paid in, drawn, returned."""

    list_display = ["created_at", "payer", "description", "left", "state", "closed_at"]
    list_filter = ["state", "currency"]
    search_fields = ["public_id", "reference", "payer__name"]
    list_select_related = ["payer"]
    inlines = [CheckoutInline, RefundInline, PostingInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        held = Balance.objects.filter(chart=Chart.WALLET, owner=OuterRef("public_id"), currency=OuterRef("currency"))
        wallets: QuerySet[Any] = super().get_queryset(request).annotate(held_minor=Subquery(held.values("minor")))
        return wallets

    @admin.display(description="left")
    def left(self, wallet: Any) -> Money:
        return Money(wallet.held_minor or 0, wallet.currency)


@admin.register(Transfer)
class TransferAdmin(ReadOnlyAdmin):
    """Releases on their way to payees."""

    list_display = ["created_at", "payee", "amount", "fee", "state", "refusal", "confirmed_at", "hold"]
    list_filter = ["state", "currency"]
    search_fields = ["public_id", "stripe_id", "hold__public_id", "payee__name"]
    list_select_related = ["payee", "hold"]


@admin.register(Payout)
class PayoutAdmin(ReadOnlyAdmin):
    """Money on its way to banks."""

    list_display = ["created_at", "account", "amount", "state", "arrival_on", "paid_at", "failure"]
    list_filter = ["state", "currency"]
    search_fields = ["public_id", "stripe_id", "account__name"]
    list_select_related = ["account"]


@admin.register(Account)
class AccountAdmin(ReadOnlyAdmin):
    """Payers and payees."""

    list_display = ["name", "kind", "country", "currency", "transfers_active", "payouts_enabled", "requirements"]
    list_filter = ["kind", "transfers_active", "payouts_enabled"]
    search_fields = ["public_id", "name", "email", "stripe_account_id", "stripe_customer_id"]


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
