"""Geometry of what is drawn: the part of a page image around a highlight, and the small chart. No HTML here."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDE = 1000.0
"""Width of every page in the units of its SVG; the height follows from the page's own proportions."""
_MARGIN, _EDGE = 70.0, 970.0
"""What every close view shows across: Decree 30/2020 leaves at least 20 mm (95 units) on the left, 15 mm on the right.
So both sides of a finding stand at one scale, whole lines are seen, and numbers fit into the margin."""
_LEAST_HIGH = 300.0
_BADGE = 22.0


@dataclass(frozen=True, slots=True)
class Highlight:
    """A numbered outline, in SVG units; ``badge_x`` is in the margin of its line, so the number covers no word."""

    n: int
    x: float
    y: float
    width: float
    height: float
    first: bool
    badge_x: float

    @property
    def badge_y(self) -> float:
        return max(16.0, self.y + self.height / 2)


@dataclass(frozen=True, slots=True)
class Crop:
    """A page image with highlights; ``left``, ``top``, ``width`` and ``height`` are the part of it that is shown."""

    page: int
    full: float
    left: float
    top: float
    width: float
    height: float
    highlights: tuple[Highlight, ...]


Boxes = Sequence[tuple[int, float, float, float, float]]


def crop(page: int, size: tuple[float, float], marks: Sequence[tuple[int, Boxes]], about: int | None) -> Crop:
    """``marks`` are (number, boxes) of the page; ``about`` is the number to show closely, None the whole page."""
    full = WIDE * size[1] / size[0] if size[0] > 0 else WIDE * 1.414
    here = [(n, [box for box in boxes if box[0] == page]) for n, boxes in marks]
    column = _columns([(n, full * boxes[0][2]) for n, boxes in here if boxes])
    least = min((WIDE * box[1] for _, boxes in here for box in boxes), default=WIDE)
    left = max(0.0, min(_MARGIN, least - 2 * _BADGE * max(column.values(), default=1) - 6))
    made = [
        Highlight(
            n, WIDE * x0 - 3, full * y0 - 3, WIDE * (x1 - x0) + 6, full * (y1 - y0) + 6, index == 0,
            left + _BADGE * (2 * column[n] - 1),
        )
        for n, boxes in here
        for index, (_, x0, y0, x1, y1) in enumerate(boxes)
    ]
    near = [h for h in made if h.n == about]
    if not near:
        return Crop(page, full, 0.0, 0.0, WIDE, full, tuple(made))
    right = min(WIDE, max(_EDGE, *(h.x + h.width + 10 for h in near)))
    top, height = _window(min(h.y for h in near) - 60, max(h.y + h.height for h in near) + 60, _LEAST_HIGH, full)
    return Crop(page, full, left, top, right - left, height, tuple(made))


def _columns(tops: Sequence[tuple[int, float]]) -> dict[int, int]:
    """In which column of the margin (from 1) each number stands: those of one line stand beside each other."""
    column: dict[int, int] = {}
    for n, top in tops:
        taken = {column[other] for other, there in tops if other in column and abs(there - top) < 2 * _BADGE}
        column[n] = next(k for k in range(1, len(tops) + 1) if k not in taken)
    return column


def _window(low: float, high: float, least: float, whole: float) -> tuple[float, float]:
    """Start and length of what is shown of ``whole`` so that low..high stands in its middle."""
    length = min(whole, max(least, high - low))
    return min(max(0.0, (low + high - length) / 2), whole - length), length


@dataclass(frozen=True, slots=True)
class Point:
    x: float
    y: float
    label: str
    report_id: int
    anchor: str


@dataclass(frozen=True, slots=True)
class Curve:
    name: str
    points: tuple[Point, ...]
    n: int

    @property
    def path(self) -> str:
        return " ".join(f"{p.x:.1f},{p.y:.1f}" for p in self.points)


def chart(
    rows: Sequence[tuple[str, str, float, str, int, str]], width: float = 640, height: float = 220
) -> tuple[list[Curve], list[tuple[float, str]], tuple[str, str]]:
    """Rows are (series, period, value, label, report, anchor). Gives curves, period ticks and the value range."""
    periods = sorted({row[1] for row in rows})
    values = [row[2] for row in rows]
    low, high = min([0.0, *values]), max([0.0, *values])
    span = (high - low) or 1.0
    step = (width - 80) / max(1, len(periods) - 1)
    place = {period: (40 + step * index if len(periods) > 1 else width / 2) for index, period in enumerate(periods)}
    curves = []
    for n, name in enumerate(sorted({row[0] for row in rows})[:8], start=1):
        points = tuple(
            Point(place[row[1]], height - 30 - (row[2] - low) / span * (height - 60), row[3], row[4], row[5])
            for row in sorted(rows, key=lambda r: r[1])
            if row[0] == name
        )
        curves.append(Curve(name, points, n))
    return curves, [(place[period], period) for period in periods], (f"{low:g}", f"{high:g}")
