"""Figures: unknown stays unknown, few posts stay near their tier, replies count most."""

import math

import pytest

from creators import figures
from creators.figures import Cell, PostFacts


@pytest.mark.parametrize(
    ("followers", "tier"),
    [(None, ""), (0, "seed"), (999, "seed"), (1_000, "nano"), (9_999, "nano"), (10_000, "micro"), (99_999, "micro"),
     (100_000, "mid"), (500_000, "macro"), (1_000_000, "mega"), (10**12, "mega")],
)  # fmt: skip
def test_a_tier_is_a_band_of_followers(followers: int | None, tier: str) -> None:
    assert figures.tier_of(followers) == tier


def test_the_rate_is_the_median_of_likes_and_comments_over_followers() -> None:
    posts = [PostFacts(1_000, likes, 10) for likes in (10, 40, 990)]

    found = figures.engagement(posts, Cell(math.log(0.03)))

    assert found.rate == pytest.approx(0.05)
    assert found.posts == 3


def test_without_followers_or_likes_nothing_is_known() -> None:
    found = figures.engagement([PostFacts(None, 5, 5), PostFacts(0, 5, 5), PostFacts(100, None, 5)], Cell(0))

    assert found == figures.Engagement(None, 0, None)


def test_one_lucky_post_is_shrunk_and_fifty_speak_for_themselves() -> None:
    cell = Cell(math.log(0.03))

    one = figures.engagement([PostFacts(10_000, 3_000, 0)], cell).shrunk
    fifty = figures.engagement([PostFacts(10_000, 3_000, 0)] * 50, cell).shrunk

    assert one is not None
    assert fifty is not None
    assert 0.03 < one < fifty < 0.3
    assert fifty == pytest.approx(0.3, rel=0.05)


def test_the_shrinkage_is_the_published_formula() -> None:
    mean, posts, cell = math.log(0.06), 4, Cell(math.log(0.02), between=0.5)

    weight = (posts / 0.316) / (posts / 0.316 + 1 / 0.5)
    expected = math.exp(weight * mean + (1 - weight) * cell.mean)

    assert figures.shrink(mean, posts, cell) == pytest.approx(expected)


def test_a_silent_post_pulls_down_without_breaking_the_logarithm() -> None:
    found = figures.engagement([PostFacts(1_000, 0, 0)], Cell(math.log(0.03)))

    assert found.rate == 0
    assert found.shrunk is not None
    assert 0 < found.shrunk < 0.03


def test_a_rate_entered_by_hand_weighs_less_than_what_was_seen() -> None:
    cell = Cell(math.log(0.03))

    said = figures.engagement([], cell, entered=0.3)
    seen = figures.engagement([PostFacts(1_000, 300, 0)] * 10, cell)

    assert said.posts == 0
    assert said.rate == 0.3
    assert said.shrunk is not None
    assert seen.shrunk is not None
    assert said.shrunk < seen.shrunk


def test_a_cell_of_two_hundred_creators_replaces_the_published_median() -> None:
    published = figures.cell_of("tiktok", "micro", creators=199, mean=math.log(0.5))
    own = figures.cell_of("tiktok", "micro", creators=200, mean=math.log(0.5))

    assert math.exp(published.mean) == pytest.approx(0.081)
    assert math.exp(own.mean) == pytest.approx(0.5)


def test_replies_words_and_substance_are_weighed_by_how_many_comments_there_were() -> None:
    busy = PostFacts(100, 1, 1, fan_comments=30, replied_to=15, hollow=6, mean_words=6.0)
    quiet = PostFacts(100, 1, 1, fan_comments=10, replied_to=0, hollow=4, mean_words=2.0)

    found = figures.conversation([busy, quiet])

    assert found.seen == 40
    assert found.reply_rate == pytest.approx(15 / 40)
    assert found.words == pytest.approx(5.0)
    assert found.genuine_share == pytest.approx(0.75)


def test_without_comments_the_conversation_is_unknown_not_zero() -> None:
    found = figures.conversation([PostFacts(100, 1, 0)])

    assert (found.reply_rate, found.words, found.genuine_share, found.score) == (None, None, None, None)


def test_three_lucky_comments_do_not_make_a_conversation() -> None:
    few = figures.conversation([PostFacts(1, 1, 1, fan_comments=3, replied_to=3, mean_words=9.0)]).score
    many = figures.conversation([PostFacts(1, 1, 1, fan_comments=300, replied_to=150, mean_words=9.0)]).score

    assert few is not None
    assert many is not None
    assert few < many <= 1


def test_the_sponsored_share_of_no_posts_is_unknown() -> None:
    assert figures.sponsored_share([]) is None
    assert figures.sponsored_share([PostFacts(1, 1, 1, is_sponsored=True), PostFacts(1, 1, 1)]) == 0.5
