"""What a plan is asked for, with everything filled in: kept as JSON, and read back, by whoever answers later."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from campaigns.matching.planning import Limits
from campaigns.models import Campaign
from campaigns.shortlist.candidates import Plannable
from marketplace.kit.money import Money

RISK_OF_THREE_POSTS = 0.15  # how little is known of a rate from three posts, of all that can be unknown


@dataclass(frozen=True)
class Asked:
    """A budget, what counts, and limits. ``local_percent`` is the least share who live around the campaign's town."""

    budget: Money
    goal: str
    least: int
    most: int
    local_percent: int
    every_niche: bool
    only_known: bool

    def stored(self) -> dict[str, Any]:
        """As a row keeps it."""
        return asdict(self) | {"budget": self.budget.minor}

    @classmethod
    def read(cls, stored: dict[str, Any], currency: str) -> Asked:
        """As a row kept it."""
        return cls(**{**stored, "budget": Money(stored["budget"], currency)})


def limits_of(campaign: Campaign, asked: Asked, pool: Plannable) -> Limits:
    """The same as the planning reads it: niches by their number in this pool."""
    slugs = sorted(niche.slug for niche in campaign.niches.all()) if asked.every_niche else []
    number = {name: place for place, name in enumerate(pool.niche_names)}
    return Limits(
        budget_minor=asked.budget.minor,
        least=asked.least,
        most=asked.most,
        local_bps=asked.local_percent * 100,
        niches=tuple(number.get(slug, len(number) + place) for place, slug in enumerate(slugs)),
        risk_most=RISK_OF_THREE_POSTS if asked.only_known else 1.0,
    )
