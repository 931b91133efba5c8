"""A bound on first pages: five hundred rankings keep to it, and hardly lose by it."""

import numpy as np
import pytest

from campaigns.matching import FIRST, Pool, match
from campaigns.matching.exploration import Exploration
from campaigns.matching.exposure import FIRST_PAGE, LEAST_LISTS, Bound, gained, within
from campaigns.matching.parts import measure
from campaigns.matching.score import score
from tests.campaigns.matching.made_up import brief, columns, made_up

RANKINGS, PEOPLE, MOST = 500, 1_000, 0.1


def crowd() -> Pool:
    """A thousand creators of whom some are good for every brief."""
    return Pool.of(np.arange(1, PEOPLE + 1), **columns(PEOPLE, seed=3))


def test_five_hundred_rankings_keep_to_the_bound_and_hardly_lose_by_it() -> None:
    pool, chance = crowd(), np.random.default_rng(11)
    free, held = np.zeros(PEOPLE, dtype=np.int64), np.zeros(PEOPLE, dtype=np.int64)
    gains = []
    for number in range(RANKINGS):
        town = {"latitude": 48 + chance.random(), "longitude": 11 + chance.random()}
        asked = brief(vector=None, niches={str(chance.choice(["baking", "coffee", "gardens"])): 1.0}, **town)
        total = score(measure(asked, pool), FIRST).total
        order = np.argsort(-total, kind="stable")
        free[order[:FIRST_PAGE]] += 1
        bounded, _back = within(order, Bound(held, number, MOST), pool=PEOPLE)
        held[bounded[:FIRST_PAGE]] += 1
        gains.append(gained(total, bounded))

    assert free.max() > 0.3 * RANKINGS  # without it, some lead every third list
    assert held.max() <= MOST * RANKINGS
    assert np.mean(gains) > 0.98
    assert (held > 0).sum() > 1.4 * (free > 0).sum()


def bound(*full: int, lists: int = 100) -> Bound:
    """These rows of a made-up pool stand on half of a hundred first pages."""
    standing = np.zeros(200, dtype=np.int64)
    standing[list(full)] = lists // 2
    return Bound(standing, lists, MOST)


def test_who_is_full_stands_behind_the_first_page_and_it_is_told() -> None:
    plain = match(brief(), made_up())
    full = [one.creator for one in plain[:3]]

    found = match(brief(), made_up(), bound=bound(*(creator - 1 for creator in full)))

    assert [one.creator for one in found[:FIRST_PAGE]] == [one.creator for one in plain[3 : FIRST_PAGE + 3]]
    assert [one.creator for one in found[FIRST_PAGE : FIRST_PAGE + 3]] == full
    assert [one.score for one in found[FIRST_PAGE : FIRST_PAGE + 3]] == [one.score for one in plain[:3]]
    assert "by the score alone this would be 1st place" in found[FIRST_PAGE].change.text
    assert found[0].change.code != "held_back"


def test_nobody_who_is_full_is_let_in_as_a_newcomer() -> None:
    outside = {one.creator for one in match(brief(), made_up(), limit=200)[50:]}
    full = bound(*(creator - 1 for creator in outside))

    found = match(brief(), made_up(), limit=50, explore=Exploration(1, np.zeros(200, dtype=np.int64)), bound=full)

    assert not {one.creator for one in found[:FIRST_PAGE]} & outside


@pytest.mark.parametrize("lists", [0, LEAST_LISTS - 1])
def test_of_few_lists_a_share_says_nothing(lists: int) -> None:
    plain = [one.creator for one in match(brief(), made_up())]

    assert [one.creator for one in match(brief(), made_up(), bound=bound(0, 1, 2, lists=lists))] == plain


def test_in_a_small_pool_everybody_may_stand_on_their_even_share() -> None:
    standing = np.array([50, 10])

    assert Bound(standing, 100, MOST).full(40).tolist() == [False, False]  # 24 of 40, and a quarter more
    assert Bound(standing, 100, MOST).full(4_000).tolist() == [True, True]


def test_where_too_few_others_are_left_the_page_stays_full() -> None:
    rows = np.arange(30)
    standing = np.where(rows < 10, 90, 0)

    order, back = within(rows, Bound(standing, 100, MOST), pool=4_000)

    assert (order.tolist(), back) == (rows.tolist(), set())
