"""Campaigns: the brief, its life, who fits it."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns import shortlist
from campaigns.api.inputs import BriefIn, CampaignIn, FundIn, ItemsIn, ReasonIn, items_of
from campaigns.api.plans import PlanIn, ProveIn
from campaigns.api.shapes.basic import ActivityShape, UrlShape
from campaigns.api.shapes.briefs import CampaignShape, MatchesShape, MatchRunShape
from campaigns.api.shapes.directions import ChoiceShape
from campaigns.api.shapes.money import PurseShape
from campaigns.api.shapes.plans import PlanShape, ProofShape, plan_facts
from campaigns.api.verbs import Readable, creates, verb
from campaigns.budget import left_of
from campaigns.models import Activity, Campaign, Match, PlanProof
from campaigns.moves import actions
from campaigns.policies import VIEWER, require
from campaigns.services import briefs, funding, matches
from campaigns.services.plans import make_plan, prove_plan
from creators.models import Creator
from marketplace.kit.api import Latest, refuse_unknown
from marketplace.kit.money import Money
from payments.reads import method_costs

RECOMMENDED = 100
MONEY_VERBS = {"fund", "return_money"}


class CampaignViewSet(Readable):
    """Open campaigns, and in any state those you run or are part of."""

    serializer_class = CampaignShape
    queryset = Campaign.objects.none()

    def get_queryset(self) -> QuerySet[Campaign]:
        found = Campaign.objects.visible_to(self.request.user)
        if self.action == "wallet":
            return found.select_related("business", "wallet")
        return found.select_related("business", "town").prefetch_related("niches", "deliverables")

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        if args and args[0] is not None:
            wanted = args[0] if kwargs.get("many") else [args[0]]
            kwargs["context"] = {**self.get_serializer_context(), "left": left_of(wanted)}
        return super().get_serializer(*args, **kwargs)

    @extend_schema(responses=ChoiceShape)
    @action(detail=False, methods=["get"])
    def recommended(self, request: Request) -> Response:
        """Open campaigns for you as a creator, best first, with reasons; and why others are missing."""
        creator = get_object_or_404(Creator.objects.owned_by(self.person))
        campaigns = shortlist.open_to(creator)
        choice = shortlist.choose(creator, campaigns)
        best = list(choice.found)[:RECOMMENDED]
        named = {row.pk: row for row in campaigns.select_related("business", "town").filter(pk__in=best)}
        shown = {
            "hidden": choice.hidden,
            "why_hidden": shortlist.why_hidden(choice),
            "results": [{"campaign": named[pk], "one": choice.found[pk]} for pk in best if pk in named],
        }
        return Response(ChoiceShape(shown).data)

    @creates(CampaignIn, CampaignShape)
    def create(self, request: Request) -> Response:
        return self.shown(briefs.create_campaign(by=self.person, **self.given(CampaignIn)), status=201)

    @extend_schema(request=BriefIn, responses=CampaignShape)
    def partial_update(self, request: Request, public_id: str) -> Response:
        fields = self.given(BriefIn, partial=True)
        return self.shown(briefs.edit_campaign(self.get_object(), by=self.person, **fields))

    @verb(ItemsIn, CampaignShape)
    def deliverables(self, request: Request, public_id: str) -> Response:
        items = items_of(self.given(ItemsIn)["deliverables"])
        briefs.set_deliverables(campaign := self.get_object(), items=items, by=self.person)
        return self.shown(campaign)

    @verb(None, CampaignShape)
    def submit(self, request: Request, public_id: str) -> Response:
        return self.shown(briefs.submit_campaign(self.get_object(), by=self.person))

    @verb(None, CampaignShape)
    def pause(self, request: Request, public_id: str) -> Response:
        return self.shown(briefs.pause_campaign(self.get_object(), by=self.person))

    @verb(None, CampaignShape)
    def resume(self, request: Request, public_id: str) -> Response:
        return self.shown(briefs.resume_campaign(self.get_object(), by=self.person))

    @verb(None, CampaignShape)
    def complete(self, request: Request, public_id: str) -> Response:
        return self.shown(briefs.complete_campaign(self.get_object(), by=self.person))

    @verb(ReasonIn, CampaignShape)
    def cancel(self, request: Request, public_id: str) -> Response:
        return self.shown(briefs.cancel_campaign(self.get_object(), by=self.person, **self.given(ReasonIn)))

    @verb(None, CampaignShape)
    def archive(self, request: Request, public_id: str) -> Response:
        return self.shown(briefs.archive_campaign(self.get_object(), by=self.person))

    @extend_schema(responses=PurseShape)
    @action(detail=True, methods=["get"])
    def wallet(self, request: Request, public_id: str) -> Response:
        campaign = self.get_object()
        require(self.standing, campaign, VIEWER)
        purse = funding.purse_of(campaign)
        wanted = funding.to_fund(campaign, purse)
        shown = {
            "purse": purse,
            "to_fund": wanted,
            "costs": method_costs(wanted, country=campaign.business.country),
            "actions": [move for move in actions(campaign, by=self.standing) if move.verb in MONEY_VERBS],
        }
        return Response(PurseShape(shown).data)

    @verb(FundIn, UrlShape)
    def fund(self, request: Request, public_id: str) -> Response:
        campaign = self.get_object()
        amount = Money(self.given(FundIn)["amount_minor"], campaign.currency)
        return Response({"url": funding.fund_campaign(campaign, amount=amount, by=self.person)})

    @verb(None, CampaignShape)
    def return_money(self, request: Request, public_id: str) -> Response:
        return self.shown(funding.return_money(self.get_object(), by=self.person))

    @extend_schema(request=None, responses={202: MatchRunShape})
    @action(detail=True, methods=["post"])
    def match(self, request: Request, public_id: str) -> Response:
        run = matches.request_matches(self.get_object(), by=self.person)
        return Response(MatchRunShape(run).data, status=202)

    @extend_schema(responses=MatchesShape(allow_null=True))
    @action(detail=True, methods=["get"])
    def matches(self, request: Request, public_id: str) -> Response:
        campaign = self.get_object()
        require(self.person, campaign, VIEWER)
        run = shortlist.newest_run(campaign)
        if run is None:
            return Response(None)
        rows = Prefetch(
            "matches", Match.objects.visible_to(self.person).select_related("creator").defer("creator__words")
        )
        shown = campaign.match_runs.prefetch_related(rows).get(pk=run.pk)
        matches.see_matches(shown, list(shown.matches.all()))
        return Response(MatchesShape(shown).data)

    @extend_schema(parameters=[PlanIn], responses=PlanShape)
    @action(detail=True, methods=["get"])
    def plan(self, request: Request, public_id: str) -> Response:
        campaign = self.get_object()
        refuse_unknown(request.query_params, PlanIn().fields)
        asked = PlanIn(data=request.query_params, context={"currency": campaign.currency})
        asked.is_valid(raise_exception=True)
        return Response(PlanShape(plan_facts(make_plan(campaign, asked.wanted(), by=self.standing))).data)

    @extend_schema(request=ProveIn, responses={202: ProofShape})
    @action(detail=True, methods=["post"])
    def prove(self, request: Request, public_id: str) -> Response:
        """Have the best possible plan computed for this question; `proof` has the answer within half a minute."""
        campaign = self.get_object()
        asked = ProveIn(data=request.data, context={"currency": campaign.currency})
        asked.is_valid(raise_exception=True)
        proof = prove_plan(campaign, asked.wanted(), by=self.standing)
        return Response(ProofShape(proof).data, status=202)

    @extend_schema(responses=ProofShape(allow_null=True))
    @action(detail=True, methods=["get"])
    def proof(self, request: Request, public_id: str) -> Response:
        """The newest proof of a plan, finished or not; null when none was asked for."""
        campaign = self.get_object()
        require(self.standing, campaign, VIEWER)
        rows = PlanProof.objects.visible_to(self.person).filter(campaign=campaign)
        newest = rows.select_related("campaign").first()
        return Response(None if newest is None else ProofShape(newest).data)

    @extend_schema(responses=ActivityShape(many=True))
    @action(detail=True, methods=["get"], pagination_class=Latest)
    def activity(self, request: Request, public_id: str) -> Response:
        campaign = self.get_object()
        require(self.person, campaign, VIEWER)
        rows = Activity.objects.visible_to(self.person).filter(campaign=campaign).select_related("by")
        return self.get_paginated_response(ActivityShape(self.paginate_queryset(rows), many=True).data)
