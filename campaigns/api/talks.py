"""How they meet and agree: invitations, applications, offers."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns.api.inputs import (
    AnswerIn,
    ApplicationIn,
    InvitationIn,
    OfferIn,
    ReasonIn,
    SignatureIn,
    TermsIn,
    VersionIn,
    draft_of,
)
from campaigns.api.shapes.talks import ApplicationShape, InvitationShape, OfferShape, TermsShape
from campaigns.api.shapes.work import CollaborationShape
from campaigns.api.verbs import Readable, creates, verb
from campaigns.models import Application, Invitation, Offer
from campaigns.services import invitations, offers
from marketplace.kit.money import Money
from marketplace.users.requests import address


class InvitationViewSet(Readable):
    """Invitations your campaigns sent, or you were sent."""

    serializer_class = InvitationShape
    queryset = Invitation.objects.none()

    def get_queryset(self) -> QuerySet[Invitation]:
        return Invitation.objects.visible_to(self.request.user).select_related("campaign__business", "creator")

    @creates(InvitationIn, InvitationShape)
    def create(self, request: Request) -> Response:
        return self.shown(invitations.invite_creator(by=self.person, **self.given(InvitationIn)), status=201)

    @verb(None, InvitationShape)
    def view(self, request: Request, public_id: str) -> Response:
        return self.shown(invitations.view_invitation(self.get_object(), by=self.person))

    @verb(None, InvitationShape)
    def accept(self, request: Request, public_id: str) -> Response:
        return self.shown(invitations.accept_invitation(self.get_object(), by=self.person))

    @verb(ReasonIn, InvitationShape)
    def decline(self, request: Request, public_id: str) -> Response:
        return self.shown(invitations.decline_invitation(self.get_object(), by=self.person, **self.given(ReasonIn)))

    @extend_schema(request=TermsIn, responses={201: OfferShape})
    @action(detail=True, methods=["post"])
    def offer(self, request: Request, public_id: str) -> Response:
        terms = draft_of(self.given(TermsIn))
        made = offers.answer_invitation(self.get_object(), terms=terms, by=self.person)
        return Response(OfferShape(made, context=self.get_serializer_context()).data, status=201)

    @verb(None, InvitationShape)
    def withdraw(self, request: Request, public_id: str) -> Response:
        return self.shown(invitations.withdraw_invitation(self.get_object(), by=self.person))


class ApplicationViewSet(Readable):
    """Applications to your campaigns, or your own."""

    serializer_class = ApplicationShape
    queryset = Application.objects.none()

    def get_queryset(self) -> QuerySet[Application]:
        return Application.objects.visible_to(self.request.user).select_related("campaign__business", "creator")

    @creates(ApplicationIn, ApplicationShape)
    def create(self, request: Request) -> Response:
        data = self.given(ApplicationIn)
        campaign, minor = data["campaign"], data.get("price_minor")
        price = Money(minor, campaign.currency) if minor is not None else None
        made = invitations.apply_to_campaign(campaign, message=data["message"], price=price, by=self.person)
        return self.shown(made, status=201)

    @verb(None, ApplicationShape)
    def shortlist(self, request: Request, public_id: str) -> Response:
        return self.shown(invitations.shortlist_application(self.get_object(), by=self.person))

    @extend_schema(request=TermsIn, responses={201: OfferShape})
    @action(detail=True, methods=["post"])
    def offer(self, request: Request, public_id: str) -> Response:
        terms = draft_of(self.given(TermsIn))
        made = offers.answer_application(self.get_object(), terms=terms, by=self.person)
        return Response(OfferShape(made, context=self.get_serializer_context()).data, status=201)

    @verb(ReasonIn, ApplicationShape)
    def decline(self, request: Request, public_id: str) -> Response:
        return self.shown(invitations.decline_application(self.get_object(), by=self.person, **self.given(ReasonIn)))

    @verb(None, ApplicationShape)
    def withdraw(self, request: Request, public_id: str) -> Response:
        return self.shown(invitations.withdraw_application(self.get_object(), by=self.person))


class OfferViewSet(Readable):
    """Offers your campaigns made, or you were made."""

    serializer_class = OfferShape
    queryset = Offer.objects.none()

    def get_queryset(self) -> QuerySet[Offer]:
        found = Offer.objects.visible_to(self.request.user).prefetch_related("terms__by")
        return found.select_related("campaign__business", "creator", "signed_by")

    @creates(OfferIn, OfferShape)
    def create(self, request: Request) -> Response:
        data = self.given(OfferIn)
        terms = draft_of(data["terms"])
        offer = offers.send_offer(data["campaign"], data["creator"], terms=terms, by=self.person)
        return self.shown(offer, status=201)

    @extend_schema(responses=TermsShape(many=True))
    @action(detail=True, methods=["get"], pagination_class=None)
    def versions(self, request: Request, public_id: str) -> Response:
        return Response(TermsShape(self.get_object().terms.all(), many=True).data)

    @verb(AnswerIn, OfferShape)
    def counter(self, request: Request, public_id: str) -> Response:
        data = self.given(AnswerIn)
        terms, version = draft_of(data["terms"]), data["version"]
        return self.shown(offers.counter_offer(self.get_object(), terms=terms, version=version, by=self.person))

    @verb(VersionIn, OfferShape)
    def take_back(self, request: Request, public_id: str) -> Response:
        return self.shown(offers.take_back_offer(self.get_object(), by=self.person, **self.given(VersionIn)))

    @verb(VersionIn, OfferShape)
    def agree(self, request: Request, public_id: str) -> Response:
        return self.shown(offers.agree_offer(self.get_object(), by=self.person, **self.given(VersionIn)))

    @verb(AnswerIn, OfferShape)
    def revise(self, request: Request, public_id: str) -> Response:
        data = self.given(AnswerIn)
        terms, version = draft_of(data["terms"]), data["version"]
        return self.shown(offers.revise_offer(self.get_object(), terms=terms, version=version, by=self.person))

    @verb(None, OfferShape)
    def extend(self, request: Request, public_id: str) -> Response:
        return self.shown(offers.extend_offer(self.get_object(), by=self.person))

    @verb(ReasonIn, OfferShape)
    def decline(self, request: Request, public_id: str) -> Response:
        return self.shown(offers.decline_offer(self.get_object(), by=self.person, **self.given(ReasonIn)))

    @verb(ReasonIn, OfferShape)
    def withdraw(self, request: Request, public_id: str) -> Response:
        return self.shown(offers.withdraw_offer(self.get_object(), by=self.person, **self.given(ReasonIn)))

    @extend_schema(request=SignatureIn, responses={201: CollaborationShape})
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, public_id: str) -> Response:
        signed = self.given(SignatureIn)
        made = offers.accept_offer(self.get_object(), address=address(request), by=self.person, **signed)
        return Response(CollaborationShape(made, context=self.get_serializer_context()).data, status=201)
