"""Authenticity in the product: a dated row by version, shown with its band, answered by the creator, checked by us."""

import io
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from creators import clock
from creators.authenticity import norms
from creators.models import AuthenticityAnswer, AuthenticityRecord, Channel, CommentStats, Creator, Post, Snapshot
from creators.refresh import refresh_authenticity, refresh_figures
from creators.services.authenticity import answer_authenticity, recheck_authenticity
from creators.services.imports import import_creators
from marketplace.kit.errors import Invalid, NotAllowed
from marketplace.notices.models import Notice
from marketplace.trust.models import AuditEntry
from marketplace.users.models import User
from tests.creators.pool import listed

pytestmark = pytest.mark.django_db


def posted(creator: Creator, *, posts: int = 4, generic: int = 6, likes: int = 120) -> None:
    """Posts with twenty comments each, on the creator's channel."""
    channel, _made = Channel.objects.get_or_create(
        creator=creator, network="instagram", handle=creator.handle, defaults={"followers": 4_200}
    )
    for number in range(posts):
        post = Post.objects.create(channel=channel, external_id=str(number), likes=likes, comments=20, text="Bread")
        CommentStats.objects.create(
            post=post, loaded=20, fan_comments=20, unique_fans=18, replied_to=6, emoji_only=2, mean_words=6.0,
            short_or_generic=generic, distinct_texts=18, from_creators=1,
        )  # fmt: skip
    refresh_figures([creator.pk])


@pytest.fixture
def known(whole: Creator) -> Creator:
    """Mina, listed, with posts and a score."""
    Creator.objects.update(state="listed")
    posted(whole)
    refresh_authenticity([whole.pk])
    whole.refresh_from_db()
    return whole


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_a_score_is_kept_as_the_days_row_and_twice_is_once(known: Creator) -> None:
    before = AuthenticityRecord.objects.get()

    refresh_authenticity([known.pk, known.pk])

    after = AuthenticityRecord.objects.get()
    assert (after.score, after.low95, after.parts) == (before.score, before.low95, before.parts)
    assert after.version == norms().version == known.authenticity_version
    assert (after.posts, after.comments, after.is_enough) == (4, 80, True)
    assert known.authenticity == pytest.approx(after.score / 100, abs=1e-4)
    assert known.authenticity_low < known.authenticity < known.authenticity_high  # type: ignore[operator]


def test_another_day_adds_a_row_and_leaves_the_first_as_it_was(known: Creator) -> None:
    first = AuthenticityRecord.objects.get()

    with time_machine.travel(timezone.now() + timedelta(days=8)):
        CommentStats.objects.update(short_or_generic=19)
        refresh_authenticity([known.pk])

    latest, older = AuthenticityRecord.objects.all()
    assert older.score == first.score > latest.score
    assert latest.made_on == first.made_on + timedelta(days=8)


def test_with_too_little_evidence_the_band_is_kept_and_no_score_is_copied(whole: Creator) -> None:
    posted(whole, posts=1)

    refresh_authenticity([whole.pk])

    whole.refresh_from_db()
    assert not AuthenticityRecord.objects.get().is_enough
    assert (whole.authenticity, whole.authenticity_low) == (None, None)
    assert whole.authenticity_at is not None


def test_the_sweep_scores_whose_figures_changed_or_whom_another_version_scored(known: Creator) -> None:
    due = Creator.objects.due_for_authenticity(norms().version)
    assert not due.exists()

    refresh_figures([known.pk])
    assert due.get() == known
    clock.sweep_authenticity()
    assert not due.exists()

    Creator.objects.update(authenticity_version="older")
    clock.sweep_authenticity()
    known.refresh_from_db()
    assert known.authenticity_version == norms().version


def test_a_hundred_creators_cost_as_many_queries_as_one(niches: Any) -> None:
    crowd = [listed(f"creator-{number}") for number in range(40)]
    for one in crowd:
        posted(one, posts=1)

    def asked(ids: list[int]) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert refresh_authenticity(ids) == len(ids)
        return len(seen)

    assert asked([one.pk for one in crowd]) == asked([crowd[0].pk]) <= 14


def test_the_history_of_followers_is_read_from_the_largest_channel(known: Creator) -> None:
    channel, day = known.channels.get(), date.today()  # noqa: DTZ011
    for week, followers in enumerate((1_000, 1_010, 1_020, 4_200)):
        Snapshot.objects.create(
            channel=channel, taken_on=day - timedelta(days=7 * (3 - week)), followers=followers, source="imported"
        )

    refresh_authenticity([known.pk])

    parts = {part["name"]: part for part in AuthenticityRecord.objects.get().parts}
    assert parts["growth"]["standing"] == "against"


def test_counts_that_were_never_taken_are_not_known(known: Creator) -> None:
    CommentStats.objects.update(distinct_texts=None, from_creators=None, unique_fans=0)

    refresh_authenticity([known.pk])

    standing = {part["name"]: part["standing"] for part in AuthenticityRecord.objects.get().parts}
    assert [standing[name] for name in ("diversity", "from_creators", "returning")] == ["unknown"] * 3


def test_counts_that_an_import_leaves_empty_stay_unknown(niches: Any, tmp_path: Path) -> None:
    files = {
        "creators.csv": "creator_id,followers\nc1,4000\n",
        "posts.csv": "post_id,creator_id,likes\np1,c1,50\np2,c1,60\n",
        "comment_stats.csv": "post_id,loaded,fan_comments,distinct_text,from_influencers\np1,24,20,17,0\np2,10,4,,\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)

    import_creators(tmp_path)

    told = CommentStats.objects.order_by("post__external_id").values_list("distinct_texts", "from_creators")
    assert list(told) == [(17, 0), (None, None)]


def test_everybody_reads_the_score_with_its_band_and_reasons(known: Creator) -> None:
    page = Client().get(f"/c/{known.handle}/").content.decode()
    whole = Client().get(f"/c/{known.handle}/authenticity/").content.decode()

    record = AuthenticityRecord.objects.get()
    assert f"{record.low:.0f}–{record.high:.0f}" in page
    assert record.parts[0]["text"] in page
    assert "The history begins with this score." in whole
    assert all(part["text"] in whole.replace("&#x27;", "'") for part in record.parts)


def test_the_history_is_drawn_with_its_band_and_a_table(known: Creator) -> None:
    record = AuthenticityRecord.objects.get()
    for months in (1, 2):
        record.pk, record.made_on = None, record.made_on - timedelta(days=30)
        record.score, record.version = record.score - months, "0"
        record.low = min(record.low, record.score)
        record.save()

    page = Client().get(f"/c/{known.handle}/authenticity/").content.decode()

    assert page.count("<polygon") == page.count('<polyline class="series"') == 1
    assert page.count("<tr>") == 4


def test_the_creator_answers_and_an_admin_looks_again(known: Creator, mina: User, admin: User) -> None:
    client = browser(mina)

    sent = client.post("/me/profile/authenticity/", {"text": "We were on television that week."})

    assert sent.status_code == 302
    assert "on television" in Client().get(f"/c/{known.handle}/").content.decode()
    desk = browser(admin).get("/admin/creators/creator/", {"queue": "answers"}).content.decode()
    assert f"{known.pk}/do/recheck/" in desk
    done = browser(admin).post(
        f"/admin/creators/creator/{known.pk}/do/recheck/", {"reason": "Your answer explains it."}
    )
    assert done.status_code == 302
    page = Client().get(f"/c/{known.handle}/authenticity/").content.decode()
    assert "Your answer explains it." in page
    assert "Your answer explains it." in Notice.objects.get(user=mina, kind="creator").text
    assert AuditEntry.objects.get(act="creator.recheck").by == admin
    assert (
        f"{known.pk}/do/recheck/"
        not in browser(admin).get("/admin/creators/creator/", {"queue": "answers"}).content.decode()
    )


def test_a_new_answer_waits_to_be_read_and_an_empty_one_is_taken_away(known: Creator, mina: User, admin: User) -> None:
    answer_authenticity(known, text="One", by=mina)
    recheck_authenticity(known, reason="Read.", by=admin)

    answer_authenticity(known, text=" Two ", by=mina)
    answer = AuthenticityAnswer.objects.get()
    assert (answer.text, answer.checked_at, answer.checked_note) == ("Two", None, "")

    answer_authenticity(known, text=" ", by=mina)
    assert not AuthenticityAnswer.objects.exists()


def test_only_the_creator_answers_and_only_admins_look_again(
    known: Creator, mina: User, omar: User, admin: User
) -> None:
    with pytest.raises(NotAllowed):
        answer_authenticity(known, text="Ha", by=omar)
    with pytest.raises(NotAllowed):
        answer_authenticity(known, text="Ha", by=admin)
    with pytest.raises(NotAllowed):
        recheck_authenticity(known, reason="Please", by=mina)
    with pytest.raises(Invalid):
        answer_authenticity(known, text="x" * 601, by=mina)
    with pytest.raises(Invalid):
        recheck_authenticity(known, reason=" ", by=admin)

    assert not AuthenticityAnswer.objects.exists()
    assert not AuditEntry.objects.filter(act__in=["creator.answer", "creator.recheck"]).exists()


def test_the_api_tells_the_same_and_takes_the_answer(known: Creator, mina: User) -> None:
    client = browser(mina)

    put = client.put("/api/v1/me/authenticity/", {"answer": "It was a holiday."}, content_type="application/json")
    said = Client().get(f"/api/v1/creators/{known.public_id}/authenticity/").json()

    record = AuthenticityRecord.objects.get()
    assert put.status_code == 200, put.content
    assert said["answer"] == "It was a holiday."
    assert said["latest"]["score"] == pytest.approx(record.score)
    assert said["latest"]["low"] < said["latest"]["score"] < said["latest"]["high"]
    assert {part["standing"] for part in said["parts"]} <= {"for", "usual", "against", "unknown"}
    assert len(said["history"]) == 1


def test_before_the_first_score_the_page_says_so(whole: Creator, mina: User) -> None:
    assert "There is no score yet" in browser(mina).get("/me/profile/authenticity/").content.decode()
    assert browser(mina).get("/api/v1/me/authenticity/").json()["latest"] is None


def test_the_command_scores_who_is_due_and_then_finds_nothing(known: Creator) -> None:
    def scored(*said: str) -> int:
        out = io.StringIO()
        call_command("score_authenticity", "--json", *said, stdout=out, stderr=io.StringIO())
        return int(json.loads(out.getvalue())["scored"])

    refresh_figures([known.pk])

    assert scored() == 1
    assert scored() == 0
    assert scored("--all") == 1
