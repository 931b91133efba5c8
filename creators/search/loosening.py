"""When nobody fits: which filter to loosen, and how many would then."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from creators.search.facets import SECONDS, capped_sizes
from creators.search.finding import Search
from creators.search.wanted import RADIUS_MAX_KM
from marketplace.kit.busy import within
from marketplace.kit.errors import Busy

# The name of a radius that is WIDENED times as wide, beside the names of the filters.
WIDER = "wider"
WIDENED = 4
MOST = 1_000
SHOWN = 4


@dataclass(frozen=True, slots=True)
class Looser:
    """Without the filter of this name so many creators would fit (MOST + 1: more); WIDER keeps it, ``radius_km``
    around."""

    name: str
    count: int
    radius_km: float | None = None


def loosen(search: Search) -> Sequence[Looser]:
    """The filters whose loosening would find somebody, the one that costs most first. One query; none that is slow."""
    sets = {name: search.found(without=name) for name in search.asked}
    near = search.wanted.near
    wide = min(near.radius_km * WIDENED, RADIUS_MAX_KM) if near else 0
    if near and wide > near.radius_km:
        sets[WIDER] = Search(replace(search.wanted, near=replace(near, radius_km=wide))).found()
    if not sets:
        return []
    try:
        with within(SECONDS):
            sizes = capped_sizes(sets, most=MOST + 1)
    except Busy:
        return []
    found = [Looser(name, size, wide if name == WIDER else None) for name, size in sizes.items() if size]
    # Among equals, what keeps more of the question comes first.
    return sorted(found, key=lambda one: (-one.count, one.name != WIDER, one.name))[:SHOWN]
