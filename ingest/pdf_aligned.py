"""Tables without vertical rulings: rows of figures whose columns are told by the white strips between them.

Justified prose has wide blanks too, but they do not stand under one another line after line with nothing but figures
between two of them. Only where lines hold several figures are words measured at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import regex

from ingest.columns import word_extents
from ingest.pdf_page import GlyphPage, PageLine
from ingest.pdf_tables import FoundTable, Rect

_LEAST_STRIP = 10.0  # points; a justified blank is rarely as wide
_FIGURE = regex.compile(r"(?:[-–]|[<>~≈+-]?\d[\d.,/]*%?)")
_FIGURES = regex.compile(rf"(?<!\S){_FIGURE.pattern}(?!\S)")
_MOST_HEADER_LINES = 3
_FARTHEST = 40.0  # points between two rows of one table

Strip = tuple[float, float]
Word = tuple[float, float, str]


def find(lines: Sequence[PageLine], page: GlyphPage, ruled: Sequence[FoundTable]) -> list[FoundTable]:
    """The tables among the printed lines of one page that lie in none of the ``ruled`` ones."""
    free = [line for line in lines if not line.column and not any(_covers(table.box, line) for table in ruled)]
    found = []
    for first, end in _runs(free):
        words = [_words(line, page) for line in free[first:end]]
        strips = _strips([word for row in words for word in row])
        if len(strips) < 2 or not _has_column_of_figures(words, strips):
            continue
        while first > 0 and end - first < len(words) + _MOST_HEADER_LINES and _near(free[first - 1], free[first]):
            above = _words(free[first - 1], page)
            narrower = _strips([*above, *(word for row in words for word in row)])
            if len(_occupied(above, strips)) < 2 or len(narrower) < len(strips):
                break
            first, strips = first - 1, narrower
        if end - first >= 3:
            found.append(_table(free[first:end], strips))
    return found


def _covers(box: Rect, line: PageLine) -> bool:
    return box[1] - 1 <= (line.top + line.bottom) / 2 <= box[3] + 1


def _runs(lines: Sequence[PageLine]) -> Iterator[tuple[int, int]]:
    """Two or more lines in a row with two or more figures each."""
    start = 0
    for end in range(1, len(lines) + 1):
        if end < len(lines) and _is_row(lines[end]) and _is_row(lines[end - 1]) and _near(lines[end - 1], lines[end]):
            continue
        if end - start >= 2 and _is_row(lines[start]):
            yield start, end
        start = end


def _is_row(line: PageLine) -> bool:
    return len(_FIGURES.findall(line.text)) >= 2


def _near(above: PageLine, below: PageLine) -> bool:
    return 2 < below.top - above.top < _FARTHEST


def _words(line: PageLine, page: GlyphPage) -> list[Word]:
    return [(x0, x1, text) for (x0, x1), text in zip(word_extents(line, page), line.text.split(), strict=True)]


def _strips(words: Sequence[Word]) -> list[Strip]:
    """What no word touches, from left to right."""
    strips: list[Strip] = []
    reach: float | None = None
    for x0, x1, _ in sorted(words):
        if reach is not None and x0 - reach >= _LEAST_STRIP:
            strips.append((reach, x0))
        reach = x1 if reach is None else max(reach, x1)
    return strips


def _column(word: Word, strips: Sequence[Strip]) -> int:
    return sum(word[0] >= strip[1] - 0.01 for strip in strips)


def _occupied(words: Sequence[Word], strips: Sequence[Strip]) -> set[int]:
    return {_column(word, strips) for word in words}


def _has_column_of_figures(rows: Sequence[Sequence[Word]], strips: Sequence[Strip]) -> bool:
    """Every row fills three columns, and a column after the first holds a figure or nothing in each."""
    if any(len(_occupied(row, strips)) < min(3, len(strips) + 1) for row in rows):
        return False
    cells: dict[tuple[int, int], list[str]] = {}
    for number, row in enumerate(rows):
        for word in row:
            cells.setdefault((number, _column(word, strips)), []).append(word[2])
    return any(
        all(
            _FIGURE.fullmatch(" ".join(cells[number, column]))
            for number in range(len(rows))
            if (number, column) in cells
        )
        for column in range(1, len(strips) + 1)
    )


def _table(lines: Sequence[PageLine], strips: Sequence[Strip]) -> FoundTable:
    """Cells between the middles of strips and of the gaps between lines."""
    left, right = min(line.x0 for line in lines) - 2, max(line.x1 for line in lines) + 2
    xs = [left, *((a + b) / 2 for a, b in strips), right]
    ys = [lines[0].top - 1, *((a.bottom + b.top) / 2 for a, b in pairwise(lines)), lines[-1].bottom + 1]
    cells = [(x0, top, x1, bottom) for top, bottom in pairwise(ys) for x0, x1 in pairwise(xs)]
    return FoundTable((left, ys[0], right, ys[-1]), cells)
