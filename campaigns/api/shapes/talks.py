"""Invitations, applications and offers, as the API shows them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from campaigns.api.shapes.basic import MoneyShape, NamedShape, Shape, ThingShape
from campaigns.api.shapes.briefs import DeliverableShape
from campaigns.models import Offer
from campaigns.terms import differences


class BetweenShape(ThingShape):
    """What stands between a campaign and a creator."""

    campaign = NamedShape()
    business = NamedShape(source="campaign.business")
    creator = NamedShape()
    expires_at = serializers.DateTimeField()


class InvitationShape(BetweenShape):
    """A business asks a creator."""

    message = serializers.CharField()


class ApplicationShape(BetweenShape):
    """A creator asks to join."""

    message = serializers.CharField()
    price_minor = serializers.IntegerField(allow_null=True)
    currency = serializers.CharField()
    state_reason = serializers.CharField()


class AgreedBriefShape(Shape):
    """The brief as it goes with a version of the terms, and is signed with it."""

    title = serializers.CharField(default="")
    product = serializers.CharField(default="")
    message = serializers.CharField(default="")
    dos = serializers.CharField(default="")
    donts = serializers.CharField(default="")


class TermsShape(Shape):
    """One version of the terms."""

    number = serializers.IntegerField()
    side = serializers.CharField()
    by = serializers.CharField(source="by.name")
    at = serializers.DateTimeField()
    fee = MoneyShape()
    deliverables = DeliverableShape(many=True)
    due_on = serializers.DateField()
    publish_on = serializers.DateField(allow_null=True)
    usage_days = serializers.IntegerField()
    usage_paid_ads = serializers.BooleanField()
    product = serializers.CharField()
    disclosure = serializers.CharField()
    note = serializers.CharField()
    brief = AgreedBriefShape()


class DifferenceShape(Shape):
    """One line that is not the same as in the version before."""

    label = serializers.CharField()  # type: ignore[assignment]
    before = serializers.CharField()
    after = serializers.CharField()


class OfferShape(BetweenShape):
    """An offer with the terms on the table and what changed since the version before."""

    version = serializers.IntegerField()
    signed_by = serializers.CharField(source="signed_by.name")
    signed_at = serializers.DateTimeField()
    terms = serializers.SerializerMethodField()
    differences = serializers.SerializerMethodField()
    state_reason = serializers.CharField()

    @extend_schema_field(TermsShape)
    def get_terms(self, offer: Offer) -> dict[str, Any]:
        return dict(TermsShape(self._version(offer, offer.version)).data)

    @extend_schema_field(DifferenceShape(many=True))
    def get_differences(self, offer: Offer) -> Any:
        if offer.version == 1:
            return []
        changed = differences(self._version(offer, offer.version - 1), self._version(offer, offer.version))
        return DifferenceShape(changed, many=True).data

    def _version(self, offer: Offer, number: int) -> Any:
        return next(terms for terms in offer.terms.all() if terms.number == number)
