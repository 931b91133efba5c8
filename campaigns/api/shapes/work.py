"""The agreed work, as the API shows it."""

from __future__ import annotations

from rest_framework import serializers

from campaigns.api.shapes.basic import MoneyShape, NamedShape, Shape, ThingShape
from campaigns.models import Message


class NoteShape(Shape):
    """One requested change."""

    item = serializers.CharField()
    text = serializers.CharField()
    at = serializers.DateTimeField()


class SubmissionShape(Shape):
    """Work handed in."""

    id = serializers.CharField(source="public_id")
    number = serializers.IntegerField()
    link = serializers.CharField()
    file_name = serializers.CharField()
    note = serializers.CharField()
    created_at = serializers.DateTimeField()
    reviewed_at = serializers.DateTimeField(allow_null=True)
    changes = NoteShape(source="review_notes", many=True)


class CollaborationShape(ThingShape):
    """The agreed work."""

    offer = serializers.CharField(source="offer.public_id")
    campaign = NamedShape(source="offer.campaign")
    business = NamedShape(source="offer.campaign.business")
    creator = NamedShape(source="offer.creator")
    fee = MoneyShape(source="hold.amount")
    total = MoneyShape(source="hold.total")
    due_at = serializers.DateTimeField(allow_null=True)
    overdue_at = serializers.DateTimeField(allow_null=True)
    revisions = serializers.IntegerField()
    live_url = serializers.CharField()
    signed_as = serializers.CharField()
    signed_at = serializers.DateTimeField()
    contract_hash = serializers.CharField()
    completed_at = serializers.DateTimeField(allow_null=True)
    begun_at = serializers.DateTimeField(allow_null=True)
    kept_minor = serializers.IntegerField(allow_null=True)
    state_reason = serializers.CharField()


class CollaborationDetailShape(CollaborationShape):
    """The agreed work with its contract and everything handed in."""

    contract = serializers.JSONField()
    submissions = SubmissionShape(many=True)


class LedgerShape(Shape):
    """One line of the open ledger: what happened to the money, when, and why."""

    at = serializers.DateTimeField(allow_null=True)
    text = serializers.CharField()
    money = MoneyShape()
    state = serializers.CharField()


class KillFeeShape(Shape):
    """What cancelling the paid work without a cause would do to the money now."""

    rung = serializers.CharField()
    bps = serializers.IntegerField()
    keeps = MoneyShape()
    fee_kept = MoneyShape()
    back = MoneyShape()
    fee_back = MoneyShape()
    total_back = MoneyShape()
    until = serializers.DateTimeField(allow_null=True)


class MessageShape(Shape):
    """What one side wrote to the other. Hidden ones keep their place and lose their text."""

    id = serializers.CharField(source="public_id")
    by = serializers.CharField(source="by.name")
    side = serializers.CharField()
    text = serializers.SerializerMethodField()
    file_name = serializers.CharField()
    leads_away = serializers.BooleanField()
    is_hidden = serializers.SerializerMethodField()
    created_at = serializers.DateTimeField()

    def get_text(self, message: Message) -> str:
        return "" if message.hidden_at else message.text

    def get_is_hidden(self, message: Message) -> bool:
        return message.hidden_at is not None


class ReviewShape(Shape):
    """What one side says of the other; your own before it is published, the other's only after."""

    id = serializers.CharField(source="public_id")
    side = serializers.CharField()
    stars = serializers.IntegerField()
    text = serializers.CharField()
    published_at = serializers.DateTimeField(allow_null=True)
    answer = serializers.CharField()
    answered_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
