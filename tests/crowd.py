"""Many of everything, for tests that compare pages of one row with pages of fifty."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from campaigns.models import Application, Campaign, Collaboration, Invitation, Match, MatchRun, Member, Saved
from campaigns.services.invitations import apply_to_campaign, invite_creator
from campaigns.services.offers import accept_offer, send_offer
from creators.models import Creator
from marketplace.kit.models import new_public_id
from marketplace.notices.models import Notice
from tests import cast as people
from tests.cast import Cast


@dataclass
class Crowd:
    """One of everything, and a way to get more: on Mina's desk, on the bakery's, and on one campaign."""

    cast: Cast
    campaign: Campaign
    room: Collaboration
    invitation: Invitation
    application: Application
    run: MatchRun

    def grow(self, more: int) -> None:
        """That many more of each."""
        for number in range(more):
            self._for_mina()
            self._for_the_campaign(number)
            clone(Notice.objects.filter(user=self.cast.owner)[0])
            clone(Notice.objects.filter(user=self.cast.mina)[0])
            helper = people.person(f"Helper {number}")
            Member.objects.create(business=self.cast.bakery, user=helper, role="viewer")
            people.campaign(self.cast, business=self.cast.other_business, made_by=self.cast.other_owner)

    def _for_mina(self) -> None:
        campaign = clone(self.campaign)
        campaign.niches.add(self.cast.baking)
        clone(self.invitation, campaign=campaign)
        clone(self.application, campaign=campaign)
        self._agree(campaign, self.cast.mina_profile)

    def _for_the_campaign(self, number: int) -> None:
        creator = people.creator(None, f"maker-{number}")
        clone(self.invitation, creator=creator)
        clone(self.application, creator=creator)
        self._agree(self.campaign, creator)
        Saved.objects.create(campaign=self.campaign, creator=creator)
        _match(self.run, creator, number + 2)

    def _agree(self, campaign: Campaign, creator: Creator) -> None:
        offer = clone(self.room.offer, campaign=campaign, creator=creator)
        terms = self.room.offer.terms.get()
        terms.pk, terms.offer = None, offer
        terms.save()
        clone(self.room, offer=offer, hold=clone(self.room.hold))
        countered = clone(offer, state="countered")
        terms.pk, terms.offer = None, countered
        terms.save()


def make_crowd(cast: Cast) -> Crowd:
    """One of everything."""
    campaign = people.campaign(cast, budget_minor=90_000_000, title="Fifty loaves")
    invitation = invite_creator(campaign, cast.mina_profile, message="Hello", by=cast.manager)
    application = apply_to_campaign(campaign, message="Hello", by=cast.mina)
    offer = send_offer(campaign, cast.mina_profile, terms=people.draft(), by=cast.manager)
    room = accept_offer(offer, version=1, signature="Mina Park", by=cast.mina)
    run = MatchRun.objects.create(campaign=campaign, brief_hash="0" * 64, finished_at=timezone.now(), pool_size=50)
    _match(run, cast.mina_profile, 1)
    Saved.objects.create(campaign=campaign, creator=cast.mina_profile)
    for user in (cast.owner, cast.mina):
        Notice.objects.create(user=user, kind="test", text="News", url="/")
    people.campaign(cast, business=cast.other_business, made_by=cast.other_owner)
    crowd = Crowd(cast, campaign, room, invitation, application, run)
    crowd._agree(people.campaign(cast), cast.mina_profile)
    return crowd


def clone(row: Any, **changes: Any) -> Any:
    """The same row once more under a new id, with these columns changed."""
    made = copy.copy(row)
    made._state = copy.copy(row._state)
    made.pk, made.public_id, made._state.adding = None, new_public_id(), True
    for name, value in changes.items():
        setattr(made, name, value)
    made.save()
    return made


def _match(run: MatchRun, creator: Creator, rank: int) -> None:
    parts = {"niche": {"value": 1.0, "weight": 1.0, "points": 90.0}}
    reasons = [{"code": "niche", "text": "Bakes.", "facts": {}}]
    Match.objects.create(run=run, creator=creator, rank=rank, score=90, parts=parts, reasons=reasons)
