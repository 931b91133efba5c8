"""The columns and the index of a large pool on disk, so that a new process opens in a moment what another one made."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import structlog
from django.conf import settings
from django.db import connection
from numpy.typing import NDArray

from campaigns.matching.nearest import Index, library
from campaigns.shortlist.columns import Columns, Numbers
from creators.embedding import DIMENSIONS

log = structlog.get_logger(__name__)
FORMAT = 2


@dataclass(frozen=True)
class Facts:
    """What a book was made from: the changes before `mark`, read by `model`. `norms` are plain, for JSON."""

    mark: int
    model: str
    counts: dict[str, int]
    words: dict[str, dict[str, int]]
    norms: dict[str, Any]


@dataclass(frozen=True)
class Book:
    """An edition, opened: columns that may be written on, an index that may not, and merits and engagements."""

    facts: Facts
    columns: Columns
    index: Index
    standings: Numbers


def shelf() -> Path:
    """Where the books of this database lie."""
    where = connection.settings_dict
    name = hashlib.sha256(f"{where['HOST']}:{where['PORT']}/{where['NAME']}".encode()).hexdigest()[:12]
    return Path(settings.DATA_DIR) / "matching" / name


def newest() -> str:
    """The name of the newest edition, or nothing."""
    try:
        return (shelf() / "newest").read_text()
    except OSError:
        return ""


def facts_of(edition: str) -> Facts | None:
    """What an edition was made from; None when it is not there, broken, or of another version."""
    try:
        said = json.loads((shelf() / edition / "book.json").read_text())
        return Facts(**said) if said.pop("format") == FORMAT else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def open_book(edition: str) -> Book | None:
    """An edition in memory, mapped; None when it can't be read: the database is enough."""
    folder, facts = shelf() / edition, facts_of(edition)
    if facts is None:
        return None
    try:
        columns = Columns.open(folder, facts.counts, facts.words)
        halves = np.asarray(np.load(folder / "halves.npy", mmap_mode="r"))
        standings = np.load(folder / "standings.npy")
        index = Index(library().read_index(str(folder / "codes.faiss")), halves[: len(columns)])
        if not index.codes.ntotal == len(index) == standings.shape[1] == len(columns):
            raise ValueError("The columns and the index are not of the same creators.")
    except (OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
        log.warning("book_unreadable", edition=edition, error=str(error)[:300])
        return None
    return Book(facts, columns, index, standings)


def blank(name: str, creators: int) -> tuple[Path, NDArray[np.float16]]:
    """A folder for a new edition, and in it the file for the vectors, mapped."""
    shelf().mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=shelf()))
    shape = (creators, DIMENSIONS)
    return folder, np.lib.format.open_memmap(folder / "halves.npy", mode="w+", dtype=np.float16, shape=shape)


def publish(folder: Path, book: Book) -> None:
    """Write the rest of an edition and make it the newest; the one before it stays for those who just open it."""
    before = newest()
    counts = book.columns.save(folder)
    np.save(folder / "standings.npy", book.standings)
    library().write_index(book.index.codes, str(folder / "codes.faiss"))
    facts = asdict(book.facts) | {"counts": counts, "words": book.columns.words, "format": FORMAT}
    (folder / "book.json").write_text(json.dumps(facts))
    _settle(folder)
    pointer = shelf() / f"newest.{folder.name}"
    pointer.write_text(folder.name)
    os.replace(pointer, shelf() / "newest")
    for other in shelf().iterdir():
        if other.is_dir() and other.name not in (folder.name, before):
            shutil.rmtree(other, ignore_errors=True)


def _settle(folder: Path) -> None:
    """Wait until the disk has it: a page that was lost would read as zeros, and nobody would notice."""
    for path in folder.iterdir():
        with path.open("rb") as file:
            os.fsync(file.fileno())
