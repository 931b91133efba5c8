"""Payees and payers: accounts, payouts, disputes, and what is owed back."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from marketplace.trust.admin import ReadOnlyAdmin
from payments import services
from payments.admin.asking import ReasonedAdmin
from payments.models import Account, BankAccount, Claim, Dispute, Payout


@admin.register(Payout)
class PayoutAdmin(ReadOnlyAdmin):
    """Money on its way to banks."""

    list_display = ["created_at", "account", "amount", "fee", "method", "bank_account", "state", "failure"]
    list_filter = ["state", "method", "currency"]
    search_fields = ["public_id", "stripe_id", "account__name"]
    list_select_related = ["account", "bank_account"]


@admin.register(Account)
class AccountAdmin(ReasonedAdmin):
    """Payers and payees."""

    list_display = [
        "name", "kind", "country", "currency", "transfers_active", "payouts_enabled", "payouts_paused_until",
        "payouts_paused_for", "requirements",
    ]  # fmt: skip
    list_filter = ["kind", "transfers_active", "payouts_enabled", "payouts_paused_for"]
    search_fields = ["public_id", "name", "email", "stripe_account_id", "stripe_customer_id"]
    actions = ["lift"]

    @admin.action(description="Let payouts go on: it is the payee (reason required)", permissions=["verb"])
    def lift(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        self.apply_to_each(request, queryset, services.lift_pause, "may be paid out again")


@admin.register(BankAccount)
class BankAccountAdmin(ReadOnlyAdmin):
    """Where payouts go."""

    list_display = ["created_at", "account", "bank_name", "last4", "currency", "is_default", "takes_instant", "gone_at"]
    list_filter = ["currency", "takes_instant"]
    search_fields = ["stripe_id", "account__name", "account__public_id"]
    list_select_related = ["account"]


@admin.register(Dispute)
class DisputeAdmin(ReasonedAdmin):
    """Payments that a payer's bank took back: what was said for them, and how it ends."""

    list_display = [
        "created_at", "checkout", "amount", "reason", "state", "due_at", "submitted_at", "refusal", "closed_at",
    ]  # fmt: skip
    list_filter = ["state", "reason"]
    search_fields = ["stripe_id", "checkout__hold__public_id"]
    list_select_related = ["checkout"]
    actions = ["submit"]

    @admin.action(description="Send the evidence to the bank (once; reason required)", permissions=["verb"])
    def submit(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        self.apply_to_each(request, queryset, services.submit_evidence, "sent")


@admin.register(Claim)
class ClaimAdmin(ReasonedAdmin):
    """What payees owe back."""

    list_display = ["created_at", "payee", "hold", "amount", "left", "reason", "state"]
    list_filter = ["state", "currency"]
    search_fields = ["public_id", "payee__name", "hold__public_id"]
    list_select_related = ["payee", "hold"]
    actions = ["recover", "write_off"]

    @admin.action(description="Ask the payee's account again (reason required)", permissions=["verb"])
    def recover(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        self.apply_to_each(request, queryset, services.recover_claim, "asked for")

    @admin.action(description="Write off: we bear it (reason required)", permissions=["verb"])
    def write_off(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        self.apply_to_each(request, queryset, services.write_off_claim, "written off")
