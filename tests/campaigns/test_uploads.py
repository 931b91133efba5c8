"""Pictures somebody hands in: drawn anew before anything is locked, one at a time."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from campaigns import uploads
from campaigns.models import Collaboration, Submission
from campaigns.services import work
from marketplace.kit.errors import Busy, NotAllowed
from tests import cast as people
from tests.cast import Cast


@pytest.fixture
def paid(cast: Cast) -> Collaboration:
    """Mina's work, paid for."""
    return people.secure(people.collaboration(cast))


def picture() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "tan").save(out, "PNG")
    return SimpleUploadedFile("oven.png", out.getvalue())


def test_a_picture_is_drawn_before_anything_is_locked(
    cast: Cast, paid: Collaboration, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    real_lock, real_checked = work.lock, work.checked
    monkeypatch.setattr(work, "lock", lambda thing: (order.append("lock"), real_lock(thing)))
    monkeypatch.setattr(work, "checked", lambda file: (order.append("draw"), real_checked(file))[1])

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
