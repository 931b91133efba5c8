"""The other direction: open campaigns ranked for one creator, with reasons that are counted."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.matching import Bounds, CreatorFacts, Limits, Openings, obstacles, recommend
from campaigns.matching.choice import FOR_CREATORS

NICHES = ("baking", "coffee")
MINA = CreatorFacts(
    niches={"baking": 1.0},
    vector=np.array([1.0, 0.0], dtype=np.float32),
    latitude=48.40,
    longitude=9.99,
    languages=frozenset({"German"}),
    platforms=frozenset({"Instagram"}),
    exclusions=("gambling",),
)


def openings(count: int = 2, **columns: Any) -> Openings:
    """Campaigns that differ in nothing but what is given; ids 1, 2, 3 …"""
    same: dict[str, Any] = {
        "niche_names": NICHES,
        "niches": np.tile([1.0, 0.0], (count, 1)),
        "vectors": np.tile(np.array([1.0, 0.0], dtype=np.float32), (count, 1)),
        "pay_minor": [20_000] * count,
        "ask_minor": [16_000] * count,
        "room_left": [2] * count,
        "room": [4] * count,
        "month": ["December"] * count,
    }
    return Openings.of(np.arange(1, count + 1), **(same | columns))


def codes(found: Any) -> list[str]:
    return [reason.code for reason in found.reasons]


@pytest.mark.parametrize(
    ("better", "column", "values"),
    [
        ("niche", "niches", [[0.0, 1.0], [1.0, 0.0]]),
        ("niche", "vectors", np.array([[0.0, 1.0], [1.0, 0.0]], dtype=np.float32)),
        ("price", "pay_minor", [15_000, 20_000]),
        ("room", "room_left", [0, 4]),
        ("languages", "languages", [frozenset({"German", "French"}), frozenset({"German"})]),
        ("platforms", "platforms", [frozenset({"Instagram", "TikTok"}), frozenset({"Instagram"})]),
        ("exclusions", "mentioned", ["gambling", ""]),
    ],
)
def test_each_part_moves_the_better_campaign_up(better: str, column: str, values: Any) -> None:
    first, second = recommend(MINA, openings(**{column: values}))

    assert (first.campaign, second.campaign) == (2, 1)
    assert first.parts[better].points > second.parts[better].points


def test_the_nearer_of_two_comes_first() -> None:
    near: dict[str, Any] = {
        "latitude": [48.6, 48.41],
        "longitude": [9.99, 9.99],
        "radius_km": [50, 50],
        "town": ["Ulm", "Ulm"],
    }

    first, second = recommend(MINA, openings(**near))

    assert first.campaign == 2
    assert [reason.text for reason in first.reasons if reason.code == "place"] == ["1 km from you (Ulm)."]
    assert second.parts["place"].points < first.parts["place"].points


def test_the_best_of_single_posts_counts() -> None:
    posts = np.array([[0.6, 0.8], [1.0, 0.0]], dtype=np.float32)
    vectors = np.array([[0.0, 1.0], [1.0, 0.0]], dtype=np.float32)

    first, _second = recommend(replace(MINA, vector=None, niches={}, posts=posts), openings(vectors=vectors))

    assert first.campaign == 2
    assert "best_post" in first.parts


def test_it_says_what_they_share_and_what_it_pays() -> None:
    (found,) = recommend(MINA, openings(1))

    assert [reason.text for reason in found.reasons[:3]] == [
        "You post about baking; they look for it.",
        "Pays €40.00 above your price.",
        "You have room for 2 more in December.",
    ]
    assert found.doubt is None


@pytest.mark.parametrize(
    ("column", "values", "doubt"),
    [
        ("ask_minor", [24_000], "Pays €40.00 less than you ask; you can propose your price."),
        ("ask_minor", [np.nan, 1.0], "We cannot compare what it pays with your prices yet."),
        ("room_left", [0], "You have no room left in December."),
        ("mentioned", ["gambling"], "The brief speaks of gambling, which you don't promote."),
        ("languages", [frozenset({"German", "French"})], "They also look for posts in French."),
    ],
)
def test_one_doubt_says_what_speaks_against(column: str, values: Any, doubt: str) -> None:
    found = recommend(MINA, openings(len(values), **{column: values}))

    (first,) = (one for one in found if one.campaign == 1)
    assert first.doubt is not None
    assert first.doubt.text == doubt


@pytest.mark.parametrize(
    ("km", "radius", "reasons", "doubted"),
    [(10, 50, True, False), (45, 50, False, True), (80, np.nan, True, False), (400, np.nan, False, False)],
)
def test_near_is_a_reason_and_the_edge_a_doubt(km: int, radius: float, reasons: bool, doubted: bool) -> None:
    (found,) = recommend(MINA, openings(1, latitude=[48.40 + km / 111.2], longitude=[9.99], radius_km=[radius]))

    assert ("place" in codes(found)) == reasons
    assert (found.doubt is not None and found.doubt.code == "place") == doubted


def test_what_is_not_shared_is_not_said() -> None:
    (found,) = recommend(replace(MINA, niches={"coffee": 1.0}), openings(1))

    assert "niche" not in codes(found)


def test_a_creator_of_whom_nothing_is_known_gets_a_list_without_reasons() -> None:
    found = recommend(CreatorFacts(), Openings.of([3, 1, 2]))

    assert [one.campaign for one in found] == [1, 2, 3]
    assert [(one.score, one.reasons, one.doubt) for one in found] == [(0.5, (), None)] * 3


def test_nothing_open_is_an_empty_list() -> None:
    assert recommend(MINA, Openings.of([])) == []


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 10_000), count=st.integers(1, 12))
def test_scores_are_the_sum_of_their_points_in_whatever_order_they_are_read(seed: int, count: int) -> None:
    random = np.random.default_rng(seed)
    columns: dict[str, Any] = {
        "niche_names": NICHES,
        "niches": random.random((count, 2)).round(1),
        "vectors": random.normal(size=(count, 2)).astype(np.float32),
        "pay_minor": random.integers(1, 50_000, count).astype(float),
        "ask_minor": np.where(random.random(count) < 0.3, np.nan, random.integers(1, 50_000, count)),
        "latitude": 48 + random.random(count),
        "longitude": 9 + random.random(count),
        "radius_km": np.where(random.random(count) < 0.3, np.nan, 50),
        "room_left": random.integers(0, 4, count).astype(float),
        "room": np.full(count, 4.0),
    }
    order = random.permutation(count)
    turned: dict[str, Any] = {
        name: np.asarray(column)[order] if name != "niche_names" else column for name, column in columns.items()
    }

    found = recommend(MINA, Openings.of(np.arange(count), **columns))

    assert found == recommend(MINA, Openings.of(np.arange(count)[order], **turned))
    for one in found:
        assert one.score == pytest.approx(sum(part.points for part in one.parts.values()), abs=1e-9)
        assert sum(part.weight for part in one.parts.values()) == pytest.approx(1)
        assert set(one.parts) <= set(FOR_CREATORS.parts)
        assert len(one.reasons) <= 3


@pytest.mark.parametrize(
    ("limits", "bounds", "named"),
    [
        ({"country": "FR"}, {"country": "DE"}, ["country"]),
        ({"country": "FR"}, {}, []),
        ({"latitude": 0.0, "longitude": 0.0, "radius_km": 10.0}, {"latitude": 1.0, "longitude": 0.0}, ["radius"]),
        ({"latitude": 0.0, "longitude": 0.0, "radius_km": 10.0}, {}, ["radius"]),
        ({"languages": frozenset({"fr"})}, {"languages": frozenset({"de"})}, ["languages"]),
        ({"languages": frozenset({"fr"})}, {}, []),
        ({"platforms": frozenset({"blog"})}, {}, ["platforms"]),
        ({"left_minor": 99}, {"least_minor": 100}, ["price"]),
        ({"left_minor": 99}, {"least_minor": 100, "currency": "USD"}, []),
        ({"subjects": frozenset({"beer"})}, {"exclusions": frozenset({"beer"})}, ["exclusions"]),
        ({"team": frozenset({7})}, {"user": 7}, ["team"]),
    ],
)
def test_each_obstacle_is_named(limits: dict[str, Any], bounds: dict[str, Any], named: list[str]) -> None:
    assert obstacles(Limits(**limits), Bounds(**bounds)) == named
