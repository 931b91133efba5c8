"""Both directions see the same pairs: what SQL keeps for a brief, and what a creator is shown."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest
from django.test import Client

from campaigns.models import BriefVector, Campaign, Invitation, MatchRun
from campaigns.shortlist import brief_facts, choose, open_to, run_match, why_hidden
from campaigns.shortlist.filters import filtered
from creators.embedding import DIMENSIONS, MODEL, pack
from creators.models import Channel, Creator, CreatorVector, Niche, Post, PostVector, Rate, Town
from tests import cast as people
from tests.cast import Cast


def maybe(rng: random.Random, *values: Any) -> Any:
    return rng.choice(values)


def some_creators(rng: random.Random, count: int) -> list[Creator]:
    """Creators of whom much is not known, round Ulm."""
    made = []
    for number in range(count):
        at = maybe(rng, (None, None), (48.4 + rng.uniform(-1, 1), 10 + rng.uniform(-1, 1)))
        made.append(
            people.creator(
                people.person(f"Person {number}") if number % 3 else None, f"one-{number}",
                country=maybe(rng, "", "DE", "FR"), latitude=at[0], longitude=at[1],
                languages=maybe(rng, [], ["de"], ["de", "fr"], ["en"]),
                platforms=maybe(rng, [], ["instagram"], ["tiktok", "blog"]),
                currency=maybe(rng, "EUR", "USD"), minimum_fee_minor=maybe(rng, None, 20_000, 90_000),
                price_from_minor=maybe(rng, None, 10_000, 70_000), exclusions=maybe(rng, [], ["baking"], ["Pets"]),
            )
        )  # fmt: skip
    return made


def some_campaigns(cast: Cast, rng: random.Random, count: int) -> list[Campaign]:
    ulm = Town.objects.create(name="Ulm", country="DE", latitude=48.4, longitude=10.0)
    pets = Niche.objects.create(slug="pets", name="Pets")
    made = []
    for _number in range(count):
        campaign = people.campaign(
            cast, country=maybe(rng, "", "DE"), town=maybe(rng, None, ulm), radius_km=maybe(rng, None, 30, 90),
            languages=maybe(rng, [], ["de"], ["fr", "en"]), platforms=maybe(rng, [], ["instagram"], ["blog"]),
            currency=maybe(rng, "EUR", "USD"), budget_minor=maybe(rng, 15_000, 60_000, 200_000),
        )  # fmt: skip
        if rng.random() < 0.3:
            campaign.niches.add(pets)
        made.append(campaign)
    return made


def test_a_campaign_is_shown_to_just_those_whom_its_filters_keep(cast: Cast) -> None:
    rng = random.Random(7)
    creators, campaigns = some_creators(rng, 16), some_campaigns(cast, rng, 12)

    kept = {(c.pk, pk) for c in campaigns for pk in filtered(c, brief_facts(c)).ids}
    shown = {(pk, creator.pk) for creator in creators for pk in choose(creator, open_to(creator)).found}

    ours = {creator.pk for creator in creators}
    assert shown == {(campaign, creator) for campaign, creator in kept if creator in ours}
    assert 0 < len(shown) < len(creators) * len(campaigns)


def test_a_brief_is_read_once_for_each_text(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def encode(texts: list[str], **_: Any) -> Any:
        read.extend(texts)
        return np.eye(1, DIMENSIONS, dtype=np.float32)

    monkeypatch.setattr("campaigns.shortlist.brief.encode", encode)
    campaign = people.campaign(cast)

    for _time in range(2):
        run_match(MatchRun.objects.create(campaign=campaign, brief_hash="x").pk)
    Campaign.objects.update(message="Rye.")
    run_match(MatchRun.objects.create(campaign=campaign, brief_hash="x").pk)

    assert ["Rye." in text for text in read] == [False, True]
    assert BriefVector.objects.count() == 1


def test_what_a_creator_posts_moves_a_campaign_up_by_meaning(cast: Cast) -> None:
    near, far = people.campaign(cast, title="Near"), people.campaign(cast, title="Far")
    for campaign, place in ((near, 0), (far, 1)):
        vector = pack(np.eye(DIMENSIONS, dtype=np.float32)[place])
        BriefVector.objects.create(campaign=campaign, model=MODEL, vector=vector, text_hash="x")
    mine = pack(np.eye(1, DIMENSIONS, dtype=np.float32)[0])
    CreatorVector.objects.create(creator=cast.mina_profile, model=MODEL, vector=mine, texts_hash="x")

    assert list(choose(cast.mina_profile, open_to(cast.mina_profile)).found) == [near.pk, far.pk]

    BriefVector.objects.update(model="another")
    assert list(choose(cast.mina_profile, open_to(cast.mina_profile)).found) == [near.pk, far.pk]  # by number only


def test_one_post_of_a_creator_moves_a_campaign_up(cast: Cast) -> None:
    far, near = people.campaign(cast, title="Far"), people.campaign(cast, title="Near")
    both = np.eye(3, DIMENSIONS, dtype=np.float32)
    for campaign, place in ((near, 0), (far, 1)):
        BriefVector.objects.create(campaign=campaign, model=MODEL, vector=pack(both[place]), text_hash="x")
    mean = pack(both[:2].mean(axis=0))
    CreatorVector.objects.create(creator=cast.mina_profile, model=MODEL, vector=mean, texts_hash="x")
    channel = Channel.objects.create(creator=cast.mina_profile, network="blog", handle="mina-bakes")
    for number in (0, 2):
        post = Post.objects.create(channel=channel, external_id=str(number), text="Words")
        PostVector.objects.create(
            post=post, creator=cast.mina_profile, model=MODEL, vector=pack(both[number]), text_hash="x"
        )

    found = choose(cast.mina_profile, open_to(cast.mina_profile)).found

    assert list(found) == [near.pk, far.pk]
    assert found[near.pk].parts["best_post"].value > found[far.pk].parts["best_post"].value

    PostVector.objects.update(model="another")
    assert "best_post" not in choose(cast.mina_profile, open_to(cast.mina_profile)).found[near.pk].parts


@pytest.mark.parametrize(("state", "is_listed"), [("sent", False), ("declined", False), ("withdrawn", True)])
def test_what_one_was_asked_to_join_stands_among_the_invitations_only(cast: Cast, state: str, is_listed: bool) -> None:
    asked = people.invitation(cast)
    Invitation.objects.update(state=state)

    assert open_to(cast.mina_profile).filter(pk=asked.campaign_id).exists() == is_listed


def test_where_one_works_already_there_is_nothing_to_find(cast: Cast) -> None:
    offer = people.offer(cast)

    assert not open_to(cast.mina_profile).filter(pk=offer.campaign_id).exists()


def test_the_rate_card_says_what_it_pays_above(cast: Cast) -> None:
    campaign = people.campaign(cast)
    Rate.objects.create(creator=cast.mina_profile, kind="reel", network="instagram", price_minor=20_000, currency="EUR")

    found = choose(cast.mina_profile, open_to(cast.mina_profile)).found[campaign.pk]

    assert "Pays €75.22 above your price." in [reason.text for reason in found.reasons]


def test_what_is_hidden_is_counted_and_says_what_would_show_it(cast: Cast) -> None:
    people.campaign(cast, languages=["fr"])
    people.campaign(cast, languages=["fr"], platforms=["blog"])
    people.campaign(cast, platforms=["blog"])
    people.campaign(cast, languages=["it"])
    browser = Client()
    browser.force_login(cast.mina, backend="django.contrib.auth.backends.ModelBackend")

    choice = choose(cast.mina_profile, open_to(cast.mina_profile))
    why = why_hidden(choice)
    page = browser.get("/opportunities/").content.decode()
    answer = browser.get("/api/v1/campaigns/recommended/").json()

    assert choice.found == {}
    assert [(row["name"], row["count"], row["alone"]) for row in why] == [("languages", 3, 2), ("platforms", 2, 1)]
    assert "4 campaigns are open, but none for you as your profile stands" in page
    assert "3 want other languages. Add the languages you publish in." in page
    assert answer == {"hidden": 4, "why_hidden": [dict(row) for row in why], "results": []}


@pytest.mark.parametrize(("latitude", "advice"), [(None, "Say where you are."), (52.5, "")])
def test_only_who_has_no_place_is_told_to_name_one(cast: Cast, latitude: float | None, advice: str) -> None:
    ulm = Town.objects.create(name="Ulm", country="DE", latitude=48.4, longitude=10.0)
    people.campaign(cast, town=ulm, radius_km=30)
    Creator.objects.update(latitude=latitude, longitude=latitude)
    mina = Creator.objects.get(pk=cast.mina_profile.pk)

    (why,) = why_hidden(choose(mina, open_to(mina)))

    assert (why["name"], why["text"], why["advice"]) == ("radius", "1 looks for somebody nearer.", advice)


def test_the_api_gives_the_page_as_numbers(cast: Cast) -> None:
    campaign = people.campaign(cast)
    browser = Client()
    browser.force_login(cast.mina, backend="django.contrib.auth.backends.ModelBackend")

    (row,) = browser.get("/api/v1/campaigns/recommended/").json()["results"]

    assert row["campaign"]["id"] == campaign.public_id
    assert row["pays"]["minor"] == 27_522
    assert row["score"] == pytest.approx(sum(part["points"] for part in row["parts"].values()), abs=1e-9)
    assert row["rank"] == 1
