"""A layout made of stored lines: where a run of the text stands, long after its file was closed."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from schema.model import Box, Line


@dataclass(frozen=True)
class LineLayout:
    """Boxes by share of a line's characters: exact at the line's ends, near enough inside it."""

    lines: Sequence[Line]
    _starts: list[int] = field(init=False, repr=False, compare=False)
    _sorted: list[Line] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        ordered = sorted(self.lines, key=lambda line: (line.start, line.end))
        object.__setattr__(self, "_sorted", ordered)
        object.__setattr__(self, "_starts", [line.start for line in ordered])

    def boxes(self, start: int, end: int) -> tuple[Box, ...]:
        first = max(bisect_right(self._starts, start) - 1, 0)
        found = []
        for line in self._sorted[first:]:
            if line.start >= end:
                break
            if line.end > start:
                found.append(_part(line, max(start, line.start), min(end, line.end)))
        return tuple(found)


def _part(line: Line, start: int, end: int) -> Box:
    box, length = line.box, max(line.end - line.start, 1)
    width = box.x1 - box.x0
    left = box.x0 + width * (start - line.start) / length
    right = box.x0 + width * (end - line.start) / length
    return Box(box.page, left, box.y0, right, box.y1)
