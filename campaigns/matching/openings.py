"""Open campaigns as one creator's choice: row i of every column is the same campaign."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from campaigns.matching.scale import Numbers

FIGURES = ("latitude", "longitude", "radius_km", "pay_minor", "ask_minor", "room_left", "room")
WORDS = ("town", "month", "mentioned")
LISTS = ("languages", "platforms")


@dataclass(frozen=True)
class CreatorFacts:
    """One creator as plain facts; what is absent is not ranked by.

    `niches` weighs niches by name, `vector` is the mean meaning of the posts and `posts` that of single ones (rows),
    from the model that read the briefs. `languages` and `platforms` are codes.
    """

    niches: Mapping[str, float] = field(default_factory=dict)
    vector: NDArray[np.float32] | None = None
    posts: NDArray[np.float32] | None = None
    latitude: float | None = None
    longitude: float | None = None
    languages: frozenset[str] = frozenset()
    platforms: frozenset[str] = frozenset()
    exclusions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Openings:
    """Campaigns by column. NaN is "not known"; a vector of zeros is "not read yet".

    `niches` holds what each brief wants of `niche_names` (1 named, less for its kin). `pay_minor` is what the brief
    has for one creator and `ask_minor` what this creator asks for its deliverables, both in the campaign's currency;
    `room_left` of `room` is how much paid work the creator still takes in the `month` it starts in. `mentioned` is the
    first of the creator's exclusions that stands in the brief's text. Sorted by id: one set, one order.
    """

    ids: NDArray[np.int64]
    vectors: NDArray[np.float32]
    niches: Numbers
    niche_names: tuple[str, ...]
    currency: tuple[str, ...]
    latitude: Numbers
    longitude: Numbers
    radius_km: Numbers
    pay_minor: Numbers
    ask_minor: Numbers
    room_left: Numbers
    room: Numbers
    town: tuple[str, ...]
    month: tuple[str, ...]
    mentioned: tuple[str, ...]
    languages: tuple[frozenset[str], ...]
    platforms: tuple[frozenset[str], ...]

    def __len__(self) -> int:
        return len(self.ids)

    @classmethod
    def of(
        cls,
        ids: ArrayLike,
        *,
        vectors: NDArray[np.float32] | None = None,
        niches: ArrayLike | None = None,
        niche_names: Sequence[str] = (),
        currency: Sequence[str] = (),
        **columns: Any,
    ) -> Self:
        """The openings in order of ids, with everything that was not given marked as unknown."""
        if unknown := set(columns) - {*FIGURES, *WORDS, *LISTS}:
            raise TypeError(f"Openings have no column {', '.join(sorted(unknown))}.")
        known = np.asarray(ids, dtype=np.int64)
        count, order = len(known), np.argsort(known, kind="stable")
        meaning = np.zeros((count, 0), dtype=np.float32) if vectors is None else vectors
        wanted = np.zeros((count, len(niche_names))) if niches is None else np.asarray(niches, dtype=np.float64)
        figures = {name: np.asarray(columns.get(name, np.full(count, np.nan)), dtype=np.float64) for name in FIGURES}
        words = {name: columns.get(name, [""] * count) for name in WORDS}
        lists = {name: columns.get(name, [frozenset[str]()] * count) for name in LISTS}
        rest: dict[str, Any] = {name: column[order] for name, column in figures.items()}
        rest |= {name: tuple(column[row] for row in order) for name, column in {**words, **lists}.items()}
        return cls(
            ids=known[order],
            vectors=meaning[order],
            niches=wanted.reshape(count, len(niche_names))[order],
            niche_names=tuple(niche_names),
            currency=tuple((currency or ["EUR"] * count)[row] for row in order),
            **rest,
        )
