"""Vectors from letters alone, for the minutes before the model is built and for machines without its weights.

Every word and its runs of 4 to 6 letters are hashed with a sign into 384 places (Weinberger et al., "Feature hashing
for large scale multitask learning", ICML 2009). Letters inside words find hashtags, which are compounds. Same shape,
same storage, same comparison as the model's vectors; never compare one kind with the other.
"""

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from creators.embedding.artefact import DIMENSIONS

LEXICAL = "lexical/384/1"
CHARACTERS = 8_000
LETTERS = (4, 5, 6)
_WORD = re.compile(r"[^\W_]{3,}")
# Words that any caption may hold: they would make strangers look alike.
_COMMON = frozenset(
    _WORD.findall(
        """about after again all also always and any are back because been before being but can come could day did does
    don down each even every few first for from get getting give good got great had has have her here him his how into
    its just know let like little ll look looking lot love made make many may more most much must need never new next
    not now off one only our out over own people really right said same see she should some something still such take
    than that the their them then there these they thing things think this those through time today too two until
    very want was way week well were what when where which while who will with would year you your
    auf aus bei das dem den der des die ein eine einen einer für ich ihr ist mein mit nicht noch oder sich sie sind
    über und uns von wie wir zum zur avec dans des elle est les mais nous pas plus pour que qui sur une vous
    com como con del ella esta este las los más muy para pero por sin sobre una unas unos"""
    )
)


def lexical(texts: Sequence[str]) -> NDArray[np.float32]:
    """One unit vector per text; zeros for a text without a telling word."""
    found = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
    for row, text in enumerate(texts):
        counts = Counter(word for word in _WORD.findall(text[:CHARACTERS].lower()) if word not in _COMMON)
        for word, count in counts.items():
            found[row] += (1 + np.log(count)) * _word_vector(word)
    length = np.linalg.norm(found, axis=1, keepdims=True)
    units: NDArray[np.float32] = np.divide(found, length, out=np.zeros_like(found), where=length > 0)
    return units


@lru_cache(maxsize=4_096)
def _word_vector(word: str) -> NDArray[np.float32]:
    vector = np.zeros(DIMENSIONS, dtype=np.float32)
    framed = f" {word[:40]} "
    pieces = [framed, *(framed[at : at + size] for size in LETTERS for at in range(len(framed) - size + 1))]
    for piece in pieces:
        code = crc32(piece.encode())
        vector[code % DIMENSIONS] += 1.0 if code & 0x80000000 else -1.0
    vector /= max(float(np.linalg.norm(vector)), 1e-9)
    return vector
