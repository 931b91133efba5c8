"""Who was seen commenting: kept as a sketch of keyed hashes, and never as names."""

import gzip
from pathlib import Path

import numpy as np
import pytest

from creators.commenters import KEPT, hash_of, in_common, key_of, sketch, unpack
from creators.models import CommenterSample, Niche
from creators.services.imports import Report, import_creators

KEY = key_of("a secret")


def people(first: int, last: int) -> bytes:
    return sketch(hash_of(f"person {number}", KEY) for number in range(first, last))


def test_small_samples_are_compared_as_they_are() -> None:
    assert in_common(unpack(people(0, 100)), unpack(people(70, 130))) == (30, 100, 60)


@pytest.mark.parametrize(("last", "share"), [(6_000, 0.5), (4_500, 0.125), (8_000, 1.0)])
def test_of_large_samples_the_kept_part_has_the_true_share(last: int, share: float) -> None:
    one, other = unpack(people(0, 8_000)), unpack(people(last - 4_000, last))
    true = len(set(range(8_000)) & set(range(last - 4_000, last))) / 4_000

    both, _of_one, of_other = in_common(one, other)

    assert len(one) == len(other) == KEPT
    assert both / of_other == pytest.approx(true, abs=0.12)


def test_other_secrets_give_other_hashes() -> None:
    assert hash_of("mina", KEY) == hash_of("mina", key_of("a secret"))
    assert hash_of("mina", KEY) != hash_of("mina", key_of("another"))


def test_a_row_that_was_cut_holds_nobody() -> None:
    assert len(unpack(people(0, 3)[:-1])) == 0


CREATORS = "creator_id,category,followers\nc1,food,4000\nc2,food,900\n"
POSTS = "post_id,creator_id,likes,comments\np1,c1,160,40\np2,c1,300,20\np3,c2,90,5\n"


@pytest.fixture
def folder(tmp_path: Path, niches: dict[str, Niche]) -> Path:
    for name, text in (("creators", CREATORS), ("posts", POSTS)):
        (tmp_path / f"{name}.csv.gz").write_bytes(gzip.compress(text.encode()))
    return tmp_path


def comments(folder: Path, text: str) -> Report:
    (folder / "comment_stats.csv").write_text("post,loaded,commenters\n" + text)
    return import_creators(folder)


@pytest.mark.django_db
def test_commenters_of_all_posts_of_a_channel_are_one_sample(folder: Path) -> None:
    report = comments(folder, "p1,20,ann;ben;ann\np2,10,ben;cleo\np3,5,\n")

    row = CommenterSample.objects.get()
    assert row.channel.external_id == "c1"
    assert (row.people, row.coverage) == (3, 0.5)
    assert len(unpack(row.hashes)) == 3
    assert b"ann" not in bytes(row.hashes)
    assert (report.commenters.created, report.changed) == (1, True)


@pytest.mark.django_db
def test_twice_is_once_and_a_newer_file_counts(folder: Path) -> None:
    comments(folder, "p1,20,ann;ben\n")

    again, newer = comments(folder, "p1,20,ann;ben\n"), comments(folder, "p1,20,ann;ben;cleo\n")

    assert (again.commenters.unchanged, again.changed) == (1, False)
    assert (newer.commenters.updated, newer.commenters.created) == (1, 0)
    assert CommenterSample.objects.get().people == 3


@pytest.mark.django_db
def test_a_file_without_that_column_leaves_samples_alone(folder: Path) -> None:
    comments(folder, "p1,20,ann;ben\n")

    (folder / "comment_stats.csv").write_text("post,loaded\np1,21\n")
    import_creators(folder)

    assert CommenterSample.objects.get().people == 2
    assert np.all(np.diff(unpack(CommenterSample.objects.get().hashes).astype(object)) > 0)


@pytest.mark.django_db
def test_a_name_that_is_none_is_reported_with_its_row(folder: Path) -> None:
    report = comments(folder, f"p1,20,{'x' * 121}\n")

    assert [(issue.row, issue.column) for issue in report.issues] == [(2, "commenters")]
    assert not CommenterSample.objects.exists()
