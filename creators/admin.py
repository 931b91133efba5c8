"""What an admin sees of creators: the queue of profiles with its verbs, channels and figures to look at."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from creators.models import Channel, Creator, Niche, Rate, Town
from creators.services import moderation
from creators.states import CREATOR, CreatorState
from marketplace.trust.moderation import ModeratedAdmin, ReadOnlyAdmin, ReadOnlyInline


class QueueFilter(admin.SimpleListFilter):
    """The queue first: what waits for a decision, longest waiting at the top."""

    title = "queue"
    parameter_name = "queue"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("waiting", "Waiting for a decision")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Creator]) -> QuerySet[Creator]:
        if self.value() == "waiting":
            return queryset.filter(state=CreatorState.IN_REVIEW).order_by("updated_at")
        return queryset


class ChannelInline(ReadOnlyInline):
    model = Channel
    fields = ("network", "handle", "url", "followers", "engagement_rate", "source", "figures_on")


class RateInline(ReadOnlyInline):
    model = Rate
    fields = ("kind", "network", "price", "note")
    readonly_fields = ("price",)


@admin.register(Creator)
class CreatorAdmin(ModeratedAdmin):
    moves = CREATOR.moves
    verbs = {
        "approve": moderation.approve_creator,
        "reject": moderation.reject_creator,
        "suspend": moderation.suspend_creator,
        "reinstate": moderation.reinstate_creator,
    }
    list_display = ("display_name", "handle", "state", "town_label", "tier", "engagement", "updated_at", "decide")
    list_filter = (QueueFilter, "state", "tier", "country")
    search_fields = ("display_name", "handle", "public_id", "external_id", "user__email")
    readonly_fields = ("decide", "engagement")
    exclude = ("words", "niche_words", "niche_slugs", "post_words")
    inlines = (ChannelInline, RateInline)
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Creator]:
        return super().get_queryset(request).defer("words", "post_words", "bio")

    @admin.display(description="Engagement", ordering="engagement_shrunk")
    def engagement(self, creator: Creator) -> str:
        rate = creator.engagement_rate
        return "not known" if rate is None else f"{rate:.1%} ({creator.engagement_posts} posts)"


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
