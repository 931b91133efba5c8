"""The database notes whom a ranking would read differently, whoever writes, and nobody else."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from campaigns.shortlist.columns import KINDS, NUMBERS, SETS
from creators.embedding import MODEL
from creators.models import Creator, CreatorChange, CreatorVector, change
from tests.cast import Cast

READ_OF_CREATORS: dict[str, tuple[str, Any]] = {
    "user": ("user", None), "country": ("country", "FR"), "currency": ("currency", "CHF"),
    "platform": ("platforms", ["blog"]), "minimum_fee_minor": ("minimum_fee_minor", 77),
    "price_from_minor": ("price_from_minor", 77), "languages": ("languages", ["it"]),
    "platforms": ("platforms", ["blog"]), "exclusions": ("exclusions", ["Fur"]),
    "latitude": ("latitude", 1.5), "longitude": ("longitude", 1.5), "followers": ("followers", 77),
    "engagement_posts": ("engagement_posts", 77), "comments_seen": ("comments_seen", 77),
    **{name: (name, 0.123) for name in (
        "engagement_rate", "reply_rate", "genuine_share", "comment_words", "sponsored_share", "authenticity",
        "authenticity_low", "authenticity_high",
    )},
}  # fmt: skip


def test_the_database_notes_who_changed(cast: Cast) -> None:
    CreatorChange.objects.all().delete()
    Creator.objects.filter(pk=cast.mina_profile.pk).update(followers=9_876)
    CreatorVector.objects.create(creator=cast.other_profile, model=MODEL, vector=b"", texts_hash="x")

    noted = CreatorChange.objects.values_list("creator_id", flat=True)

    assert sorted(noted) == sorted([cast.mina_profile.pk, cast.other_profile.pk])


@pytest.mark.parametrize("column", [name for name in (*NUMBERS, *SETS) if name in READ_OF_CREATORS])
def test_whatever_a_ranking_reads_is_noted_and_nothing_else(cast: Cast, column: str) -> None:
    field, value = READ_OF_CREATORS[column]
    CreatorChange.objects.all().delete()
    Creator.objects.update(bio="Rye.", figures_at=timezone.now())
    assert not CreatorChange.objects.exists()

    Creator.objects.filter(pk=cast.other_profile.pk).update(**{field: value})

    assert list(CreatorChange.objects.values_list("creator_id", flat=True)) == [cast.other_profile.pk]


def test_every_column_of_creators_is_known_to_the_test_above() -> None:
    elsewhere = {"model", "niches", *(name for name in NUMBERS if name.startswith("price_") and name[6:] in KINDS)}

    assert set(READ_OF_CREATORS) == {*NUMBERS, *SETS} - elsewhere


def test_whoever_asks_from_before_the_notes_begin_is_told_everybody(cast: Cast) -> None:
    mark = CreatorChange.since(0).mark
    CreatorChange.objects.create(creator_id=5, xact=mark - 10)

    CreatorChange.forget(mark - 5)

    assert CreatorChange.since(mark - 20).everybody
    assert not CreatorChange.since(mark - 5).everybody


def test_more_notes_than_are_sorted_quickly_are_told_as_everybody(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(change, "MOST", 3)
    CreatorChange.objects.all().delete()
    mark = CreatorChange.since(0).mark
    CreatorChange.objects.bulk_create(CreatorChange(creator_id=5, xact=mark + number) for number in range(3))
    few = CreatorChange.since(mark)

    CreatorChange.objects.create(creator_id=6, xact=mark + 3)

    assert (few.everybody, list(few.creator_ids)) == (False, [5])
    assert CreatorChange.since(mark).everybody
    assert CreatorChange.unread(f"{mark}:{mark}:").everybody
