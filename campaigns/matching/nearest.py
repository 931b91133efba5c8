"""The nearest by meaning among a million: a quantised index to find them, half-precision vectors to compare exactly."""

from __future__ import annotations

import importlib
import logging
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int64]
Mask = NDArray[np.bool_]
Cosines = NDArray[np.float64]
AT_ONCE = 1_024  # rows whose vectors fit into the processor's cache, in half and in single precision


def library() -> Any:
    """faiss, loaded by those who search only (40 MB), on one thread: a worker answers one brief at a time."""
    logging.getLogger("faiss.loader").setLevel(logging.WARNING)  # it tells of every processor it was not built for
    faiss = importlib.import_module("faiss")
    faiss.omp_set_num_threads(1)
    return faiss


def cosines(vectors: NDArray[np.float32], wanted: NDArray[np.float32]) -> Cosines:
    """The cosine of each row with one vector, all of length one; NaN for a row of zeros, of which nothing was read."""
    found: Cosines = (vectors @ wanted).astype(np.float64)
    right = np.flatnonzero(found == 0)  # at a right angle, or zeros
    found[right[~np.any(vectors[right], axis=1)]] = np.nan
    return found


class Index:
    """Unit vectors by row, twice: as codes of four bits per two numbers, and as they are in half precision.

    The codes are a product quantisation read with SIMD look-ups (Jégou et al., TPAMI 33, 2011; André et al., ICMR
    2017): 96 MB for a million vectors of 384 numbers. One inverted list, because only that kind takes a filter.
    """

    def __init__(self, codes: Any, halves: NDArray[np.float16]) -> None:
        self.codes, self.halves = codes, halves

    def __len__(self) -> int:
        return len(self.halves)

    @classmethod
    def of(cls, sample: NDArray[np.float32], parts: Iterable[NDArray[np.float16]], into: NDArray[np.float16]) -> Index:
        """The index over the rows of all parts, one after the other; the codes are learned from the sample.

        The vectors themselves are written `into` an array of as many rows, which may lie in a file.
        """
        faiss, size = library(), sample.shape[1]
        codes = faiss.index_factory(size, f"IVF1,PQ{size // 2}x4fs", faiss.METRIC_INNER_PRODUCT)
        codes.train(sample)
        for part in parts:
            into[codes.ntotal : codes.ntotal + len(part)] = part
            codes.add(part.astype(np.float32))
        return cls(codes, into[: codes.ntotal])

    def nearest(self, vector: NDArray[np.float32], keeps: Mask, count: int) -> tuple[Rows, Cosines]:
        """About the `count` nearest of the kept rows, nearest first, with their cosines as the codes tell them."""
        faiss = library()
        chosen = faiss.SearchParametersIVF(sel=faiss.IDSelectorBitmap(np.packbits(keeps, bitorder="little")))
        cosines, rows = self.codes.search(vector.reshape(1, -1), count, params=chosen)
        found = rows[0] >= 0
        return rows[0][found].astype(np.int64), cosines[0][found].astype(np.float64)

    def cosines(self, vector: NDArray[np.float32], rows: Rows) -> Cosines:
        """The cosines of these rows, from their half-precision vectors; NaN for a vector of zeros."""
        found = np.empty(len(rows))
        for start in range(0, len(rows), AT_ONCE):
            part = slice(start, start + AT_ONCE)
            found[part] = cosines(self.halves[rows[part]].astype(np.float32), vector)
        return found
