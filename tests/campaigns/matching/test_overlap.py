"""Whom each engages, from niche, place and size, and from shared commenters where they are known."""

from typing import Any

import numpy as np
import pytest

from campaigns.matching.planning.overlap import Following, audience_of, region_of, with_shared

NANO, MEGA = 1, 5


def following(**changes: Any) -> Following:
    """Three nano creators of one niche and region with a hundred engaged people each."""
    columns: dict[str, Any] = {
        "engaged": np.full(3, 100.0),
        "niches": np.array([[1.0, 0.0], [1.0, 0.0], [1.0, 0.0]]),
        "worth": np.array([1.0, 0.6, 0.2]),
        "regions": np.ones(3, dtype=np.int64),
        "tiers": np.full(3, NANO),
    }
    return Following(**(columns | changes))


def shared(them: Following, first: int, second: int) -> float:
    """How many people two of them have in common."""
    audience = audience_of(them)
    return audience.reach([first]) + audience.reach([second]) - audience.reach([first, second])


def test_alone_each_engages_just_their_people() -> None:
    assert [audience_of(following()).reach([row]) for row in range(3)] == pytest.approx([100, 100, 100])


def test_people_of_other_niches_count_for_less() -> None:
    niches = np.array([[2.0, 0.0], [0.5, 0.5], [0.0, 0.0]])

    audience = audience_of(following(niches=niches))

    assert [audience.reach([row]) for row in range(3)] == pytest.approx([100, 80, 20])


def test_those_of_one_niche_and_region_overlap_more_than_others() -> None:
    niches = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    near = following(niches=niches)
    apart = following(regions=np.array([1, 2, 1]))

    assert shared(near, 0, 1) > 3
    assert shared(near, 0, 2) == pytest.approx(0)
    assert 0 < shared(apart, 0, 1) < shared(near, 0, 1) / 2  # what is left is the part that lives anywhere


def test_the_largest_creator_engages_a_tenth_of_a_segment_at_most() -> None:
    audience = audience_of(following(engaged=np.array([1_000.0, 1.0, 1.0])))

    assert audience.shares.max() == pytest.approx(0.1)


def test_larger_creators_have_fewer_people_at_home() -> None:
    them = following(tiers=np.array([NANO, MEGA, NANO]), far=0.3)

    audience = audience_of(them)

    assert audience.reach([0]) == pytest.approx(70 + 0.3 * 30)
    assert audience.reach([1]) == pytest.approx(20 + 0.3 * 80)


def test_somebody_of_no_known_place_is_nowhere_at_home() -> None:
    them = following(regions=region_of(np.array([48.4, 48.6, np.nan]), np.array([9.9, 9.3, 9.9])), far=0.3)

    assert them.regions.tolist() == [1, 1, 0]
    assert audience_of(them).reach([2]) == pytest.approx(30)


def test_known_commenters_take_the_place_of_the_prior() -> None:
    them = following()
    known = with_shared(audience_of(them), them.engaged, [(0, 1, 60.0)])

    assert [known.reach([row]) for row in range(3)] == pytest.approx([100, 100, 100])
    assert known.reach([0, 1]) == pytest.approx(140, abs=3)
    assert known.reach([0, 2]) > audience_of(them).reach([0, 2])  # fewer of them are left for the prior to share


def test_nobody_shares_more_people_than_they_have() -> None:
    them = following()
    known = with_shared(audience_of(them), them.engaged, [(0, 1, 500.0), (0, 2, 50.0), (1, 1, 5.0)])

    assert known.reach([0, 1]) == pytest.approx(100)
    assert known.reach([0, 2]) == pytest.approx(200)


def test_nobody_at_all_is_an_audience_too() -> None:
    none = np.zeros(0)
    them = following(engaged=none, niches=np.zeros((0, 2)), regions=none.astype(int), tiers=none.astype(int))

    assert audience_of(them).reach([]) == 0
