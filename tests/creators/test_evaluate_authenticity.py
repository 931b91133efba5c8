"""The evaluation: measures are the published ones, files of all kinds are read or refused, and signal is found."""

import csv
import gzip
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.management import call_command

from creators.authenticity.accounts import FEATURES, Account, account_model
from creators.evaluation import FolderError
from creators.evaluation.labelled import columns_named, read_accounts
from creators.evaluation.logistic import fit
from creators.evaluation.measures import auc, average_precision, brier

KAGGLE = {
    "picture": "profile pic", "digits": "nums/length username", "bio": "description length", "posts": "#posts",
    "followers": "#followers", "following": "#follows", "fake": "fake",
}  # fmt: skip


def accounts(count: int = 160, *, seed: int = 5, telling: bool = True) -> list[dict[str, Any]]:
    """Made-up accounts. Half are fake; `telling`: those have fewer followers and posts and follow more."""
    random = np.random.default_rng(seed)
    rows = []
    for number in range(count):
        fake = number % 2
        odd = fake if telling else int(random.integers(0, 2))
        rows.append(
            {
                "picture": int(random.random() > 0.5 * odd),
                "digits": round(float(random.beta(1 + 3 * odd, 8)), 2),
                "bio": int(random.poisson(5 if odd else 60)),
                "posts": int(random.lognormal(1 if odd else 4, 1)),
                "followers": int(random.lognormal(3.5 if odd else 6, 1)),
                "following": int(random.lognormal(6.5 if odd else 6, 1)),
                "fake": fake,
            }
        )
    return rows


def write(path: Path, rows: list[dict[str, Any]], names: dict[str, str] = KAGGLE, separator: str = ",") -> Path:
    file = io.StringIO()
    writer = csv.writer(file, delimiter=separator)
    writer.writerow([names.get(name, name) for name in rows[0]])
    writer.writerows(row.values() for row in rows)
    text = file.getvalue().encode()
    path.write_bytes(gzip.compress(text) if path.suffix == ".gz" else text)
    return path


def evaluated(*said: Any) -> dict[str, Any]:
    out = io.StringIO()
    call_command("evaluate_authenticity", *map(str, said), "--json", stdout=out, stderr=io.StringIO())
    found: dict[str, Any] = json.loads(out.getvalue())
    return found


def test_the_measures_are_the_published_ones() -> None:
    labels, values = np.array([1.0, 0, 1, 0, 0]), np.array([0.9, 0.8, 0.7, 0.7, 0.1])

    assert auc(labels, values) == pytest.approx((3 + 1.5) / 6)
    assert average_precision(labels, values) == pytest.approx((1 + 2 / 4) / 2)
    assert brier(labels, np.full(5, 0.5)) == 0.25
    assert np.isnan(auc(np.ones(3), np.ones(3)))


def test_the_regression_finds_the_coefficients_that_made_the_data() -> None:
    random = np.random.default_rng(5)
    features = random.normal(size=(20_000, 2))
    labels = (random.random(20_000) < 1 / (1 + np.exp(-(0.5 + features @ [2.0, -1.0])))).astype(float)

    assert fit(features, labels) == pytest.approx([0.5, 2.0, -1.0], abs=0.1)


def test_files_are_judged_within_and_from_one_to_the_other(tmp_path: Path) -> None:
    first = write(tmp_path / "first.csv", accounts(seed=1))
    second = write(tmp_path / "second.csv.gz", accounts(seed=2), separator=";")
    noise = write(tmp_path / "noise.csv", accounts(400, seed=3, telling=False))

    said = evaluated("--accounts", first, second, "--accounts", noise)["accounts"]

    assert said["files"]["first.csv"]["cross_validated"]["auc"] > 0.9
    assert said["files"]["first.csv"]["shipped"]["auc"] > 0.85
    assert not said["files"]["first.csv"]["shipped_learned_from_it"]
    assert 0.4 < said["files"]["noise.csv"]["cross_validated"]["auc"] < 0.6
    pairs = {(row["learned_from"], row["judged"]): row["auc"] for row in said["transfer"]}
    assert len(pairs) == 6
    assert pairs["first.csv", "second.csv.gz"] > 0.9
    assert 0.4 < pairs["first.csv", "noise.csv"] < 0.6


def test_copies_of_an_account_do_not_teach_their_own_label(tmp_path: Path) -> None:
    rows = accounts(60, telling=False)

    said = evaluated("--accounts", write(tmp_path / "copies.csv", rows * 10))["accounts"]

    assert said["files"]["copies.csv"]["cross_validated"]["auc"] < 0.65


def test_other_names_are_mapped_and_what_is_missing_is_said(tmp_path: Path) -> None:
    rows = [{"who": "x", "fans": row["followers"], "n": row["posts"], "robot?": row["fake"]} for row in accounts()]
    path = write(tmp_path / "other.csv", rows)

    with pytest.raises(FolderError, match="says nowhere who is fake"):
        read_accounts(path)
    found = read_accounts(path, columns_named("followers=fans, posts=n, fake=robot?"))

    assert found.features.shape == (160, len(FEATURES))
    assert "no column for following: counted as not known" in found.warnings
    said = evaluated("--accounts", path, "--columns", "followers=fans,posts=n,fake=robot?")["accounts"]
    assert said["files"]["other.csv"]["cross_validated"]["auc"] > 0.8


def test_strange_cells_count_as_not_known(tmp_path: Path) -> None:
    rows = accounts()
    strange = ("nan", "", "many", "-7", "inf", "1e999", "9" * 300)
    for row, cell in zip(rows, strange, strict=False):
        row["followers"] = cell

    found = read_accounts(write(tmp_path / "strange.csv", rows))

    followers = found.features[:, list(FEATURES).index("followers")]
    assert np.isnan(followers[:6]).all()
    assert np.nanmax(followers) <= 1
    assert any("#followers: 6 of 160" in warning for warning in found.warnings)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (b"", "has no rows"),
        (b"a,b\n", "has no rows"),
        (b"a,b\n1,2\n", "says nowhere who is fake"),
        (b"fake,x\n1,2\n", "too few columns"),
        (b"fake,followers,posts\n1,2,3\n0,4,5\n", "takes 10 of each"),
        (b"fake,followers,posts\nperhaps,2,3\n", "line 2: the label 'perhaps'"),
        (b"fake,followers,posts\n" + b"1,a,b\n0,c,d\n" * 20, "holds no numbers in 40 of 40 rows"),
        (b"\xff\xfe\x00rubbish", "not text in UTF-8"),
        (b"\x1f\x8bnot really", "cannot be read"),
    ],
)
def test_a_file_that_cannot_be_judged_says_why_and_exits_2(
    text: bytes, problem: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(text)
    err = io.StringIO()

    with pytest.raises(SystemExit) as gone:
        call_command("evaluate_authenticity", "--accounts", str(path), stderr=err)

    assert gone.value.code == 2
    assert problem in err.getvalue()


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ([], "Give labelled accounts"),
        (["--accounts", "nowhere.csv"], "There is no file"),
        (["--folder", "nowhere"], "There is no creators.csv.gz"),
        (["--accounts", "a.csv", "--columns", "fans"], "'fans' is not OUR=THEIRS"),
        (["--accounts", "a/x.csv", "b/x.csv"], "the same name"),
    ],
)
def test_what_is_asked_for_wrongly_is_said_and_exits_2(said: list[str], problem: str) -> None:
    out = io.StringIO()

    with pytest.raises(SystemExit) as gone:
        call_command("evaluate_authenticity", *said, "--json", stdout=out)

    assert gone.value.code == 2
    assert problem in json.loads(out.getvalue())["error"]


def test_the_shipped_model_is_small_bounded_and_gives_no_verdict_on_nothing() -> None:
    model = account_model()

    assert set(model.features) == set(FEATURES)
    assert all(abs(one.weight) < 8 for one in model.features.values())
    assert 0.05 < model.chance(Account()) < 0.95
    likely = model.chance(Account(has_picture=0, digit_share=0.5, bio_length=0, posts=0, followers=3, following=2_000))
    person = model.chance(Account(has_picture=1, digit_share=0, bio_length=40, posts=200, followers=900, following=400))
    assert person < 0.05 < 0.95 < likely


def real_looking(folder: Path, count: int = 300) -> Path:
    """Creators of whom each has an own rate and an own way of being talked with, two posts each."""
    random = np.random.default_rng(5)
    people, posts, comments = [], [], []
    for row in range(count):
        followers = int(random.lognormal(9.5, 1))
        own_rate, own_generic = random.normal(-3.5, 0.7), random.beta(4, 8)
        people.append({"creator_id": row, "category": "food", "followers": followers, "followees": 300, "posts": 90})
        for number in range(2):
            fans = int(random.integers(5, 25))
            likes = int(followers * np.exp(random.normal(own_rate, 0.5)))
            posts.append(
                {"post_id": f"{row}-{number}", "creator_id": row, "likes": likes, "comments": likes // 20 + fans,
                 "ad_disclosed": "False", "paid_partner": "False"}
            )  # fmt: skip
            generic = random.binomial(fans, own_generic)
            comments.append(
                {"post_id": f"{row}-{number}", "fan_comments": fans, "unique_fans": fans - 1, "replied_to": fans // 4,
                 "emoji_only": random.binomial(generic, 0.3), "short_or_generic": generic,
                 "mean_words": round(random.gamma(9, 0.6), 2), "distinct_text": fans - random.binomial(generic, 0.3),
                 "from_influencers": random.binomial(fans, 0.04)}
            )  # fmt: skip
    for name, rows in (("creators", people), ("posts", posts), ("comment_stats", comments)):
        write(folder / f"{name}.csv.gz", rows, {})
    return folder


def test_bands_hold_and_frauds_are_noticed_on_a_folder_of_creators(tmp_path: Path) -> None:
    said = evaluated("--folder", real_looking(tmp_path))["creators"]

    assert said["creators"] == said["with_enough_evidence"] + (300 - said["with_enough_evidence"]) == 300
    assert 0.7 < said["coverage"]["engagement"]["within_80"] < 0.95
    assert said["coverage"]["score"]["within_95"] > 0.9
    frauds = said["frauds"]
    assert frauds["bought generic comments"]["own_test"] > 0.8
    assert frauds["pods"]["score"] > 0.7
    assert frauds["followers × 2–5"]["own_test"] > frauds["followers × 1.5"]["own_test"]


def test_a_folder_with_too_few_posts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SystemExit):
        evaluated("--folder", real_looking(tmp_path, 20))


def test_the_tables_are_printed_with_what_cannot_be_known(tmp_path: Path) -> None:
    out = io.StringIO()

    call_command(
        "evaluate_authenticity", "--accounts", str(write(tmp_path / "a.csv", accounts())), "--folder",
        str(real_looking(tmp_path)), stdout=out, stderr=io.StringIO(),
    )  # fmt: skip

    assert "What this cannot know" in out.getvalue()
    assert "Injected frauds" in out.getvalue()
