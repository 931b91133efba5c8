"""The meaning of every caption, worked out once and kept under a name made from what was read."""

import hashlib
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from creators.embedding import DIMENSIONS, LEXICAL, encode

CHUNK = 1_024
AT_ONCE = 4
Advance = Callable[[int, int], None]


def embedded(texts: Sequence[str], *, data_dir: Path, model: str, advance: Advance) -> NDArray[np.float32]:
    """Unit vectors (texts × 384). Other texts or another model have another file; an unfinished one goes on.

    `advance(done, total)` is told after each chunk.
    """
    digest = hashlib.sha256("\0".join([model, *texts]).encode(errors="replace")).hexdigest()[:24]
    path = data_dir / "evaluation" / f"vectors-{digest}.npy"
    if path.is_file():
        advance(len(texts), len(texts))
        return _read(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    parts = _parts(texts, path, data_dir=data_dir, model=model, advance=advance)
    whole = np.vstack([_read(part) for part in parts]) if parts else np.zeros((0, DIMENSIONS), dtype=np.float32)
    if model != LEXICAL:  # letters take no time, and would fill the folder
        _write(path, whole)
    for part in parts:
        part.unlink(missing_ok=True)
    return whole


def _parts(texts: Sequence[str], path: Path, *, data_dir: Path, model: str, advance: Advance) -> list[Path]:
    """One file for each chunk, in order. A process of one thread for every processor: two threads of one process
    wait for each other at every layer, which on a busy machine is most of the time."""
    starts = range(0, len(texts), CHUNK)
    parts = [path.with_suffix(f".{CHUNK}-{start}.part.npy") for start in starts]

    def make(start: int, part: Path) -> int:
        few = texts[start : start + CHUNK]
        if not part.is_file():
            _write(part, encode(few, data_dir=data_dir, model=model))
        return len(few)

    done, pool = 0, ThreadPoolExecutor(min(os.cpu_count() or 1, AT_ONCE))
    try:
        for one in as_completed([pool.submit(make, *pair) for pair in zip(starts, parts, strict=True)]):
            done += one.result()
            advance(done, len(texts))
    finally:
        pool.shutdown(cancel_futures=True)  # after an error or Ctrl-C, what has not begun does not begin
    return parts


def _write(path: Path, vectors: NDArray[np.float32]) -> None:
    """Whole or not at all, so that a run that was ended leaves no broken file."""
    unfinished = path.with_name(path.name + ".new")
    with unfinished.open("wb") as file:
        np.save(file, vectors.astype(np.float16))
    unfinished.replace(path)


def _read(path: Path) -> NDArray[np.float32]:
    found: NDArray[np.float32] = np.load(path).astype(np.float32)
    return found
