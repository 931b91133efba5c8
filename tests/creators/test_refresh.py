"""What is derived: figures after facts, vectors after texts; a sweep finds what the doorbell missed, twice is once."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.management import call_command
from django.utils import timezone
from numpy.typing import NDArray

from creators import clock, embedding
from creators.embedding.vectors import unpack
from creators.models import Channel, CommentStats, Creator, CreatorVector, Niche, Post, Town
from creators.refresh import embed_creators, refresh_figures
from creators.search import Wanted, find_creators
from creators.services.places import load_places
from tests.creators.pool import listed

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that the model was asked about; the model itself is the edge of the process."""
    texts: list[str] = []

    def encode(given: Sequence[str], **_: Any) -> NDArray[np.float32]:
        texts.extend(given)
        found = np.zeros((len(given), embedding.DIMENSIONS), dtype=np.float32)
        for row, text in enumerate(given):
            found[row, len(text) % embedding.DIMENSIONS] = 1.0
        return found

    monkeypatch.setattr(embedding, "encode", encode)
    monkeypatch.setattr(embedding, "current", lambda _folder, **_chosen: embedding.MODEL)
    return texts


def baker(handle: str = "mina", **values: Any) -> Creator:
    """A listed creator with one channel and three posts; the newest has comments."""
    creator = listed(handle, bio="I bake.", niche_names=["Baking"], **values)
    channel = Channel.objects.create(creator=creator, network="instagram", handle=handle, followers=1_000)
    for number in range(3):
        posted_on = timezone.now().date() - timedelta(days=number)
        post = Post.objects.create(
            channel=channel, external_id=str(number), text=f"Post {number}", likes=50, comments=10, posted_on=posted_on
        )
    CommentStats.objects.create(post=post, loaded=30, fan_comments=20, replied_to=8, emoji_only=2, short_or_generic=5)
    return creator


def test_the_newest_posts_are_found_by_their_words() -> None:
    creator = baker()
    old = Post.objects.create(channel=creator.channels.get(), external_id="old", text="Rhubarb", posted_on="2019-01-01")
    Post.objects.filter(text="Post 0").update(text="Sourdough at dawn")

    refresh_figures([creator.pk])

    assert list(find_creators(Wanted(q="sourd bake"))) == [creator]
    assert list(find_creators(Wanted(q="rhubarb"))) == [creator]
    old.delete()
    refresh_figures([creator.pk])
    assert not find_creators(Wanted(q="rhubarb")).exists()


def test_only_the_newest_posts_are_searched_and_not_their_whole_text() -> None:
    creator = baker()
    channel = creator.channels.get()
    for number in range(10):
        day = f"2020-01-{number + 1:02}"
        Post.objects.create(channel=channel, external_id=day, text=f"{'x' * 400} tail, word{number}", posted_on=day)

    refresh_figures([creator.pk])

    creator.refresh_from_db()
    assert creator.post_words.count("x" * 400) == 5  # eight posts: the three of the baker are newer
    assert "tail" not in creator.post_words


def test_figures_follow_posts_and_comments() -> None:
    creator = baker()

    assert refresh_figures([creator.pk]) == 1

    creator.refresh_from_db()
    assert creator.engagement_rate == pytest.approx(0.06)
    assert creator.engagement_posts == 3
    assert (creator.reply_rate, creator.genuine_share, creator.comments_seen) == (0.4, 0.75, 20)
    assert creator.sponsored_share == 0
    assert creator.last_post_on == timezone.now().date()
    assert creator.platforms == ["instagram"]


def test_only_the_last_thirty_posts_count() -> None:
    creator = baker()
    channel = creator.channels.get()
    old = timezone.now().date() - timedelta(days=900)
    Post.objects.bulk_create(
        Post(channel=channel, external_id=f"old{n}", likes=900, comments=0, posted_on=old) for n in range(40)
    )
    Post.objects.bulk_create(
        Post(channel=channel, external_id=f"new{n}", likes=60, comments=0, posted_on=timezone.now().date())
        for n in range(30)
    )

    refresh_figures([creator.pk])

    creator.refresh_from_db()
    assert creator.engagement_posts == 30
    assert creator.engagement_rate == pytest.approx(0.06)


def test_two_hundred_neighbours_move_the_cell_one_is_shrunk_to() -> None:
    lone = baker("lone", tier="nano")
    refresh_figures([lone.pk])
    before = Creator.objects.get(pk=lone.pk).engagement_shrunk
    for number in range(200):
        listed(f"n{number}", platforms=["instagram"], tier="nano", engagement_rate=0.4, engagement_posts=5)

    refresh_figures([lone.pk])

    after = Creator.objects.get(pk=lone.pk).engagement_shrunk
    assert before is not None
    assert after is not None
    assert after > before


def test_many_creators_are_refreshed_in_as_many_queries_as_one(django_assert_num_queries: Any) -> None:
    ids = [baker(f"c{number}").pk for number in range(12)]

    with django_assert_num_queries(12):
        refresh_figures(ids[:1])
    with django_assert_num_queries(12):
        refresh_figures(ids)


def test_the_sweep_refreshes_whom_the_doorbell_missed_and_only_them() -> None:
    missed, fresh = baker("missed"), baker("fresh")
    refresh_figures([fresh.pk])
    stamp = Creator.objects.get(pk=fresh.pk).figures_at

    clock.sweep_figures()

    assert Creator.objects.get(pk=missed.pk).engagement_rate is not None
    assert Creator.objects.get(pk=fresh.pk).figures_at == stamp
    assert not Creator.objects.due_for_figures().exists()


def test_a_vector_is_the_mean_of_profile_and_posts(asked: list[str]) -> None:
    creator = baker()

    assert embed_creators([creator.pk]) == 1

    row = CreatorVector.objects.get()
    vector = unpack([row.vector])[0]
    assert asked == ["Baking. I bake.", "Post 0", "Post 1", "Post 2"]
    assert row.model == embedding.MODEL
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-3)
    assert vector[6] > vector[15] > 0


def test_a_vector_is_made_once_for_the_same_texts(asked: list[str]) -> None:
    creator = baker()
    embed_creators([creator.pk])
    del asked[:]

    assert embed_creators([creator.pk]) == 0
    assert asked == []

    Creator.objects.update(bio="I bake and talk.", texts_at=timezone.now())
    embed_creators([creator.pk])
    assert asked[0] == "Baking. I bake and talk."


def test_the_sweep_embeds_those_whose_texts_changed_and_then_rests(asked: list[str]) -> None:
    baker("mina")
    baker("omar")
    listed("nobody", state="draft")

    clock.sweep_vectors()
    assert CreatorVector.objects.count() == 2

    del asked[:]
    clock.sweep_vectors()
    assert asked == []

    Creator.objects.filter(handle="omar").update(bio="News.", texts_at=timezone.now())
    clock.sweep_vectors()
    assert asked[0] == "Baking. News."
    assert not Creator.objects.listed().due_for_vector(embedding.MODEL).exists()


def test_a_new_model_makes_every_vector_due(asked: list[str]) -> None:
    baker()
    clock.sweep_vectors()
    CreatorVector.objects.update(model="an older one")

    assert Creator.objects.listed().due_for_vector(embedding.MODEL).count() == 1


def test_letters_stand_in_until_the_language_model_reads(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    baker()

    clock.sweep_vectors()

    row = CreatorVector.objects.get()
    assert row.model == embedding.LEXICAL
    assert np.linalg.norm(unpack([row.vector])[0]) == pytest.approx(1, abs=1e-2)
    assert Creator.objects.listed().due_for_vector(embedding.MODEL).count() == 1


def test_one_creator_who_breaks_does_not_stop_the_others(monkeypatch: pytest.MonkeyPatch, asked: list[str]) -> None:
    broken, *others = [baker(f"baker-{number}") for number in range(5)]

    def breaking(act: Callable[[Sequence[int]], int]) -> Callable[[Sequence[int]], int]:
        def run(ids: Sequence[int]) -> int:
            if broken.pk in ids:
                raise ValueError("a broken row")
            return act(ids)

        return run

    monkeypatch.setattr("creators.refresh.refresh_figures", breaking(refresh_figures))
    monkeypatch.setattr("creators.refresh.embed_creators", breaking(embed_creators))
    clock.sweep_figures()
    clock.sweep_vectors()

    assert list(Creator.objects.due_for_figures()) == [broken]
    assert set(CreatorVector.objects.values_list("creator", flat=True)) == {one.pk for one in others}


def test_every_job_of_the_clock_exists() -> None:
    jobs = (clock.sweep_figures, clock.sweep_authenticity, clock.sweep_vectors, clock.build_model)

    assert {task for task, _seconds in clock.SCHEDULE.values()} == {job.name for job in jobs}


@pytest.mark.slow
def test_the_map_and_the_tree_load_once_and_hang_together() -> None:
    first = load_places()

    assert load_places() == {"towns": 0, "niches": 0}
    assert first["towns"] == Town.objects.count() > 10_000
    assert first["niches"] == Niche.objects.count() > 50
    assert Niche.objects.get(slug="baking").parent == Niche.objects.get(slug="food-drink")
    call_command("load_places", verbosity=0)
