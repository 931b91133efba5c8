"""One story on its stage: its people, and the rows it makes."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, cast

from django.db.models import Model
from django.utils import timezone

from campaigns.models import Application, Campaign, Collaboration, Invitation, Offer
from campaigns.terms import Draft
from creators.models import Creator
from marketplace.demo.posting import items_of
from marketplace.demo.shapes import DemoCampaign, DemoCreator, Step
from marketplace.demo.till import Till
from marketplace.kit.money import Money
from marketplace.users.models import User

UGC = "ugc"


@dataclass(slots=True)
class Scene:
    """One story with its people and the rows it makes; ``till`` is None where nobody may pay."""

    demo: DemoCampaign
    campaign: Campaign
    told_of: DemoCreator
    creator: Creator
    owner: User
    admin: User
    till: Till | None
    rows: dict[type[Model], Any] = field(default_factory=dict)

    def keep(self, row: Model) -> None:
        self.rows[type(row)] = row

    @property
    def artist(self) -> User:
        user = self.creator.user
        if user is None:
            raise LookupError(f"{self.creator.handle} has no login")
        return user

    @property
    def application(self) -> Application:
        return cast(Application, self.rows[Application])

    @property
    def invitation(self) -> Invitation:
        return cast(Invitation, self.rows[Invitation])

    @property
    def offer(self) -> Offer:
        return cast(Offer, self.rows[Offer])

    @property
    def collaboration(self) -> Collaboration:
        return cast(Collaboration, self.rows[Collaboration])

    def terms(self, step: Step) -> Draft:
        """The brief as terms, at this step's price; content that is not published has no day for it."""
        due_on = timezone.localdate() + timedelta(days=6)
        published = any(item.kind != UGC for item in self.demo.deliverables)
        return Draft(
            fee=Money(step.price_minor, self.campaign.currency),
            deliverables=items_of(self.demo),
            due_on=due_on,
            publish_on=due_on + timedelta(days=4) if published else None,
            usage_days=self.demo.usage_days,
            product=self.demo.product if self.demo.product_value_minor else "",
            disclosure="#ad",
            note=step.text,
        )
