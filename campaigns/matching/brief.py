"""What the ranking knows of a brief. Nothing here comes from the database; whoever calls fills it in."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class BriefFacts:
    """A brief as plain facts. What is absent is simply not ranked by.

    `niches` weighs the columns of `Pool.niches` by name; `vector` is the meaning of `text`, made by the same model as
    the pool's vectors; `deliverables` counts what is wanted per kind (the pool's prices are for just that).
    """

    text: str = ""
    niches: Mapping[str, float] = field(default_factory=dict)
    latitude: float | None = None
    longitude: float | None = None
    radius_km: float | None = None
    languages: tuple[str, ...] = ()
    platforms: tuple[str, ...] = ()
    budget_minor: int | None = None
    currency: str = "EUR"
    deliverables: Mapping[str, int] = field(default_factory=dict)
    vector: NDArray[np.float32] | None = None

    @property
    def meaning(self) -> NDArray[np.float32] | None:
        """The vector, unless it is zeros: a text of which nothing was read is near to nobody."""
        return self.vector if self.vector is not None and np.any(self.vector) else None

    @property
    def is_placed(self) -> bool:
        """There is a point and a radius, so that near means something."""
        return self.latitude is not None and self.longitude is not None and bool(self.radius_km)
