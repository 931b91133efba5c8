"""Shared people from shared commenters: what is seen, scaled by what was not seen."""

import numpy as np
import pytest

from campaigns.matching.planning.commenters import EVERYWHERE, Commenters, shared_people


def seen(first: int, last: int, coverage: float = 1.0) -> Commenters:
    return Commenters(np.arange(first, last, dtype=np.uint64), coverage)


def test_the_share_of_commenters_in_common_is_that_of_people() -> None:
    [(one, other, shared)] = shared_people({0: seen(0, 100), 1: seen(75, 175)}, np.array([1_000.0, 1_000.0]))

    assert (one, other) == (0, 1)
    assert shared == pytest.approx(250)


def test_two_of_different_size_meet_in_the_middle() -> None:
    [(one, other, shared)] = shared_people({0: seen(0, 200), 1: seen(150, 250)}, np.array([4_000.0, 1_000.0]))

    assert (one, other) == (0, 1)
    assert shared == pytest.approx((0.25 * 4_000 * 0.5 * 1_000) ** 0.5)


def test_comments_that_were_not_loaded_hide_as_many_who_are_shared() -> None:
    [(one, other, shared)] = shared_people({0: seen(0, 100, 0.5), 1: seen(90, 190, 0.5)}, np.array([1_000.0, 1_000.0]))

    assert (one, other) == (0, 1)
    assert shared == pytest.approx(200)


def test_nobody_shares_more_than_they_engage() -> None:
    found = shared_people({0: seen(0, 50, 0.1), 1: seen(0, 50, 0.1)}, np.array([1_000.0, 80.0]))

    assert found == [(0, 1, 80.0)]


@pytest.mark.parametrize(("one", "other"), [(seen(0, 29), seen(0, 100)), (seen(0, 100), seen(98, 198))])
def test_too_few_say_nothing(one: Commenters, other: Commenters) -> None:
    assert shared_people({0: one, 1: other}, np.array([1_000.0, 1_000.0])) == []


def test_who_comments_everywhere_makes_nobody_alike() -> None:
    everywhere = {row: seen(row * 1_000, row * 1_000 + 40) for row in range(EVERYWHERE + 1)}
    bots = {
        row: Commenters(np.append(one.hashes, np.arange(10**9, 10**9 + 5, dtype=np.uint64)), 1.0)
        for row, one in everywhere.items()
    }

    assert shared_people(bots, np.full(len(bots), 1_000.0)) == []
    assert shared_people({}, np.zeros(0)) == []
