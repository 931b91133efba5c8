"""Imports: bad rows are reported with their number, the rest is kept, twice is once, and nothing is half-written."""

import gzip
import json
from contextlib import closing
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from creators.importing.files import ImportFailed
from creators.models import Channel, CommentStats, Creator, Niche, Post, Snapshot, Town
from creators.services.imports import import_creators
from marketplace.users.models import User

pytestmark = pytest.mark.usefixtures("all_niches")

CREATORS = "creator_id,category,followers,followees,posts,n_sampled\nc1,food,4000,300,120,2\nc2,pet,900,20,8,0\n"
POSTS = (
    "post_id,creator_id,month,likes,comments,type,has_location,ad_disclosed,paid_partner,brands,n_mentions,n_tagged,text\n"
    "p1,c1,2019-03,160,40,Image,True,False,False,,0,0,Sourdough at dawn\n"
    'p2,c1,2019-04,300,20,Sidecar,True,True,False,,0,0,"Advert, sadly\non two lines"\n'
)
COMMENTS = (
    "post_id,loaded,fan_comments,unique_fans,owner_replies,replied_to,emoji_only,short_or_generic,mean_words,x\n"
    "p1,24,20,18,9,8,2,5,6.5,0\np2,10,0,0,0,0,0,0,,0\n"
)


@pytest.fixture
def all_niches(niches: dict[str, Niche]) -> None:
    """The two niches that the made-up categories stand for."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in (("creators", CREATORS), ("posts", POSTS), ("comment_stats", COMMENTS)):
        (tmp_path / f"{name}.csv.gz").write_bytes(gzip.compress(text.encode()))
    return tmp_path


def one_file(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / "pool.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def run(*args: Any) -> tuple[int, dict[str, Any]]:
    """The command as a program sees it: exit code and JSON."""
    out = StringIO()
    try:
        call_command("import_creators", *map(str, args), "--json", stdout=out)
    except SystemExit as ended:
        return int(ended.code or 0), json.loads(out.getvalue())
    return 0, json.loads(out.getvalue())


def test_a_folder_brings_creators_channels_posts_and_figures(folder: Path) -> None:
    report = import_creators(folder)

    creator = Creator.objects.get(external_id="c1")
    assert (report.creators.created, report.posts.created, report.comments.created) == (2, 2, 2)
    assert creator.user is None
    assert creator.state == "listed"
    assert creator.handle == "c1"
    assert creator.niche_slugs == ["food-drink"]
    assert creator.niche_names == ["Food & drink"]
    assert creator.tier == "nano"
    assert creator.platforms == ["instagram"]
    assert creator.engagement_rate == pytest.approx((0.05 + 0.08) / 2)
    assert creator.engagement_posts == 2
    assert creator.reply_rate == pytest.approx(0.4)
    assert creator.sponsored_share == 0.5
    assert str(creator.last_post_on) == "2019-04-01"
    assert creator.figures_at is not None
    assert Channel.objects.get(creator=creator).source == "imported"
    assert Post.objects.get(external_id="p2").text == "Advert, sadly\non two lines"
    assert CommentStats.objects.get(post__external_id="p1").mean_words == 6.5


def test_who_has_no_posts_has_unknown_figures_not_zero(folder: Path) -> None:
    import_creators(folder)

    creator = Creator.objects.get(external_id="c2")
    assert (creator.engagement_rate, creator.reply_rate, creator.sponsored_share) == (None, None, None)
    assert creator.followers == 900


def test_a_second_run_changes_nothing_and_says_so(folder: Path) -> None:
    run(folder)
    before = list(Creator.objects.order_by("pk").values()), list(Post.objects.order_by("pk").values())

    code, said = run(folder)

    assert code == 0
    assert said["changed"] is False
    assert said["creators"] == {"created": 0, "updated": 0, "unchanged": 2, "skipped": 0}
    assert before == (list(Creator.objects.order_by("pk").values()), list(Post.objects.order_by("pk").values()))


def test_a_changed_row_is_updated_and_its_figures_with_it(folder: Path) -> None:
    import_creators(folder)
    (folder / "creators.csv.gz").write_bytes(gzip.compress(CREATORS.replace("4000", "40000").encode()))

    report = import_creators(folder)

    creator = Creator.objects.get(external_id="c1")
    assert (report.creators.updated, report.creators.unchanged) == (1, 1)
    assert creator.tier == "micro"
    assert creator.engagement_rate == pytest.approx(0.0065)


def test_a_dry_run_counts_and_keeps_nothing(folder: Path) -> None:
    code, said = run(folder, "--dry-run")

    assert code == 0
    assert said["dry_run"] is True
    assert said["creators"]["created"] == 2
    assert not Creator.objects.exists()
    assert not Post.objects.exists()


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        ("c9,food,-4,1,1,1", "followers", "negative"),
        ("c9,food,1000000000001,1,1,1", "followers", "larger than 1,000,000,000,000"),
        ("c9,food,1" + "0" * 40 + ",1,1,1", "followers", "larger"),
        ("c9,food,many,1,1,1", "followers", "not a whole number"),
        ("c9,food,,1,1,1", "followers", "empty"),
        (",food,10,1,1,1", "creator_id", "empty"),
        ("c9,poetry,10,1,1,1", "category", "no category we know"),
        ("c1,food,10,1,1,1", "external_id", "twice"),
        ("c9,food,10,1,1", "", "5 cells where the first line has 6"),
        ("c9,food,10,1,1,1,7", "", "7 cells"),
        ("c\x009,food,10,1,1,1", "", "NUL"),
        ("x" * 65 + ",food,10,1,1,1", "creator_id", "longer than 64"),
    ],
)
def test_a_bad_row_is_reported_with_its_number_and_the_rest_is_kept(
    tmp_path: Path, row: str, column: str, words: str
) -> None:
    path = one_file(tmp_path, f"{CREATORS}{row}\nc3,food,5,1,1,1\n")

    report = import_creators(path)

    assert [(issue.row, issue.column) for issue in report.issues] == [(4, column)]
    assert words in report.issues[0].problem
    assert report.creators.skipped == 1
    assert set(Creator.objects.values_list("external_id", flat=True)) == {"c1", "c2", "c3"}


def test_broken_utf_8_costs_one_row(tmp_path: Path) -> None:
    path = one_file(tmp_path, CREATORS.encode() + b"c\xff\xfe,food,5,1,1,1\n" + "cé,food,5,1,1,1\n".encode())

    report = import_creators(path)

    assert [(issue.row, issue.problem) for issue in report.issues] == [(4, "is not UTF-8 text")]
    assert Creator.objects.filter(external_id="cé").exists()


def test_a_quotation_mark_left_open_is_reported(tmp_path: Path) -> None:
    path = one_file(tmp_path, CREATORS + 'c9,"food,5,1,1,1\n' + "c,food,5,1,1,1\n" * 12_000)

    report = import_creators(path)

    assert any("quotation mark" in issue.problem for issue in report.issues)
    assert Creator.objects.filter(external_id="c1").exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "lacks the column external_id"),
        (b"name,age\nx,1\n", "lacks the column external_id, followers. Its first line has: name, age"),
        (b"creator_id,followers,followers\nx,1,1\n", "twice"),
        (b"\x00\x01\x02\xff\n", "lacks the column"),
    ],
)
def test_a_file_of_the_wrong_kind_is_refused_whole(tmp_path: Path, content: bytes, words: str) -> None:
    with pytest.raises(ImportFailed, match=words):
        import_creators(one_file(tmp_path, content))

    assert not Creator.objects.exists()


def test_a_cut_gzip_file_imports_nothing_and_says_where_it_ends(folder: Path) -> None:
    whole = gzip.compress(
        (POSTS + "\n".join(f"q{n},c1,2019-05,{n},1,Image,,,,,,,{n**9}" for n in range(9_000))).encode()
    )
    (folder / "posts.csv.gz").write_bytes(whole[: len(whole) // 2])

    code, said = run(folder)

    assert code == 2
    assert "posts.csv.gz is damaged or cut short after row" in said["error"]
    assert not Creator.objects.exists()


def test_what_is_named_gz_and_is_not_is_refused(tmp_path: Path) -> None:
    (tmp_path / "creators.csv.gz").write_text(CREATORS)

    with pytest.raises(ImportFailed, match="not a gzip file"):
        import_creators(tmp_path)


def test_an_empty_folder_and_no_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportFailed, match=r"no creators.csv"):
        import_creators(tmp_path)
    with pytest.raises(ImportFailed, match="no folder or file"):
        import_creators(tmp_path / "nowhere")


def test_skipped_rows_end_in_a_file_and_in_the_exit_code(tmp_path: Path) -> None:
    path, kept = one_file(tmp_path, CREATORS + "c9,food,-4,oops,1,1\n"), tmp_path / "skipped.csv"

    code, said = run(path, "--report", kept)

    assert code == 1
    assert said["creators"]["skipped"] == 1
    assert said["issues"] == 2
    assert kept.read_text().splitlines() == [
        "file,row,column,problem",
        "pool.csv,4,followers,is negative: '-4'",
        "pool.csv,4,followees,is not a whole number: 'oops'",
    ]


def test_posts_and_comments_of_nobody_are_reported(folder: Path) -> None:
    more = POSTS + "p3,c77,2019-03,1,1,Image,True,False,False,,0,0,x\np1,c1,2019-03,1,1,Image,True,False,False,,0,0,x\n"
    (folder / "posts.csv.gz").write_bytes(gzip.compress(more.encode()))
    (folder / "comment_stats.csv.gz").write_bytes(gzip.compress((COMMENTS + "p3,1,1,1,0,0,0,0,1,0\n").encode()))

    report = import_creators(folder)

    assert [(issue.file[:5], issue.row, issue.problem) for issue in report.issues] == [
        ("posts", 4, "is no creator we have"),
        ("posts", 5, "is given twice"),
        ("comme", 4, "is no post of the posts file"),
    ]
    assert (report.posts.skipped, report.comments.skipped) == (2, 1)


def test_one_file_may_say_everything_about_a_creator(tmp_path: Path, ulm: Town) -> None:
    path = one_file(
        tmp_path,
        "external_id,followers,name,bio,country,town,languages,niches,network,handle,url,engagement_rate,figures_on,"
        "currency,minimum_fee\n"
        "m1,4200,مينا 🍞,I bake.,de,ulm,de;en,baking;pets,tiktok,@mina.bakes,https://example.org/mina,0.061,2026-11-12,"
        "EUR,80.50\n",
    )

    report = import_creators(path, state="in_review")

    creator, channel = Creator.objects.get(), Channel.objects.get()
    assert report.issues == []
    assert (creator.display_name, creator.country, creator.languages) == ("مينا 🍞", "DE", ["de", "en"])
    assert (creator.town, creator.town_label, creator.latitude) == (ulm, "Ulm, DE", 48.4)
    assert creator.niche_slugs == ["baking", "food-drink", "pets"]
    assert creator.minimum_fee_minor == 8_050
    assert creator.state == "in_review"
    assert (channel.network, channel.handle, channel.engagement_rate) == ("tiktok", "mina.bakes", 0.061)
    assert Snapshot.objects.get().followers == 4_200
    assert creator.engagement_rate == 0.061
    assert creator.engagement_posts == 0


def test_a_second_import_is_told_at_once_that_one_is_running(folder: Path) -> None:
    out = StringIO()
    with closing(connection.copy()) as other, other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext('import_creators'))")
        with pytest.raises(SystemExit) as ended:
            call_command("import_creators", folder, json=True, stdout=out)

    assert ended.value.code == 2
    assert "Another import is running" in json.loads(out.getvalue())["error"]
    assert Creator.objects.count() == 0


def test_a_claimed_profile_keeps_its_own_words(folder: Path, mina: User) -> None:
    import_creators(folder)
    Creator.objects.filter(external_id="c1").update(user=mina, niche_names=["Mine"])
    (folder / "creators.csv.gz").write_bytes(gzip.compress(CREATORS.replace("food", "pet").encode()))

    import_creators(folder)

    assert Creator.objects.get(external_id="c1").niche_names == ["Mine"]


def test_a_channel_of_somebody_else_is_not_taken_over(folder: Path, profile: Creator) -> None:
    Channel.objects.create(creator=profile, network="instagram", handle="c1", followers=7)

    report = import_creators(folder)

    assert (2, "handle") in [(issue.row, issue.column) for issue in report.issues]
    assert Channel.objects.get(handle="c1").followers == 7
    assert report.creators.created == 1
