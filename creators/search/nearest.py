"""Whose texts mean nearly the same: exact cosines over those who share a niche.

``nearest`` is the one place that compares vectors. An index over everybody's could answer it with the same rows.
"""

from dataclasses import dataclass

import numpy as np
from django.db.models import QuerySet, Value
from django.db.models.functions import Coalesce
from numpy.typing import NDArray

from creators.embedding import unpack
from creators.models import Creator, CreatorVector

LOOKED_AT = 2_000


@dataclass(frozen=True, slots=True)
class Near:
    """Another creator, the cosine of both vectors (−1 … 1; None where one is not known or of another model), and which
    share of those who were looked at is further away (0 … 1)."""

    pk: int
    cosine: float | None
    closer_than: float | None


def nearest(creator: Creator, *, limit: int) -> tuple[list[Near], int]:
    """The nearest listed creators, those without a cosine last, and how many were looked at. Two queries.

    Where more than LOOKED_AT share a niche, those with most engagement for their size are looked at.
    """
    own = CreatorVector.objects.filter(creator=creator).values_list("model", "vector").first()
    pool: QuerySet[Creator] = Creator.objects.listed().exclude(pk=creator.pk)
    if creator.niche_slugs:
        pool = pool.filter(niche_slugs__overlap=creator.niche_slugs)
    pool = pool.order_by(Coalesce("engagement_shrunk", Value(-1.0)).desc(), "-id")
    rows = list(pool.values_list("pk", "vector__model", "vector__vector")[:LOOKED_AT])
    if not rows:
        return [], 0
    model, vector = own or ("", None)
    cosines = _cosines(vector, [theirs if name == model else None for _pk, name, theirs in rows])
    # A stable sort: equals stay in the order of engagement; NaN comes last.
    order = np.argsort(-cosines, kind="stable")[:limit]
    known = cosines[~np.isnan(cosines)]
    return [_near(rows[place][0], float(cosines[place]), known) for place in order], len(rows)


def _cosines(own: bytes | memoryview | None, others: list[bytes | memoryview | None]) -> NDArray[np.float64]:
    """The cosine with each of the others; NaN where a vector is missing."""
    matrix = unpack([own, *others]).astype(np.float64)
    lengths = np.linalg.norm(matrix, axis=1)
    both = lengths[1:] * lengths[0]
    cosines: NDArray[np.float64] = np.full(len(others), np.nan)
    np.divide(matrix[1:] @ matrix[0], both, out=cosines, where=both > 0)
    return cosines


def _near(pk: int, cosine: float, known: NDArray[np.float64]) -> Near:
    if np.isnan(cosine):
        return Near(pk, None, None)
    return Near(pk, cosine, float((known < cosine).sum() / max(len(known) - 1, 1)))
