"""Who is suggested: hard filters counted, the pool ranked, the rows written once."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
import time_machine
from django.utils import timezone

from campaigns import clock, shortlist
from campaigns.models import Campaign, Match, MatchRun
from campaigns.services import matches
from campaigns.services.briefs import edit_campaign
from campaigns.services.matches import request_matches
from campaigns.shortlist import brief_facts, brief_hash
from campaigns.shortlist.filters import filtered
from campaigns.shortlist.posts import posts_of
from creators.embedding import DIMENSIONS, MODEL
from creators.embedding.vectors import pack
from creators.models import Channel, Creator, CreatorNiche, CreatorVector, Niche, Post, PostVector, Rate, Town
from marketplace.kit.errors import Conflict, NotAllowed
from tests import cast as people
from tests.cast import Cast


@pytest.fixture
def ulm(db: None) -> Town:
    return Town.objects.create(name="Ulm", country="DE", latitude=48.40, longitude=9.99)


def run_for(campaign: Campaign) -> MatchRun:
    run = MatchRun.objects.create(campaign=campaign, brief_hash="x")
    assert shortlist.run_match(run.pk)
    run.refresh_from_db()
    return run


def steps(run: MatchRun) -> dict[str, int]:
    return {step["name"]: step["kept"] for step in run.filtered["steps"]}


def test_a_run_ranks_those_who_bake_first(cast: Cast) -> None:
    pets = Niche.objects.create(slug="pets", name="Pets")
    CreatorNiche.objects.create(creator=cast.mina_profile, niche=cast.baking, weight=1.0)
    CreatorNiche.objects.create(creator=cast.other_profile, niche=pets, weight=1.0)

    run = run_for(people.campaign(cast))

    rows = list(run.matches.select_related("creator"))
    assert [row.creator for row in rows] == [cast.mina_profile, cast.other_profile]
    assert [row.rank for row in rows] == [1, 2]
    assert [len(row.reasons) for row in rows] == [1, 0]  # nothing speaks for Omar, and nothing is made up
    assert rows[0].score == pytest.approx(sum(part["points"] for part in rows[0].parts.values()))


def test_the_same_brief_and_pool_give_the_same_order(cast: Cast) -> None:
    for number in range(30):
        people.creator(None, f"c{number}", followers=1000 + number)
    campaign = people.campaign(cast)

    first = list(run_for(campaign).matches.values_list("creator", "score"))
    second = list(run_for(campaign).matches.values_list("creator", "score"))

    assert first == second
    assert len(first) == 32


FILTERS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "country": ({}, {"country": "FR"}),
    "languages": ({"languages": ["de"]}, {"languages": ["fr"]}),
    "platforms": ({"platforms": ["instagram"]}, {"platforms": ["tiktok"]}),
    "price": ({}, {"minimum_fee_minor": 60_001}),
    "exclusions": ({}, {"exclusions": ["baking"]}),
}


@pytest.mark.parametrize("name", FILTERS)
def test_each_hard_filter_keeps_out_whom_it_should(cast: Cast, name: str) -> None:
    brief, creator = FILTERS[name]
    unfit = people.creator(None, "unfit", **creator)
    campaign = people.campaign(cast, **brief)

    kept = filtered(campaign, brief_facts(campaign))

    assert unfit.pk not in kept.ids
    assert {cast.mina_profile.pk, cast.other_profile.pk} <= set(kept.ids)
    counts = {step["name"]: step["kept"] for step in kept.report["steps"]}
    assert counts["listed"] == 3
    assert counts[name] == 2


def test_only_those_within_the_radius_are_asked(cast: Cast, ulm: Town) -> None:
    near = people.creator(None, "near", latitude=48.58, longitude=9.99)
    corner = people.creator(None, "corner", latitude=48.40 + 0.17, longitude=9.99 + 0.26)
    people.creator(None, "far", latitude=52.5, longitude=13.4)
    campaign = people.campaign(cast, town=ulm, radius_km=21)

    kept = filtered(campaign, brief_facts(campaign))

    assert kept.ids == [near.pk]
    assert corner.pk not in kept.ids


def test_nobody_is_suggested_to_their_own_business(cast: Cast) -> None:
    own = people.creator(cast.manager, "marco")

    kept = filtered(campaign := people.campaign(cast), brief_facts(campaign))

    assert own.pk not in kept.ids


def test_when_nobody_is_left_it_says_what_to_loosen(cast: Cast) -> None:
    run = run_for(people.campaign(cast, platforms=["newsletter"]))

    assert run.pool_size == 0
    assert run.matches.count() == 0
    assert run.filtered["loosen"]["name"] == "platforms"
    assert run.filtered["loosen"]["would_keep"] == 2


def test_a_run_is_written_once(cast: Cast) -> None:
    run = run_for(people.campaign(cast))
    rows = Match.objects.count()

    assert not shortlist.run_match(run.pk)
    assert Match.objects.count() == rows


def test_the_last_list_stays_while_a_new_one_is_made(cast: Cast) -> None:
    campaign = people.campaign(cast)
    old = run_for(campaign)
    MatchRun.objects.create(campaign=campaign, brief_hash="y")

    assert shortlist.newest_run(campaign) == old


def test_vectors_and_prices_come_into_the_pool(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    near = np.eye(1, DIMENSIONS, dtype=np.float32)
    for creator, place in ((cast.mina_profile, 0), (cast.other_profile, 1)):
        vector = np.eye(DIMENSIONS, dtype=np.float32)[place] * 0.6 + near[0] * 0.4
        CreatorVector.objects.create(creator=creator, model=MODEL, vector=pack(vector), texts_hash="x")
    Rate.objects.create(creator=cast.mina_profile, kind="reel", network="instagram", price_minor=9_900, currency="EUR")
    monkeypatch.setattr("campaigns.shortlist.brief.encode", lambda texts, *, data_dir, model: near)

    run = run_for(people.campaign(cast))

    first = run.matches.select_related("creator").order_by("rank")[0]
    assert first.creator == cast.mina_profile
    assert first.price_minor == 9_900
    assert run.model == MODEL


def test_the_post_that_comes_closest_is_evidence(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    near = np.eye(2, DIMENSIONS, dtype=np.float32)
    monkeypatch.setattr("campaigns.shortlist.brief.encode", lambda texts, *, data_dir, model: near[:1])
    far = 0.1 * near[0] + near[1]
    for creator, vector, text in ((cast.mina_profile, near[0], "Rye at dawn"), (cast.other_profile, far, "My new car")):
        CreatorVector.objects.create(creator=creator, model=MODEL, vector=pack(near.mean(axis=0)), texts_hash="x")
        channel = Channel.objects.create(creator=creator, network="blog", handle=f"b-{creator.handle}")
        post = Post.objects.create(channel=channel, external_id="1", text=text, posted_on=date(2026, 11, 12))
        PostVector.objects.create(post=post, creator=creator, model=MODEL, vector=pack(vector), text_hash="x")

    run = run_for(people.campaign(cast))

    first = run.matches.select_related("creator").order_by("rank")[0]
    assert first.creator == cast.mina_profile
    told = next(reason for reason in first.reasons if reason["code"] == "best_post")
    assert told["text"].startswith("The post “Rye at dawn” of 12 Nov 2026 comes closest to your brief")
    assert first.parts["best_post"]["known"]


def test_the_posts_of_everybody_compared_are_read_in_one_query(cast: Cast, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        posts_of(np.array([cast.mina_profile.pk, cast.other_profile.pk]), model=MODEL)


def test_a_changed_creator_is_seen_at_once(cast: Cast) -> None:
    campaign = people.campaign(cast)
    run_for(campaign)

    Creator.objects.create(handle="fresh", display_name="Fresh", state="listed")

    assert run_for(campaign).pool_size == 3
    assert run_for(campaign).matches.filter(creator__handle="fresh").exists()


def test_asking_twice_computes_once(cast: Cast, bell: list[tuple[str, dict[str, Any]]]) -> None:
    campaign = people.campaign(cast)

    first = request_matches(campaign, by=cast.manager)
    again = request_matches(campaign, by=cast.manager)

    assert first == again
    assert MatchRun.objects.count() == 1


def test_an_edited_brief_waits_for_its_one_ranking(cast: Cast, bell: list[tuple[str, dict[str, Any]]]) -> None:
    campaign = people.campaign(cast)
    first = request_matches(campaign, by=cast.manager)

    for word in ("rye", "spelt", "rye"):
        edit_campaign(campaign, by=cast.manager, message=f"Baked with {word}.")
        assert request_matches(campaign, by=cast.manager) == first
    shortlist.run_match(first.pk)

    first.refresh_from_db()
    assert first.brief_hash == brief_hash(brief_facts(Campaign.objects.get()))
    assert request_matches(campaign, by=cast.manager) == first
    assert MatchRun.objects.count() == 1


def test_so_many_rankings_an_hour(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matches, "RANKINGS_AN_HOUR", 2)
    campaign = people.campaign(cast)

    def asked(word: str) -> MatchRun:
        edit_campaign(campaign, by=cast.manager, message=f"Baked with {word}.")
        run = request_matches(campaign, by=cast.manager)
        shortlist.run_match(run.pk)
        return run

    assert asked("rye") != asked("spelt")
    with pytest.raises(Conflict) as refused:
        asked("barley")

    assert refused.value.code == "too_many_rankings"
    assert MatchRun.objects.count() == 2
    with time_machine.travel(timezone.now() + timedelta(hours=1, seconds=1)):
        assert asked("oats").finished_at is None  # as it was when it was asked for


def test_only_managers_of_a_living_campaign_ask(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        request_matches(people.campaign(cast), by=cast.finance)
    with pytest.raises(Conflict):
        request_matches(people.campaign(cast, state="cancelled"), by=cast.manager)

    assert MatchRun.objects.count() == 0


def test_the_clock_finishes_what_the_doorbell_missed(cast: Cast) -> None:
    run = MatchRun.objects.create(campaign=people.campaign(cast), brief_hash="x")
    MatchRun.objects.update(created_at=timezone.now() - clock.STUCK * 2)

    clock.catch_up()

    run.refresh_from_db()
    assert run.finished_at is not None
    assert run.matches.count() == 2
