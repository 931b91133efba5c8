"""What an admin sees of the matching: runs, the night's sweep, and learned weights, which wait for a decision."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from campaigns.models import LearnedWeights, Match, MatchRun, PlanProof, Sweep
from campaigns.services import sweeps, weights
from campaigns.states import WEIGHTS
from marketplace.trust.moderation import ModeratedAdmin, ReadOnlyAdmin, ReadOnlyInline, sum_of


class MatchInline(ReadOnlyInline):
    model = Match
    fields = ("rank", "creator", "points", "doubt", "change", "distance_km", "price")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Match]:
        return super().get_queryset(request).select_related("creator", "run__campaign")

    @admin.display(description="Score")
    def points(self, match: Match) -> str:
        return f"{100 * match.score:.1f} of 100"

    @admin.display(description="Price")
    def price(self, match: Match) -> str:
        return sum_of(match.price_minor, match.run.campaign.currency)


@admin.register(MatchRun)
class MatchRunAdmin(ReadOnlyAdmin):
    list_display = ("campaign", "pool_size", "seconds", "weights_version", "unevenness", "finished_at", "error")
    list_select_related = ("campaign",)
    search_fields = ("public_id", "campaign__title")
    inlines = (MatchInline,)


@admin.register(PlanProof)
class PlanProofAdmin(ReadOnlyAdmin):
    list_display = ("campaign", "reach", "best_reach", "ceiling", "seconds", "finished_at", "error")
    list_select_related = ("campaign",)
    search_fields = ("public_id", "campaign__title")


@admin.register(Sweep)
class SweepAdmin(ReadOnlyAdmin):
    list_display = ("night", "progress", "started_at", "finished_at")

    @admin.display(description="Ranked")
    def progress(self, sweep: Sweep) -> str:
        found = sweeps.progress_of(sweep)
        return f"{found.done:,} of {found.total:,}" + (f", {found.failed:,} failed" if found.failed else "")


@admin.register(LearnedWeights)
class LearnedWeightsAdmin(ModeratedAdmin):
    moves = WEIGHTS.moves
    verbs = {"promote": weights.promote_weights, "retire": weights.retire_weights}
    ready = {
        "promote": ["It was better on campaigns that it had not seen."],
        "retire": ["The shortlists got worse: we look into it."],
    }
    list_display = ("version", "state", "better", "events", "gain", "created_at", "decide")
    list_filter = ("state", "better")
    readonly_fields = ("decide", "gain", "shares")
    exclude = ("parts", "report")

    @admin.display(description="Gain on unseen campaigns")
    def gain(self, row: LearnedWeights) -> str:
        told = row.report
        return (
            f"{told['learned']:.3f} against {told['before']:.3f} by {told['against']};"
            f" difference {told['low']:+.3f} to {told['high']:+.3f}, {told['campaigns']:.0f} campaigns"
        )

    @admin.display(description="Weights")
    def shares(self, row: LearnedWeights) -> str:
        return ", ".join(f"{name} {weight:.3f}" for name, weight in sorted(row.parts.items(), key=lambda one: -one[1]))
