"""Briefs and creators that say nothing, too much or the unexpected: clear answers at form, API and task."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.test import Client

from campaigns import shortlist
from campaigns.matching import FIRST
from campaigns.models import Campaign, MatchRun
from campaigns.shortlist import choose, open_to, why_nobody
from creators.embedding import DIMENSIONS, LEXICAL, MODEL, encode, pack
from creators.models import Creator, CreatorNiche, CreatorVector, Rate
from tests import cast as people
from tests.cast import Cast

TEXTS = {
    "nothing": "",
    "blanks": " \n\t ",
    "one word": "bread",
    "one letter": "b",
    "50,000 words": "sourdough bread and butter " * 12_500,
    "one long word": "sourdough" * 5_000,
    "languages": "Wir backen Brot. Nous cuisons du pain. 我们烤面包。 パンを焼きます",
    "emoji": "🥖🔥👩‍🍳🇩🇪",
    "right to left": "نخبز الخبز \u202eكل صباح\u202c לחם טרי",
    "signs": "<script>'; DROP TABLE % _ \\ {}",
    "no letters": "!!! ??? ---",
}


def browser_of(user: Any) -> Client:
    browser = Client()
    browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return browser


def read_by_letters(creator: Creator, text: str) -> None:
    vector = encode([text], data_dir="", model=LEXICAL)[0]
    CreatorVector.objects.create(creator=creator, model=LEXICAL, vector=pack(vector), texts_hash="x")


def ranked(campaign: Campaign) -> MatchRun:
    run = MatchRun.objects.create(campaign=campaign)
    assert shortlist.run_match(run.pk)
    run.refresh_from_db()
    return run


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_every_brief_is_ranked_and_shown(cast: Cast, text: str) -> None:
    read_by_letters(cast.mina_profile, "Sourdough bread, every Sunday")
    read_by_letters(cast.other_profile, "Wheels and gears")
    campaign = people.campaign(cast, message=text, title="x", product="y", dos="")

    run = ranked(campaign)

    assert run.pool_size == run.matches.count() == 2
    assert all(math.isfinite(row.score) and 0 <= row.score <= 1 for row in run.matches.all())
    for path in (f"/campaigns/{campaign.public_id}/shortlist/", f"/api/v1/campaigns/{campaign.public_id}/matches/"):
        assert browser_of(cast.owner).get(path).status_code == 200
    for path in ("/opportunities/", "/api/v1/campaigns/recommended/"):
        assert browser_of(cast.mina).get(path).status_code == 200


@pytest.mark.parametrize("text", ["x" * 2_001, "sourdough " * 50_000, "nul \x00"])
def test_what_no_brief_can_hold_is_refused_in_words(cast: Cast, text: str) -> None:
    draft = people.campaign(cast, state="draft")

    answer = browser_of(cast.manager).patch(
        f"/api/v1/campaigns/{draft.public_id}/", {"message": text}, content_type="application/json"
    )
    page = browser_of(cast.manager).post(f"/campaigns/{draft.public_id}/edit/", {"message": text})

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert "message" in answer.json().get("errors", {}) or "\x00" in text
    assert answer.json()["detail"]
    assert page.status_code in (200, 400)
    assert 'aria-invalid="true"' in page.content.decode()
    assert Campaign.objects.get().message == "Baked with 48 hours of patience."


def test_a_budget_below_any_price_says_so_with_the_count(cast: Cast) -> None:
    Creator.objects.update(minimum_fee_minor=5_000)

    run = ranked(people.campaign(cast, budget_minor=1))

    assert why_nobody(run.filtered) == "Raise the budget, or ask for less. Without it, 2 creators would be left."


def test_filters_that_leave_nobody_together_name_the_last_one(cast: Cast) -> None:
    campaign = people.campaign(cast, languages=["fr"], platforms=["blog"])
    run = ranked(campaign)
    sentence = "The languages left nobody of the last 2 creators, and no single filter alone would bring one back."

    page = browser_of(cast.owner).get(f"/campaigns/{campaign.public_id}/shortlist/").content.decode()
    answer = browser_of(cast.owner).get(f"/api/v1/campaigns/{campaign.public_id}/matches/").json()

    assert why_nobody(run.filtered).startswith(sentence)
    assert sentence in page
    assert answer["nobody"].startswith(sentence)


def test_a_market_without_creators_says_that(cast: Cast) -> None:
    Creator.objects.update(state="draft")

    run = ranked(people.campaign(cast))

    assert why_nobody(run.filtered) == "No creators are listed yet."


def test_somebody_left_is_no_reason_to_loosen(cast: Cast) -> None:
    assert why_nobody(ranked(people.campaign(cast)).filtered) == ""


def test_a_creator_without_posts_is_ranked_as_usual_and_nothing_is_made_up(cast: Cast) -> None:
    Creator.objects.filter(pk=cast.mina_profile.pk).update(followers=None, platforms=[], languages=[], country="")

    row = ranked(people.campaign(cast)).matches.get(creator=cast.mina_profile)

    assert row.score == 0.5
    assert row.reasons == []
    assert choose(Creator.objects.get(pk=row.creator_id), open_to(cast.mina_profile)).found


def test_without_the_model_it_ranks_by_niches_and_says_so(cast: Cast, settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    vector = pack(np.eye(1, DIMENSIONS, dtype=np.float32)[0])
    CreatorVector.objects.create(creator=cast.other_profile, model=MODEL, vector=vector, texts_hash="x")
    CreatorNiche.objects.create(creator=cast.mina_profile, niche=cast.baking, weight=1.0)
    campaign = people.campaign(cast)

    run = ranked(campaign)
    page = browser_of(cast.owner).get(f"/campaigns/{campaign.public_id}/shortlist/").content.decode()

    assert run.model == ""
    assert run.matches.get(rank=1).creator == cast.mina_profile
    assert "by words and niches, until the language model is ready" in page


def test_a_vector_of_another_size_counts_as_not_read(cast: Cast) -> None:
    CreatorVector.objects.create(creator=cast.mina_profile, model=LEXICAL, vector=b"\x00" * 10, texts_hash="x")

    assert ranked(people.campaign(cast)).matches.count() == 2


def test_odd_exclusions_are_found_as_words(cast: Cast) -> None:
    for word, is_found in (("c++ (old", False), ("patience", True), ("patien", False), ("48 hours", True)):
        Creator.objects.filter(pk=cast.mina_profile.pk).update(exclusions=[word])
        mina = Creator.objects.get(pk=cast.mina_profile.pk)
        Campaign.objects.all().delete()
        campaign = people.campaign(cast)

        found = choose(mina, open_to(mina)).found[campaign.pk]

        assert (found.parts["exclusions"].value == 0.0) == is_found, word


def test_each_stored_score_is_what_its_explanation_adds_up_to(cast: Cast) -> None:
    random = np.random.default_rng(3)
    for number in range(40):
        creator = people.creator(
            None, f"one-{number}", followers=int(random.integers(500, 90_000)), engagement_rate=random.random() / 10,
            engagement_posts=int(random.integers(1, 30)), reply_rate=random.random() if number % 3 else None,
            genuine_share=random.random(), comments_seen=int(random.integers(0, 90)),
            sponsored_share=random.random() if number % 2 else None,
            price_from_minor=int(random.integers(5_000, 50_000)),
        )  # fmt: skip
        CreatorNiche.objects.create(creator=creator, niche=cast.baking, weight=random.random())
        read_by_letters(creator, "bread " * (number % 4) + f"wheel {number}")
    Rate.objects.create(creator=cast.mina_profile, kind="reel", network="instagram", price_minor=9_900, currency="EUR")

    run = ranked(people.campaign(cast))

    rows = list(run.matches.all())
    assert len(rows) == 42
    for row in rows:
        active = sum(FIRST.parts[name] for name in row.parts)
        for name, part in row.parts.items():
            assert part["weight"] == pytest.approx(FIRST.parts[name] / active)
            assert part["points"] == pytest.approx(part["weight"] * part["value"])
        assert row.score == pytest.approx(sum(part["points"] for part in row.parts.values()), abs=1e-9)
        assert {reason["code"] for reason in row.reasons} <= set(row.parts)
    assert [row.score for row in rows] == sorted((row.score for row in rows), reverse=True)
