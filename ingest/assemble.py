"""Blocks in reading order into a ``Document``: one text, its passages, tables, sections and printed lines.

The text is built once and never edited: every paragraph ends with ``\\n``, cells are separated by ``\\t`` and rows end
with ``\\n``. Page furniture and footnotes stand after the paragraph that they interrupt, so no sentence is split.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import regex

from ingest import structure
from ingest.blocks import Block, CellBlock, Run, TableBlock
from ingest.encodings import clean
from ingest.headings import parse
from ingest.zones import areas
from schema.errors import Reason
from schema.model import Box, Document, Format, Layout, Line, NoLayout, Page, Passage, PassageKind, Section, Table, Zone

Locate = Callable[[list[int]], tuple[Box, ...]]
_ASIDE = ("page-header", "page-footer", "footnote")
_CLOSED = regex.compile(r"[.;:!?…/][\"”’)]?$")
_GOES_ON = regex.compile(r"[\p{Ll}\d,;.)%]")
_BROKEN_CODE = regex.compile(r"\d[\p{L}]?/?[\p{Lu}\d&/]*-$")


@dataclass(frozen=True, slots=True)
class GlyphLine:
    """A printed line by its first and last glyph (both belong to it)."""

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


def assemble(
    blocks: Sequence[Block | TableBlock],
    *,
    format: Format,
    pages: tuple[Page, ...] = (),
    glyph_lines: Sequence[GlyphLine] = (),
    locate: Locate | None = None,
    notices: tuple[str, ...] = (),
    partial: Reason | None = None,
) -> Document:
    """The document that ``blocks`` make; ``locate`` gives the boxes of glyphs while the reader is open."""
    tidy = _rejoined(_tidied(blocks))
    zones = areas(tidy)
    structure.join_captions(tidy, zones)
    roles = structure.roles(tidy, zones)
    builder = _Builder()
    for block, role in zip(tidy, roles, strict=True):
        builder.add(block, role)
    layout: Layout = NoLayout() if locate is None else GlyphLayout(builder.origin, locate)
    return Document(
        text="".join(builder.parts),
        format=format,
        passages=tuple(builder.passages),
        sections=builder.sections(),
        tables=tuple(builder.tables),
        pages=pages,
        lines=_lines(builder.origin, glyph_lines),
        notices=notices,
        partial=partial,
        layout=layout,
    )


def _tidied(blocks: Sequence[Block | TableBlock]) -> list[Block | TableBlock]:
    """NFC with single blanks; blocks without text are left out."""
    kept: list[Block | TableBlock] = []
    for block in blocks:
        if isinstance(block, TableBlock):
            kept.append(replace(block, cells=[replace(cell, run=clean(cell.run)) for cell in block.cells]))
        elif (run := clean(block.run)).text:
            kept.append(replace(block, run=run))
    return kept


def _rejoined(blocks: list[Block | TableBlock]) -> list[Block | TableBlock]:
    """A paragraph that furniture or a page's end cut in two is one again, with what cut it placed after it."""
    joined: list[Block | TableBlock] = []
    last: int | None = None
    for block in blocks:
        before = None if last is None else joined[last]
        cut = last is not None and last < len(joined) - 1
        if isinstance(block, Block) and isinstance(before, Block) and _is_rest(before, block, cut):
            code = _BROKEN_CODE.search(before.run.text) and block.run.text[0].isupper()
            before.append(replace(block, run=Run(block.run.text, block.run.origin[:])), "" if code else " ")
            continue
        if isinstance(block, TableBlock) or block.kind not in _ASIDE:
            last = len(joined)
        joined.append(block)
    return joined


def _is_rest(before: Block, block: Block, cut: bool) -> bool:
    turned = before.page is not None and block.page is not None and block.page > before.page
    if not (cut or turned) or before.kind != block.kind or block.kind not in ("text", "list-item"):
        return False
    if before.bold != block.bold or _CLOSED.search(before.run.text):
        return False
    code = _BROKEN_CODE.search(before.run.text) is not None
    return code or (_GOES_ON.match(block.run.text) is not None and parse(block.run.text) is None)


class _Builder:
    """The growing text, the glyph of each of its characters, and what stands where."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.origin = array("l")
        self.length = 0
        self.passages: list[Passage] = []
        self.tables: list[Table] = []
        self._open: list[tuple[int, int]] = []  # (rank, section id) from the outermost section to the current one
        self._drafts: list[tuple[Section, int]] = []  # sections with their rank, ends not yet known

    def add(self, block: Block | TableBlock, role: structure.Role) -> None:
        if role.area in ("letterhead", "title", "foot"):
            self._close(0)
        if isinstance(block, TableBlock):
            self._table(block)
            return
        start, end = self._put(block.run)
        head = role.head
        if head is None:
            self._passage(_kind(role), _zone(role), start, end, block.page)
        else:
            self._heading(block, head, start, end)
        self._mark("\n")

    def sections(self) -> tuple[Section, ...]:
        """All sections, levels counted from the outermost style that this report uses."""
        self._close(0)
        levels = {rank: level for level, rank in enumerate(sorted({rank for _, rank in self._drafts}), 1)}
        return tuple(replace(section, level=levels[rank]) for section, rank in self._drafts)

    def _heading(self, block: Block, head: structure.Head, start: int, end: int) -> None:
        self._close(head.rank, start)
        parent = self._open[-1][1] if self._open else None
        wording = block.run.text[head.start : head.end].rstrip(" :")
        section = Section(len(self._drafts), parent, head.number, wording, 1, start, end + 1, block.page)
        self._drafts.append((section, head.rank))
        self._open.append((head.rank, section.id))
        self._passage("heading", "body", start, start + head.end, block.page)
        rest = block.run.text[head.end :]
        if rest.strip():
            self._passage("paragraph", "body", end - len(rest.lstrip()), end, block.page)

    def _close(self, rank: int, at: int | None = None) -> None:
        """Ends the open sections of ``rank`` and all inner ones."""
        while self._open and self._open[-1][0] >= rank:
            _, index = self._open.pop()
            section, own_rank = self._drafts[index]
            self._drafts[index] = (replace(section, end=self.length if at is None else at), own_rank)

    def _table(self, table: TableBlock) -> None:
        start, index = self.length, len(self.tables)
        rows: dict[int, list[CellBlock]] = defaultdict(list)
        for cell in table.cells:
            rows[cell.row].append(cell)
        for row in range(table.rows):
            for position, cell in enumerate(sorted(rows[row], key=lambda c: c.col)):
                if position:
                    self._mark("\t")
                cell_start, cell_end = self._put(cell.run)
                self._passage("table-cell", "body", cell_start, cell_end, cell.page or table.page, index, cell)
            self._mark("\n")
        self.tables.append(Table(index, start, self.length, table.rows, table.cols, table.header_rows, table.page))

    def _passage(
        self,
        kind: PassageKind,
        zone: Zone,
        start: int,
        end: int,
        page: int | None,
        table: int | None = None,
        cell: CellBlock | None = None,
    ) -> None:
        section = self._open[-1][1] if self._open else None
        passage = Passage(len(self.passages), kind, zone, start, end, page, section, table)
        if cell is not None:
            passage = replace(passage, row=cell.row, col=cell.col, row_span=cell.row_span, col_span=cell.col_span)
        self.passages.append(passage)

    def _put(self, run: Run) -> tuple[int, int]:
        start = self.length
        self.parts.append(run.text)
        self.origin.extend(run.origin or array("l", [-1]) * len(run.text))
        self.length += len(run.text)
        return start, self.length

    def _mark(self, mark: str) -> None:
        self.parts.append(mark)
        self.origin.append(-1)
        self.length += 1


def _zone(role: structure.Role) -> Zone:
    return "body" if role.area == "title" else role.area


def _kind(role: structure.Role) -> PassageKind:
    """Letterhead and foot go by ``header`` and ``footer`` like the page's own; their zone tells them apart."""
    if role.kind == "footnote":
        return "footnote"
    if role.area == "letterhead":
        return "header"
    return "footer" if role.area == "foot" else role.kind


def _lines(origin: array[int], glyph_lines: Sequence[GlyphLine]) -> tuple[Line, ...]:
    """Printed lines by the offsets they cover; a line whose glyphs were all dropped has no place."""
    if not glyph_lines:
        return ()
    known = 1 + max(max(origin, default=0), max(line.last for line in glyph_lines))
    owner = array("l", [-1]) * (known + 1)  # the last place is that of characters without a glyph, which have -1
    for index, line in enumerate(glyph_lines):
        owner[line.first : line.last + 1] = array("l", [index]) * (line.last + 1 - line.first)
    owners = [owner[glyph] for glyph in origin]
    last = dict(zip(owners, range(len(owners)), strict=True))
    first = dict(zip(reversed(owners), range(len(owners) - 1, -1, -1), strict=True))
    placed = [Line(first[i], last[i] + 1, glyph_lines[i].box, glyph_lines[i].confidence) for i in first if i >= 0]
    return tuple(sorted(placed, key=lambda line: line.start))
