"""A few thousand of many: the same best hundred, always as many as were asked for, and words about everybody."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from campaigns.matching import BriefFacts, Pool, match, narrowing
from campaigns.matching.cells import Norms
from campaigns.matching.meaning import text_fit
from campaigns.matching.narrowing import Narrowed, Reach, Rows, Signals, candidates, other_points, standings
from campaigns.matching.nearest import Index, cosines
from campaigns.matching.parts import measure, norms_of
from campaigns.matching.scale import Numbers, Places, mean_of, standard
from tests.campaigns.matching.made_up import SIZE, brief, columns, made_up, unit

MANY = 4_000


@pytest.fixture(scope="module")
def crowd() -> tuple[Pool, Index]:
    """Four thousand in twenty clusters, whose places are not known."""
    random = np.random.default_rng(3)
    vectors = unit(random.normal(size=(20, SIZE))[random.integers(0, 20, MANY)] + random.normal(size=(MANY, SIZE)) / 2)
    half = vectors.astype(np.float16)
    full = columns(MANY) | {"vectors": vectors}
    pool = Pool.of(np.arange(1, MANY + 1), **{name: column for name, column in full.items() if "itude" not in name})
    return pool, Index.of(vectors[::4], [half[:1500], half[1500:]], np.zeros_like(half))


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same method with numbers a twentieth as large."""
    for name, size in (
        ("ENOUGH", 150),
        ("NEAREST", 1_000),
        ("FEWEST", 1_000),
        ("BY_BOTH", 300),
        ("BY_THE_REST", 100),
        ("BACKGROUND", 400),
    ):
        monkeypatch.setattr(narrowing, name, size)


def wanted(**changes: Any) -> BriefFacts:
    return brief(latitude=None, longitude=None, **changes)


def narrowed(facts: BriefFacts, pool: Pool, index: Index | None, keeps: Any, always: Any = ()) -> Narrowed:
    total = pool.niches.sum(axis=1)
    topic = pool.niches @ [facts.niches.get(name, 0.0) for name in pool.niche_names] / np.where(total > 0, total, 1)
    merit, engaged = standings(pool)

    def points(rows: Rows) -> Numbers:
        return other_points(facts, merit[rows], engaged[rows], pool.price_minor[rows], np.full(len(rows), np.nan))

    signals = Signals(topic, points, np.argsort(-merit), np.array(always, dtype=np.int64))
    return candidates(facts, keeps, signals=signals, reach=Reach(index.nearest, index.cosines) if index else None)


def best(facts: BriefFacts, pool: Pool, chosen: Narrowed) -> list[int]:
    part = pool.take(chosen.rows)
    return [one.creator for one in match(facts, replace(part, counts=chosen.counts), limit=100)]


@pytest.mark.parametrize("share", [1.0, 0.5, 0.2, 0.06, 0.03])
def test_a_hundred_come_back_and_they_are_the_best(crowd: tuple[Pool, Index], small: None, share: float) -> None:
    pool, index = crowd
    keeps = np.random.default_rng(5).random(MANY) < share
    facts = wanted(vector=pool.vectors[17])

    found = best(facts, pool, narrowed(facts, pool, index, keeps))

    exact = best(facts, pool, Narrowed(np.flatnonzero(keeps), None))
    assert len(found) == 100
    assert set(found) <= set(pool.ids[keeps])
    assert len(set(found) & set(exact)) >= 95


def test_without_an_index_everybody_is_scored(crowd: tuple[Pool, Index], small: None) -> None:
    pool, _ = crowd

    chosen = narrowed(wanted(), pool, None, np.ones(MANY, dtype=bool))

    assert len(chosen.rows) == MANY
    assert chosen.counts is None


def test_a_brief_without_words_goes_by_niche_and_merit(crowd: tuple[Pool, Index], small: None) -> None:
    pool, index = crowd
    facts, keeps = wanted(vector=None), np.ones(MANY, dtype=bool)

    found = best(facts, pool, narrowed(facts, pool, index, keeps))

    assert len(set(found) & set(best(facts, pool, Narrowed(np.arange(MANY), None)))) >= 90


def test_who_is_new_is_always_looked_at(crowd: tuple[Pool, Index], small: None) -> None:
    pool, index = crowd
    facts, keeps = wanted(vector=pool.vectors[17]), np.ones(MANY, dtype=bool)
    keeps[7] = False
    far = int(np.argmin(pool.vectors @ pool.vectors[17]))

    chosen = narrowed(facts, pool, index, keeps, always=[7, far])

    assert chosen.counts is not None
    assert chosen.counts[chosen.rows == far] == [1.0]
    assert 7 not in chosen.rows


def test_the_rows_stand_for_everybody_who_was_kept(crowd: tuple[Pool, Index], small: None) -> None:
    pool, index = crowd
    keeps = np.random.default_rng(5).random(MANY) < 0.8
    facts = wanted(vector=pool.vectors[17])

    chosen = narrowed(facts, pool, index, keeps)
    part = replace(pool.take(chosen.rows), counts=chosen.counts)

    assert part.size == keeps.sum()
    assert mean_of(part.reply_rate, part.counts) == pytest.approx(mean_of(pool.reply_rate[keeps]), abs=0.02)
    assert match(facts, part, limit=1)[0].reasons[0].facts["pool"] == keeps.sum()


def test_a_row_that_stands_for_three_counts_as_three() -> None:
    values = np.array([1.0, 2.0, np.nan, 5.0])
    counts = np.array([3.0, 1.0, 9.0, 2.0])

    several = np.repeat(values, counts.astype(int))

    assert mean_of(values, counts) == pytest.approx(mean_of(several))
    assert standard(values, counts)[3] == pytest.approx(standard(several)[-1])


def test_a_pool_that_stands_for_itself_is_ranked_as_ever() -> None:
    pool = made_up()

    vector = unit(np.arange(1.0, SIZE + 1))
    counted = replace(pool, counts=np.ones(len(pool)), cosines=(pool.vectors @ vector).astype(np.float64))

    ranked, again = match(brief(), pool), match(brief(), counted)
    assert [one.creator for one in again] == [one.creator for one in ranked]
    assert [one.score for one in again] == pytest.approx([one.score for one in ranked])
    assert [one.reasons for one in again] == [one.reasons for one in ranked]


def test_the_index_keeps_to_the_filter_and_knows_the_cosines(crowd: tuple[Pool, Index]) -> None:
    pool, index = crowd
    keeps = np.arange(MANY) % 3 == 1

    rows, about = index.nearest(pool.vectors[4], keeps, 50)
    exact = index.cosines(pool.vectors[4], np.sort(rows))

    assert len(rows) == 50
    assert keeps[rows].all()
    assert rows[0] == 4
    assert exact == pytest.approx(pool.vectors[np.sort(rows)] @ pool.vectors[4], abs=1e-3)
    assert np.corrcoef(about, pool.vectors[rows] @ pool.vectors[4])[0, 1] > 0.5


def test_what_is_usual_does_not_depend_on_whom_the_filters_keep(crowd: tuple[Pool, Index]) -> None:
    pool, _ = crowd
    told = norms_of(pool)
    few = np.arange(0, MANY, 40)

    alone = measure(wanted(), replace(pool.take(few), norms=told))
    among = measure(wanted(), pool)

    for part in ("engagement", "conversation"):
        assert alone[part].values == pytest.approx(among[part].values[few], nan_ok=True)
    again = Norms.read(json.loads(json.dumps(told.plain())))
    assert again.rate == pytest.approx(told.rate)
    assert again.signs["words"].usual == pytest.approx(told.signs["words"].usual, nan_ok=True)


def test_a_right_angle_is_known_and_zeros_are_not() -> None:
    eye = np.eye(3, dtype=np.float32)

    assert cosines(np.vstack([eye, np.zeros(3, dtype=np.float32)]), eye[1]) == pytest.approx(
        [0, 1, 0, np.nan], nan_ok=True
    )
    assert np.isnan(text_fit(wanted(vector=np.zeros(SIZE, dtype=np.float32)), made_up())).all()


def test_places_are_counted_as_by_looking_at_all() -> None:
    values = np.array([3.0, np.nan, 1.0, 3.0, 2.0])
    places = Places.of(values, np.array([1.0, 9.0, 2.0, 1.0, 5.0]))

    assert places.known == 9
    assert [places.below(value) for value in (0.5, 2.0, 3.0)] == [0, 2, 7]
    assert [places.above(value) for value in (0.5, 2.0, 3.0)] == [9, 2, 0]
