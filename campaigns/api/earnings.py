"""What you earned as a creator, and sending it to your bank."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns.api.inputs import MinimumIn, PayOutIn
from campaigns.api.shapes.earnings import AddressShape, EarningsShape, PayoutShape, QuoteShape, YearShape
from campaigns.api.verbs import Things
from campaigns.services import earnings
from campaigns.services.statements import Year, year_of
from creators.models import Creator
from marketplace.kit.api import Cursor
from marketplace.kit.money import Money
from payments.models import Payout
from payments.reads import earnings as earned
from payments.reads import owed
from payments.words import needs


class EarningsViewSet(Things):
    """Where your money is: secured, on its way, available, paid out."""

    serializer_class = EarningsShape
    queryset = Creator.objects.none()
    pagination_class = None

    def get_queryset(self) -> QuerySet[Creator]:
        return Creator.objects.owned_by(self.request.user).select_related("account", "user")

    @extend_schema(responses=EarningsShape)
    def list(self, request: Request) -> Response:
        account = earnings.account_of(self.creator, by=self.person)
        shown: dict[str, Any] = vars_of(earned(account)) | {"requirements": account.requirements}
        shown |= {"may_receive": account.transfers_active, "may_be_paid_out": account.payouts_enabled}
        shown |= {"needs": needs(account.requirements), "owed": owed(account), "minimum": account.payout_minimum}
        shown["paused_until"] = account.payouts_paused_until if account.is_paused else None
        return Response(EarningsShape(shown).data)

    @extend_schema(responses=PayoutShape(many=True))
    @action(detail=False, methods=["get"], pagination_class=Cursor)
    def payouts(self, request: Request) -> Response:
        mine = Payout.objects.for_accounts([earnings.account_of(self.creator, by=self.person)])
        rows = mine.select_related("bank_account")
        return self.get_paginated_response(PayoutShape(self.paginate_queryset(rows), many=True).data)

    @extend_schema(responses=YearShape, parameters=[OpenApiParameter("year", int, OpenApiParameter.PATH)])
    @action(detail=False, methods=["get"], url_path="years/(?P<year>[0-9]{4})")
    def statement(self, request: Request, year: str) -> Response:
        """What a year was, by month and by payment, as the books have it."""
        found = year_of(self.creator, int(year), by=self.person)
        if found is None:
            raise Http404
        return Response(YearShape(_shown(found)).data)

    @extend_schema(request=None, responses=AddressShape)
    @action(detail=False, methods=["post"])
    def onboard(self, request: Request) -> Response:
        return Response({"url": earnings.start_onboarding(self.creator, by=self.person)})

    @extend_schema(responses=QuoteShape(many=True))
    @action(detail=False, methods=["get"], pagination_class=None)
    def quotes(self, request: Request) -> Response:
        return Response(QuoteShape(earnings.quote_payouts(self.creator, by=self.person), many=True).data)

    @extend_schema(request=PayOutIn, responses={201: PayoutShape})
    @action(detail=False, methods=["post"])
    def pay_out(self, request: Request) -> Response:
        payout = earnings.request_payout(self.creator, by=self.person, **self.given(PayOutIn))
        return Response(PayoutShape(payout).data, status=201)

    @extend_schema(request=MinimumIn, responses=EarningsShape)
    @action(detail=False, methods=["post"])
    def minimum(self, request: Request) -> Response:
        account = earnings.account_of(self.creator, by=self.person)
        least = Money(self.given(MinimumIn)["minimum_minor"], account.currency)
        earnings.set_minimum(self.creator, least, by=self.person)
        return self.list(request)

    @property
    def creator(self) -> Creator:
        found = self.get_queryset().first()
        if found is None:
            raise Http404
        return found


def vars_of(money: Any) -> dict[str, Any]:
    """The sums of a payee by name."""
    return {name: getattr(money, name) for name in ("secured", "on_its_way", "available", "paying_out", "paid_out")}


def _shown(year: Year) -> dict[str, Any]:
    """A year with the collaboration beside each payment."""

    def payment(key: str, sums: Any) -> dict[str, Any]:
        room = year.works.get(key)
        known = {"collaboration": room.public_id if room else None, "title": year.titles.get(key, "")}
        return {"payment": key, "sums": sums, **known}

    names = ("currency", "opening", "closing", "owed", "unexplained", "total", "movements")
    statements = [
        {name: getattr(one, name) for name in names}
        | {"months": [{"month": month, "sums": sums} for month, sums in one.months]}
        | {"payments": [payment(key, sums) for key, sums in one.payments]}
        for one in year.statements
    ]
    return {"year": year.year, "years": year.years, "time_zone": "UTC", "statements": statements}
