"""Files people hand in: known by their content, limited in size and pixels, images re-encoded without metadata."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import PurePath
from threading import BoundedSemaphore
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from marketplace.kit.errors import Busy, DomainError, Invalid
from marketplace.kit.models import new_public_id

File = UploadedFile[Any]
Content = ContentFile[bytes] | File
MOST_PIXELS = 40_000_000
# A picture of that size takes some 300 MB while it is drawn anew: one at a time in a process.
_EASEL = BoundedSemaphore()
PATIENCE = 10.0  # seconds
IMAGES = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP"}
FILMS = {b"isom", b"iso2", b"iso3", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"dash", b"M4V ", b"MSNV",
         b"3gp4", b"3gp5", b"3gp6", b"qt  "}  # fmt: skip
ACCEPTED = "JPG, PNG, WebP, MP4, PDF"


def checked(upload: File) -> tuple[Content, str]:
    """The file as we keep it, under a name nobody can guess, and the name people see. Raises Invalid."""
    if not upload.size:
        raise Invalid.at("file", "file_empty", _("This file is empty."))
    if upload.size > settings.UPLOAD_MAX_BYTES:
        megabytes = settings.UPLOAD_MAX_BYTES // 1_048_576
        raise Invalid.at("file", "file_too_large", _("This file is larger than %(limit)s MB.") % {"limit": megabytes})
    kind = _kind_of(upload)
    stored_as = f"{new_public_id()}.{kind}"
    shown_as = _shown_name(upload.name or "", kind)
    if kind in IMAGES:
        return ContentFile(_reencoded(upload, kind), name=stored_as), shown_as
    upload.name = stored_as
    return upload, shown_as


def _kind_of(upload: File) -> str:
    """What the file really is, by its first bytes; its name proves nothing."""
    upload.seek(0)
    head = upload.read(16)
    upload.seek(0)
    marks = {
        "jpg": head.startswith(b"\xff\xd8\xff"),
        "png": head.startswith(b"\x89PNG\r\n\x1a\n"),
        "webp": head[:4] == b"RIFF" and head[8:12] == b"WEBP",
        "mp4": _is_video(head, upload.size or 0),
        "pdf": head.startswith(b"%PDF-"),
    }
    for kind, fits in marks.items():
        if fits:
            return kind
    raise Invalid.at("file", "file_kind", _("We take %(kinds)s files.") % {"kinds": ACCEPTED})


def _reencoded(upload: File, kind: str) -> bytes:
    """The picture and nothing else: no metadata, no second file hidden behind it."""
    try:
        with _alone_at_the_easel(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _drawn_anew(upload, IMAGES[kind])
    except DomainError:
        raise
    except Exception as error:
        # Strangers' bytes break a decoder in more ways than it names: struct.error, KeyError, ZeroDivisionError …
        raise Invalid.at("file", "image_broken", _("This picture cannot be read.")) from error


def _is_video(head: bytes, size: int) -> bool:
    """A first box of a length that fits, with a brand of films: pictures of phones are in boxes too."""
    length = int.from_bytes(head[:4], "big")
    return head[4:8] == b"ftyp" and 16 <= length <= size and length % 4 == 0 and head[8:12] in FILMS


@contextmanager
def _alone_at_the_easel() -> Iterator[None]:
    if not _EASEL.acquire(timeout=PATIENCE):
        raise Busy("busy", _("Many pictures are coming in right now. Please send yours again in a moment."))
    try:
        yield
    finally:
        _EASEL.release()


def _drawn_anew(upload: File, format_name: str) -> bytes:
    image: Image.Image = Image.open(upload, formats=[format_name])
    if image.width * image.height > MOST_PIXELS:
        raise Invalid.at("file", "image_too_large", _("This picture has more than 40 million pixels."))
    image = ImageOps.exif_transpose(image)
    clean = image.convert("RGB") if format_name == "JPEG" else image
    clean.info = {}
    out = BytesIO()
    clean.save(out, format_name, **({"quality": 90} if format_name != "PNG" else {}))
    return out.getvalue()


def _shown_name(name: str, kind: str) -> str:
    stem = re.sub(r"[^\w .()-]", "", PurePath(name.replace("\\", "/")).stem).strip(" .")[:100] or "file"
    return f"{stem}.{kind}"
