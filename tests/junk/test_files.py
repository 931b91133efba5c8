"""Files of the wrong kind, too large, or not what they say: refused at the field, nothing kept."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from PIL import Image

from campaigns.models import Submission
from tests.permissions.asking import Outcome, ask
from tests.permissions.world import World

pytestmark = pytest.mark.django_db
SCRIPT = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _bomb() -> bytes:
    """A small PNG that says it is 60,000 × 60,000 pixels."""
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\x00" * 1_000_000)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")


def _picture(kind: str = "JPEG", **extra: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "tan").save(out, kind, **extra)
    return out.getvalue()


def _turned(kind: str) -> bytes:
    """A picture whose metadata, which say how it is turned, end in the middle."""
    return _picture(kind, exif=b"Exif\x00\x00MM\x00*")


BAD = {
    "a program": ("photo.jpg", b"MZ\x90\x00" + b"\x00" * 200),
    "a drawing with a script": ("logo.svg", SCRIPT),
    "a page": ("page.html", b"<!doctype html><script>alert(1)</script>"),
    "a page called a picture": ("photo.png", b"<!doctype html><script>alert(1)</script>"),
    "an archive": ("work.zip", b"PK\x03\x04" + b"\x00" * 100),
    "an empty file": ("photo.jpg", b""),
    "a picture cut off": ("photo.jpg", _picture()[:60]),
    "a huge picture in a small file": ("photo.png", _bomb()),
    "a PNG with broken metadata": ("photo.png", _turned("PNG")),
    "a WebP with broken metadata": ("photo.webp", _turned("WEBP")),
    "a phone's picture in a film's box": ("film.mp4", b"\x00\x00\x00\x18ftypheic" + b"\x00" * 200),
    "four letters of a film": ("film.mp4", b"<!--ftypisom--><script>alert(1)</script>"),
    "a film shorter than its first box": ("film.mp4", b"\x00\x00\x10\x00ftypisom" + b"\x00" * 20),
    "text": ("notes.txt", b"Nothing to see"),
    "more than ten megabytes": ("long.pdf", b"%PDF-1.4" + b"x" * 10_500_000),
}


def _submit(world: World, before: dict[str, str], asked: list[str], upload: SimpleUploadedFile, page: str) -> Outcome:
    room = world.id_of("in_production")
    path = f"/collaborations/{room}/do/submit/" if page == "page" else f"/api/v1/collaborations/{room}/upload/"
    data = encode_multipart(BOUNDARY, {"file": upload, "note": "Take two, with the crust."})
    return ask(world.browsers["creator"], "POST", path, before, asked, data=data, content_type=MULTIPART_CONTENT)


@pytest.mark.parametrize("page", ["page", "api"])
@pytest.mark.parametrize("what", BAD)
def test_a_bad_file_is_refused_at_its_field(
    what: str, page: str, world: World, before: dict[str, str], asked: list[str], settings: Any
) -> None:
    kept = {*Path(settings.MEDIA_ROOT).rglob("*")}
    name, content = BAD[what]

    got = _submit(world, before, asked, SimpleUploadedFile(name, content, "image/jpeg"), page)

    assert got.status in (400, 413), got.gist
    assert not got.changed
    assert {*Path(settings.MEDIA_ROOT).rglob("*")} == kept
    if page == "page" and what != "more than ten megabytes":
        assert b"Take two, with the crust." in got.body


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.pdf", "a\\b\\c.pdf", "🦊.pdf", "x" * 400 + ".pdf", ".pdf", "con.pdf", "a\u202efdp.exe"]
)
def test_a_strange_name_stays_harmless(name: str, world: World, asked: list[str], settings: Any) -> None:
    room = world["in_production"]
    path = f"/api/v1/collaborations/{room.public_id}/upload/"
    upload = SimpleUploadedFile("x.pdf", b"%PDF-1.4 take two")
    upload.name = name
    data = encode_multipart(BOUNDARY, {"file": upload})

    answer = world.browsers["creator"].generic("POST", path, data, MULTIPART_CONTENT)

    made = Submission.objects.filter(collaboration=room).first()
    assert answer.status_code in (200, 400)
    if answer.status_code == 200:
        assert made is not None
        assert Path(made.file.path).resolve().is_relative_to(Path(settings.MEDIA_ROOT).resolve())
        assert made.file_name.endswith(".pdf")
        assert "/" not in made.file_name
        assert "\\" not in made.file_name


def test_a_second_file_behind_a_picture_and_its_metadata_are_gone(world: World, asked: list[str]) -> None:
    exif = Image.Exif()
    exif[0x010E] = "saffron-garden 48.401,9.987"
    room = world["in_production"]
    upload = SimpleUploadedFile("photo.jpg", _picture(exif=exif) + SCRIPT, "image/svg+xml")
    data = encode_multipart(BOUNDARY, {"file": upload})

    answer = world.browsers["creator"].generic(
        "POST", f"/api/v1/collaborations/{room.public_id}/upload/", data, MULTIPART_CONTENT
    )

    assert answer.status_code == 200, answer.content
    made = Submission.objects.get(collaboration=room)
    with made.file.open() as file:
        content = file.read()
    assert b"script" not in content
    assert b"saffron-garden" not in content


def test_a_file_comes_back_as_an_attachment_nothing_runs(world: World) -> None:
    answer = world.browsers["owner"].generic("GET", f"/submissions/{world.id_of('file')}/file/")
    b"".join(answer)

    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Type"] == "application/pdf"
