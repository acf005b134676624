"""Ruled tables: pdfplumber finds the cells, pdfium's own characters fill them.

pdfplumber is some fifty times slower than pdfium, so only pages with enough ruling lines are given to it.
"""

from __future__ import annotations

import io
from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

import pdfplumber
import regex

from ingest.blocks import CellBlock, Run, TableBlock
from ingest.grid import header_rows
from ingest.pdf_page import GlyphPage, PageLine, PdfPage

_RULES_OF_A_TABLE = 6
_PATH_OBJECT = 2
_SNAP = 3.0
_OWN_ROW = regex.compile(r"\d|^\s*[-–+*]|:\s*$")

Rect = tuple[float, float, float, float]


@dataclass(slots=True)
class FoundTable:
    """A table on one page and the extents of its cells, in points as shown."""

    box: Rect
    cells: list[Rect]


def ruled(page: PdfPage) -> bool:
    """Whether a page holds more straight strokes than headings and mottoes are underlined with."""
    strokes = page.raw.get_objects(filter=[_PATH_OBJECT], max_depth=3)
    return sum(1 for _ in islice(strokes, _RULES_OF_A_TABLE)) == _RULES_OF_A_TABLE


def find(data: bytes, numbers: list[int]) -> dict[int, list[FoundTable]]:
    """Tables of the given pages (1-based), top to bottom."""
    if not numbers:
        return {}
    found: dict[int, list[FoundTable]] = {}
    with pdfplumber.open(io.BytesIO(data), pages=numbers) as document:
        for page in document.pages:
            tables = [
                FoundTable(_rect(table.bbox), [_rect(cell) for cell in table.cells])
                for table in page.find_tables()
                if len(table.cells) >= 4
            ]
            found[page.page_number] = sorted(tables, key=lambda table: table.box[1])
            page.close()
    return {number: tables for number, tables in found.items() if tables}


def _rect(box: tuple[float, float, float, float]) -> Rect:
    x0, top, x1, bottom = box
    return float(x0), float(top), float(x1), float(bottom)


def inside(line: PageLine, table: FoundTable) -> bool:
    """Whether a line stands in the table; columns of a letterhead or foot are none, even when they are ruled."""
    if line.column:
        return False
    x0, top, x1, bottom = table.box
    middle = (line.top + line.bottom) / 2
    return top - 1 <= middle <= bottom + 1 and line.x0 >= x0 - 4 and line.x1 <= x1 + 4


def build(table: FoundTable, page: GlyphPage, lines: list[PageLine]) -> TableBlock:
    """The table as a grid; a merged cell stands once, with its spans."""
    rows = _edges(cell[1] for cell in table.cells)
    cols = _edges(cell[0] for cell in table.cells)
    ends_down = _edges([cell[3] for cell in table.cells])
    ends_right = _edges([cell[2] for cell in table.cells])
    content = _fill(table, page, lines)
    cells = []
    for index, cell in enumerate(table.cells):
        row, col = _index(rows, cell[1]), _index(cols, cell[0])
        cells.append(
            CellBlock(
                content[index],
                row,
                col,
                max(1, _index(ends_down, cell[3]) - row + 1),
                max(1, _index(ends_right, cell[2]) - col + 1),
                page.number,
            )
        )
    cells.sort(key=lambda cell: (cell.row, cell.col))
    edges = [*cols, max(cell[2] for cell in table.cells)]
    return TableBlock(cells, len(rows), len(cols), header_rows(cells, len(rows)), page.number, edges)


def join(before: TableBlock, after: TableBlock) -> bool:
    """Append ``after`` to ``before`` when it is its continuation on the next page."""
    if not _share_columns(before, after):
        return False
    is_header = before.header_rows in (0, before.rows)  # the page ended within or right after the header
    head = [cell.run.text for cell in before.cells if cell.row < before.header_rows]
    repeated = 0
    if head and [cell.run.text for cell in after.cells if cell.row < before.header_rows] == head:
        repeated = before.header_rows
    repeated += _finish_row(before, after, repeated)
    for cell in after.cells:
        if cell.row >= repeated:
            cell.row += before.rows - repeated
            before.cells.append(cell)
    before.rows += after.rows - repeated
    if is_header:
        before.header_rows = header_rows(before.cells, before.rows)
    return True


def _share_columns(before: TableBlock, after: TableBlock) -> bool:
    """Gives both the same columns where they are of one width; merged cells may show fewer of them on one page."""
    if before.cols == after.cols:
        return True
    if abs(before.edges[0] - after.edges[0]) > _SNAP or abs(before.edges[-1] - after.edges[-1]) > _SNAP:
        return False
    edges = _edges([*before.edges, *after.edges])
    for table in (before, after):
        for cell in table.cells:
            first, last = (_index(edges, table.edges[at]) for at in (cell.col, cell.col + cell.col_span))
            cell.col, cell.col_span = first, last - first
        table.cols, table.edges = len(edges) - 1, edges
    return True


def _finish_row(before: TableBlock, after: TableBlock, row: int) -> int:
    """Gives the last row the words that the page's end cut off its cells; returns how many rows of ``after`` that took.

    Such a row has no first cell, no figure, no dash or colon of a group, and words only where the last row has some.
    """
    rest = {cell.col: cell for cell in after.cells if cell.row == row and cell.run.text}
    last = {cell.col: cell for cell in before.cells if cell.row == before.rows - 1 and cell.run.text}
    if not rest or 0 in rest or before.rows <= before.header_rows or not rest.keys() <= last.keys():
        return 0
    if len(rest) == len(last) or any(_OWN_ROW.search(cell.run.text) for cell in rest.values()):
        return 0
    for col, cell in rest.items():
        last[col].run.append(cell.run)
    return 1


def _fill(table: FoundTable, page: GlyphPage, lines: list[PageLine]) -> list[Run]:
    filled: list[list[tuple[str, int]]] = [[] for _ in table.cells]
    for line in lines:
        touched = set()
        for char, glyph in zip(line.text, line.glyphs, strict=True):
            x0, top, x1, bottom = page.extent(glyph)
            at = _cell_at(table, (x0 + x1) / 2, (top + bottom) / 2)
            if at is None:
                continue
            if at not in touched and filled[at] and not line_continues_code(filled[at]):
                filled[at].append((" ", -1))
            touched.add(at)
            filled[at].append((char, page.first_glyph + glyph))
    return [_run(chars) for chars in filled]


def line_continues_code(chars: list[tuple[str, int]]) -> bool:
    return chars[-1][0] == "-" and len(chars) > 1 and not chars[-2][0].isspace()


def _run(chars: list[tuple[str, int]]) -> Run:
    while chars and chars[-1][0].isspace():
        chars.pop()
    while chars and chars[0][0].isspace():
        chars.pop(0)
    kept = [pair for n, pair in enumerate(chars) if not (pair[0].isspace() and n and chars[n - 1][0].isspace())]
    return Run("".join(char for char, _ in kept), array("l", (glyph for _, glyph in kept)))


def _cell_at(table: FoundTable, x: float, y: float) -> int | None:
    for index, (x0, top, x1, bottom) in enumerate(table.cells):
        if x0 <= x <= x1 and top <= y <= bottom:
            return index
    return None


def _edges(values: Iterable[float]) -> list[float]:
    edges: list[float] = []
    for value in sorted(values):
        if not edges or value - edges[-1] > _SNAP:
            edges.append(value)
    return edges


def _index(edges: list[float], value: float) -> int:
    return min(range(len(edges)), key=lambda n: abs(edges[n] - value))
