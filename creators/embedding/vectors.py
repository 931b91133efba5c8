"""How vectors rest in the database: 384 half-precision numbers, 768 bytes, little-endian."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from creators.embedding.artefact import DIMENSIONS

HALF = np.dtype("<f2")
SIZE = DIMENSIONS * HALF.itemsize


def pack(vector: NDArray[np.floating]) -> bytes:
    """One vector as the bytes of a row."""
    if vector.shape != (DIMENSIONS,):
        raise ValueError(f"A vector has {DIMENSIONS} numbers, not {vector.shape}.")
    return vector.astype(HALF).tobytes()


def unpack(rows: Sequence[bytes | memoryview | None]) -> NDArray[np.float32]:
    """Many rows as one matrix; a row that is absent or of another size becomes zeros: "nothing known"."""
    blank = bytes(SIZE)
    whole = b"".join(row if row is not None and len(row) == SIZE else blank for row in rows)
    return np.frombuffer(whole, dtype=HALF).reshape(len(rows), DIMENSIONS).astype(np.float32)


def mean_by_owner(vectors: NDArray[np.float32], owners: NDArray[np.integer], count: int) -> NDArray[np.float32]:
    """Each owner's average direction, of length one; zeros for an owner of nothing. Owners are rows 0…count-1."""
    total = np.zeros((count, vectors.shape[1]), dtype=np.float32)
    np.add.at(total, owners, vectors)
    length = np.linalg.norm(total, axis=1, keepdims=True)
    means: NDArray[np.float32] = np.divide(total, length, out=np.zeros_like(total), where=length > 0)
    return means
