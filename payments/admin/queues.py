"""The outbox, the inbox and refunds: one verb for what is stuck, ask again."""

from django.contrib import admin

from payments import services
from payments.admin.asking import RetryAdmin
from payments.admin.parts import StuckFilter
from payments.models import Operation, Refund, StripeEvent


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
