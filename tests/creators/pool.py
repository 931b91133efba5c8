"""Creators in a given shape, written straight into the tables."""

from typing import Any

from creators.models import Channel, Creator, Network, Niche, Town
from creators.states import CreatorState


def fill(creator: Creator, niche: Niche, town: Town) -> None:
    """Write what services would, without going through them."""
    creator.bio = "I bake sourdough on camera and answer every question about it."
    creator.town, creator.country, creator.town_label = town, town.country, str(town)
    creator.latitude, creator.longitude = town.latitude, town.longitude
    creator.languages, creator.platforms = ["de"], ["instagram"]
    creator.niche_names, creator.niche_slugs = [niche.name], [niche.slug, "food-drink"]
    creator.niche_words = niche.name
    creator.price_from_minor = 9_000
    creator.save()
    creator.niche_weights.create(niche=niche)
    Channel.objects.create(creator=creator, network=Network.INSTAGRAM, handle=creator.handle, followers=4_200)
    creator.rates.create(kind="reel", network="instagram", price_minor=9_000, currency="EUR")


def listed(handle: str, **values: Any) -> Creator:
    """A listed creator with these columns."""
    known: dict[str, Any] = {"display_name": handle.title(), "state": CreatorState.LISTED, "country": "DE"}
    return Creator.objects.create(handle=handle, **{**known, **values})
