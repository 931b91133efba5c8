"""What words go together in these captions: a small space in which "denim" and "jeans" are near each other.

Latent semantic analysis (Deerwester et al., JASIS 41, 1990): the strongest directions of the TF-IDF of creators' words,
found by a randomised decomposition (Halko, Martinsson and Tropp, SIAM Review 53, 2011). The language model has read
books and web pages; this has read hashtags.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from campaigns.evaluation.lexical import inverse_frequency, unit_rows

Vectors = NDArray[np.float32]
DIRECTIONS, SPARE, PASSES = 128, 10, 4
FEWEST = 3


class Latent:
    """Learned from creators × words (counts); only words that at least three creators use."""

    def __init__(self, counts: sparse.csr_matrix, *, seed: int = 1) -> None:
        used = np.bincount(counts.indices, minlength=counts.shape[1])
        self._kept = np.flatnonzero(used >= FEWEST)
        self._idf = inverse_frequency(counts)[self._kept]
        self._directions = _strongest(self._weighed(counts), seed)

    def of(self, counts: sparse.csr_matrix) -> Vectors:
        """Unit vectors of texts from their counts of the same words; zeros for a text of unknown words."""
        found = np.asarray(self._weighed(counts) @ self._directions, dtype=np.float32)
        unit: Vectors = found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9)
        return unit

    def _weighed(self, counts: sparse.csr_matrix) -> sparse.csr_matrix:
        return unit_rows(counts[:, self._kept], self._idf)


def _strongest(rows: sparse.csr_matrix, seed: int) -> Vectors:
    """The first right singular vectors as columns, as many as there can be."""
    wanted = max(min(DIRECTIONS, min(rows.shape) - 1), 1)
    random = np.random.default_rng(seed)
    base = rows @ random.normal(size=(rows.shape[1], min(wanted + SPARE, max(rows.shape[1], 1)))).astype(np.float32)
    for _ in range(PASSES):
        base = rows @ (rows.T @ np.linalg.qr(base)[0])
    base = np.linalg.qr(base)[0]
    directions: Vectors = np.linalg.svd((rows.T @ base).T, full_matrices=False)[2][:wanted].T
    return directions.astype(np.float32)
