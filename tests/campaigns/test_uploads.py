"""Pictures somebody hands in: drawn anew before anything is locked, one at a time."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from campaigns import moves, uploads
from campaigns.models import Collaboration, Submission
from campaigns.services import work
from marketplace.kit.errors import Busy, NotAllowed
from tests import cast as people
from tests.cast import Cast


@pytest.fixture
def paid(cast: Cast, settings: Any, tmp_path: Path) -> Collaboration:
    """Mina's work, paid for."""
    settings.MEDIA_ROOT = tmp_path
    return people.secure(people.collaboration(cast))


def picture() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "tan").save(out, "PNG")
    return SimpleUploadedFile("oven.png", out.getvalue())


def test_a_picture_is_drawn_before_anything_is_locked(
    cast: Cast, paid: Collaboration, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []

    def noting(word: str, act: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def run(given: Any) -> Any:
            order.append(word)
            return act(given)

        return run

    monkeypatch.setattr(work, "lock", noting("lock", moves.lock))
    monkeypatch.setattr(work, "checked", noting("draw", uploads.checked))

    with pytest.raises(NotAllowed):
        work.submit_work(paid, file=picture(), by=cast.manager)
    assert order == []

    work.submit_work(paid, file=picture(), by=cast.mina)
    assert order == ["draw", "lock"]


def test_pictures_are_drawn_one_at_a_time(cast: Cast, paid: Collaboration, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "PATIENCE", 0)

    with uploads._alone_at_the_easel(), pytest.raises(Busy):
        work.submit_work(paid, file=picture(), by=cast.mina)

    assert not Submission.objects.exists()
    assert work.submit_work(paid, file=picture(), by=cast.mina).file_name == "oven.png"


@pytest.mark.parametrize("brand", [b"isom", b"mp42", b"qt  ", b"M4V "])
def test_a_film_is_taken_as_it_is(cast: Cast, paid: Collaboration, brand: bytes) -> None:
    film = b"\x00\x00\x00\x18ftyp" + brand + b"\x00\x00\x02\x00isommp41" + b"\x00\x00\x00\x08mdat"

    made = work.submit_work(paid, file=SimpleUploadedFile("oven.mov", film), by=cast.mina)

    assert made.file_name == "oven.mp4"
    with made.file.open() as kept:
        assert kept.read() == film
