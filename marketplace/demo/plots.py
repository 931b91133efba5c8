"""The stories: which creator and campaign get how far, and with which words and prices."""

from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Any

from campaigns.checks import pay_floor
from marketplace.demo.content import load
from marketplace.demo.figures import rounded
from marketplace.demo.posting import items_of
from marketplace.demo.shapes import DemoBusiness, DemoCampaign, DemoCreator, Step, Story

FEE_OF_PLATFORM = 1.09
# What several of one kind cost: three frames are one set of stories, the second photo costs less than the first.
MANY = {"story": 0.0, "ugc": 0.5}
FALLBACK_MINOR = 5_000


def draw_stories(
    rng: Random, campaigns: Mapping[str, DemoCampaign], businesses: Mapping[str, DemoBusiness],
    locals_of: Mapping[str, Sequence[DemoCreator]], stars: Mapping[str, DemoCreator],
) -> Iterator[Story]:  # fmt: skip
    """Every story that is told, its prices from the creator's own rate card and within the budget."""
    scripts = load("stories")["scripts"]
    for told in load("stories")["told"]:
        campaign = campaigns[told["campaign"]]
        business = businesses[campaign.business]
        for index, name in told["cast"].items():
            creator = locals_of[business.key][int(index)] if index.isdigit() else stars[index]
            usual = usual_price_minor(creator, campaign, most=budget_share_minor(campaign, len(told["cast"])))
            yield Story(
                campaign=campaign.key,
                creator=creator.handle,
                ends=scripts[name]["ends"],
                steps=tuple(_step(step, usual, creator, business, campaign) for step in scripts[name]["steps"]),
                began_days_ago=rng.randint(2 + len(scripts[name]["steps"]), 12 + 2 * len(scripts[name]["steps"])),
            )


def usual_price_minor(creator: DemoCreator, campaign: DemoCampaign, *, most: int) -> int:
    """The brief's items at the creator's prices, but never more than one creator's share of the budget."""
    card = {(rate.kind, rate.network): rate.price_minor for rate in creator.rates}
    usual = sorted(card.values())[len(card) // 2] if card else FALLBACK_MINOR
    total = 0.0
    for item in campaign.deliverables:
        each = card.get((item.kind, item.network), usual)
        total += each * (1 + (item.count - 1) * MANY.get(item.kind, 1.0))
    return rounded(min(total, most - 500))


def floor_minor(campaign: DemoCampaign, currency: str) -> int:
    """The least that may be offered for a campaign's work."""
    return pay_floor(items_of(campaign), currency).minor


def budget_share_minor(campaign: DemoCampaign, told: int) -> int:
    """What one creator can be offered so that everybody in the story fits, our fee and a raise included."""
    return int(campaign.budget_minor / FEE_OF_PLATFORM / max(told, campaign.creators_wanted) / 1.15)


def _step(
    step: Sequence[Any], usual: int, creator: DemoCreator, business: DemoBusiness, campaign: DemoCampaign
) -> Step:
    verb, who, words, share = (*step, "", 0)[:4] if len(step) < 4 else step
    text = words.format(
        creator=creator.display_name.split(" ")[0], business=business.name, product=campaign.product,
        owner=business.members["owner"].name.split(" ")[0],
    )  # fmt: skip
    fair = floor_minor(campaign, business.currency)
    return Step(verb=verb, who=who, text=text, price_minor=max(rounded(usual * share), fair) if share else 0)
