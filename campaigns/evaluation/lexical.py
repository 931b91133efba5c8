"""Words and runs of letters: the classical baselines, which the learned ranker also reads as features.

Sparse matrices (creators × terms). BM25: Robertson and Zaragoza, "The Probabilistic Relevance Framework" (2009),
k1 = 1.2, b = .75. TF-IDF: (1 + log tf) · log((1 + n) / (1 + df)) + 1, rows of unit length.
"""

import re
from collections.abc import Iterable, Sequence
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

WORD = re.compile(r"[^\W_]{2,}")
K1, B = 1.2, 0.75
LETTERS, PLACES = (4, 5, 6), 2**18
CHARACTERS = 8_000


class Lexicon:
    """The words of all creators, how often each post has them, and how often each creator does."""

    def __init__(self, texts: Sequence[str], owner: NDArray[np.int64], creators: int) -> None:
        self._column: dict[str, int] = {}
        rows, columns = [], []
        for row, text in enumerate(texts):
            for word in WORD.findall(text[:CHARACTERS].lower()):
                columns.append(self._column.setdefault(word, len(self._column)))
                rows.append(row)
        shape = (len(texts), max(len(self._column), 1))
        self.of_posts = sparse.csr_matrix((np.ones(len(rows), dtype=np.float32), (rows, columns)), shape=shape)
        self.of_posts.sum_duplicates()
        ones = np.ones(len(texts), dtype=np.float32)
        belongs = sparse.csr_matrix((ones, (owner, np.arange(len(texts)))), shape=(creators, len(texts)))
        self.counts = (belongs @ self.of_posts).tocsr()

    def asked(self, queries: Iterable[str]) -> sparse.csr_matrix:
        """Queries × the same words; unknown words say nothing."""
        rows, columns, count = [], [], 0
        for row, text in enumerate(queries):
            found = [self._column[word] for word in WORD.findall(text.lower()) if word in self._column]
            rows += [row] * len(found)
            columns += found
            count = row + 1
        ones = np.ones(len(rows), dtype=np.float32)
        return sparse.csr_matrix((ones, (rows, columns)), shape=(count, self.counts.shape[1]))

    def letters(self) -> sparse.csr_matrix:
        """Words × hashed runs of 4 to 6 letters inside them, so that compounds such as hashtags are found."""
        rows, columns = [], []
        for word, row in self._column.items():
            framed = f" {word[:40]} "
            pieces = [framed[at : at + size] for size in LETTERS for at in range(len(framed) - size + 1)]
            rows += [row] * len(pieces)
            columns += [crc32(piece.encode()) % PLACES for piece in pieces]
        ones = np.ones(len(rows), dtype=np.float32)
        return sparse.csr_matrix((ones, (rows, columns)), shape=(self.counts.shape[1], PLACES))


def bm25(counts: sparse.csr_matrix, asked: sparse.csr_matrix) -> NDArray[np.float32]:
    """Queries × creators."""
    length = np.asarray(counts.sum(axis=1)).ravel()
    spread = K1 * (1 - B + B * length / max(float(length[length > 0].mean()), 1e-9))
    weighed = counts.tocsr(copy=True)
    per_row = np.repeat(spread, np.diff(weighed.indptr))
    weighed.data = weighed.data * (K1 + 1) / (weighed.data + per_row)
    seen = _document_frequency(counts)
    idf = np.log(1 + (counts.shape[0] - seen + 0.5) / (seen + 0.5))
    return _dense(asked.multiply(idf[None, :]).tocsr() @ weighed.T)


class Cosines:
    """TF-IDF cosines of queries with the rows of one matrix of counts."""

    def __init__(self, counts: sparse.csr_matrix) -> None:
        self._idf = inverse_frequency(counts)
        self._rows = unit_rows(counts, self._idf).T.tocsr()

    def of(self, asked: sparse.csr_matrix) -> NDArray[np.float32]:
        """Queries × rows."""
        return _dense(unit_rows(asked, self._idf) @ self._rows)


def inverse_frequency(counts: sparse.csr_matrix) -> NDArray[np.float64]:
    """How telling each term is: log((1 + n) / (1 + df)) + 1."""
    idf: NDArray[np.float64] = np.log((1 + counts.shape[0]) / (1 + _document_frequency(counts))) + 1
    return idf


def _document_frequency(counts: sparse.csr_matrix) -> NDArray[np.float64]:
    return np.bincount(counts.indices, minlength=counts.shape[1]).astype(np.float64)


def unit_rows(counts: sparse.csr_matrix, idf: NDArray[np.float64]) -> sparse.csr_matrix:
    """TF-IDF rows of unit length: (1 + log tf) · idf."""
    weighed = counts.tocsr(copy=True)
    weighed.data = ((1 + np.log(weighed.data)) * idf[weighed.indices]).astype(np.float32)
    length = np.sqrt(np.asarray(weighed.multiply(weighed).sum(axis=1)).ravel())
    weighed.data /= np.repeat(np.maximum(length, 1e-9), np.diff(weighed.indptr)).astype(np.float32)
    return weighed


def _dense(found: sparse.spmatrix) -> NDArray[np.float32]:
    dense: NDArray[np.float32] = np.asarray(found.todense(), dtype=np.float32)
    return dense
