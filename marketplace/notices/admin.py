"""Notices, to see what somebody was told and whether the mail left."""

from django.contrib import admin

from marketplace.notices.models import Notice
from marketplace.trust.admin import ReadOnlyAdmin


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    """One piece of news for one person."""

    list_display = ["created_at", "user", "kind", "text", "read_at", "mailed_at"]
    list_filter = ["kind", ("mailed_at", admin.EmptyFieldListFilter)]
    search_fields = ["user__email", "text"]
    list_select_related = ["user"]
