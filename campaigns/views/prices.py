"""What a creator asks for the work of an offer, and what the offer would cost: what the terms' page shows beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings

from campaigns import budget
from campaigns.checks import pay_floor
from campaigns.models import Application, Campaign, Offer
from campaigns.services.closing import ASKING
from campaigns.terms import Item, item_text
from creators.models import Creator, Rate
from marketplace.kit.money import Money
from payments.minimums import smallest_fee


@dataclass(frozen=True, slots=True)
class Price:
    """One line of work with what the creator's rate card says to it; None when it says nothing."""

    text: str
    price: Money | None


@dataclass(frozen=True, slots=True)
class Asked:
    """A creator's own prices for some work, in the campaign's currency."""

    lines: list[Price]
    floor: Money
    minimum: Money | None
    applied_for: Money | None

    @property
    def total(self) -> Money | None:
        """What all of it costs by the rate card, at least their minimum; None when a line has no price."""
        prices = [line.price for line in self.lines]
        if not prices or None in prices:
            return None
        known = [price for price in prices if price is not None]
        whole = Money(sum(price.minor for price in known), known[0].currency)
        return max(whole, self.minimum, key=lambda money: money.minor) if self.minimum else whole

    def first_fee(self, share: Money | None) -> Money:
        """What to offer first: what they applied for, else their rates, else a share of the budget; fair at least."""
        return max(self.applied_for or self.total or share or self.floor, self.floor, key=lambda money: money.minor)


def asked_by(creator: Creator, campaign: Campaign, items: Sequence[Item]) -> Asked:
    """What this creator asks for these items. Prices in another currency are not guessed at."""
    currency = campaign.currency
    rates = list(creator.rates.filter(currency=currency))
    minimum = creator.minimum_fee_minor if creator.currency == currency else None
    applied = Application.objects.filter(campaign=campaign, creator=creator, state__in=ASKING).order_by().first()
    return Asked(
        lines=[Price(item_text(item), _price(item, rates)) for item in items],
        floor=pay_floor(items, currency),
        minimum=Money(minimum, currency) if minimum else None,
        applied_for=Money(applied.price_minor, currency) if applied and applied.price_minor else None,
    )


def _price(item: Item, rates: Sequence[Rate]) -> Money | None:
    """The price named for this network, else for any."""
    fitting = [rate for rate in rates if rate.kind == item["kind"] and rate.network in ("", item["network"])]
    if not fitting:
        return None
    rate = max(fitting, key=lambda rate: rate.network == item["network"])
    return Money(rate.price_minor * item["count"], rate.currency)


def sum_of(fee: Money | None, campaign: Campaign, *, besides: Offer | None = None) -> dict[str, object]:
    """What the page says about the money of an offer, and what a browser needs to keep it current while one types."""
    left = budget.left(campaign, besides=besides)
    zero = Money(0, campaign.currency)
    return {
        "left": left,
        "cost": budget.cost(fee or zero),
        "fee_bps": settings.PLATFORM_FEE_BPS,
        "fee_min_minor": smallest_fee(campaign.currency).minor if settings.PLATFORM_FEE_BPS else 0,
        "exponent": zero.exponent,
    }
