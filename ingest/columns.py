"""Letterhead and foot of a printed page: two columns that share their lines, told apart by the gutter between them.

Content order cannot be trusted here: Word prints tabs line by line, LibreOffice cell by cell, and Tesseract joins what
stands at one height. So the columns are found where they are seen: a strip that no word of the whole block touches.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import regex

from ingest.pdf_page import GlyphPage, PageLine
from ingest.zones import pattern

_LEAST_GUTTER = 5.0  # points; a blank of 14-point text is 3.5 wide
_GUTTER_LIES = (0.2, 0.75)  # share of the page's width
_TURNS = 3  # a letterhead set in two rows of two cells goes left, right, left, right
_WORD = regex.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Columns:
    """A block of two columns: indices of its lines, and where one column ends and the other begins, in points."""

    lines: tuple[int, ...]
    gutter: tuple[float, float]


def arrange(lines: Sequence[PageLine], pages: Mapping[int, GlyphPage]) -> list[PageLine]:
    """``lines`` with the columns of each letterhead and foot marked, and one after the other."""
    arranged: list[PageLine] = []
    start = 0
    while start < len(lines):
        end = start
        while end < len(lines) and lines[end].page == lines[start].page:
            end += 1
        page = pages[lines[start].page]
        arranged.extend(_arranged(lines[start:end], page))
        start = end
    return arranged


def find(lines: Sequence[PageLine], page: GlyphPage) -> list[Columns]:
    """The letterhead and the foot of one page, as they stand before any of them is reordered."""
    order = sorted(range(len(lines)), key=lambda index: lines[index].top)
    found = []
    for name in ("letterhead_seed", "foot_seed"):
        seed = next((at for at, index in enumerate(order) if pattern(name).search(lines[index].text)), None)
        if seed is None:
            continue
        first = 0 if name == "letterhead_seed" else _row_of(order, seed, lines)
        if name == "letterhead_seed" and lines[order[seed]].top > page.height / 2:
            continue
        if (block := _grown(order[first:], seed - first, lines, page)) is not None:
            found.append(block)
    return found


def _row_of(order: list[int], seed: int, lines: Sequence[PageLine]) -> int:
    """The first line that stands at the height of the seed."""
    top = lines[order[seed]].top
    while seed and lines[order[seed - 1]].bottom > top + 2:
        seed -= 1
    return seed


def _grown(order: list[int], seed: int, lines: Sequence[PageLine], page: GlyphPage) -> Columns | None:
    """As many lines from the top as leave a gutter free, at least down to the seed's own height."""
    taken: list[int] = []
    words: list[tuple[float, float]] = []
    best: Columns | None = None
    for at, index in enumerate(order):
        if at > seed and pattern("below_columns").match(lines[index].text):
            break
        taken.append(index)
        words.extend(word_extents(lines[index], page))
        gutter = _gutter(words, page)
        if at >= seed and gutter is not None:
            best = Columns(tuple(taken), gutter)
        elif gutter is None and (at > seed and lines[index].top > lines[order[seed]].bottom):
            break
    return best


def word_extents(line: PageLine, page: GlyphPage) -> list[tuple[float, float]]:
    """Left and right edge of each word of a line, in points."""
    return [
        (page.extent(line.glyphs[match.start()])[0], page.extent(line.glyphs[match.end() - 1])[2])
        for match in _WORD.finditer(line.text)
    ]


def _gutter(words: list[tuple[float, float]], page: GlyphPage) -> tuple[float, float] | None:
    """The widest strip near the middle that no word touches, with words on both sides."""
    low, high = (share * page.width for share in _GUTTER_LIES)
    widest: tuple[float, float] | None = None
    reach = None
    for x0, x1 in sorted(words):
        if reach is not None and x0 - reach >= _LEAST_GUTTER and reach < high and x0 > low:
            strip = (reach, x0)
            if widest is None or strip[1] - strip[0] > widest[1] - widest[0]:
                widest = strip
        reach = x1 if reach is None else max(reach, x1)
    return widest


def _arranged(lines: Sequence[PageLine], page: GlyphPage) -> list[PageLine]:
    """The lines of one page; content order stays where it goes column by column already."""
    sides: dict[int, list[PageLine]] = {}
    block_of: dict[int, list[PageLine]] = {}
    for block in find(lines, page):
        middle = sum(block.gutter) / 2
        for index in block.lines:
            parts = _cut(lines[index], middle, page)
            sides[index] = [replace(part, column=1 if part.x1 <= middle else 2) for part in parts]
        in_order = [part for index in sorted(block.lines) for part in sides[index]]
        turns = sum(a.column != b.column for a, b in pairwise(in_order))
        if turns > _TURNS:
            seen = [part for index in block.lines for part in sides[index]]
            in_order = [part for side in (1, 2) for part in seen if part.column == side]
        first, *rest = sorted(block.lines)
        block_of |= {first: in_order} | {index: [] for index in rest}
    return [part for index, line in enumerate(lines) for part in block_of.get(index, [line])]


def _cut(line: PageLine, at: float, page: GlyphPage) -> list[PageLine]:
    """The line, or its parts before and after ``at``."""
    if line.x1 <= at or line.x0 >= at:
        return [line]
    split = next(n for n, glyph in enumerate(line.glyphs) if line.text[n] != " " and page.extent(glyph)[0] >= at)
    end = len(line.text[:split].rstrip())
    left, right = line.glyphs[:end], line.glyphs[split:]
    return [
        replace(line, text=line.text[:end], glyphs=left, x1=page.extent(left[-1])[2], hyphenated=False),
        replace(line, text=line.text[split:], glyphs=right, x0=page.extent(right[0])[0], bold=page.is_bold(right[0])),
    ]
