"""The authenticity score: what is not known never lowers it, evidence narrows it, and it speaks plainly."""

import math
from dataclasses import fields, replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creators.authenticity import (
    TOLD,
    Authenticity,
    Evidence,
    PostEvidence,
    improvements,
    moved,
    norms,
    score,
    sentence,
    standing,
)

ANY = st.one_of(st.none(), st.floats(allow_nan=True, allow_infinity=True), st.integers(-5, 10**15))
COUNT = st.integers(0, 60)
DAY = date(2026, 3, 1)
COUNTS = [field.name for field in fields(PostEvidence) if field.name not in ("is_sponsored", "network")]


@st.composite
def posts(draw: st.DrawFn) -> PostEvidence:
    """A post that could be: counts of a sample never exceed it."""
    fans = draw(COUNT)
    shares: dict[str, Any] = {
        name: draw(st.integers(0, fans))
        for name in ("unique_fans", "replied_to", "emoji_only", "generic", "distinct_texts", "from_creators")
    }
    return PostEvidence(
        followers=draw(st.integers(500, 10**7)),
        likes=draw(st.integers(0, 10**5)),
        comments=draw(st.integers(0, 10**4)),
        is_sponsored=draw(st.booleans()),
        fan_comments=fans,
        mean_words=draw(st.floats(0, 40)) if fans else None,
        **shares,
    )


@st.composite
def creators(draw: st.DrawFn) -> Evidence:
    return Evidence(
        network=draw(st.sampled_from(["instagram", "tiktok", "youtube", "blog", ""])),
        followers=draw(st.integers(500, 10**7)),
        following=draw(st.one_of(st.none(), st.integers(0, 8_000))),
        niche=draw(st.sampled_from(["food-drink", "fashion", "nowhere", ""])),
        posts=draw(st.lists(posts(), max_size=6)),
        history=[
            (DAY + timedelta(days=7 * week), count) for week, count in enumerate(draw(st.lists(COUNT, max_size=6)))
        ],
    )


def of(found: Authenticity, name: str) -> Any:
    return next(part for part in found.parts if part.name == name)


def blind(evidence: Evidence, *names: str) -> Evidence:
    """The same creator, without these figures of the posts."""
    gone: dict[str, Any] = dict.fromkeys(names)
    return replace(evidence, posts=[replace(post, **gone) for post in evidence.posts])


def talked(count: int, *, generic: int = 8, **more: Any) -> Evidence:
    """A creator with this many alike posts."""
    told: dict[str, Any] = {
        "followers": 8_000, "likes": 240, "comments": 18, "fan_comments": 20, "unique_fans": 18, "replied_to": 3,
        "emoji_only": 2, "generic": generic, "mean_words": 5.0, "distinct_texts": 17, "from_creators": 1,
    }  # fmt: skip
    return Evidence("instagram", 8_000, 600, "food-drink", [PostEvidence(**told | more)] * count)


def test_who_is_not_known_at_all_is_usual_with_the_widest_band() -> None:
    found = score(Evidence())

    assert found.score == pytest.approx(50)
    assert found.low95 < 5 < found.low < 15
    assert found.high + found.low == pytest.approx(100)
    assert not found.is_enough
    assert {part.unknown for part in found.parts} == {1.0}


@given(creators(), st.sampled_from(["likes", "comments", "fan_comments", "emoji_only", "replied_to", "distinct_texts"]))
def test_missing_evidence_never_lowers_the_score_below_the_usual_and_widens_the_band(
    evidence: Evidence, name: str
) -> None:
    whole, part = score(evidence), score(blind(evidence, name))

    for before, after in zip(whole.parts, part.parts, strict=True):
        if after.standing is None:
            assert after.points == 0
            assert after.unknown == 1 >= before.unknown
    lost = [before for before, after in zip(whole.parts, part.parts, strict=True) if before.standing != after.standing]
    gone = all(of(part, before.name).standing is None for before in lost)
    if gone and all(before.points <= 0 for before in lost):
        assert part.score >= whole.score - 1e-9
    if gone:
        assert part.doubt >= whole.doubt


@given(creators())
def test_the_points_add_up_to_the_score_and_the_bands_lie_in_each_other(evidence: Evidence) -> None:
    found = score(evidence)

    assert 50 + sum(part.points for part in found.parts) == pytest.approx(found.score, abs=1e-6)
    assert 0 <= found.low95 <= found.low <= found.score <= found.high <= found.high95 <= 100


@given(st.lists(st.fixed_dictionaries(dict.fromkeys(COUNTS, ANY)), max_size=4), ANY, ANY, st.lists(ANY, max_size=6))
def test_absurd_figures_are_not_known_and_break_nothing(
    rows: list[dict[str, Any]], followers: Any, following: Any, history: list[Any]
) -> None:
    days = [(DAY + timedelta(days=9 * number), count) for number, count in enumerate(history)]

    found = score(
        Evidence("instagram", followers, following, "food-drink", [PostEvidence(**row) for row in rows], days)
    )

    assert all(math.isfinite(value) for value in (found.score, found.low, found.high))
    assert all(sentence(part) and "nan" not in sentence(part) for part in found.parts)
    assert 0 <= found.score <= 100


def test_evidence_narrows_the_band() -> None:
    one, eight, sixty = (score(talked(count)) for count in (1, 8, 60))

    assert score(Evidence()).doubt > one.doubt > eight.doubt > sixty.doubt
    assert (one.is_enough, eight.is_enough) == (False, True)


def test_eight_posts_or_thirty_comments_are_enough() -> None:
    quiet = talked(7, fan_comments=4, generic=1, unique_fans=4, distinct_texts=4, emoji_only=0)

    assert not score(quiet).is_enough
    assert score(replace(quiet, posts=[*quiet.posts, quiet.posts[0]])).is_enough
    assert score(talked(2)).is_enough


@pytest.mark.parametrize(
    ("part", "worse"),
    [
        ("generic", {"generic": 19}),
        ("emoji_only", {"emoji_only": 15}),
        ("diversity", {"distinct_texts": 3}),
        ("depth", {"mean_words": 1.0}),
        ("from_creators", {"from_creators": 14}),
        ("engagement", {"likes": 20, "comments": 1}),
        ("comments_per_like", {"comments": 0}),
    ],
)
def test_each_sign_of_a_hollow_audience_counts_against(part: str, worse: dict[str, Any]) -> None:
    before, after = score(talked(10)), score(talked(10, **worse))

    assert of(after, part).standing < of(before, part).standing
    assert standing(of(after, part)) == "against"
    assert after.score < before.score


def test_answering_people_lifts_the_score() -> None:
    assert score(talked(10, replied_to=16)).score > score(talked(10, replied_to=0)).score


def test_the_same_rate_is_judged_beside_creators_of_the_same_size_and_network() -> None:
    small = score(replace(talked(10, followers=2_000, likes=60), followers=2_000))
    large = score(replace(talked(10, followers=900_000, likes=30_000, comments=1_000), followers=900_000))

    assert of(small, "engagement").usual > of(large, "engagement").usual
    tiktok = score(replace(talked(10), network="tiktok"))
    assert of(tiktok, "engagement").usual > of(score(talked(10)), "engagement").usual
    assert of(tiktok, "generic").unknown > of(score(talked(10)), "generic").unknown


def test_the_platforms_own_usual_rate_replaces_the_measured_one() -> None:
    evidence = replace(talked(10), usual=math.log(0.2))

    assert of(score(evidence), "engagement").usual == pytest.approx(
        math.log(0.2) + norms().parts["engagement"].niches["food-drink"]  # type: ignore[index]
    )


def weeks(*counts: int) -> list[tuple[date, float]]:
    return [(DAY + timedelta(days=7 * week), count) for week, count in enumerate(counts)]


def test_a_sudden_jump_of_followers_counts_against_and_even_growth_does_not() -> None:
    even = score(Evidence(followers=2_000, history=weeks(1_000, 1_200, 1_440, 1_728, 2_073)))
    bought = score(Evidence(followers=2_000, history=weeks(1_000, 1_010, 1_020, 2_040, 2_050)))
    purged = score(Evidence(followers=2_000, history=weeks(2_050, 2_040, 1_020, 1_010, 1_000)))

    assert of(even, "growth").points == 0
    assert bought.score < 50
    assert purged.score < 50
    assert "jumped" in sentence(of(bought, "growth"))


@pytest.mark.parametrize(
    "history", [weeks(1_000, 5_000, 1_000), [(DAY + timedelta(days=day), 9**day) for day in range(5)]]
)
def test_three_days_or_a_week_of_followers_say_nothing(history: list[tuple[date, float]]) -> None:
    assert of(score(Evidence(history=history)), "growth").standing is None


def test_sponsored_work_costs_nothing_until_it_is_very_much() -> None:
    def sponsored(count: int) -> Authenticity:
        rows = [replace(talked(1).posts[0], is_sponsored=number < count) for number in range(30)]
        return score(replace(talked(1), posts=rows))

    assert of(sponsored(6), "saturation").points == 0
    assert of(sponsored(20), "saturation").points < 0


def test_followers_who_leave_paid_posts_alone_are_noticed() -> None:
    post = talked(1).posts[0]
    paid = replace(post, is_sponsored=True, likes=20, comments=1)

    assert of(score(replace(talked(1), posts=[post] * 5 + [paid] * 5)), "paid_posts").standing < 0
    assert of(score(talked(10)), "paid_posts").standing is None


def test_what_moved_the_score_comes_first_and_is_said_with_its_numbers() -> None:
    found = score(talked(10, generic=19))

    assert [abs(part.points) for part in moved(found)] == sorted((abs(p.points) for p in moved(found)), reverse=True)
    assert sentence(of(found, "generic")).startswith("95 % of comments are very short")
    assert "of followers like or comment on a post" in sentence(of(found, "engagement"))


def test_what_would_improve_it_names_what_is_low_then_what_is_not_known() -> None:
    assert TOLD["emoji_only"].when_low in improvements(score(talked(10, emoji_only=18)))
    advice = improvements(score(Evidence()))
    assert advice[0].startswith("More posts and comments")
    assert len(advice) == len(set(advice)) == 3


def test_no_sentence_calls_anybody_a_fake() -> None:
    said = " ".join([*(told.title + told.unknown + told.when_low + told.when_unknown for told in TOLD.values())])
    for evidence in (talked(10), talked(10, generic=19, emoji_only=19, likes=1)):
        found = score(evidence)
        said += " ".join([sentence(part) for part in found.parts] + improvements(found))

    assert not any(word in said.lower() for word in ("fake", "fraud", "bot ", "cheat", "bought"))


def test_every_part_of_the_norms_can_speak() -> None:
    assert set(TOLD) == set(norms().parts)
