"""What the templates of the work can say."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import gettext

from campaigns.budget import each
from campaigns.matching.place import kilometres
from campaigns.models import Campaign
from campaigns.terms import item_text as sentence
from creators.models import Creator, Network
from marketplace.kit.money import Money

register = template.Library()


@register.filter
def item_text(item: Mapping[str, Any]) -> str:
    """“2 × Reel or short video on Instagram: show the oven”."""
    return sentence(item)


@register.filter
def pay_for_one(campaign: Campaign) -> Money:
    """What the budget comes to for each creator wanted."""
    return each(campaign)


@register.filter
def in_common(campaign: Campaign, creator: Creator) -> list[str]:
    """Why a campaign is shown to a creator: shared niches, distance, a network of theirs; only what holds."""
    shared = [niche.name for niche in campaign.niches.all() if niche.slug in creator.niche_slugs]
    said = [gettext("Your niche: %(names)s") % {"names": ", ".join(shared[:2])}] if shared else []
    town = campaign.town
    if town and creator.latitude is not None and creator.longitude is not None:
        km = kilometres(creator.latitude, creator.longitude, town.latitude, town.longitude)
        near = gettext("%(km)d km from you") % {"km": round(km)} if km >= 1 else gettext("In your town")
        said.append(f"{near} ({town.name})")
    networks = [dict(Network.choices)[name] for name in campaign.platforms if name in creator.platforms]
    if networks:
        said.append(gettext("On %(names)s, where you are") % {"names": ", ".join(networks[:2])})
    return said
