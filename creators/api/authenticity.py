"""The authenticity score as JSON, with its band, parts, history and the creator's answer."""

from typing import Any, cast

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from creators.models import AuthenticityRecord, Creator
from creators.services.authenticity import ANSWER_MAX, answer_authenticity, authenticity_of
from marketplace.hooks.idempotency import Idempotent
from marketplace.kit.conditional import Conditional
from marketplace.users.models import User


class AuthenticityPart(serializers.Serializer[Any]):
    """One sign: what it adds to the score of 50, and why, in a sentence."""

    name = serializers.CharField()
    points = serializers.FloatField()
    standing = serializers.ChoiceField(choices=["for", "usual", "against", "unknown"])
    text = serializers.CharField()


class AuthenticityDay(serializers.ModelSerializer[AuthenticityRecord]):
    """The score of one day: 0–100, 50 is usual; `low`–`high` is its 80 % band."""

    class Meta:
        model = AuthenticityRecord
        fields = ["made_on", "version", "score", "low", "high", "low95", "high95", "is_enough", "posts", "comments"]


class AuthenticitySerializer(serializers.Serializer[Any]):
    """The newest score with its parts, older ones, and the creator's answer. Everything is null before the first."""

    latest = AuthenticityDay(allow_null=True)
    parts = AuthenticityPart(many=True)
    improvements = serializers.ListField(child=serializers.CharField())
    history = AuthenticityDay(many=True)
    answer = serializers.CharField(allow_null=True)
    answer_checked_at = serializers.DateTimeField(allow_null=True)


class AnswerInput(serializers.Serializer[Any]):
    """What stands beside the score; empty takes it away."""

    answer = serializers.CharField(max_length=ANSWER_MAX, allow_blank=True)


def authenticity_row(creator: Creator) -> dict[str, Any]:
    """A creator's authenticity as JSON."""
    records = authenticity_of(creator)
    latest = records[0] if records else None
    answer = getattr(creator, "authenticity_answer", None)
    said = {
        "latest": latest,
        "parts": latest.parts if latest else [],
        "improvements": latest.improvements if latest else [],
        "history": records,
        "answer": answer.text if answer else None,
        "answer_checked_at": answer.checked_at if answer else None,
    }
    return dict(AuthenticitySerializer(said).data)


class AnswerView(Idempotent, Conditional):
    """One's own score, and what one says to it."""

    serializer_class = AuthenticitySerializer

    def get_queryset(self) -> QuerySet[Creator]:
        mine = Creator.objects.owned_by(self.request.user).defer("words", "post_words")
        return mine.select_related("authenticity_answer")

    def get(self, request: Request) -> Response:
        return Response(authenticity_row(get_object_or_404(self.get_queryset())))

    @extend_schema(request=AnswerInput, responses=AuthenticitySerializer)
    def put(self, request: Request) -> Response:
        creator = get_object_or_404(self.get_queryset())
        asked = AnswerInput(data=request.data)
        asked.is_valid(raise_exception=True)
        answer_authenticity(creator, text=asked.validated_data["answer"], by=cast(User, request.user))
        return Response(authenticity_row(get_object_or_404(self.get_queryset())))
