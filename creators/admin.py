"""What an admin sees of creators: the queue of profiles with its verbs, channels and figures to look at."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from creators.models import AuthenticityAnswer, AuthenticityRecord, Channel, Creator, Niche, Rate, Town
from creators.services import moderation
from creators.services.authenticity import recheck_authenticity
from creators.states import CREATOR, RECHECK, CreatorState
from marketplace.trust.moderation import ModeratedAdmin, ReadOnlyAdmin, ReadOnlyInline, sum_of


class QueueFilter(admin.SimpleListFilter):
    """The queue first: what waits for a decision, longest waiting at the top."""

    title = "queue"
    parameter_name = "queue"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("waiting", "Waiting for a decision"), ("answers", "Answers to an authenticity score, not read yet")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Creator]) -> QuerySet[Creator]:
        if self.value() == "waiting":
            return queryset.filter(state=CreatorState.IN_REVIEW).order_by("updated_at")
        if self.value() == "answers":
            unread = queryset.filter(authenticity_answer__isnull=False, authenticity_answer__checked_at__isnull=True)
            return unread.order_by("authenticity_answer__updated_at")
        return queryset


class AnswerInline(ReadOnlyInline):
    model = AuthenticityAnswer
    fields = ("text", "updated_at", "checked_at", "checked_note")


class AuthenticityInline(ReadOnlyInline):
    model = AuthenticityRecord
    fields = ("made_on", "version", "score", "low", "high", "posts", "comments", "reasons")
    readonly_fields = ("reasons",)

    @admin.display(description="What moved it most")
    def reasons(self, record: AuthenticityRecord) -> str:
        return " ".join(part["text"] for part in record.parts[:3])

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[Any, ...]:
        return self.fields


class ChannelInline(ReadOnlyInline):
    model = Channel
    fields = ("network", "handle", "url", "followers", "engagement_rate", "source", "figures_on")


class RateInline(ReadOnlyInline):
    model = Rate
    fields = ("kind", "network", "price", "note")
    readonly_fields = ("price",)


def share(value: float | None) -> str:
    """A share in per cent, one digit behind the point."""
    return "not known" if value is None else f"{value:.1%}"


@admin.register(Creator)
class CreatorAdmin(ModeratedAdmin):
    moves = (*CREATOR.moves, RECHECK)
    verbs = {
        "approve": moderation.approve_creator,
        "reject": moderation.reject_creator,
        "suspend": moderation.suspend_creator,
        "reinstate": moderation.reinstate_creator,
        "recheck": recheck_authenticity,
    }
    ready = {
        "approve": ["The profile is complete, and its figures hang together."],
        "reject": [
            "Say in a few sentences what you make and for whom.",
            "We could not find this channel: check its address.",
            "The figures don't match what the channel shows: enter today's, with their date.",
            "Please choose the niches you post about most.",
        ],
        "suspend": ["We look into what was reported about this profile."],
        "recheck": [
            "We computed it from today's figures.",
            "Your answer explains it, and stands beside the score.",
            "The figures are right as they are; here is how to improve them: …",
        ],
        "reinstate": ["We looked into it, and nothing stands against the profile."],
    }
    list_display = ("display_name", "handle", "state", "town_label", "tier", "engagement", "updated_at", "decide")
    list_filter = (QueueFilter, "state", "tier", "country")
    search_fields = ("display_name", "handle", "public_id", "external_id", "user__email")
    readonly_fields = ("decide", "engagement", "ranked_as", "replies", "sponsored", "smallest_fee", "price_from")
    exclude = (
        *("words", "niche_words", "niche_slugs", "post_words", "engagement_rate", "engagement_posts"),
        *("engagement_shrunk", "reply_rate", "comment_words", "genuine_share", "comments_seen", "sponsored_share"),
        *("conversation", "minimum_fee_minor", "price_from_minor"),
    )
    inlines = (AnswerInline, ChannelInline, RateInline, AuthenticityInline)
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Creator]:
        return super().get_queryset(request).defer("words", "post_words", "bio")

    @admin.display(description="Engagement", ordering="engagement_shrunk")
    def engagement(self, creator: Creator) -> str:
        return f"{share(creator.engagement_rate)} ({creator.engagement_posts} posts)"

    @admin.display(description="Ranked as")
    def ranked_as(self, creator: Creator) -> str:
        return share(creator.engagement_shrunk)

    @admin.display(description="Comments answered")
    def replies(self, creator: Creator) -> str:
        return f"{share(creator.reply_rate)} ({creator.comments_seen} comments seen)"

    @admin.display(description="Sponsored posts")
    def sponsored(self, creator: Creator) -> str:
        return share(creator.sponsored_share)

    @admin.display(description="Smallest fee")
    def smallest_fee(self, creator: Creator) -> str:
        return sum_of(creator.minimum_fee_minor, creator.currency)

    @admin.display(description="Price from")
    def price_from(self, creator: Creator) -> str:
        return sum_of(creator.price_from_minor, creator.currency)


@admin.register(Niche)
class NicheAdmin(ReadOnlyAdmin):
    list_display = ("name", "slug", "parent", "iab_id")
    list_select_related = ("parent",)
    search_fields = ("name", "slug")


@admin.register(Town)
class TownAdmin(ReadOnlyAdmin):
    list_display = ("name", "region", "country", "latitude", "longitude")
    search_fields = ("name",)
    show_full_result_count = False
