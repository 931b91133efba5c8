"""The nearest by meaning among a million: a quantised index to find them, half-precision vectors to compare exactly."""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int64]
Mask = NDArray[np.bool_]
Cosines = NDArray[np.float64]


def library() -> Any:
    """faiss, loaded by those who search only (40 MB), on one thread: a worker answers one brief at a time."""
    faiss = importlib.import_module("faiss")
    faiss.omp_set_num_threads(1)
    return faiss


class Index:
    """Unit vectors by row, twice: as codes of four bits per two numbers, and as they are in half precision.

    The codes are a product quantisation read with SIMD look-ups (Jégou et al., TPAMI 33, 2011; André et al., ICMR
    2017): 96 MB for a million vectors of 384 numbers. One inverted list, because only that kind takes a filter.
    """

    def __init__(self, codes: Any, halves: Any) -> None:
        self.codes, self.halves = codes, halves

    def __len__(self) -> int:
        return int(self.halves.ntotal)

    @classmethod
    def of(cls, sample: NDArray[np.float32], parts: Iterable[NDArray[np.float32]]) -> Index:
        """The index over the rows of all parts, one after the other; the codes are learned from the sample."""
        faiss, size = library(), sample.shape[1]
        codes = faiss.index_factory(size, f"IVF1,PQ{size // 2}x4fs", faiss.METRIC_INNER_PRODUCT)
        codes.train(sample)
        halves = faiss.IndexScalarQuantizer(size, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
        for part in parts:
            codes.add(part)
            halves.add(part)
        return cls(codes, halves)

    def nearest(self, vector: NDArray[np.float32], keeps: Mask, count: int) -> tuple[Rows, Cosines]:
        """About the `count` nearest of the kept rows, nearest first, with their cosines as the codes tell them."""
        faiss = library()
        chosen = faiss.SearchParametersIVF(sel=faiss.IDSelectorBitmap(np.packbits(keeps, bitorder="little")))
        cosines, rows = self.codes.search(vector.reshape(1, -1), count, params=chosen)
        found = rows[0] >= 0
        return rows[0][found].astype(np.int64), cosines[0][found].astype(np.float64)

    def cosines(self, vector: NDArray[np.float32], rows: Rows) -> Cosines:
        """The cosines of these rows (ascending), from their half-precision vectors; 0 for a vector of zeros."""
        faiss, keeps = library(), np.zeros(len(self), dtype=np.bool_)
        keeps[rows] = True
        chosen = faiss.SearchParameters(sel=faiss.IDSelectorBitmap(np.packbits(keeps, bitorder="little")))
        # A range without an end: every kept row, in order, without a heap to sort them.
        _, cosines, found = self.halves.range_search(vector.reshape(1, -1), -2.0, params=chosen)
        order = slice(None) if (found[1:] > found[:-1]).all() else np.argsort(found)
        return np.asarray(cosines[order], dtype=np.float64)
