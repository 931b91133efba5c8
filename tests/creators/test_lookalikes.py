"""More like this: by meaning, niche, price and place, each told in words; followers decide nothing."""

from typing import Any

import numpy as np
import pytest
from django.test import Client

from creators.embedding import DIMENSIONS, LEXICAL, pack
from creators.models import Creator, CreatorVector
from creators.search.likeness import Traits, likeness
from creators.services.lookalikes import more_like
from tests.creators.pool import listed

pytestmark = pytest.mark.django_db
BAKER: dict[str, Any] = {"niche_slugs": ["baking", "food-drink"], "niche_names": ["Baking"]}


def means(creator: Creator, angle: float, *, model: str = LEXICAL) -> Creator:
    """A vector at this angle from the first axis."""
    vector = np.zeros(DIMENSIONS)
    vector[0], vector[1] = np.cos(angle), np.sin(angle)
    CreatorVector.objects.create(creator=creator, model=model, vector=pack(vector), texts_hash="x")
    return creator


@pytest.fixture
def mina() -> Creator:
    """A baker in Ulm from €90."""
    return means(listed("mina", **BAKER, price_from_minor=9_000, latitude=48.4, longitude=9.99), 0.0)


def alike(creator: Creator) -> list[str]:
    return [one.row["handle"] for one in more_like(creator)]


def test_the_nearest_by_meaning_come_first_and_who_is_not_listed_never(mina: Creator) -> None:
    means(listed("far", **BAKER), 1.2)
    means(listed("near", **BAKER), 0.1)
    means(listed("paused", **BAKER, state="paused"), 0.0)
    means(listed("potter", niche_slugs=["pottery"]), 0.0)

    assert alike(mina) == ["near", "far"]


def test_a_vector_of_another_model_is_not_compared(mina: Creator) -> None:
    means(listed("other", **BAKER), 0.0, model="another")
    means(listed("same", **BAKER), 0.3)
    means(listed("far", **BAKER), 0.9)

    found = {one.row["handle"]: one for one in more_like(mina)}

    assert "meaning" not in found["other"].parts
    assert alike(mina) == ["same", "other", "far"]


def test_price_and_place_decide_among_those_who_mean_the_same(mina: Creator) -> None:
    for handle, price, latitude in (("dear", 90_000, 48.4), ("away", 9_000, 52.5), ("same", 9_100, 48.5)):
        means(listed(handle, **BAKER, price_from_minor=price, latitude=latitude, longitude=9.99), 0.2)

    assert alike(mina) == ["same", "away", "dear"]


def test_followers_change_neither_score_nor_order(mina: Creator) -> None:
    few = means(listed("few", **BAKER, followers=300, tier="seed"), 0.2)
    many = means(listed("many", **BAKER, followers=3_000_000, tier="mega"), 0.2)
    before = [(one.row["handle"], one.score) for one in more_like(mina)]
    Creator.objects.filter(pk=few.pk).update(followers=9_000_000)
    Creator.objects.filter(pk=many.pk).update(followers=1)

    assert [(one.row["handle"], one.score) for one in more_like(mina)] == before
    assert before[0][1] == before[1][1]


def test_what_is_not_known_counts_as_a_half_and_is_no_reason() -> None:
    own = Traits(frozenset({"baking"}), 9_000, "EUR", 48.4, 9.99)

    unknown = likeness(own, Traits(), closer_than=None)
    same = likeness(own, own, closer_than=1.0)

    assert (unknown.score, dict(unknown.parts), unknown.distance_km) == (0.5, {}, None)
    assert (same.score, same.distance_km) == (1.0, 0.0)
    assert likeness(own, Traits(price_minor=18_000, currency="EUR"), closer_than=None).parts == {"price": 0.5}
    assert likeness(own, Traits(price_minor=9_000, currency="USD"), closer_than=None).parts == {}


def test_the_page_gives_its_reasons_in_words(mina: Creator) -> None:
    talk = {"reply_rate": 0.4, "comments_seen": 180}
    listed("ana", **BAKER, price_from_minor=5_000, latitude=48.508, longitude=9.99, **talk)

    page = Client().get("/c/mina/").content.decode()

    assert "More like this" in page
    assert "Baking, too" in page
    assert "12 km away" in page
    assert "costs less: from €50.00" in page
    assert 'href="/creators/compare/?c=mina&amp;c=ana"' in page


def test_dearer_is_no_reason_and_talk_is_told_only_from_enough(mina: Creator) -> None:
    dear = listed("dear", niche_slugs=["baking"], price_from_minor=20_000, reply_rate=0.4, comments_seen=9)

    [only] = more_like(mina)

    assert (only.row["handle"], only.reasons) == ("dear", [])
    Creator.objects.filter(pk=dear.pk).update(comments_seen=180)
    assert [reason.text for reason in more_like(mina)[0].reasons] == ["answers 40 % of comments (180 seen)"]


def test_the_api_gives_cards_parts_and_reasons(mina: Creator) -> None:
    means(listed("ana", **BAKER), 0.2)

    [row] = Client().get(f"/api/v1/creators/{mina.public_id}/alike/").json()

    assert row["creator"]["handle"] == "ana"
    assert set(row["parts"]) == {"meaning", "niche"}
    assert row["reasons"][0] == {"code": "niche", "text": "Baking, too", "facts": {"niches": ["Baking"]}}
    assert Client().get(f"/api/v1/creators/{mina.public_id}/alike/", {"limit": "21"}).status_code == 400
