"""Single posts: the last few hundred are compared by them, and the closest one is named."""

import numpy as np
import pytest
from numpy.typing import NDArray

from campaigns.matching import Pool, match
from campaigns.matching.posts import LOOKED_AT, Posts, ReadPosts, beginning, closest
from tests.campaigns.matching.made_up import SIZE, alike, brief, made_up, unit

WANTED = unit(np.arange(1.0, SIZE + 1))  # what the made-up brief means
AWAY = unit(np.eye(SIZE)[0])


def reads(owners: list[int], near: list[float], days: list[str] | None = None) -> ReadPosts:
    """Posts of these creators, so near to the brief."""
    vectors = unit(np.array([share * WANTED + (1 - share) * AWAY for share in near]))
    every = Posts(np.array(owners), vectors, days or [""] * len(owners), [f"Words {n}" for n in range(len(owners))])

    def read(ids: NDArray[np.int64]) -> Posts:
        kept = np.flatnonzero(np.isin(every.owners, ids))
        days, words = ([said[int(row)] for row in kept] for said in (every.days, every.words))
        return Posts(every.owners[kept], every.vectors[kept], days, words)

    return read


def test_the_closest_post_counts_and_is_named_with_its_day() -> None:
    days = ["2026-11-02", "2026-10-12", "2026-09-01", "2026-08-30"]
    read = reads([1, 2, 2, 3], [0.2, 0.1, 0.9, 0.3], days)

    first, second, third = match(brief(), alike(3), posts=read)

    assert [first.creator, second.creator, third.creator] == [2, 3, 1]
    said = next(reason for reason in first.reasons if reason.code == "best_post")
    assert said.text == "The post “Words 2” of 1 Sep 2026 comes closest to your brief of the best posts of 3 creators."
    assert said.facts["on"] == "2026-09-01"


def test_of_two_equally_close_posts_the_newer_is_named() -> None:
    read = reads([1, 1, 2], [0.9, 0.9, 0.1], ["2026-11-02", "2026-10-12", ""])

    first, _second = match(brief(), alike(2), posts=read)

    assert next(reason for reason in first.reasons if reason.code == "best_post").facts["on"] == "2026-11-02"


def test_a_post_without_words_or_a_creator_without_posts_is_not_known() -> None:
    silent = Posts(np.array([1, 2]), np.vstack([np.zeros(SIZE, dtype=np.float32), WANTED]), ["", ""], ["", ""])

    found = closest(brief(), alike(3), silent)

    assert np.isnan(found.values).tolist() == [True, False, True]
    one = next(each for each in match(brief(), alike(3), posts=lambda ids: silent) if each.creator == 3)
    assert not one.parts["best_post"].known
    assert one.score == pytest.approx(sum(part.points for part in one.parts.values()))


def test_the_points_still_add_up_to_the_score() -> None:
    owners = list(range(1, 201))
    near = np.random.default_rng(3).random(200).tolist()

    found = match(brief(), made_up(), posts=reads(owners, near))

    assert all(one.score == pytest.approx(sum(part.points for part in one.parts.values())) for one in found)
    assert all(one.parts["best_post"].known for one in found)
    told = [reason.text for one in found for reason in one.reasons if reason.code == "best_post"]
    assert any("% of the 200 creators we compared" in text for text in told)


def test_posts_are_read_of_the_last_few_hundred_only_and_the_list_is_made_of_them() -> None:
    count = LOOKED_AT + 200
    pool = Pool.of(
        np.arange(1, count + 1),
        vectors=unit(np.ones((count, SIZE))),
        latitude=48.5 + np.arange(count) / 1_000,
        longitude=np.full(count, 11.5),
    )
    asked: list[NDArray[np.int64]] = []
    read = reads(list(range(1, count + 1)), [0.0] * LOOKED_AT + [1.0] * 200)

    def noted(ids: NDArray[np.int64]) -> Posts:
        asked.append(ids)
        return read(ids)

    found = match(brief(), pool, limit=LOOKED_AT, posts=noted)

    assert [len(ids) for ids in asked] == [LOOKED_AT]
    assert sorted(one.creator for one in found) == sorted(asked[0].tolist()) == list(range(1, LOOKED_AT + 1))


def test_without_a_read_brief_nobodys_posts_are_read() -> None:
    def read(ids: NDArray[np.int64]) -> Posts:
        raise AssertionError("nothing to compare them with")

    assert len(match(brief(vector=None), alike(3), posts=read)) == 3


def test_a_post_begins_on_one_line_and_ends_at_a_word() -> None:
    assert beginning("Sourdough\n  at dawn") == "Sourdough at dawn"
    assert beginning("word " * 30) == "word word word word word word word word word word word word …"
    assert beginning("x" * 90) == f"{'x' * 60} …"
