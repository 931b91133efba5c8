"""API keys, to see who has which; the key itself is not known to us."""

from django.contrib import admin

from marketplace.hooks.models import ApiKey
from marketplace.trust.admin import ReadOnlyAdmin


@admin.register(ApiKey)
class ApiKeyAdmin(ReadOnlyAdmin):
    """One key of one person."""

    list_display = ["prefix", "name", "user", "scopes", "expires_at", "revoked_at", "last_used_on"]
    search_fields = ["user__email", "name", "prefix"]
    list_select_related = ["user"]
