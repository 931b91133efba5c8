"""What of a campaign's budget is spoken for.

The budget is all the business wants to spend, the platform's fee included: an offer uses its fee and the platform's
fee on top. Live offers and agreed work count; what was declined, expired, cancelled or refunded is free again,
except for what the creator kept of work that the business cancelled.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.db.models import Q

from campaigns.models import Campaign, Offer
from campaigns.states import LIVE_OFFER, CollaborationState, OfferState
from marketplace.kit.money import Money
from payments.fees import platform_fee

FREE_AGAIN = [CollaborationState.CANCELLED, CollaborationState.EXPIRED]
_COUNTS = Q(state__in=LIVE_OFFER) | (Q(state=OfferState.ACCEPTED) & ~Q(collaboration__state__in=FREE_AGAIN))
_COUNTS |= Q(collaboration__kept_minor__gt=0)
_COSTS = ("fee_minor", "collaboration__kept_minor", "collaboration__kept_fee_minor")

Costs = tuple[int, int | None, int | None]


def cost(fee: Money) -> Money:
    """What an offer takes from the budget: the creator's fee and the platform's."""
    return fee + platform_fee(fee)


def committed(campaign: Campaign, *, besides: Offer | None = None) -> Money:
    """What live offers and agreed work take, leaving one offer out if asked."""
    offers = Offer.objects.filter(_COUNTS, campaign=campaign)
    if besides is not None:
        offers = offers.exclude(pk=besides.pk)
    return _sum(campaign, offers.order_by().values_list(*_COSTS))


def paid(campaign: Campaign) -> Money:
    """What has been paid for agreed work, the platform's fee included; of cancelled work what the creator kept."""
    offers = Offer.objects.filter(_COUNTS, campaign=campaign, state=OfferState.ACCEPTED)
    secured = offers.exclude(collaboration__state=CollaborationState.AWAITING_PAYMENT)
    return _sum(campaign, secured.order_by().values_list(*_COSTS))


def each(campaign: Campaign) -> Money:
    """What an even split of the budget leaves each creator wanted, once the platform's fee is off."""
    share = Money(campaign.budget_minor // max(campaign.creators_wanted, 1), campaign.currency)
    return share.share(10_000 * 10_000 // (10_000 + settings.PLATFORM_FEE_BPS))


def left(campaign: Campaign, *, besides: Offer | None = None) -> Money:
    """What may still be offered, the platform's fee included."""
    return campaign.budget - committed(campaign, besides=besides)


def left_of(campaigns: Iterable[Campaign]) -> dict[int, Money]:
    """The same for many campaigns in one query: campaign's pk → what is left."""
    wanted = list(campaigns)
    fees: dict[int, list[Costs]] = {}
    rows = Offer.objects.filter(_COUNTS, campaign__in=wanted).order_by().values_list("campaign_id", *_COSTS)
    for campaign_id, *costs in rows:
        fees.setdefault(campaign_id, []).append(tuple(costs))
    return {campaign.pk: campaign.budget - _sum(campaign, fees.get(campaign.pk, [])) for campaign in wanted}


def _sum(campaign: Campaign, costs: Iterable[Costs]) -> Money:
    return Money(sum(_cost_of(each, campaign.currency) for each in costs), campaign.currency)


def _cost_of(costs: Costs, currency: str) -> int:
    fee, kept, our_fee = costs
    return cost(Money(fee, currency)).minor if kept is None else kept + (our_fee or 0)
