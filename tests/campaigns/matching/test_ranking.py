"""The order: always the same, moved by what should move it and by nothing else."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from campaigns.matching import FIRST, BriefFacts, Pool, Weights, match
from tests.campaigns.matching.made_up import NICHES, SIZE, alike, brief, columns, made_up, unit

RANKED_BY = (
    "engagement_rate",
    "reply_rate",
    "genuine_share",
    "comment_words",
    "comments_per_like",
    "price_minor",
    "latitude",
    "sponsored_share",
    "authenticity",
    "reliability",
)


def order(pool: Pool, facts: BriefFacts | None = None, **options: Any) -> list[int]:
    return [found.creator for found in match(facts or brief(), pool, **options)]


def test_the_same_brief_and_pool_give_the_same_list_in_whatever_order_they_are_read() -> None:
    full = columns()
    shuffled = np.random.default_rng(1).permutation(200)
    mixed: dict[str, Any] = {
        name: column if name == "niche_names" else np.asarray(column)[shuffled] for name, column in full.items()
    }

    first = match(brief(), made_up())
    again = match(brief(), Pool.of(shuffled + 1, **mixed))

    assert first == again
    assert [found.rank for found in first] == list(range(1, 101))
    assert all(above.score >= below.score for above, below in pairwise(first))


def test_equals_stand_in_order_of_their_number() -> None:
    assert order(alike(30), limit=10) == list(range(1, 11))


def test_as_many_rows_come_back_as_were_asked_for() -> None:
    pool = made_up()

    assert [len(match(brief(), pool, limit=limit)) for limit in (0, 1, 100, 200, 5_000)] == [0, 1, 100, 200, 200]


def test_a_pool_of_nobody_matches_nobody() -> None:
    assert match(brief(), Pool.of([])) == []
    assert match(brief(), alike(0)) == []


def test_the_nearer_creator_stands_higher() -> None:
    pool = alike(3, latitude=[48.9, 48.5, 48.7], longitude=[11.5, 11.5, 11.5])

    assert order(pool) == [2, 3, 1]
    assert order(pool, brief(radius_km=None)) == [1, 2, 3]


def test_the_creator_who_posts_about_the_brief_stands_higher() -> None:
    wanted = brief().vector
    assert wanted is not None
    posts = unit(np.vstack([np.eye(SIZE)[0], wanted.astype(float), np.eye(SIZE)[1]]))

    assert order(alike(3, vectors=posts, niches=None)) == [2, 3, 1]


def test_the_shared_niche_counts_without_any_vector() -> None:
    niches = [[0, 0, 1.0], [1.0, 0, 0], [0, 1.0, 0]]

    assert order(alike(3, vectors=None, niches=niches), brief(vector=None)) == [2, 3, 1]


def test_the_best_post_counts_beside_the_average() -> None:
    wanted = brief().vector
    assert wanted is not None
    posts = unit(np.vstack([np.eye(SIZE)[0], np.eye(SIZE)[2], wanted.astype(float)]))

    assert order(alike(3, posts=posts, post_rows=[0, 1, 2])) == [3, 2, 1]


@pytest.mark.parametrize("followers", [[1_500, 9_000, 3_000], [9_000, 3_000, 1_500], [None, 2_000, 9_500]])
def test_followers_alone_change_nothing(followers: list[float | None]) -> None:
    pool = alike(3, followers=[np.nan if count is None else count for count in followers], engagement_rate=None)

    assert order(pool) == [1, 2, 3]


def test_a_hundred_times_the_followers_at_the_same_rate_for_their_size_is_no_advantage() -> None:
    sizes = [3_000.0, 300_000.0]
    usual = [0.048, 0.018]

    small, large = match(brief(), alike(2, followers=sizes, engagement_rate=usual))

    assert small.score == large.score


def test_more_engagement_than_usual_for_the_size_stands_higher() -> None:
    pool = alike(3, followers=[2_000, 60_000, 60_000], engagement_rate=[0.04, 0.03, 0.02])

    assert order(pool) == [2, 1, 3] or order(pool) == [2, 3, 1]
    assert order(pool)[0] == 2


def test_one_lucky_post_is_believed_less_than_thirty() -> None:
    pool = alike(2, engagement_rate=[0.12, 0.12], engagement_posts=[1, 30])

    assert order(pool) == [2, 1]


def test_generic_comments_lift_nobody_over_real_ones() -> None:
    count = 12
    genuine = np.where(np.arange(count) == 4, 0.9, 0.2)
    pool = alike(count, genuine_share=genuine, comments_seen=np.full(count, 200.0), reply_rate=np.full(count, 0.3))

    assert order(pool)[0] == 5


def test_three_lucky_comments_weigh_less_than_three_hundred() -> None:
    seen = np.array([3.0, 300.0, *[100.0] * 10])
    replies = np.array([0.9, 0.9, *np.linspace(0.1, 0.4, 10)])
    pool = alike(12, reply_rate=replies, comments_seen=seen)

    assert order(pool)[:2] == [2, 1]


def test_more_engagement_for_the_same_money_stands_higher() -> None:
    assert order(alike(3, price_minor=[30_000, 10_000, 20_000])) == [2, 3, 1]


def test_sponsored_work_costs_nothing_until_it_fills_the_page() -> None:
    assert order(alike(3, sponsored_share=[0.3, 0.14, 0.0])) == [2, 3, 1]


@pytest.mark.parametrize("name", RANKED_BY)
def test_what_is_not_known_stands_in_the_middle(name: str) -> None:
    low, high = {"latitude": (48.5, 48.9)}.get(name, (0.2, 0.6))

    ranked = order(alike(3, longitude=np.full(3, 11.5), **{name: [low, np.nan, high]}))

    assert ranked[1] == 2


def test_everything_unknown_is_a_list_by_number_that_says_so() -> None:
    found = match(BriefFacts(), Pool.of([30, 10, 20]))

    assert [row.creator for row in found] == [10, 20, 30]
    assert {row.doubt.code for row in found} == {"nothing_known"}


@pytest.mark.parametrize("text", ["", "bread", "bread " * 10_000, "🌿\0"])
def test_a_brief_of_any_length_is_ranked(text: str) -> None:
    assert len(match(brief(text=text, vector=None), made_up(), limit=5)) == 5


def test_a_vector_of_another_model_is_not_compared() -> None:
    other = brief(vector=unit(np.ones(SIZE * 2)))

    assert order(made_up(), other) == order(made_up(vectors=None), other)


def test_absurd_figures_are_taken_for_unknown() -> None:
    wild = alike(3, engagement_rate=[np.inf, -1, 0.0], price_minor=[0, -5, np.inf], followers=[0, -3, np.nan])

    found = match(brief(), wild)

    assert all(0 <= row.score <= 1 for row in found)
    assert {row.price_minor for row in found} <= {0, None}


def test_a_column_that_does_not_exist_is_refused() -> None:
    with pytest.raises(TypeError, match="fame"):
        Pool.of([1], fame=[3])
    with pytest.raises(ValueError, match="followers"):
        Pool.of([1, 2], followers=[3])


def test_a_part_of_the_pool_keeps_each_creators_columns() -> None:
    pool = made_up(
        posts=unit(np.random.default_rng(2).normal(size=(400, SIZE))), post_rows=np.repeat(np.arange(200), 2)
    )
    rows = np.array([3, 50, 199])

    part = pool.take(rows)

    assert part.ids.tolist() == pool.ids[rows].tolist()
    assert np.array_equal(part.posts, pool.posts[[6, 7, 100, 101, 398, 399]])
    assert part.post_rows.tolist() == [0, 0, 1, 1, 2, 2]
    assert part.niche_names == NICHES


def test_weights_are_data() -> None:
    only_price = Weights("test/1", {"price": 1.0})
    pool = made_up()

    found = match(brief(), pool, weights=only_price, limit=3)

    assert [list(row.parts) for row in found] == [["price"]] * 3
    assert order(pool, weights=only_price) != order(pool, weights=FIRST)
