"""Two to four creators side by side: the same figures of each, with what they are from. Followers judge nobody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from creators.models import Creator
from marketplace.kit.errors import Invalid

LEAST, MOST = 2, 4
# Of fewer posts or comments than this nobody is called the best.
ENOUGH = 10

Unit = Literal["share", "words", "minor", "count"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One row: which column, in which unit, how many of what it is from, and which end is better (“” where neither)."""

    name: str
    unit: Unit
    of: str = ""
    better: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One creator's figure. ``value`` None is unknown. ``source``: posts, comments, entered (by its owner) or
    profile; ``sample``: how many posts or comments; ``as_of``: the newest of them, or the day of the reckoning."""

    value: float | None
    source: str = ""
    sample: int | None = None
    as_of: date | None = None
    currency: str = ""
    is_best: bool = False


FIGURES = (
    Figure("engagement_rate", "share", of="posts"),
    # The rate after shrinkage is the one that compares: three lucky posts make nobody the best.
    Figure("engagement_shrunk", "share", of="posts", better="highest"),
    Figure("reply_rate", "share", of="comments", better="highest"),
    Figure("comment_words", "words", of="comments", better="highest"),
    Figure("genuine_share", "share", of="comments", better="highest"),
    Figure("sponsored_share", "share", of="posts"),
    Figure("price_from_minor", "minor", better="lowest"),
    Figure("room_per_month", "count"),
)


def find_compared(named: Sequence[str]) -> list[Creator]:
    """The listed creators with these ids or handles, in this order, each once; those nobody may see are left out."""
    once = list(dict.fromkeys(named))
    rows: QuerySet[Creator] = Creator.objects.listed().filter(Q(public_id__in=once) | Q(handle__in=once))
    found = {
        name: row for row in rows.defer("words", "post_words").prefetch_related("channels") for name in _names(row)
    }
    return list(dict.fromkeys(found[name] for name in once if name in found))


def must_be_comparable(named: Sequence[str]) -> None:
    """Raise Invalid unless two to four different creators are named."""
    if not LEAST <= len(set(named)) <= MOST:
        said = _("Name two to four creators, with commas between.")
        raise Invalid("not_comparable", said, fields={"creators": [said]})


def compare(creators: Sequence[Creator]) -> list[tuple[Figure, list[Cell]]]:
    """Every figure of each creator, in the creators' order."""
    return [(figure, _judged(figure, [_cell(figure, row) for row in creators])) for figure in FIGURES]


def _names(creator: Creator) -> tuple[str, str]:
    return (creator.public_id, creator.handle)


def _cell(figure: Figure, creator: Creator) -> Cell:
    value = getattr(creator, figure.name)
    made_on = creator.figures_at.date() if creator.figures_at else None
    if value is None:
        return Cell(None)
    if figure.of == "comments":
        return Cell(value, "comments", creator.comments_seen, made_on)
    if figure.of == "posts":
        seen = creator.engagement_posts
        return Cell(value, "posts", seen, creator.last_post_on) if seen else Cell(value, "entered", 0, made_on)
    return Cell(value, "profile", currency=creator.currency if figure.unit == "minor" else "")


def _judged(figure: Figure, cells: list[Cell]) -> list[Cell]:
    """The cells, the best one marked: where there is one, from enough, and all prices are in one currency."""
    known = [cell for cell in cells if cell.value is not None]
    if not figure.better or len(known) < LEAST or len({cell.currency for cell in known}) > 1:
        return cells
    values = [cell.value for cell in known if cell.value is not None]
    best = max(values) if figure.better == "highest" else min(values)
    leaders = [cell for cell in known if cell.value == best]
    if len(leaders) > 1 or (figure.of and (leaders[0].sample or 0) < ENOUGH):
        return cells
    return [_marked(cell) if cell is leaders[0] else cell for cell in cells]


def _marked(cell: Cell) -> Cell:
    return Cell(cell.value, cell.source, cell.sample, cell.as_of, cell.currency, is_best=True)
