"""What people say to and of each other: reported messages wait for a decision, reviews are only looked at."""

from django.contrib import admin
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from campaigns.models import Report, Review
from campaigns.services import conversation
from campaigns.states import REPORT
from marketplace.trust.moderation import ModeratedAdmin, ReadOnlyAdmin

AROUND = 5


@admin.register(Report)
class ReportAdmin(ModeratedAdmin):
    moves = REPORT.moves
    verbs = {"uphold": conversation.uphold_report, "dismiss": conversation.dismiss_report}
    ready = {
        "uphold": [
            "Work that was agreed here is also paid here: that protects both sides.",
            "Please be kind to each other: insults and threats have no place here.",
            "This is advertising and has nothing to do with the work.",
        ],
        "dismiss": ["We found nothing in it that our rules forbid."],
    }
    list_display = ("__str__", "state", "by", "created_at", "decide")
    list_filter = ("state", "reason")
    list_select_related = ("message", "by")
    search_fields = ("public_id", "message__public_id", "message__text")
    readonly_fields = ("decide", "said", "around")

    @admin.display(description="The message")
    def said(self, report: Report) -> SafeString:
        message = report.message
        return format_html("<p>{}: {}</p><p>{}</p>", message.by, message.text, message.file_name)

    @admin.display(description="Around it")
    def around(self, report: Report) -> SafeString:
        """What was written just before and after it."""
        message = report.message
        rows = message.collaboration.messages.select_related("by")
        before = rows.filter(pk__lt=message.pk).order_by("-pk")[:AROUND]
        after = rows.filter(pk__gt=message.pk).order_by("pk")[:AROUND]
        lines = [(row.created_at.strftime("%Y-%m-%d %H:%M"), row.by, row.text) for row in [*reversed(before), *after]]
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{} {}: {}</li>", lines))


@admin.register(Review)
class ReviewAdmin(ReadOnlyAdmin):
    list_display = ("collaboration", "side", "stars", "by", "published_at", "answered_at")
    list_filter = ("side", "stars")
    list_select_related = ("collaboration__offer__campaign", "collaboration__offer__creator", "by")
    search_fields = ("public_id", "text", "answer")
