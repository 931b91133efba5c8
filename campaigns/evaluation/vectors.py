"""The meaning of every caption, worked out once and kept under a name made from what was read."""

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from creators.embedding import DIMENSIONS, LEXICAL, encode

CHUNK = 2_048
Advance = Callable[[int, int], None]


def embedded(
    texts: Sequence[str], *, data_dir: Path, model: str, advance: Advance, threads: int = 2
) -> NDArray[np.float32]:
    """Unit vectors (texts × 384). Other texts or another model have another file; an unfinished one goes on.

    `advance(done, total)` is told after each chunk.
    """
    digest = hashlib.sha256("\0".join([model, *texts]).encode(errors="replace")).hexdigest()[:24]
    path = data_dir / "evaluation" / f"vectors-{digest}.npy"
    if path.is_file():
        advance(len(texts), len(texts))
        return _read(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    parts = []
    for start in range(0, len(texts), CHUNK):
        part = path.with_suffix(f".{start}.part.npy")
        if not part.is_file():
            few = encode(texts[start : start + CHUNK], data_dir=data_dir, model=model, threads=threads)
            _write(part, few)
        parts.append(part)
        advance(min(start + CHUNK, len(texts)), len(texts))
    whole = np.vstack([_read(part) for part in parts]) if parts else np.zeros((0, DIMENSIONS), dtype=np.float32)
    if model != LEXICAL:  # letters take no time, and would fill the folder
        _write(path, whole)
    for part in parts:
        part.unlink(missing_ok=True)
    return whole


def _write(path: Path, vectors: NDArray[np.float32]) -> None:
    """Whole or not at all, so that a run that was ended leaves no broken file."""
    unfinished = path.with_name(path.name + ".new")
    with unfinished.open("wb") as file:
        np.save(file, vectors.astype(np.float16))
    unfinished.replace(path)


def _read(path: Path) -> NDArray[np.float32]:
    found: NDArray[np.float32] = np.load(path).astype(np.float32)
    return found
