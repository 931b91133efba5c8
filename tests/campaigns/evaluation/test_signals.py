"""What the learned order reads beside the plain likenesses, and that none of it has seen the answer."""

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.management import call_command

from campaigns.evaluation import Shape, fairness, rankers
from campaigns.evaluation.folder import read
from campaigns.evaluation.known import near_known, size_of_known
from campaigns.evaluation.latent import Latent
from campaigns.evaluation.lexical import Lexicon
from campaigns.evaluation.queries import Query
from campaigns.evaluation.running import heard, prepared
from campaigns.evaluation.study import Study, study_of
from campaigns.evaluation.translation import NAMES, Known, Translation
from creators.embedding import LEXICAL
from tests.campaigns.evaluation.made_up import made_up

SMALL = Shape(candidates=60, draws=2, folds=2, strangers=40)


@pytest.fixture
def study(tmp_path: Path) -> Study:
    world, briefs = prepared(read(made_up(tmp_path)), data_dir=tmp_path, model=LEXICAL, tell=lambda *_: None)
    return study_of(world, briefs, SMALL, lambda *_: None)


def translation(study: Study, *, moved: int | None = None) -> Translation:
    """As the study makes it; with `moved`, the collaborators of all brands of that fold are somewhere else."""
    world, random = study.world, np.random.default_rng(8)
    brands = []
    for case in study.cases:
        asked = np.concatenate([case.query.vector, world.space.of(world.lexicon.asked([case.query.text]))[0]])
        middle = world.both[world.pairs[case.query.brand]].mean(axis=0)
        away = random.normal(size=len(middle)).astype(np.float32)
        brands.append(Known(asked, away if case.fold == moved else middle, 10, case.fold))
    return Translation(world, brands)


def test_the_translation_behind_a_case_knows_no_brand_of_its_fold_or_the_judged_one(study: Study) -> None:
    """The collaborators of the judged brands may be anybody: what teaches who ranks them stays the same."""
    rows = np.arange(30)
    asked = np.concatenate([study.cases[0].query.vector, study.world.latent[0]])
    plain, moved = translation(study), translation(study, moved=0)

    assert np.allclose(plain.of(asked, rows, {0}), moved.of(asked, rows, {0}))
    assert not np.allclose(plain.of(asked, rows, {1}), moved.of(asked, rows, {1}), atol=0.1)


def test_lessons_are_made_without_the_fold_that_is_ranked(study: Study) -> None:
    columns = study.of_groups("translated")

    for case in study.cases:
        assert len(columns) == len(NAMES)
        assert np.array_equal(case.teaching(case.fold), case.features, equal_nan=True)
        for ranked in {0, 1} - {case.fold}:  # of two folds, none is left to learn from
            assert np.isnan(case.teaching(ranked)[:, columns]).all()
            assert np.array_equal(
                case.teaching(ranked)[:, : columns[0]], case.features[:, : columns[0]], equal_nan=True
            )


def test_words_that_are_used_together_are_near_each_other() -> None:
    texts = ["denim jeans", "jeans jacket", "denim jacket", "bread flour", "flour oven", "bread oven"] * 4
    lexicon = Lexicon(texts, np.arange(len(texts)), len(texts))
    space = Latent(lexicon.counts)

    denim, jacket, oven, unknown = space.of(lexicon.asked(["denim", "jacket", "oven", "saxophone"]))

    assert denim @ jacket > 0.5
    assert abs(float(denim @ oven)) < 0.1
    assert not unknown.any()


def test_the_tagger_tells_what_words_are_about(study: Study) -> None:
    world = study.world
    brief = np.concatenate([study.judged[0].query.vector, world.space.of(world.lexicon.asked(["roses compost"]))[0]])

    shares = world.tagger.shares(brief[None, :])

    assert shares.sum() == pytest.approx(1)
    assert (world.subjects.argmax(axis=1) == world.category).mean() > 0.9


def test_nobody_known_is_no_likeness(study: Study) -> None:
    query, rows = replace(study.judged[0].query, known=np.zeros(0, dtype=np.int64)), np.arange(5)

    told = near_known(study.world, query, rows) | size_of_known(study.world, query, rows)

    assert (told.pop("known_count") == 0).all()
    assert all(np.isnan(column).all() for column in told.values())


def test_the_known_of_one_subject_are_like_others_of_it(study: Study) -> None:
    world = study.world
    food = np.flatnonzero(world.category == world.categories.index("food"))
    query = Query("milldough", "", study.judged[0].query.vector, food[:6])

    told = near_known(world, query, np.arange(len(world)))

    others = np.setdiff1d(np.arange(len(world)), food)
    for name in ("known_middle", "known_words_middle", "known_terms", "known_direction", "known_subject"):
        assert told[name][food[6:]].mean() > told[name][others].mean() + 0.5, name


def test_followers_first_shows_the_large_and_chance_shows_all_alike(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fairness, "TOP", 10)
    monkeypatch.setattr(fairness, "FEWEST", 2)
    followers = study.world.pool.followers

    large = fairness.shown(study, [followers[case.trial.rows] for case in study.judged])
    even = fairness.shown(study, [np.zeros(len(case.trial.rows)) for case in study.judged])

    assert large.top["micro"] > large.candidates["micro"] + 0.2
    assert large.top["nano"] < large.candidates["nano"] - 0.2
    assert abs(even.top["micro"] - even.candidates["micro"]) < 0.2
    assert even.unevenness < large.unevenness


def test_a_ranker_is_no_better_than_itself(study: Study) -> None:
    rank = rankers.by_column("mean_post")
    same = heard(study, ((case, rank(study, case)) for case in study.judged))
    chance = np.random.default_rng(4)
    worse = heard(study, ((case, chance.random(len(case.trial.rows))) for case in study.judged))

    assert set(same.more_than(same).values()) == {(0.0, 0.0, 0.0)}
    value, low, high = same.more_than(worse)["AUC"]
    assert 0 < low <= value <= high


def test_the_printed_tables_hold_intervals_parts_and_tiers(tmp_path: Path, settings: Any) -> None:
    settings.DATA_DIR, out, log = tmp_path / "data", io.StringIO(), io.StringIO()

    call_command(
        "evaluate_matching", str(made_up(tmp_path)), "--letters", "--draws", "1", "--folds", "2", "--rounds", "2",
        stdout=out, stderr=log,
    )  # fmt: skip

    told = out.getvalue()
    for said in (
        "Cold: the brand is new",
        "Warm: half",
        "What each part adds",
        "Who is shown",
        "Gini",
        "±",
        "90 creators",
    ):
        assert said in told
    assert "learned: translation" in told
    assert "±nan" not in told
    assert "Read the captions: 90 of 90" in log.getvalue()
    assert "Rank: 1 of " in log.getvalue()
