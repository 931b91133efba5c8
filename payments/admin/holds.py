"""What is held, put aside and released, with everything that happened to it."""

from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest

from marketplace.kit.money import Money
from marketplace.trust.admin import ReadOnlyAdmin
from payments import services
from payments.admin.asking import ReasonedAdmin
from payments.admin.parts import RowsInline
from payments.models import Balance, Checkout, Entry, Hold, Posting, Refund, Share, Transfer, Wallet
from payments.states import Chart


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
class HoldAdmin(ReasonedAdmin):
    """What is held, for whom, and everything that happened to it."""

    actions = ["take_back"]

    list_display = ["created_at", "payer", "payee", "total", "state", "due_at", "secured_at", "reference"]
    list_filter = ["state", "currency"]
    search_fields = ["public_id", "reference", "payer__name", "payee__name"]
    list_select_related = ["payer", "payee"]
    inlines = [CheckoutInline, ShareInline, TransferInline, RefundInline, PostingInline]

    @admin.action(description="Refund after the release: the payee owes it (reason required)", permissions=["verb"])
    def take_back(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        self.apply_to_each(request, queryset, services.take_back, "taken back")


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
