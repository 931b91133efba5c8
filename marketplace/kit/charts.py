"""The geometry of small charts, drawn on the server. No JavaScript, no canvas: numbers in, SVG coordinates out."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 640, 200
LEFT, RIGHT, TOP, BOTTOM = 8, 8, 24, 28
LABELS = 6


@dataclass(frozen=True, slots=True)
class Mark:
    """One value and where it stands. ``shown`` says whether its label has room below the axis."""

    label: str
    value: float
    x: float
    y: float
    width: float
    height: float
    anchor: str
    shown: bool

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 1)

    @property
    def above(self) -> float:
        return round(self.y - 10, 1)


@dataclass(frozen=True, slots=True)
class Drawing:
    """What the template needs to draw one series."""

    width: int
    height: int
    floor: int
    grid: tuple[float, ...]
    marks: tuple[Mark, ...]
    path: str
    area: str

    @property
    def last(self) -> Mark | None:
        return self.marks[-1] if self.marks else None


def line(points: Sequence[tuple[str, float]]) -> Drawing:
    """A line over evenly spaced values."""
    step = (WIDTH - LEFT - RIGHT) / max(1, len(points) - 1)
    marks = _marks(points, [LEFT + step * place for place in range(len(points))], width=0.0)
    path = " ".join(f"{mark.x:g},{mark.y:g}" for mark in marks)
    floor = HEIGHT - BOTTOM
    area = f"{marks[0].x:g},{floor} {path} {marks[-1].x:g},{floor}" if marks else ""
    return Drawing(WIDTH, HEIGHT, floor, _grid(), marks, path, area)


def bars(points: Sequence[tuple[str, float]]) -> Drawing:
    """One bar for each value."""
    slot = (WIDTH - LEFT - RIGHT) / max(1, len(points))
    width = round(min(64.0, slot * 0.64), 1)
    marks = _marks(points, [LEFT + slot * (place + 0.5) for place in range(len(points))], width=width)
    return Drawing(WIDTH, HEIGHT, HEIGHT - BOTTOM, _grid(), marks, "", "")


def band(points: Sequence[tuple[float, float, float, float]], *, labels: Sequence[str], top: float) -> Drawing:
    """A line with a band round it: (place, low, value, high) in ascending places; the axis runs from 0 to `top`."""
    room, width = HEIGHT - TOP - BOTTOM, WIDTH - LEFT - RIGHT
    first, last = (points[0][0], points[-1][0]) if points else (0.0, 0.0)
    xs = [round(LEFT + width * (point[0] - first) / max(last - first, 1e-9), 1) for point in points]

    def line_of(column: int) -> list[str]:
        return [f"{x:g},{HEIGHT - BOTTOM - room * p[column] / top:.1f}" for x, p in zip(xs, points, strict=True)]

    values = [(label, point[2]) for label, point in zip(labels, points, strict=True)]
    marks = _marks(values, xs, width=0.0, top=top)
    area = " ".join(line_of(1) + line_of(3)[::-1])
    return Drawing(WIDTH, HEIGHT, HEIGHT - BOTTOM, _grid(), marks, " ".join(line_of(2)), area)


def _marks(
    points: Sequence[tuple[str, float]], xs: Sequence[float], *, width: float, top: float | None = None
) -> tuple[Mark, ...]:
    room = HEIGHT - TOP - BOTTOM
    top = top or max((value for _, value in points), default=0.0) or 1.0
    every = max(1, -(-len(points) // LABELS))
    marks = []
    for place, ((label, value), x) in enumerate(zip(points, xs, strict=True)):
        height = round(max(0.0, value) / top * room, 1)
        marks.append(
            Mark(
                label=label,
                value=value,
                x=round(x - width / 2, 1),
                y=round(HEIGHT - BOTTOM - height, 1),
                width=width,
                height=height,
                anchor=_anchor(place, len(points), edge=width == 0),
                shown=(len(points) - 1 - place) % every == 0,
            )
        )
    return tuple(marks)


def _anchor(place: int, count: int, *, edge: bool) -> str:
    if not edge or count < 2 or 0 < place < count - 1:
        return "middle"
    return "start" if place == 0 else "end"


def _grid() -> tuple[float, ...]:
    room = HEIGHT - TOP - BOTTOM
    return tuple(round(TOP + room * part / 3, 1) for part in range(3))
