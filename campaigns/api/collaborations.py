"""The agreed work: paid, handed in, reviewed, published."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns.api.inputs import (
    CancelPaidIn,
    ChangesIn,
    LiveIn,
    MessageIn,
    NeededReasonIn,
    ReasonIn,
    ReportIn,
    ReviewIn,
    UploadIn,
    WorkIn,
    changes_of,
)
from campaigns.api.shapes.basic import ActivityShape, UrlShape
from campaigns.api.shapes.work import (
    CollaborationDetailShape,
    CollaborationShape,
    KillFeeShape,
    LedgerShape,
    MessageShape,
    ReviewShape,
    SubmissionShape,
)
from campaigns.api.verbs import Readable, Things, verb
from campaigns.models import Activity, Collaboration, Message
from campaigns.services import cancelling, conversation, ending, reviews, work
from marketplace.kit.api import Cursor, Latest
from payments.reads import story

WITHOUT_WORK = frozenset({"list", "messages", "write", "review", "reviews"})
TOGETHER = ("offer__campaign__business", "offer__creator", "hold")


class CollaborationViewSet(Readable):
    """The agreed work of your businesses, or your own as a creator."""

    queryset = Collaboration.objects.none()

    def get_serializer_class(self) -> Any:
        return CollaborationShape if self.action == "list" else CollaborationDetailShape

    def get_queryset(self) -> QuerySet[Collaboration]:
        found = Collaboration.objects.visible_to(self.request.user).select_related(*TOGETHER)
        return (
            found
            if self.action in ("list", "messages", "write", "review", "reviews")
            else found.prefetch_related("submissions__review_notes")
        )

    @verb(None, UrlShape)
    def pay(self, request: Request, public_id: str) -> Response:
        return Response({"url": work.pay(self.get_object(), by=self.person)})

    @verb(WorkIn, SubmissionShape)
    def submit(self, request: Request, public_id: str) -> Response:
        return self._handed_in(self.given(WorkIn))

    @extend_schema(request={"multipart/form-data": UploadIn}, responses=SubmissionShape)
    @action(detail=True, methods=["post"], parser_classes=[MultiPartParser])
    def upload(self, request: Request, public_id: str) -> Response:
        return self._handed_in(self.given(UploadIn))

    def _handed_in(self, data: dict[str, Any]) -> Response:
        submission = work.submit_work(self.get_object(), by=self.person, **data)
        return Response(SubmissionShape(submission).data)

    @verb(ChangesIn, CollaborationDetailShape)
    def request_changes(self, request: Request, public_id: str) -> Response:
        changes = changes_of(self.given(ChangesIn))
        work.request_changes(collaboration := self.get_object(), changes=changes, by=self.person)
        return self.shown(collaboration)

    @verb(None, CollaborationDetailShape)
    def approve(self, request: Request, public_id: str) -> Response:
        return self.shown(work.approve_work(self.get_object(), by=self.person))

    @verb(LiveIn, CollaborationDetailShape)
    def mark_live(self, request: Request, public_id: str) -> Response:
        return self.shown(work.mark_live(self.get_object(), by=self.person, **self.given(LiveIn)))

    @verb(None, CollaborationDetailShape)
    def accept_live(self, request: Request, public_id: str) -> Response:
        return self.shown(work.accept_live(self.get_object(), by=self.person))

    @verb(NeededReasonIn, CollaborationDetailShape)
    def cancel(self, request: Request, public_id: str) -> Response:
        return self.shown(ending.cancel(self.get_object(), by=self.person, **self.given(NeededReasonIn)))

    @verb(NeededReasonIn, CollaborationDetailShape)
    def call_off(self, request: Request, public_id: str) -> Response:
        return self.shown(ending.call_off(self.get_object(), by=self.person, **self.given(NeededReasonIn)))

    @verb(ReasonIn, CollaborationDetailShape)
    def cancel_late(self, request: Request, public_id: str) -> Response:
        return self.shown(ending.cancel_late(self.get_object(), by=self.person, **self.given(ReasonIn)))

    @verb(None, CollaborationDetailShape)
    def begin(self, request: Request, public_id: str) -> Response:
        return self.shown(cancelling.begin(self.get_object(), by=self.person))

    @extend_schema(responses=KillFeeShape)
    @action(detail=True, methods=["get"])
    def kill_fee(self, request: Request, public_id: str) -> Response:
        return Response(KillFeeShape(cancelling.kill_fee(self.get_object())).data)

    @verb(CancelPaidIn, CollaborationDetailShape)
    def cancel_paid(self, request: Request, public_id: str) -> Response:
        return self.shown(cancelling.cancel_paid(self.get_object(), by=self.person, **self.given(CancelPaidIn)))

    @extend_schema(responses=LedgerShape(many=True))
    @action(detail=True, methods=["get"], pagination_class=None)
    def ledger(self, request: Request, public_id: str) -> Response:
        return Response(LedgerShape(story(self.get_object().hold), many=True).data)

    @extend_schema(responses=ActivityShape(many=True))
    @action(detail=True, methods=["get"], pagination_class=Latest)
    def activity(self, request: Request, public_id: str) -> Response:
        rows = Activity.objects.visible_to(self.person).filter(collaboration=self.get_object()).select_related("by")
        return self.get_paginated_response(ActivityShape(self.paginate_queryset(rows), many=True).data)

    @extend_schema(responses=MessageShape(many=True))
    @action(detail=True, methods=["get"], pagination_class=Cursor)
    def messages(self, request: Request, public_id: str) -> Response:
        rows = self.get_object().messages.select_related("by")
        return self.get_paginated_response(MessageShape(self.paginate_queryset(rows), many=True).data)

    @verb(MessageIn, MessageShape)
    def write(self, request: Request, public_id: str) -> Response:
        made = conversation.write_message(self.get_object(), by=self.person, **self.given(MessageIn))
        return Response(MessageShape(made).data, status=201)

    @verb(ReviewIn, ReviewShape)
    def review(self, request: Request, public_id: str) -> Response:
        made = reviews.review_work(self.get_object(), by=self.person, **self.given(ReviewIn))
        return Response(ReviewShape(made).data, status=201)

    @extend_schema(responses=ReviewShape(many=True))
    @action(detail=True, methods=["get"], pagination_class=None)
    def reviews(self, request: Request, public_id: str) -> Response:
        room = self.get_object()
        rows = reviews.readable(room, side=reviews.side_among(self.standing.roles(room)))
        return Response(ReviewShape(rows, many=True).data)


class MessageViewSet(Things):
    """Messages of your rooms."""

    serializer_class = MessageShape
    queryset = Message.objects.none()

    def get_queryset(self) -> QuerySet[Message]:
        rows = Message.objects.visible_to(self.request.user).select_related("by")
        return rows.select_related("collaboration__offer__campaign", "collaboration__offer__creator")

    @verb(ReportIn, MessageShape)
    def report(self, request: Request, public_id: str) -> Response:
        message = self.get_object()
        conversation.report_message(message, by=self.person, **self.given(ReportIn))
        return self.shown(message)
