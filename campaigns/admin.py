"""What an admin sees of the work: a queue of campaigns, the timeline of a collaboration; nothing is edited by hand."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from campaigns.models import (
    Activity,
    Application,
    Business,
    Campaign,
    Collaboration,
    Deliverable,
    Invitation,
    Invite,
    Match,
    MatchRun,
    Member,
    Offer,
    Submission,
    Terms,
)
from campaigns.services import briefs, ending
from campaigns.states import CAMPAIGN, COLLABORATION, CampaignState
from marketplace.trust.moderation import ModeratedAdmin, ReadOnlyAdmin, ReadOnlyInline

TIMELINE = 100


class DeliverableInline(ReadOnlyInline):
    model = Deliverable


class MemberInline(ReadOnlyInline):
    model = Member
    fields = ("user", "role", "created_at")


class InviteInline(ReadOnlyInline):
    model = Invite
    fields = ("email", "role", "expires_at", "accepted_at", "withdrawn_at")


class TermsInline(ReadOnlyInline):
    model = Terms


class SubmissionInline(ReadOnlyInline):
    model = Submission
    fields = ("number", "by", "link", "file_name", "note", "created_at", "reviewed_at")


def timeline(rows: QuerySet[Activity]) -> SafeString:
    """What happened, newest first."""
    lines = [(row.at.strftime("%Y-%m-%d %H:%M"), row.text, row.reason) for row in rows[:TIMELINE]]
    return format_html("<ul>{}</ul>", format_html_join("", "<li>{} — {} <em>{}</em></li>", lines))


@admin.register(Business)
class BusinessAdmin(ReadOnlyAdmin):
    list_display = ("name", "country", "currency", "created_at")
    search_fields = ("name", "public_id")
    inlines = (MemberInline, InviteInline)


class WaitingFilter(admin.SimpleListFilter):
    """The queue first: what waits for a decision, oldest at the top."""

    title = "queue"
    parameter_name = "queue"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("waiting", "Waiting for a decision")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Campaign]) -> QuerySet[Campaign]:
        if self.value() == "waiting":
            return queryset.filter(state=CampaignState.IN_REVIEW).order_by("updated_at")
        return queryset


@admin.register(Campaign)
class CampaignAdmin(ModeratedAdmin):
    moves = CAMPAIGN.moves
    verbs = {"approve": briefs.approve_campaign, "reject": briefs.reject_campaign}
    list_display = ("title", "business", "state", "shown_budget", "flags", "updated_at", "decide")
    list_filter = (WaitingFilter, "state", "goal", "currency")
    list_select_related = ("business",)
    search_fields = ("title", "product", "public_id", "business__name")
    inlines = (DeliverableInline,)
    readonly_fields = ("decide", "flags", "shown_budget", "history")

    @admin.display(description="Budget", ordering="budget_minor")
    def shown_budget(self, campaign: Campaign) -> str:
        return str(campaign.budget)

    @admin.display(description="Found by the check")
    def flags(self, campaign: Campaign) -> str:
        return "; ".join(finding["text"] for finding in campaign.findings) or "Nothing"

    @admin.display(description="Timeline")
    def history(self, campaign: Campaign) -> SafeString:
        return timeline(Activity.objects.filter(campaign=campaign))


@admin.register(Collaboration)
class CollaborationAdmin(ModeratedAdmin):
    moves = COLLABORATION.moves
    verbs = {
        "put_on_hold": ending.put_on_hold,
        "settle_release": ending.settle_release,
        "settle_refund": ending.settle_refund,
    }
    list_display = ("offer", "state", "due_at", "overdue_at", "updated_at", "decide")
    list_filter = ("state",)
    list_select_related = ("offer__campaign", "offer__creator")
    search_fields = ("public_id", "offer__campaign__title", "offer__creator__display_name", "contract_hash")
    raw_id_fields = ("offer", "hold")
    inlines = (SubmissionInline,)
    readonly_fields = ("decide", "history")

    @admin.display(description="Timeline")
    def history(self, collaboration: Collaboration) -> SafeString:
        return timeline(Activity.objects.filter(collaboration=collaboration))


@admin.register(Offer)
class OfferAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "state", "version", "fee", "expires_at")
    list_filter = ("state",)
    list_select_related = ("campaign", "creator")
    search_fields = ("public_id", "campaign__title", "creator__display_name")
    inlines = (TermsInline,)


@admin.register(Invitation, Application)
class TalkAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "state", "expires_at", "created_at")
    list_filter = ("state",)
    list_select_related = ("campaign", "creator")
    search_fields = ("public_id", "campaign__title", "creator__display_name")


class MatchInline(ReadOnlyInline):
    model = Match
    fields = ("rank", "creator", "score", "doubt", "change", "distance_km", "price_minor")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Match]:
        return super().get_queryset(request).select_related("creator")


@admin.register(MatchRun)
class MatchRunAdmin(ReadOnlyAdmin):
    list_display = ("campaign", "pool_size", "seconds", "model", "weights_version", "finished_at", "error")
    list_select_related = ("campaign",)
    search_fields = ("public_id", "campaign__title")
    inlines = (MatchInline,)


@admin.register(Activity)
class ActivityAdmin(ReadOnlyAdmin):
    list_display = ("at", "text", "thing", "verb", "role", "campaign")
    list_filter = ("thing",)
    list_select_related = ("campaign",)
    search_fields = ("campaign__title", "text")
    show_full_result_count = False
