"""Who worked with brands that share creators: the warm half, for brands that some creators are known to work with.

Everything is read without the brand that is asked about: its own row is left out of every count, and the factors of
creators come from brands of other folds.
"""

from collections.abc import Set as AbstractSet

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from campaigns.evaluation.queries import Query
from campaigns.evaluation.trials import Rows
from campaigns.evaluation.world import World

Columns = dict[str, NDArray[np.float64]]
FACTORS, ROUNDS, CONFIDENCE, RIDGE = 24, 8, 20.0, 1.0
RIDGE_OF_BRANDS = 5.0


class Links:
    """Brands × creators as 0 and 1."""

    def __init__(self, world: World) -> None:
        self.brands = list(world.pairs)
        rows = np.repeat(np.arange(len(self.brands)), [len(found) for found in world.pairs.values()])
        columns = np.concatenate([*world.pairs.values(), np.zeros(0, dtype=np.int64)])
        shape = (len(self.brands), len(world))
        self.matrix = sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=shape)
        self.columns = self.matrix.tocsc()
        self.across = self.matrix.T.tocsr()
        self.per_creator = np.asarray(self.matrix.sum(axis=0)).ravel()
        self.per_brand = np.asarray(self.matrix.sum(axis=1)).ravel()
        common = (self.matrix @ self.across).toarray()
        self._inverse = np.linalg.inv(common + RIDGE_OF_BRANDS * np.eye(len(self.brands)))

    def inverse_without(self, row: int) -> NDArray[np.float64]:
        """The inverse of (creators in common + ridge) of all other brands; zeros for the one left out."""
        column = self._inverse[:, row]
        found: NDArray[np.float64] = self._inverse - np.outer(column, column) / column[row]
        return found

    def without(self, brands: AbstractSet[str]) -> sparse.csr_matrix:
        """The rows of all other brands."""
        return self.matrix[[row for row, brand in enumerate(self.brands) if brand not in brands]]


def shared(links: Links, query: Query) -> Columns:
    """Item-based: cosine of the brands of a creator and of each known collaborator, summed (Sarwar et al., WWW 2001);
    user-based: brands that share known collaborators lend theirs; ridge regression of who works together on all other
    brands (the shape of EASE, Steck, WWW 2019). The asked brand's own row counts for nothing."""
    row = links.brands.index(query.brand)
    degree = links.per_creator - links.matrix[row].toarray().ravel()
    known = links.columns[:, query.known].toarray()
    known[row] = 0
    items = links.across @ (known @ (1 / np.sqrt(np.maximum(degree[query.known], 1))))
    nearness = known.sum(axis=1) / np.sqrt(np.maximum(links.per_brand * max(len(query.known), 1), 1))
    return {
        "shared_brands": items / np.sqrt(np.maximum(degree, 1)),
        "alike_brands": links.across @ nearness,
        "ridge_of_brands": links.across @ (links.inverse_without(row) @ known.sum(axis=1)),
    }


def factors(links: sparse.csr_matrix, *, seed: int = 1) -> NDArray[np.float64]:
    """Creators × factors by alternating least squares for implicit feedback (Hu, Koren and Volinsky, ICDM 2008)."""
    creators = np.random.default_rng(seed).normal(0, 0.1, (links.shape[1], FACTORS))
    across = links.T.tocsr()
    for _ in range(ROUNDS):
        creators = _solved(across, _solved(links, creators))
    return creators


def _solved(links: sparse.csr_matrix, fixed: NDArray[np.float64]) -> NDArray[np.float64]:
    whole = fixed.T @ fixed + RIDGE * np.eye(FACTORS)
    found = np.zeros((links.shape[0], FACTORS))
    for row in np.flatnonzero(np.diff(links.indptr)):
        found[row] = _folded(whole, fixed[links.indices[links.indptr[row] : links.indptr[row + 1]]])
    return found


def _folded(whole: NDArray[np.float64], chosen: NDArray[np.float64]) -> NDArray[np.float64]:
    """One side's factors from the other side's that it is linked to."""
    if not len(chosen):
        return np.zeros(FACTORS)
    found: NDArray[np.float64] = np.linalg.solve(
        whole + CONFIDENCE * chosen.T @ chosen, (1 + CONFIDENCE) * chosen.sum(axis=0)
    )
    return found


def by_factors(creators: NDArray[np.float64], known: Rows) -> Columns:
    """Affinity of a brand, folded in from its known collaborators, to every creator."""
    whole = creators.T @ creators + RIDGE * np.eye(FACTORS)
    return {"factors": creators @ _folded(whole, creators[known])}
