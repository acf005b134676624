"""Blocks in reading order into a ``Document``: one text, its passages, tables, lines and sections.

The text is built once and never edited: every paragraph ends with ``\\n``, cells with ``\\t``, rows with ``\\n``.
"""
from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ingest import structure
from ingest.blocks import Block, Run, TableBlock
from ingest.encodings import clean
from schema.errors import Reason
from schema.model import Box, Document, Format, Layout, Line, NoLayout, Page, Passage, PassageKind, Table, Zone

Locate = Callable[[list[int]], tuple[Box, ...]]


@dataclass(frozen=True, slots=True)
class GlyphLine:
    """A printed line by its first and last glyph."""

    first: int
    last: int
    box: Box
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class GlyphLayout:
    """Boxes of a run of the text, asked of the reader that still holds the glyphs."""

    origin: array[int]
    locate: Locate

    def boxes(self, start: int, end: int) -> tuple[Box, ...]:
        return self.locate([glyph for glyph in self.origin[start:end] if glyph >= 0])


class _Text:
    """The growing text and the glyph of each of its characters."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.origin = array("l")
        self.length = 0

    def add(self, run: Run) -> tuple[int, int]:
        start = self.length
        self.parts.append(run.text)
        self.origin.extend(run.origin if len(run.origin) == len(run.text) else array("l", [-1]) * len(run.text))
        self.length += len(run.text)
        return start, self.length

    def separate(self, mark: str) -> None:
        self.parts.append(mark)
        self.origin.append(-1)
        self.length += 1


def assemble(blocks: Sequence[Block | TableBlock], *, format: Format, pages: tuple[Page, ...] = (),
             glyph_lines: Sequence[GlyphLine] = (), locate: Locate | None = None, notices: tuple[str, ...] = (),
             partial: Reason | None = None) -> Document:
    """The document that ``blocks`` make; ``locate`` gives the boxes of glyphs while the reader is open."""
    text = _Text()
    passages: list[structure.Draft] = []
    tables: list[Table] = []
    zones = structure.zones(blocks)
    for block, zone in zip(blocks, zones, strict=True):
        if isinstance(block, TableBlock):
            _add_table(text, block, passages, tables)
        else:
            _add_block(text, block, zone, passages)
    content = "".join(text.parts)
    drafts, sections = structure.outline(content, passages)
    layout: Layout = GlyphLayout(text.origin, locate) if locate is not None else NoLayout()
    return Document(
        text=content, format=format, pages=pages, tables=tuple(tables), sections=tuple(sections),
        passages=tuple(_passage(index, draft) for index, draft in enumerate(drafts)),
        lines=_lines(text.origin, glyph_lines), notices=notices, partial=partial, layout=layout,
    )


def _passage(index: int, draft: structure.Draft) -> Passage:
    return Passage(index, draft.kind, draft.zone, draft.start, draft.end, draft.page, draft.section, draft.table,
                   draft.row, draft.col, draft.row_span, draft.col_span)


def _add_block(text: _Text, block: Block, zone: Zone, passages: list[structure.Draft]) -> None:
    run = clean(block.run)
    if not run.text:
        return
    start, end = text.add(run)
    text.separate("\n")
    passages.append(structure.Draft(_kind(block, zone), zone, start, end, block.page, bold=block.bold,
                                    outline_level=block.outline_level))


def _kind(block: Block, zone: Zone) -> PassageKind:
    if block.kind == "footnote":
        return "footnote"
    if zone == "letterhead" or block.kind == "page-header":
        return "header"
    if zone == "foot" or block.kind == "page-footer":
        return "footer"
    return "list-item" if block.kind == "list-item" or structure.is_list_item(block.run.text) else "paragraph"


def _add_table(text: _Text, block: TableBlock, passages: list[structure.Draft], tables: list[Table]) -> None:
    table_start = text.length
    for row in range(block.rows):
        cells = [cell for cell in block.cells if cell.row == row]
        for cell in cells:
            start, end = text.add(clean(cell.run))
            text.separate("\t" if cell is not cells[-1] else "\n")
            passages.append(structure.Draft(
                "table-cell", "body", start, end, cell.page, table=len(tables), row=cell.row, col=cell.col,
                row_span=cell.row_span, col_span=cell.col_span))
    tables.append(Table(len(tables), table_start, text.length, block.rows, block.cols, block.header_rows, block.page))


def _lines(origin: array[int], glyph_lines: Sequence[GlyphLine]) -> tuple[Line, ...]:
    """Printed lines by the offsets they cover; a line whose glyphs were all dropped has no place."""
    placed = sorted((glyph, offset) for offset, glyph in enumerate(origin) if glyph >= 0)
    glyphs = [glyph for glyph, _ in placed]
    lines = []
    for line in glyph_lines:
        low, high = bisect_left(glyphs, line.first), bisect_left(glyphs, line.last + 1)
        offsets = [offset for _, offset in placed[low:high]]
        if offsets:
            lines.append(Line(min(offsets), max(offsets) + 1, line.box, line.confidence))
    return tuple(sorted(lines, key=lambda line: line.start))
