"""The demo's world: the same every time, believable, and pretending to be nobody."""

import csv
import time
from datetime import date
from pathlib import Path
from statistics import median

import pytest

from marketplace.demo.content import subjects
from marketplace.demo.figures import MEDIAN_RATES, MICRO_PRICES, NANO_BELOW, NANO_PRICES
from marketplace.demo.places import distance_km, the_map
from marketplace.demo.shapes import DemoChannel, DemoPost, World
from marketplace.demo.world import world

TODAY = date(2026, 11, 23)
DATA = Path(__file__).resolve().parents[3] / "creators" / "data"
RESERVED = ("@example.org", ".example")


@pytest.fixture(scope="module")
def made() -> World:
    return world(today=TODAY)


def channels(made: World) -> list[DemoChannel]:
    return [channel for creator in made.creators for channel in creator.channels]


def posts(made: World) -> list[DemoPost]:
    return [post for channel in channels(made) for post in channel.posts]


def test_the_same_seed_and_day_make_the_same_world(made: World) -> None:
    assert world(today=TODAY) == made


def test_another_seed_makes_another_world(made: World) -> None:
    assert world(8, today=TODAY).creators != made.creators


def test_another_day_moves_the_dates_and_nothing_else_of_the_people(made: World) -> None:
    later = world(today=date(2027, 2, 1))

    assert [one.handle for one in later.creators] == [one.handle for one in made.creators]
    assert all(post.posted_on < later.today for post in posts(later))


def test_the_world_is_made_quickly() -> None:
    started = time.process_time()

    world(today=TODAY)

    assert time.process_time() - started < 3


def test_there_is_enough_of_everything(made: World) -> None:
    assert len(made.creators) == 400
    assert len(made.businesses) == 15
    assert len(made.campaigns) >= 24
    assert {one.goal for one in made.campaigns} == {"awareness", "launch", "content", "visits", "sales"}
    assert all(6 <= sum(len(channel.posts) for channel in one.channels) <= 16 for one in made.creators)


def test_no_handle_name_or_address_is_given_twice(made: World) -> None:
    people = [one.person for one in made.creators]
    handles = [one.handle for one in made.creators]

    assert len(set(handles)) == len(handles)
    assert len({one.name for one in people}) == len(people)
    assert len({one.email for one in people}) == len(people)
    assert len({(one.network, one.handle) for one in channels(made)}) == len(channels(made))
    assert len({one.external_id for one in posts(made)}) == len(posts(made))


def test_nothing_pretends_to_be_a_real_person(made: World) -> None:
    people = [one.person for one in made.creators] + [made.admin]
    people += [person for one in made.businesses for person in one.members.values()]
    urls = [one.url for one in channels(made)] + [one.website for one in made.businesses]

    assert all(one.email.endswith(RESERVED) for one in people)
    assert all(url.split("/")[2].endswith(".example") for url in urls)
    assert all(one.handle.endswith("-demo") for one in made.creators)
    assert all(one.handle.endswith(".demo") for one in channels(made))


def test_a_post_speaks_of_its_niche(made: World) -> None:
    for post in posts(made):
        things = [thing for words in subjects()[post.niche].values() for thing in words["things"]]
        assert any(thing.lower() in post.text.lower() for thing in things), post.text


def test_no_slot_is_left_open_and_hardly_a_text_is_written_twice(made: World) -> None:
    texts = [post.text for post in posts(made)] + [one.bio for one in made.creators]
    texts += [step.text for story in made.stories for step in story.steps]

    assert not [text for text in texts if "{" in text or "}" in text]
    captions = [post.text for post in posts(made)]
    assert len(set(captions)) > 0.98 * len(captions)


def test_some_germans_write_german(made: World) -> None:
    german = [one for one in made.creators if one.languages[0] == "de" and one.place.country in ("DE", "AT")]

    assert len(german) > 30
    assert any("ä" in post.text or "ü" in post.text for one in german for post in one.channels[0].posts)


def test_paid_posts_mostly_say_so_and_no_other_post_does(made: World) -> None:
    paid = [post for post in posts(made) if post.is_sponsored]

    assert 0.04 < len(paid) / len(posts(made)) < 0.25
    assert sum(post.is_disclosed for post in paid) > 0.8 * len(paid)
    assert not [post for post in posts(made) if post.is_disclosed and not post.is_sponsored]
    assert all("#ad" in post.text or "#anzeige" in post.text for post in paid if post.is_disclosed)


def test_followers_are_mostly_small_and_spread(made: World) -> None:
    followers = sorted(one.channels[0].followers for one in made.creators)

    assert followers[0] >= 800
    assert followers[-1] <= 100_000
    assert 4_000 < median(followers) < 9_000
    assert all(one.channels[0].followers == max(c.followers for c in one.channels) for one in made.creators)


@pytest.mark.parametrize("network", ["instagram", "tiktok", "youtube"])
@pytest.mark.parametrize("tier", [0, 1], ids=["nano", "micro"])
def test_engagement_follows_the_medians_of_its_tier(made: World, network: str, tier: int) -> None:
    rates = [
        one.engagement_rate
        for one in channels(made)
        if one.network == network and (one.followers >= NANO_BELOW) == bool(tier)
    ]

    assert len(rates) >= 10
    assert 0.7 < median(rates) / MEDIAN_RATES[network][tier] < 1.4


def test_a_channels_rate_is_the_median_of_its_posts(made: World) -> None:
    for channel in channels(made):
        rates = [(post.likes + post.comments) / channel.followers for post in channel.posts]

        assert channel.engagement_rate == pytest.approx(median(rates), abs=1e-4)
        assert max(rates) < 1


def test_comments_are_counted_within_what_was_seen(made: World) -> None:
    for post in posts(made):
        seen = post.sample

        assert seen.loaded <= post.comments
        assert seen.fan_comments + seen.owner_replies <= seen.loaded
        assert seen.unique_fans <= seen.fan_comments
        assert seen.replied_to <= seen.fan_comments
        assert seen.emoji_only + seen.short_or_generic <= seen.fan_comments


def test_prices_stay_within_what_the_tier_is_paid(made: World) -> None:
    for creator in made.creators:
        card = {(rate.kind, rate.network): rate.price_minor for rate in creator.rates}

        assert len(card) == len(creator.rates)
        assert 0 < creator.minimum_fee_minor <= min(card.values())
        for channel in creator.channels:
            price = card.get(("reel", channel.network))
            low, high = NANO_PRICES if channel.followers < NANO_BELOW else MICRO_PRICES
            assert price is None or low <= price <= high + 500


def test_no_story_offers_less_than_the_creator_works_for(made: World) -> None:
    creators = made.creators_by_handle()
    offered = [(creators[one.creator], step.price_minor) for one in made.stories for step in one.steps]

    assert all(not price or price >= creator.minimum_fee_minor for creator, price in offered)


def test_every_subject_is_a_niche_of_the_tree(made: World) -> None:
    with (DATA / "niches.csv").open(encoding="utf-8") as file:
        slugs = {row["slug"] for row in csv.DictReader(file)}
    used = {niche for one in made.creators for niche in one.niches} | {n for one in made.campaigns for n in one.niches}

    assert used <= slugs
    assert all(sum(one.niches.values()) == pytest.approx(1) for one in made.creators)


def test_businesses_find_creators_of_their_subject_nearby(made: World) -> None:
    for campaign in made.campaigns:
        home = made.business(campaign.business).place
        near = [
            one for one in made.creators if set(one.niches) & set(campaign.niches) and distance_km(home, one.place) < 60
        ]

        assert len(near) >= 2, campaign.key


def test_stories_end_in_many_states_and_stay_within_the_budget(made: World) -> None:
    assert {story.ends for story in made.stories} >= {
        "sent", "viewed", "submitted", "shortlisted", "countered", "declined", "withdrawn", "awaiting_payment",
        "in_production", "in_review", "changes_requested", "approved", "live", "completed", "cancelled", "on_hold",
        "expired",
    }  # fmt: skip
    for campaign in made.campaigns:
        highest = [
            max(step.price_minor for step in story.steps) for story in made.stories if story.campaign == campaign.key
        ]

        assert sum(highest) * 1.09 <= campaign.budget_minor, campaign.key
    assert len({(story.campaign, story.creator) for story in made.stories}) == len(made.stories)


def test_stories_are_told_in_the_creators_own_currency(made: World) -> None:
    for story in made.stories:
        business = made.business(made.campaign(story.campaign).business)

        assert made.creator(story.creator).currency == business.currency


def test_hubs_are_towns_of_the_open_table() -> None:
    names = [place.name for place in the_map().hubs]

    assert len(set(names)) == len(names) > 30


def test_everybody_a_visitor_can_be_is_in_the_world(made: World) -> None:
    known = {one.person.email for one in made.creators} | {made.admin.email}
    known |= {person.email for one in made.businesses for person in one.members.values()}

    assert len(made.logins) == 5
    assert {one.person.email for one in made.logins} <= known
