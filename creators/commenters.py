"""Sketches of who comments: keyed hashes, of which the lowest are kept, and what two sketches have in common.

Bottom-k sketches (Bar-Yossef et al., "Counting Distinct Elements in a Data Stream", RANDOM 2002; Cohen and Kaplan,
"Summarizing Data Using Bottom-k Sketches", PODC 2007): below the lower of two sketches' highest hashes both are whole,
so the shares there are unbiased.
"""

import hashlib
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

KEPT = 400
HASH = np.dtype("<u8")
Hashes = NDArray[np.uint64]


def key_of(secret: str) -> bytes:
    """The key of all hashes: with another secret they can't be compared, nor be guessed from a list of names."""
    return hashlib.sha256(f"goodword commenters\0{secret}".encode()).digest()


def hash_of(commenter: str, key: bytes) -> int:
    """Sixty-four bits of a person's id."""
    return int.from_bytes(hashlib.blake2b(commenter.encode(), key=key, digest_size=8).digest(), "little")


def sketch(hashes: Iterable[int]) -> bytes:
    """The lowest of these hashes, each once, as the bytes of a row."""
    return np.array(sorted(set(hashes))[:KEPT], dtype=HASH).tobytes()


def unpack(row: bytes | memoryview) -> Hashes:
    """A row's hashes, ascending; none of a row that was cut."""
    return np.frombuffer(row, dtype=HASH) if len(row) % HASH.itemsize == 0 else np.zeros(0, dtype=HASH)


def in_common(one: Hashes, other: Hashes) -> tuple[int, int, int]:
    """How many stand in both, and how many of each were compared."""
    ends = [sample[-1] for sample in (one, other) if len(sample) >= KEPT]
    if ends:
        one, other = one[one <= min(ends)], other[other <= min(ends)]
    return len(np.intersect1d(one, other, assume_unique=True)), len(one), len(other)
