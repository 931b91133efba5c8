"""What of a campaign's budget is spoken for.

The budget is all the business wants to spend, the platform's fee included: an offer uses its fee and the platform's
fee on top. Live offers and agreed work count; what was declined, expired, cancelled or refunded is free again.
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


def cost(fee: Money) -> Money:
    """What an offer takes from the budget: the creator's fee and the platform's."""
    return fee + platform_fee(fee)


def committed(campaign: Campaign, *, besides: Offer | None = None) -> Money:
    """What live offers and agreed work take, leaving one offer out if asked."""
    offers = Offer.objects.filter(_COUNTS, campaign=campaign)
    if besides is not None:
        offers = offers.exclude(pk=besides.pk)
    return _sum(campaign, offers.order_by().values_list("fee_minor", flat=True))


def paid(campaign: Campaign) -> Money:
    """What has been paid for agreed work that was not cancelled, the platform's fee included."""
    offers = Offer.objects.filter(campaign=campaign, state=OfferState.ACCEPTED)
    signed = offers.exclude(collaboration__state__in=[*FREE_AGAIN, CollaborationState.AWAITING_PAYMENT])
    return _sum(campaign, signed.order_by().values_list("fee_minor", flat=True))


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
    fees: dict[int, list[int]] = {}
    rows = Offer.objects.filter(_COUNTS, campaign__in=wanted).order_by().values_list("campaign_id", "fee_minor")
    for campaign_id, fee in rows:
        fees.setdefault(campaign_id, []).append(fee)
    return {campaign.pk: campaign.budget - _sum(campaign, fees.get(campaign.pk, [])) for campaign in wanted}


def _sum(campaign: Campaign, fees: Iterable[int]) -> Money:
    return Money(sum(cost(Money(fee, campaign.currency)).minor for fee in fees), campaign.currency)
