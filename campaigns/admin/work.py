"""What an admin sees of the work: a queue of campaigns, the timeline of a collaboration; nothing is edited by hand."""

from __future__ import annotations

from collections.abc import Mapping
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
    Member,
    Offer,
    Submission,
    Terms,
)
from campaigns.services import briefs, ending, funding
from campaigns.states import CAMPAIGN, COLLABORATION, CampaignState, CollaborationState
from campaigns.terms import contract_items, item_text
from marketplace.trust.moderation import ModeratedAdmin, ReadOnlyAdmin, ReadOnlyInline, sum_of

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
    fields = ("number", "side", "by", "at", "fee", "work", "due_on", "publish_on", "usage_days", "product", "note")

    @admin.display(description="Work")
    def work(self, terms: Terms) -> str:
        return "; ".join(item_text(item) for item in terms.deliverables)


class SubmissionInline(ReadOnlyInline):
    model = Submission
    fields = ("number", "by", "link", "file_name", "note", "created_at", "reviewed_at")


def contract_sheet(contract: Mapping[str, Any]) -> SafeString:
    """A signed contract line by line, as both sides read it."""
    terms, parties = contract["terms"], contract["parties"]
    lines = [
        ("Between", f"{parties['business']['name']} and {parties['creator']['name']}"),
        ("Fee", f"{terms['fee']['text']}, and {terms['platform_fee']['text']} to the platform"),
        ("Handed in by", terms["due_on"]),
        ("Published on", terms["publish_on"] or "Not published: content only"),
        ("Usage rights", terms["usage"]),
        *(("Agreed", line) for line in contract_items(contract)),
        *(("Signed", f"{one['name']} as “{one['typed']}”, {one['at']}") for one in contract["signatures"].values()),
    ]
    return format_html('<div class="contract"><dl>{}</dl></div>', format_html_join("", "<dt>{}</dt><dd>{}</dd>", lines))


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
    ready = {
        "approve": [
            "We looked at what the check found, and it is fine.",
            "The pay is fair for what you ask.",
        ],
        "reject": [
            "Say what the product or place is, so that creators can decide.",
            "The pay is below the fair floor for this work: raise the budget or ask for less.",
            "This link leads somewhere we could not check. Please leave it out.",
            "We don't take campaigns for this kind of product.",
            "Please ask for disclosure as the law of your country wants it.",
        ],
    }
    list_display = ("title", "business", "state", "shown_budget", "flags", "updated_at", "decide")
    list_filter = (WaitingFilter, "state", "goal", "currency")
    list_select_related = ("business",)
    search_fields = ("title", "product", "public_id", "business__name")
    inlines = (DeliverableInline,)
    readonly_fields = ("decide", "flags", "shown_budget", "shown_value", "own_money", "history")
    exclude = ("budget_minor", "product_value_minor", "findings")

    @admin.display(description="Budget", ordering="budget_minor")
    def shown_budget(self, campaign: Campaign) -> str:
        return str(campaign.budget)

    @admin.display(description="Its own money")
    def own_money(self, campaign: Campaign) -> str:
        purse = funding.purse_of(campaign)
        if purse is None:
            return "Nothing was paid in"
        return (
            f"{purse.left} left of {purse.paid_in} paid in, {purse.drawn} drawn, {purse.returned} returned,"
            f" {purse.on_its_way} on its way"
            + (f", {purse.frozen} of what is left frozen by a bank dispute" if purse.frozen else "")
        )

    @admin.display(description="Product value")
    def shown_value(self, campaign: Campaign) -> str:
        return sum_of(campaign.product_value_minor, campaign.currency)

    @admin.display(description="Found by the check")
    def flags(self, campaign: Campaign) -> str:
        return "; ".join(finding["text"] for finding in campaign.findings) or "Nothing"

    @admin.display(description="Timeline")
    def history(self, campaign: Campaign) -> SafeString:
        return timeline(Activity.objects.filter(campaign=campaign))


class HeldFilter(WaitingFilter):
    """Work that was put on hold waits for somebody to settle it."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "waiting":
            return queryset.filter(state=CollaborationState.ON_HOLD).order_by("updated_at")
        return queryset


@admin.register(Collaboration)
class CollaborationAdmin(ModeratedAdmin):
    moves = COLLABORATION.moves
    verbs = {
        "put_on_hold": ending.put_on_hold,
        "settle_release": ending.settle_release,
        "settle_refund": ending.settle_refund,
    }
    ready = {
        "put_on_hold": ["We look into what was reported; nothing is paid or returned until then."],
        "settle_release": ["The work was delivered as the contract says."],
        "settle_refund": ["The work was not delivered as the contract says."],
    }
    list_display = ("offer", "state", "due_at", "overdue_at", "updated_at", "decide")
    list_filter = (HeldFilter, "state")
    list_select_related = ("offer__campaign", "offer__creator")
    search_fields = ("public_id", "offer__campaign__title", "offer__creator__display_name", "contract_hash")
    raw_id_fields = ("offer", "hold")
    inlines = (SubmissionInline,)
    readonly_fields = ("decide", "shown_contract", "history")
    exclude = ("contract",)

    @admin.display(description="Contract")
    def shown_contract(self, collaboration: Collaboration) -> SafeString:
        return contract_sheet(collaboration.contract)

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
    readonly_fields = ("fee",)
    exclude = ("fee_minor",)


@admin.register(Application)
class ApplicationAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "state", "shown_price", "expires_at", "created_at")
    list_filter = ("state",)
    list_select_related = ("campaign", "creator")
    search_fields = ("public_id", "campaign__title", "creator__display_name")
    readonly_fields = ("shown_price",)
    exclude = ("price_minor",)

    @admin.display(description="Price", ordering="price_minor")
    def shown_price(self, application: Application) -> str:
        return sum_of(application.price_minor, application.currency)


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "state", "expires_at", "created_at")
    list_filter = ("state",)
    list_select_related = ("campaign", "creator")
    search_fields = ("public_id", "campaign__title", "creator__display_name")


@admin.register(Activity)
class ActivityAdmin(ReadOnlyAdmin):
    list_display = ("at", "text", "thing", "verb", "role", "campaign")
    list_filter = ("thing",)
    list_select_related = ("campaign",)
    search_fields = ("campaign__title", "text")
    show_full_result_count = False
