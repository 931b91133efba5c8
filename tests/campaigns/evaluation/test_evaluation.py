"""The evaluation on a made-up folder: masking, measures, and that nothing gives a collaborator away."""

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.management import call_command

from campaigns.evaluation import Shape, rankers
from campaigns.evaluation.collaborative import Links, shared
from campaigns.evaluation.folder import read
from campaigns.evaluation.masking import masker
from campaigns.evaluation.metrics import MEASURES, measured, summed
from campaigns.evaluation.queries import Query
from campaigns.evaluation.running import judge, prepared
from campaigns.evaluation.study import Study, study_of
from campaigns.evaluation.trials import drawn
from campaigns.evaluation.vectors import embedded
from creators.embedding import LEXICAL
from tests.campaigns.evaluation.made_up import made_up, write

SMALL = Shape(candidates=60, draws=2, folds=2, strangers=40)


def studied(path: Path, *, mask: bool = True) -> Study:
    world, briefs = prepared(read(path, mask=mask), data_dir=path, model=LEXICAL, tell=lambda *_: None)
    return study_of(world, briefs, SMALL, lambda *_: None)


def auc(study: Study, column: str) -> float:
    rank = rankers.by_column(column)
    return judge(study, ((case, rank(study, case)) for case in study.judged))["AUC"][0]


def row_of(scores: list[float], positives: int, category: list[int] | None = None) -> dict[str, float]:
    count = len(scores)
    found = measured(
        np.array(scores), positives, category=np.array(category or [0] * count), followers=np.full(count, 5_000.0),
        order=np.argsort(-np.array(scores), kind="stable"),
    )  # fmt: skip
    return dict(zip(MEASURES, found.tolist(), strict=True))


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("thanks @loreal.usa for this", "thanks  for this"),
        ("my #lorealusahaul today", "my  today"),
        ("a coat by Louis Vuitton again", "a coat by   again"),
        ("Estée Lauder lipstick", "  lipstick"),
        ("gap years and a stopgap", " years and a stopgap"),
        ("nothing to see", "nothing to see"),
    ],
)
def test_every_way_to_write_a_brand_is_masked(said: str, left: str) -> None:
    mask = masker(["lorealusa", "louisvuitton", "esteelauder", "gap"])

    assert mask(said) == left


def test_a_planted_name_gives_collaborators_away_and_masking_takes_it_back(tmp_path: Path) -> None:
    made_up(tmp_path, named=True, telling=False)

    leaking, masked = studied(tmp_path, mask=False), studied(tmp_path)

    assert auc(leaking, "bm25") > 0.8
    assert auc(leaking, "tfidf_letters") > 0.8
    for column in ("bm25", "tfidf_words", "tfidf_letters", "mean_post", "best_post"):
        assert abs(auc(masked, column) - 0.5) < 0.2, column


def test_how_often_somebody_was_sampled_is_no_feature(tmp_path: Path) -> None:
    """Whoever has the same post five times over is the same creator to every ranker."""
    made_up(tmp_path)
    once = studied(tmp_path)
    posts = read(tmp_path)
    rows = [
        {"post_id": f"{row}-{copy}", "creator_id": f"c{row}", "likes": 100 + row, "comments": 9, "text": text}
        for row, text in enumerate(posts.texts)
        for copy in range(5 if row % 3 else 1)
    ]
    write(tmp_path / "posts.csv.gz", rows)
    stats = {"fan_comments": 9, "unique_fans": 8, "replied_to": 3, "mean_words": 4.5}
    write(
        tmp_path / "comment_stats.csv.gz",
        [
            {"post_id": post["post_id"], "short_or_generic": int(str(post["creator_id"])[1:]) % 9} | stats
            for post in rows
        ],
    )

    often = studied(tmp_path)

    allowed = once.of_groups("creator", "followers")
    for before, after in zip(once.judged, often.judged, strict=True):
        assert np.allclose(before.features[:, allowed], after.features[:, allowed], atol=1e-4, equal_nan=True)
    assert not [name for name in once.columns if "length" in name or "sampled" in name]


def test_measures_are_those_of_a_trial_counted_by_hand() -> None:
    told = row_of([5.0, 2.0, 4.0, 3.0, 1.0], positives=2)

    assert told["AUC"] == pytest.approx(4 / 6)
    assert told["MRR"] == 1
    assert told["MAP"] == pytest.approx((1 / 1 + 2 / 4) / 2)
    assert told["nDCG@10"] == pytest.approx((1 + 1 / np.log2(5)) / (1 + 1 / np.log2(3)))
    assert (told["R@10"], told["MedR"], told["<10k"]) == (1, 1, 1)


def test_auc_by_category_compares_within_the_category_only() -> None:
    told = row_of([1.0, 9.0, 8.0, 0.0], positives=1, category=[1, 0, 0, 1])

    assert told["AUC"] == pytest.approx(1 / 3)
    assert told["cAUC"] == 1


def test_the_interval_is_over_brands_not_over_trials() -> None:
    rows = np.tile(np.array([[0.2], [0.8]]), (1, len(MEASURES)))

    one_brand = summed(rows, ["a", "a"])["AUC"]
    two_brands = summed(rows, ["a", "b"])["AUC"]

    assert one_brand == (0.5, 0.5, 0.5)
    assert list(two_brands) == pytest.approx([0.5, 0.2, 0.8])


def test_the_asked_brand_lends_nothing_to_itself(tmp_path: Path) -> None:
    """Its own pairs are the answer: the features stay the same when those that are asked for are taken away."""
    study = studied(made_up(tmp_path))
    links, real = Links(study.world), study.world.pairs["milldough"]
    query = Query("milldough", "", study.judged[0].query.vector, real[:5])
    before = shared(links, query)

    study.world.pairs["milldough"] = real[:5]
    after = shared(Links(study.world), query)

    others = np.setdiff1d(np.arange(len(study.world)), real[:5])
    for name in ("shared_brands", "alike_brands", "ridge_of_brands"):
        assert np.allclose(before[name][others], after[name][others]), name
        assert before[name].any(), name


def test_the_known_and_the_asked_are_never_the_same_creators() -> None:
    for trial in drawn("a", np.arange(30), 900, Shape(), np.random.default_rng(1)):
        assert (trial.positives, len(trial.rows), len(trial.known)) == (11, 797, 19)
        assert not np.isin(trial.known, trial.rows).any()
        assert (trial.rows[trial.positives :] >= 30).all()


def test_a_learned_order_beats_chance_on_brands_it_never_saw(tmp_path: Path) -> None:
    study = studied(made_up(tmp_path))

    cold = judge(study, rankers.by_learning(study, rankers.COLD, rounds=10))

    assert cold["AUC"][0] > 0.7
    assert len({case.fold for case in study.judged}) == 2


def test_vectors_are_kept_by_what_was_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def counted(texts: list[str], **_: Any) -> Any:
        asked.append(len(texts))
        return np.ones((len(texts), 384), dtype=np.float32)

    monkeypatch.setattr("campaigns.evaluation.vectors.encode", counted)
    for texts in (["a", "b"], ["a", "b"], ["a", "c"]):
        embedded(texts, data_dir=tmp_path, model="some/1", advance=lambda *_: None)

    assert asked == [2, 2]


def run(folder: Path, *options: str) -> tuple[int, dict[str, Any]]:
    out, code = io.StringIO(), 0
    try:
        call_command(
            "evaluate_matching", str(folder), "--letters", "--json", *options, stdout=out, stderr=io.StringIO()
        )
    except SystemExit as ended:
        code = int(str(ended.code))
    return code, json.loads(out.getvalue())


def test_the_command_tells_every_ranker_and_every_measure(tmp_path: Path, settings: Any) -> None:
    settings.DATA_DIR = tmp_path / "data"

    code, report = run(made_up(tmp_path), "--draws", "1", "--folds", "2", "--rounds", "2")

    assert code == 0
    assert report["briefs"] == 3
    for name in ("random", "followers descending", "category match", "BM25", "TF-IDF, words", "learned, cold"):
        assert set(report["cold"][name]) == set(MEASURES)
    assert "learned, warm" in report["warm"]
    assert "+ creator (no followers)" in report["parts"]


@pytest.mark.parametrize("broken", ["pairs.csv.gz", "briefs.json", "posts.csv.gz"])
def test_a_folder_without_a_file_ends_with_two_and_its_name(tmp_path: Path, broken: str) -> None:
    (made_up(tmp_path) / broken).unlink()

    code, report = run(tmp_path)

    assert (code, broken in report["error"]) == (2, True)


def test_a_folder_with_nonsense_ends_with_two(tmp_path: Path) -> None:
    made_up(tmp_path)
    write(tmp_path / "pairs.csv.gz", [{"brand": "milldough", "somebody": "c1"}])
    assert run(tmp_path) == (2, {"error": f"{tmp_path / 'pairs.csv.gz'} lacks creator_id."})

    (tmp_path / "pairs.csv.gz").write_bytes(b"no gzip")
    assert run(tmp_path)[0] == 2
    assert run(tmp_path / "nowhere")[0] == 2


def test_a_folder_whose_briefs_name_nobody_ends_with_two(tmp_path: Path) -> None:
    (made_up(tmp_path) / "briefs.json").write_text(json.dumps([{"brand": "unheard", "brief": "Bread"}]))

    code, report = run(tmp_path)

    assert code == 2
    assert "No brief" in report["error"]
