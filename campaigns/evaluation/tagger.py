"""What a text is about, learned from creators' own categories: softmax regression on the meaning of their words.

Reads no pair. Every row counts alike, weights are drawn towards zero (ridge), and the optimum is found by L-BFGS.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

Numbers = NDArray[np.float64]
Vectors = NDArray[np.float32]
RIDGE, STEPS = 1e-4, 120


class Tagger:
    """Shares of each category for vectors like those it learned from."""

    def __init__(self, vectors: Vectors, category: NDArray[np.int64], count: int) -> None:
        self._middle = vectors.mean(axis=0)
        self._spread = np.maximum(vectors.std(axis=0), 1e-6)
        rows = self._ready(vectors)
        real = np.eye(count, dtype=np.float32)[category]
        start = np.zeros(rows.shape[1] * count)
        found = minimize(_loss, start, args=(rows, real), jac=True, method="L-BFGS-B", options={"maxiter": STEPS})
        self._weights: Vectors = found.x.reshape(rows.shape[1], count).astype(np.float32)

    def shares(self, vectors: Vectors) -> Numbers:
        """Texts × categories; each row adds up to one."""
        told: Numbers = _softmax(self._ready(vectors) @ self._weights).astype(np.float64)
        return told

    def _ready(self, vectors: Vectors) -> Vectors:
        ready: Vectors = np.hstack([(vectors - self._middle) / self._spread, np.ones((len(vectors), 1))])
        return ready.astype(np.float32)


def _loss(flat: Numbers, rows: Vectors, real: Vectors) -> tuple[float, Numbers]:
    """Mean cross-entropy + ridge, with its slope."""
    weights = flat.reshape(rows.shape[1], real.shape[1]).astype(np.float32)
    told = _softmax(rows @ weights)
    fit = -float(np.log(np.maximum((told * real).sum(axis=1), 1e-12)).mean())
    slope = rows.T @ (told - real) / len(rows) + 2 * RIDGE * weights
    return fit + RIDGE * float((weights**2).sum()), slope.astype(np.float64).ravel()


def _softmax(rows: Vectors) -> Vectors:
    powers = np.exp(rows - rows.max(axis=1, keepdims=True))
    shares: Vectors = powers / powers.sum(axis=1, keepdims=True)
    return shares
