"""The light model, chosen by a setting: its own files read here, and what happens where they are missing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.checks import run_checks

from campaigns.shortlist.pool import most_of
from creators import embedding
from creators.embedding import LEXICAL, LIGHT, MODEL, artefact
from creators.embedding.light import light
from creators.models import Creator, CreatorVector
from creators.refresh import embed_creators
from tests.cast import make_cast
from tests.creators.test_embedding import BAKERY, BREAD, FOOTBALL


@pytest.fixture
def not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(artefact, "PACKAGE", "no_such_package_anywhere")
    monkeypatch.setattr("marketplace.preflight.find_spec", lambda name: None)


def test_texts_of_one_meaning_are_nearer_than_texts_of_two() -> None:
    bakery, bread, football = light([BAKERY, BREAD, FOOTBALL])

    assert bakery @ bread > bakery @ football + 0.15


def test_vectors_have_length_one_and_a_silent_text_has_none() -> None:
    vectors = light([BAKERY, "", "🌿🌿", "x", "\0", "\ud800 bread", "bread " * 20_000])

    assert vectors.shape == (7, embedding.DIMENSIONS)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1).round(4).tolist() == [1, 0, 0, 1, 0, 1, 1]


def test_a_text_is_read_alike_alone_and_among_others(tmp_path: Path) -> None:
    together = embedding.encode([BAKERY, BREAD], data_dir=tmp_path, model=LIGHT)

    assert np.array_equal(together[1:], embedding.encode([BREAD], data_dir=tmp_path, model=LIGHT))
    assert np.array_equal(together, light([BAKERY, BREAD]))


def test_the_setting_has_creators_read_anew(db: None, settings: Any) -> None:
    cast = make_cast()
    settings.EMBEDDING_LIGHT = True
    CreatorVector.objects.create(creator=cast.mina_profile, model=MODEL, vector=b"", texts_hash="x")
    due = Creator.objects.listed().due_for_vector(embedding.current(settings.DATA_DIR, light=True))

    assert cast.mina_profile in due
    embed_creators([cast.mina_profile.pk])

    assert CreatorVector.objects.get(creator=cast.mina_profile).model == LIGHT


def test_without_the_package_letters_stand_in_and_the_check_says_so(not_installed: None, settings: Any) -> None:
    settings.EMBEDDING_LIGHT = True

    assert embedding.current(settings.DATA_DIR, light=True) == LEXICAL
    assert "goodword.W002" in [one.id for one in run_checks()]
    with pytest.raises(embedding.ModelMissingError):
        embedding.encode([BAKERY], data_dir=settings.DATA_DIR, model=LIGHT)


def test_nothing_is_said_where_the_default_model_reads(not_installed: None) -> None:
    assert "goodword.W002" not in [one.id for one in run_checks()]


@pytest.mark.parametrize(
    ("used", "reads"),
    [({}, MODEL), ({LEXICAL: 3, MODEL: 3}, MODEL), ({LIGHT: 4, MODEL: 3}, LIGHT), ({LEXICAL: 9, LIGHT: 1}, LEXICAL)],
)
def test_a_brief_is_read_by_the_model_that_read_most_creators(used: dict[str, int], reads: str) -> None:
    assert most_of(used) == reads
