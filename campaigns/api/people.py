"""Businesses, their people, what one was told, and who one is."""

from types import SimpleNamespace
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from campaigns.api.inputs import BusinessEditIn, BusinessIn, InviteIn, RoleIn, TokenIn
from campaigns.api.shapes.people import BusinessShape, InviteShape, MemberShape, MeShape, NoticeShape
from campaigns.api.verbs import Readable, creates, verb
from campaigns.models import Business, Invite, Member
from campaigns.services import teams
from creators.models import Creator
from marketplace.notices.models import Notice
from marketplace.notices.services import mark_read
from marketplace.users.requests import person


class BusinessViewSet(Readable):
    """The businesses you belong to."""

    serializer_class = BusinessShape
    queryset = Business.objects.none()

    def get_queryset(self) -> QuerySet[Business]:
        return Business.objects.visible_to(self.request.user)

    @creates(BusinessIn, BusinessShape)
    def create(self, request: Request) -> Response:
        return self.shown(teams.create_business(self.person, **self.given(BusinessIn)), status=201)

    @verb(BusinessEditIn, BusinessShape)
    def edit(self, request: Request, public_id: str) -> Response:
        business = self.get_object()
        said = self.given(BusinessEditIn)
        return self.shown(teams.edit_business(business, town=business.town, by=self.person, **said))

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def leave(self, request: Request, public_id: str) -> Response:
        teams.leave(self.get_object(), by=self.person)
        return Response(status=204)


class MemberViewSet(Readable):
    """The people of your businesses."""

    serializer_class = MemberShape
    queryset = Member.objects.none()

    def get_queryset(self) -> QuerySet[Member]:
        return Member.objects.visible_to(self.request.user).select_related("business", "user")

    @verb(RoleIn, MemberShape)
    def change_role(self, request: Request, public_id: str) -> Response:
        return self.shown(teams.change_role(self.get_object(), by=self.person, **self.given(RoleIn)))

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def remove(self, request: Request, public_id: str) -> Response:
        teams.remove_member(self.get_object(), by=self.person)
        return Response(status=204)


class InviteViewSet(Readable):
    """Seats offered to e-mail addresses by your businesses."""

    serializer_class = InviteShape
    queryset = Invite.objects.none()

    def get_queryset(self) -> QuerySet[Invite]:
        return Invite.objects.visible_to(self.request.user).select_related("business")

    @creates(InviteIn, InviteShape)
    def create(self, request: Request) -> Response:
        return self.shown(teams.invite_member(by=self.person, **self.given(InviteIn)), status=201)

    @verb(None, InviteShape)
    def withdraw(self, request: Request, public_id: str) -> Response:
        teams.withdraw_invite(invite := self.get_object(), by=self.person)
        return self.shown(invite)

    @extend_schema(request=TokenIn, responses=MemberShape)
    @action(detail=False, methods=["post"])
    def accept(self, request: Request) -> Response:
        member = teams.accept_invite(self.given(TokenIn)["token"], by=self.person)
        return Response(MemberShape(member, context=self.get_serializer_context()).data)


class NoticeViewSet(Readable):
    """What you were told, newest first."""

    serializer_class = NoticeShape
    queryset = Notice.objects.none()

    def get_queryset(self) -> QuerySet[Notice]:
        return Notice.objects.visible_to(self.person)

    @extend_schema(request=None, responses={204: None})
    @action(detail=False, methods=["post"])
    def read(self, request: Request) -> Response:
        mark_read(self.person)
        return Response(status=204)


class MeView(APIView):
    """Who you are here."""

    @extend_schema(responses=MeShape)
    def get(self, request: Request) -> Response:
        user = person(request)
        me: dict[str, Any] = {name: getattr(user, name) for name in ("public_id", "name", "email", "time_zone")}
        me["teams"] = list(Member.objects.owned_by(user).select_related("business", "user"))
        me["creator"] = Creator.objects.owned_by(user).first()
        me["unread"] = Notice.objects.visible_to(user).unread().count()
        return Response(MeShape(SimpleNamespace(**me)).data)
