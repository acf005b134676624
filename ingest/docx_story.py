"""Block level of a DOCX: paragraphs with automatic numbers, merged tables, notes and text boxes in their place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import regex

from ingest.blocks import Block, BlockKind, CellBlock, Run, TableBlock
from ingest.docx_numbering import Numbering
from ingest.docx_runs import BREAK, Census, Inline, Reader, branch
from ingest.docx_styles import ParagraphStyle, Styles
from ingest.docx_xml import MC, Element, W, number, toggle, value
from ingest.encodings import Legacy
from ingest.grid import header_rows, without_repeated_header
from ingest.headings import parse
from ingest.zones import is_foot, pattern
from schema.text import nfc

Part = Literal["page-header", "page-footer"]
_LAYOUT_ROWS, _LAYOUT_COLUMNS = 8, 4
_NUMBER = regex.compile(r"Số\s*:")
_COLUMN_GAP = regex.compile(r"\s*\t\s*|\s{5,}")
_CLOSED = regex.compile(r"[.;:,…/]\s*$")


class Placed(NamedTuple):
    """A cell where it begins in the grid."""

    element: Element
    row: int
    col: int
    row_span: int
    col_span: int


@dataclass(frozen=True, slots=True)
class Shared:
    """What all parts of one document share."""

    styles: Styles
    numbering: Numbering
    census: Census
    believed: frozenset[Legacy]
    notes: Mapping[str, Mapping[str, Element]]
    used_notes: dict[tuple[str, str], int] = field(default_factory=dict)


@dataclass(slots=True)
class Story:
    """One walk. ``blocks`` grows in reading order; ``in_frame`` is the kind given inside a layout table."""

    shared: Shared
    blocks: list[Block | TableBlock] = field(default_factory=list)
    in_frame: BlockKind | None = None
    title_seen: bool = False
    _reader: Reader | None = None
    _carried: Inline | None = None
    _aside: list[Block] = field(default_factory=list)

    @property
    def reader(self) -> Reader:
        if self._reader is None:
            self._reader = Reader(self.shared.styles, self.shared.census)
        return self._reader

    def walk(self, container: Element) -> None:
        """All paragraphs and tables under ``container``, seen through content controls and accepted revisions."""
        for child in self._content(container):
            if child.tag == W + "p":
                self._paragraph(child)
            else:
                self._table(child)
            if self._carried is None:
                self._flush()
        if self._carried is not None:
            self._emit(self._carried, None, ParagraphStyle(), "")
            self._carried = None
            self._flush()

    def margin(self, root: Element, kind: Part) -> None:
        """A header or footer part: furniture, one block for each paragraph."""
        inner = Story(self.shared, in_frame=kind, title_seen=True)
        inner.walk(root)
        seen = {block.run.text for block in self.blocks if isinstance(block, Block) and block.kind == kind}
        for block in inner.blocks:
            if isinstance(block, Block) and block.run.text.strip() not in seen:
                self.blocks.append(block)

    def leave_out_unused_notes(self) -> None:
        """Notes whose reference is gone do not print."""
        for kind, notes in self.shared.notes.items():
            for key, note in notes.items():
                if (kind, key) not in self.shared.used_notes:
                    self.shared.census.leave_out(note)

    def _content(self, container: Element) -> Iterator[Element]:
        for child in container:
            tag = child.tag
            if tag in (W + "p", W + "tbl", W + "tr", W + "tc"):
                yield child
            elif tag in (W + "del", W + "moveFrom"):
                self.shared.census.leave_out(child, "tracked-changes")
            elif tag == MC + "AlternateContent":
                yield from self._content(branch(child, self.shared.census))
            elif len(child) and not (isinstance(tag, str) and tag.endswith(("Pr", "tblGrid"))):
                yield from self._content(child)

    def _paragraph(self, element: Element) -> None:
        properties = element.find(W + "pPr")
        style_id = None if properties is None else value(properties.find(W + "pStyle"))
        inline = self.reader.paragraph(element, style_id, self._carried)
        self._carried = None
        if properties is not None and _mark_deleted(properties):
            self.shared.census.notices.add("tracked-changes")
            self._carried = inline
            return
        style = self.shared.styles.paragraph(style_id)
        label = self._label(properties, style, style_id or self.shared.styles.default_paragraph)
        self._emit(inline, properties, style, label)

    def _label(self, properties: Element | None, style: ParagraphStyle, style_id: str) -> str:
        """The automatic number; an empty paragraph counts too, as it prints its number in Word."""
        own = None if properties is None else properties.find(W + "numPr")
        num_id = style.num_id if own is None else value(own.find(W + "numId")) or style.num_id
        if num_id is None or num_id == "0":
            return ""
        level = None if own is None else number(own.find(W + "ilvl"))
        if level is None:
            linked = self.shared.numbering.level_of_style(num_id, style_id)
            level = linked if linked is not None else style.level or 0
        return self.shared.numbering.label(num_id, level)

    def _emit(self, inline: Inline, properties: Element | None, style: ParagraphStyle, label: str) -> None:
        typed = inline.text(self.shared.believed, self.shared.census)
        text, bold_prefix = nfc(typed), len(nfc(typed[: inline.bold_prefix]))
        if text.strip():
            kind = self._kind(inline, style)
            own = None if properties is None else number(properties.find(W + "outlineLvl"))
            outline = style.outline if own is None else own
            side = None if properties is None else value(properties.find(W + "jc"))
            centred = bool(style.centred) if side is None else side == "center"
            for index, line in enumerate(self._lines(text, kind)):
                head = "" if index else label
                block = Block(Run(head + line), kind, None, head.strip(), inline.bold, centred)
                block.outline_level = outline if outline is not None and outline < 9 else None
                block.bold_prefix = 0 if index else len(head) + bold_prefix
                self.blocks.append(block)
            if kind == "text" and pattern("type_name").match(text.strip()):
                self.title_seen = True
        for kind_of_note, key, own_mark in inline.notes:
            self._note(kind_of_note, key, own_mark)
        for box in inline.boxes:
            inner = Story(self.shared, in_frame=self.in_frame, title_seen=self.title_seen)
            inner.walk(box)
            self._aside.extend(_flat(inner.blocks))

    def _kind(self, inline: Inline, style: ParagraphStyle) -> BlockKind:
        if self.in_frame is not None:
            return self.in_frame
        if inline.contents or style.name.startswith("toc "):  # a table of contents only repeats the headings
            return "page-header"
        return "footnote" if _begins_with_mark(inline) else "text"

    def _lines(self, text: str, kind: BlockKind) -> list[str]:
        """Lines of a frame and list items after a typed break stand alone, all else is one paragraph."""
        lines = [line.strip() for line in text.split(BREAK) if line.strip()]
        above_title = kind == "text" and not self.title_seen and pattern("letterhead").match(lines[0])
        if kind in ("letterhead", "foot") or above_title:
            return [part for line in lines for part in _columns(line)]
        joined = lines[:1]
        for line in lines[1:]:
            if _CLOSED.search(joined[-1]) and parse(line) is not None:
                joined.append(line)
            else:
                joined[-1] += " " + line
        if kind == "text" and len(joined) == 1 and is_foot(joined[0]):
            return _columns(joined[0])
        return joined

    def _note(self, kind: str, key: str, own_mark: bool) -> None:
        note = self.shared.notes.get(kind, {}).get(key)
        if note is None or (kind, key) in self.shared.used_notes:
            return
        count = 1 + sum(1 for known, _ in self.shared.used_notes if known == kind)
        self.shared.used_notes[kind, key] = count
        inner = Story(self.shared, in_frame="footnote", title_seen=True)
        inner.walk(note)
        text = " ".join(block.run.text.strip() for block in _flat(inner.blocks))
        if text.strip():
            self._aside.append(Block(Run(text if own_mark else f"{count} {text}"), "footnote"))

    def _flush(self) -> None:
        self.blocks.extend(self._aside)
        self._aside.clear()

    def _table(self, table: Element) -> None:
        rows = [row for row in self._content(table) if row.tag == W + "tr" and not self._is_deleted(row)]
        cells, columns, marked = self._cells(rows)
        frame = self._frame(cells, len(rows), columns)
        if frame is not None or columns <= 1 or len(cells) == 1:
            self._walk_cells(cells, frame)
            return
        blocks = [CellBlock(Run(self._cell_text(cell)), *place) for cell, *place in cells]
        header = header_rows(blocks, len(rows), marked)
        blocks, count = without_repeated_header(blocks, len(rows), header)
        if any(cell.run.text.strip() for cell in blocks):
            self.blocks.append(TableBlock(blocks, count, columns, header))

    def _is_deleted(self, row: Element) -> bool:
        if row.find(f"{W}trPr/{W}del") is None:
            return False
        self.shared.census.leave_out(row, "tracked-changes")
        return True

    def _cells(self, rows: list[Element]) -> tuple[list[Placed], int, int]:
        """Every cell that begins somewhere, the number of columns, and of header rows that the file marks."""
        found: list[Placed] = []
        above: dict[int, int] = {}  # column -> index in ``found`` of the cell that a vertical merge continues
        columns = marked = 0
        for index, row in enumerate(rows):
            col = number(row.find(f"{W}trPr/{W}gridBefore")) or 0
            marked += index == marked and bool(toggle(row.find(f"{W}trPr/{W}tblHeader")))
            for cell in self._content(row):
                if cell.tag != W + "tc":
                    continue
                span = number(cell.find(f"{W}tcPr/{W}gridSpan")) or 1
                merge = cell.find(f"{W}tcPr/{W}vMerge")
                if merge is not None and value(merge) != "restart" and col in above:
                    owner = found[above[col]]
                    found[above[col]] = owner._replace(row_span=index - owner.row + 1)
                    self.shared.census.leave_out(cell)  # a covered cell prints nothing of its own
                else:
                    above.pop(col, None)
                    if merge is not None:
                        above[col] = len(found)
                    found.append(Placed(cell, index, col, 1, span))
                col += span
            columns = max(columns, col)
        return found, columns, marked

    def _frame(self, cells: list[Placed], rows: int, columns: int) -> BlockKind | None:
        """Whether the table only sets letterhead or foot in columns."""
        if rows > _LAYOUT_ROWS or columns > _LAYOUT_COLUMNS:
            return None
        lines = [
            nfc("".join(node.text or "" for node in paragraph.iter(W + "t")).strip())
            for cell, *_ in cells
            for paragraph in cell.iter(W + "p")
        ]
        if not self.title_seen and any(pattern("columns").search(line) or _NUMBER.match(line) for line in lines):
            return "letterhead"
        return "foot" if any(is_foot(line) for line in lines if line) else None

    def _walk_cells(self, cells: list[Placed], frame: BlockKind | None) -> None:
        before, self.in_frame = self.in_frame, self.in_frame or frame
        for cell, *_ in cells:
            self.walk(cell)
        self.in_frame = before

    def _cell_text(self, cell: Element) -> str:
        """The cell's paragraphs and nested tables in order, joined with blanks; notes stand after the table."""
        inner = Story(self.shared, in_frame="text", title_seen=True)
        inner.walk(cell)
        parts: list[str] = []
        for block in _flat(inner.blocks):
            if block.kind == "footnote":
                self._aside.append(block)
            else:
                parts.append(block.run.text.strip())
        return " ".join(part for part in parts if part)


def _flat(blocks: list[Block | TableBlock]) -> list[Block]:
    """Nested tables as the blocks of their cells."""
    flat: list[Block] = []
    for block in blocks:
        flat.extend([block] if isinstance(block, Block) else [Block(cell.run) for cell in block.cells])
    return flat


def _columns(line: str) -> list[str]:
    """Two columns set with tabs or blanks on one line of a letterhead or foot."""
    if pattern("columns").search(line) is None:
        return [line]
    parts = [part for part in _COLUMN_GAP.split(line.strip()) if part]
    # "Số:      /BC-UBND" and "ngày     tháng 3" are gaps to fill in by hand, no columns.
    joined = parts[:1]
    for part in parts[1:]:
        if regex.search(r"(?:Số\s*:|ngày|tháng|năm)$", joined[-1]) or regex.match(r"/|tháng\b|năm\b", part):
            joined[-1] += " " + part
        else:
            joined.append(part)
    return joined


def _mark_deleted(properties: Element) -> bool:
    mark = properties.find(W + "rPr")
    return mark is not None and (mark.find(W + "del") is not None or mark.find(W + "moveFrom") is not None)


def _begins_with_mark(inline: Inline) -> bool:
    """A paragraph that begins with a raised number is a note typed by hand."""
    first = next(((text, style) for text, style in inline.pieces if text.strip()), None)
    return first is not None and bool(first[1].raised) and first[0].strip().isdigit()
