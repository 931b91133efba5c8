"""Campaigns and who fits them, as the API shows them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from campaigns.api.shapes.basic import MoneyShape, NamedShape, Shape, ThingShape
from campaigns.models import Campaign, MatchRun
from campaigns.policies import VIEWER
from campaigns.shortlist import why_nobody


class DeliverableShape(Shape):
    """One item of work."""

    kind = serializers.CharField()
    network = serializers.CharField(allow_blank=True)
    count = serializers.IntegerField()
    detail = serializers.CharField(allow_blank=True)


class FindingShape(Shape):
    """Something the automatic check found in a brief."""

    code = serializers.CharField()
    field = serializers.CharField()
    text = serializers.CharField()


class InsideShape(Shape):
    """What only the campaign's own team sees."""

    left = MoneyShape()
    findings = FindingShape(many=True)
    state_reason = serializers.CharField()


class CampaignShape(ThingShape):
    """A campaign and its brief."""

    business = NamedShape()
    title = serializers.CharField()
    product = serializers.CharField()
    goal = serializers.CharField()
    message = serializers.CharField()
    niches = serializers.SerializerMethodField()
    town = serializers.CharField(source="town.__str__", allow_null=True, default=None)
    radius_km = serializers.IntegerField(allow_null=True)
    country = serializers.CharField()
    languages = serializers.ListField(child=serializers.CharField())
    platforms = serializers.ListField(child=serializers.CharField())
    compensation = serializers.CharField()
    budget = MoneyShape()
    creators_wanted = serializers.IntegerField()
    starts_on = serializers.DateField(allow_null=True)
    ends_on = serializers.DateField(allow_null=True)
    usage_days = serializers.IntegerField()
    usage_paid_ads = serializers.BooleanField()
    disclosure = serializers.CharField()
    dos = serializers.CharField()
    donts = serializers.CharField()
    deliverables = DeliverableShape(many=True)
    opened_at = serializers.DateTimeField(allow_null=True)
    inside = serializers.SerializerMethodField()

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_niches(self, campaign: Campaign) -> list[str]:
        return [niche.slug for niche in campaign.niches.all()]

    @extend_schema_field(InsideShape(allow_null=True))
    def get_inside(self, campaign: Campaign) -> dict[str, Any] | None:
        left = self.context.get("left", {}).get(campaign.pk)
        if left is None or not self.standing.roles(campaign) & {VIEWER, "admin"}:
            return None
        inside = {"left": left, "findings": campaign.findings, "state_reason": campaign.state_reason}
        return dict(InsideShape(inside).data)


class ReasonShape(Shape):
    """One reason in words, with the facts it stands on."""

    code = serializers.CharField()
    text = serializers.CharField()
    facts = serializers.JSONField()


class MatchShape(Shape):
    """One creator's place, and why."""

    rank = serializers.IntegerField()
    creator = NamedShape()
    score = serializers.FloatField()
    parts = serializers.JSONField()
    reasons = ReasonShape(many=True)
    doubt = serializers.CharField()
    change = serializers.CharField()
    distance_km = serializers.FloatField(allow_null=True)
    price_minor = serializers.IntegerField(allow_null=True)


class MatchRunShape(Shape):
    """A ranking of the pool, finished or under way."""

    id = serializers.CharField(source="public_id")
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    pool_size = serializers.IntegerField()
    filtered = serializers.JSONField()
    nobody = serializers.SerializerMethodField(help_text="Why nobody passed every filter, and what to loosen.")
    error = serializers.CharField()

    def get_nobody(self, run: MatchRun) -> str:
        return why_nobody(run.filtered)


class MatchesShape(MatchRunShape):
    """The newest finished ranking with its rows."""

    matches = MatchShape(many=True)
