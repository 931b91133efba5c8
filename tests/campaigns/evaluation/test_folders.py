"""Other people's folders: what may be missing is done without, and what may not is said in one sentence."""

import csv
import gzip
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from campaigns.evaluation.folder import read
from campaigns.evaluation.metrics import MEASURES
from tests.campaigns.evaluation.made_up import BRIEFS, made_up, write

Change = Callable[[Path], None]


@pytest.fixture(autouse=True)
def _own_data(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path / "data"


def run(folder: Path) -> tuple[int, dict[str, Any]]:
    """The command on letters alone, quickly. Its answer must be JSON that every reader takes."""
    out, code = io.StringIO(), 0
    options = ("--letters", "--json", "--draws", "1", "--folds", "2", "--rounds", "2")
    try:
        call_command("evaluate_matching", str(folder), *options, stdout=out, stderr=io.StringIO())
    except SystemExit as ended:
        code = int(str(ended.code))
    return code, json.loads(out.getvalue(), parse_constant=lambda word: pytest.fail(f"{word} is no JSON"))


def rows(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def change(folder: Path, name: str, **columns: Callable[[dict[str, Any]], Any]) -> None:
    """Writes one file anew with other values in some columns."""
    path = folder / f"{name}.csv.gz"
    write(path, [row | {column: how(row) for column, how in columns.items()} for row in rows(path)])


def header_only(path: Path) -> None:
    columns = list(rows(path)[0])
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.write(",".join(columns) + "\n")


def no_comment_stats(folder: Path) -> None:
    (folder / "comment_stats.csv.gz").unlink()


def empty_comment_stats(folder: Path) -> None:
    header_only(folder / "comment_stats.csv.gz")


def comments_of_other_posts(folder: Path) -> None:
    change(folder, "comment_stats", post_id=lambda row: f"other-{row['post_id']}")


def other_categories(folder: Path) -> None:
    names = {"food": "Küche & Kochen", "garden": "сад", "music": "音楽"}
    change(folder, "creators", category=lambda row: names[row["category"]])


def one_category(folder: Path) -> None:
    change(folder, "creators", category=lambda row: "")


def nonsense_figures(folder: Path) -> None:
    change(folder, "creators", followers=lambda row: "many" if row["creator_id"] == "c1" else -5)
    change(folder, "posts", likes=lambda row: "inf", comments=lambda row: "")


def unicode_everywhere(folder: Path) -> None:
    change(folder, "posts", text=lambda row: f"\ufeff🎉 {row['text']} Ünïcödé \x00 \u202e مرحبا")
    change(folder, "pairs", brand=lambda row: row["brand"].replace("milldough", "Mühle+Teig🌾"))
    named = {brand.replace("milldough", "MÜHLE+TEIG🌾"): text for brand, text in BRIEFS.items()}
    briefs = [{"brand": brand, "brief": f"{text} 🥖 \ud83d"} for brand, text in named.items()]
    (folder / "briefs.json").write_text(json.dumps(briefs))


def strangers_in_pairs(folder: Path) -> None:
    found = rows(folder / "pairs.csv.gz")
    strange = [{"brand": "milldough", "creator_id": "nobody"}, {"brand": " ", "creator_id": "c1"}]
    write(folder / "pairs.csv.gz", found + found[:9] + strange)


def silent_creators(folder: Path) -> None:
    change(folder, "posts", text=lambda row: "" if int(row["post_id"]) % 7 == 0 else row["text"])


@pytest.mark.parametrize(
    "differs",
    [
        no_comment_stats, empty_comment_stats, comments_of_other_posts, other_categories, one_category,
        nonsense_figures, unicode_everywhere, strangers_in_pairs, silent_creators,
    ],
)  # fmt: skip
def test_a_folder_that_differs_is_measured_all_the_same(tmp_path: Path, differs: Change) -> None:
    differs(made_up(tmp_path))

    code, report = run(tmp_path)

    assert (code, report["briefs"]) == (0, 3), report
    for name in ("engine (prior weights)", "learned, cold"):
        assert set(report["cold"][name]) == set(MEASURES)
        assert report["cold"][name]["AUC"][0] > 0.6, name


def test_a_smaller_folder_ranks_whom_it_has(tmp_path: Path) -> None:
    code, report = run(made_up(tmp_path, creators=33))

    assert (code, report["creators"]) == (0, 33)


def test_a_brief_nobody_worked_for_is_left_out_and_said(tmp_path: Path) -> None:
    made_up(tmp_path)
    briefs = json.loads((tmp_path / "briefs.json").read_text())
    (tmp_path / "briefs.json").write_text(json.dumps([*briefs, {"brand": "unheard", "brief": "Bicycles"}]))

    code, report = run(tmp_path)

    assert (code, report["briefs"], report["briefs_left_out"]) == (0, 3, ["unheard"])


def test_one_brand_is_measured_but_teaches_nothing(tmp_path: Path) -> None:
    made_up(tmp_path)
    write(tmp_path / "pairs.csv.gz", [row for row in rows(tmp_path / "pairs.csv.gz") if row["brand"] == "milldough"])

    code, report = run(tmp_path)

    assert (code, report["briefs"]) == (0, 1)
    assert report["cold"]["engine (prior weights)"]["AUC"][0] > 0.6
    assert not [name for table in ("cold", "warm", "parts") for name in report[table] if "learned" in name]
    assert "Nothing was learned" in report["notes"][0]


def test_measures_that_nobody_can_take_are_null(tmp_path: Path) -> None:
    """Where every creator is of a category of their own, nobody is there to compare with."""
    made_up(tmp_path)
    change(tmp_path, "creators", category=lambda row: row["creator_id"])

    code, report = run(tmp_path)

    assert code == 0
    assert report["cold"]["random"]["cAUC"] == [None, None, None]


@pytest.mark.parametrize("name", ["creators", "posts", "pairs"])
def test_a_file_without_rows_is_named(tmp_path: Path, name: str) -> None:
    header_only(made_up(tmp_path) / f"{name}.csv.gz")

    assert run(tmp_path) == (2, {"error": f"{tmp_path / name}.csv.gz has no rows."})


@pytest.mark.parametrize(
    ("name", "lost"), [("creators", "category"), ("posts", "text"), ("comment_stats", "mean_words"), ("pairs", "brand")]
)
def test_a_column_that_is_missing_is_named(tmp_path: Path, name: str, lost: str) -> None:
    path = made_up(tmp_path) / f"{name}.csv.gz"
    write(path, [{column: value for column, value in row.items() if column != lost} for row in rows(path)])

    assert run(tmp_path) == (2, {"error": f"{path} lacks {lost}."})


@pytest.mark.parametrize("said", ["", "{}", "[]", '["bread"]', '[{"brand": "milldough"}]', "null", "\x00"])
def test_briefs_that_are_no_briefs_are_said(tmp_path: Path, said: str) -> None:
    (made_up(tmp_path) / "briefs.json").write_text(said)

    code, report = run(tmp_path)

    assert code == 2
    assert "brief" in report["error"].lower()


def test_a_file_that_ends_early_is_named(tmp_path: Path) -> None:
    path = made_up(tmp_path) / "posts.csv.gz"
    path.write_bytes(path.read_bytes()[:200])

    code, report = run(tmp_path)

    assert (code, str(path) in report["error"]) == (2, True)


def test_a_path_that_is_no_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    assert run(tmp_path / "file") == (2, {"error": f"{tmp_path / 'file'} is no folder."})
    assert run(tmp_path / "nowhere") == (2, {"error": f"There is no folder {tmp_path / 'nowhere'}."})


def test_creators_who_never_wrote_a_word_leave_nobody_to_rank(tmp_path: Path) -> None:
    made_up(tmp_path)
    change(tmp_path, "posts", text=lambda row: "🎉")

    code, report = run(tmp_path)

    assert code == 2
    assert "words" in report["error"]


def test_the_same_creator_twice_counts_once(tmp_path: Path) -> None:
    found = rows(made_up(tmp_path) / "creators.csv.gz")
    write(tmp_path / "creators.csv.gz", found + found[:5])

    assert len(read(tmp_path)) == len(found)


@pytest.mark.parametrize(
    ("option", "least"), [("--draws=0", 1), ("--folds=1", 2), ("--rounds=-3", 1), ("--draws=ten", 1)]
)
def test_options_out_of_range_are_refused(tmp_path: Path, option: str, least: int) -> None:
    with pytest.raises(CommandError, match=f"is no number from {least} on"):
        call_command("evaluate_matching", str(tmp_path), option)
