"""What single posts mean: read once, read again when text or model changes, kept for the newest only."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from django.utils import timezone
from numpy.typing import NDArray

from creators import clock, embedding
from creators.embedding.vectors import unpack
from creators.models import Channel, Creator, CreatorVector, Post, PostVector
from creators.refresh import embed_creators
from creators.refresh.vectors import POSTS_READ
from tests.creators.pool import listed

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that the model was asked about; the model itself is the edge of the process."""
    texts: list[str] = []

    def encode(given: Sequence[str], **_: Any) -> NDArray[np.float32]:
        texts.extend(given)
        return np.eye(embedding.DIMENSIONS, dtype=np.float32)[[len(text) for text in given]]

    monkeypatch.setattr(embedding, "encode", encode)
    monkeypatch.setattr(embedding, "current", lambda _folder, **_chosen: embedding.MODEL)
    return texts


def writer(count: int, handle: str = "mina") -> Creator:
    """A listed creator with so many posts, “Post”, “Post.”, “Post..” and so on, the newest first."""
    creator = listed(handle, bio="I write a lot about bread.", niche_names=[])
    channel = Channel.objects.create(creator=creator, network="instagram", handle=handle, followers=1_000)
    for number in range(count):
        posted_on = date(2026, 11, 1) - timedelta(days=number)
        Post.objects.create(channel=channel, external_id=str(number), text=f"Post{'.' * number}", posted_on=posted_on)
    return creator


def test_each_of_the_newest_posts_has_its_own_vector(asked: list[str]) -> None:
    creator = writer(POSTS_READ + 4)

    embed_creators([creator.pk])

    rows = PostVector.objects.filter(creator=creator).select_related("post").order_by("-post__posted_on")
    assert [row.post.text for row in rows] == [f"Post{'.' * number}" for number in range(POSTS_READ)]
    assert [int(unpack([row.vector])[0].argmax()) for row in rows] == [4 + number for number in range(POSTS_READ)]
    assert {row.model for row in rows} == {embedding.MODEL}
    assert CreatorVector.objects.get().posts == POSTS_READ


def test_what_was_read_is_not_read_again(asked: list[str]) -> None:
    creator = writer(3)
    embed_creators([creator.pk])
    before = unpack([CreatorVector.objects.get().vector])
    del asked[:]

    Post.objects.filter(text="Post.").update(text="Something else")
    embed_creators([creator.pk])

    assert asked == [". I write a lot about bread.", "Something else"]
    assert int(unpack([PostVector.objects.get(post__text="Something else").vector])[0].argmax()) == 14
    assert PostVector.objects.count() == 3
    assert not np.array_equal(before, unpack([CreatorVector.objects.get().vector]))


def test_a_post_that_is_no_longer_among_the_newest_gives_its_vector_up(asked: list[str]) -> None:
    creator = writer(POSTS_READ)
    embed_creators([creator.pk])
    oldest = Post.objects.order_by("posted_on").first()

    Post.objects.create(channel=creator.channels.get(), external_id="new", text="Fresh", posted_on=date(2026, 11, 20))
    embed_creators([creator.pk])

    assert PostVector.objects.count() == POSTS_READ
    assert PostVector.objects.filter(post__text="Fresh").exists()
    assert not PostVector.objects.filter(post=oldest).exists()


def test_another_model_reads_every_post_anew(asked: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    embed_creators([writer(2).pk])
    monkeypatch.setattr(embedding, "current", lambda _folder, **_chosen: "another")
    del asked[:]

    clock.sweep_vectors()

    assert len(asked) == 3
    assert set(PostVector.objects.values_list("model", flat=True)) == {"another"}


def test_a_creator_read_before_posts_were_kept_is_due_once(asked: list[str]) -> None:
    creator = writer(2)
    embed_creators([creator.pk])
    PostVector.objects.all().delete()
    CreatorVector.objects.update(posts=None, made_at=timezone.now())

    assert list(Creator.objects.listed().due_for_vector(embedding.MODEL)) == [creator]
    clock.sweep_vectors()

    assert PostVector.objects.count() == 2
    assert not Creator.objects.listed().due_for_vector(embedding.MODEL).exists()


def test_posts_are_kept_in_as_many_queries_for_many_creators_as_for_one(
    asked: list[str], django_assert_num_queries: Any
) -> None:
    one, *more = [writer(3, f"w{number}") for number in range(6)]

    with django_assert_num_queries(10):
        embed_creators([one.pk])
    with django_assert_num_queries(10):
        embed_creators([other.pk for other in more])
