"""DOCX: python-docx opens the package, this reader walks the canonical tree in document order.

The census decides: characters in all ``w:t`` of the story against characters that were emitted. Where they
differ the document is partial, never ok.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, field

import docx as python_docx
import regex
from docx.opc.exceptions import PackageNotFoundError
from lxml import etree

from ingest import docx_numbering
from ingest.assemble import assemble
from ingest.blocks import Block, BlockKind, CellBlock, Run, TableBlock
from ingest.docx_numbering import Numbering
from ingest.docx_xml import W, canonical, children, on, parse, text_length, value
from ingest.limits import Limits
from ingest.pdf_tables import header_rows
from schema.errors import ReadError, Reason
from schema.model import Document

_LETTERHEAD = regex.compile(r"CỘNG H[OÒÀ]|ĐỘC LẬP|Độc lập|ĐẢNG CỘNG SẢN", regex.I)
_FOOT = regex.compile(r"Nơi nhận")
_REFERENCE = regex.compile(r"(?<=\p{L}{2})$")
_UNIT_BEFORE = regex.compile(r"(?<!\p{L})[kcdh]?m$")


@dataclass(slots=True)
class Story:
    """State of one walk through the body: list counters, notes still to place, the census so far."""

    numbering: Numbering
    notes: dict[tuple[str, str], etree._Element]
    blocks: list[Block | TableBlock] = field(default_factory=list)
    pending: list[Block] = field(default_factory=list)
    emitted: int = 0


def read(data: bytes, limits: Limits) -> Document:
    """The report in ``data``; raises ReadError for a package that is broken or no word document."""
    parts = _parts(data, limits)
    body = parts["word/document.xml"]
    tracked = [canonical(root) for root in parts.values()]
    numbering = docx_numbering.read(parts.get("word/numbering.xml"), parts.get("word/styles.xml"))
    story = Story(numbering, _notes(parts))
    counted = sum(
        text_length(parts[name])
        for name in ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml")
        if name in parts
    )
    content = body.find(f"{W}body")
    if content is None:
        raise ReadError(Reason.DOCX_BROKEN, "no body")
    _walk(content, story)
    for name in sorted(parts):
        if regex.match(r"word/(?:header|footer)\d*\.xml", name):
            _furniture(parts[name], story, "page-header" if "header" in name else "page-footer")
    if not any(isinstance(block, TableBlock) or block.run.text.strip() for block in story.blocks):
        raise ReadError(Reason.NO_TEXT)
    return assemble(
        story.blocks,
        format="docx",
        notices=("tracked-changes",) if any(tracked) else (),
        partial=Reason.CENSUS if story.emitted < counted else None,
    )


def _parts(data: bytes, limits: Limits) -> dict[str, etree._Element]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            wanted = [
                info
                for info in archive.infolist()
                if regex.fullmatch(
                    r"word/(?:document|numbering|styles|footnotes|endnotes|header\d*|footer\d*)\.xml", info.filename
                )
            ]
            for info in wanted:
                if info.file_size > limits.unpacked_bytes or info.file_size > limits.zip_ratio * max(
                    info.compress_size, 1
                ):
                    raise ReadError(Reason.ZIP_BOMB, info.filename)
            parts = {info.filename: parse(archive.read(info), limits) for info in wanted}
        python_docx.Document(io.BytesIO(data))
    except (zipfile.BadZipFile, PackageNotFoundError, KeyError, ValueError, EOFError) as error:
        raise ReadError(Reason.DOCX_BROKEN, str(error)) from error
    if "word/document.xml" not in parts:
        raise ReadError(Reason.NOT_DOCX)
    return parts


def _notes(parts: dict[str, etree._Element]) -> dict[tuple[str, str], etree._Element]:
    return {
        (kind, value(note, "id") or ""): note
        for kind, name in (("footnote", "word/footnotes.xml"), ("endnote", "word/endnotes.xml"))
        if name in parts
        for note in parts[name].findall(f"{W}{kind}")
    }


def _walk(container: etree._Element, story: Story) -> None:
    for child in children(container, "p", "tbl"):
        if child.tag == f"{W}p":
            _paragraph(child, story)
        else:
            _table(child, story)
        story.blocks.extend(story.pending)
        story.pending.clear()


def _paragraph(paragraph: etree._Element, story: Story, kind: BlockKind = "text") -> None:
    label = _label(paragraph, story)
    text = _text(paragraph, story)
    surface = f"{label} {text}" if label and text else text
    if surface.strip():
        runs = [run for run in paragraph.iter(f"{W}r") if "".join(run.itertext()).strip()]
        bold = bool(runs) and all(on(run.find(f"{W}rPr/{W}b")) for run in runs)
        outline = value(paragraph.find(f"{W}pPr/{W}outlineLvl"))
        story.blocks.append(
            Block(
                Run(surface),
                kind,
                label=label,
                bold=bold,
                outline_level=int(outline) if outline and int(outline) < 9 else None,
            )
        )


def _label(paragraph: etree._Element, story: Story) -> str:
    link = paragraph.find(f"{W}pPr/{W}numPr")
    style = value(paragraph.find(f"{W}pPr/{W}pStyle")) or ""
    num_id, level = story.numbering.style_links.get(style, ("", 0))
    if link is not None:
        num_id = value(link.find(f"{W}numId")) or num_id
        level = int(value(link.find(f"{W}ilvl")) or level)
    if not num_id or num_id == "0" or not any(True for _ in paragraph.iter(f"{W}t")):
        return ""
    return story.numbering.label(num_id, level)


def _text(element: etree._Element, story: Story) -> str:
    """Text of the runs under ``element``; text boxes and notes become blocks of their own after it."""
    parts: list[str] = []
    for run in element.iter(f"{W}r"):
        if _inside(run, f"{W}txbxContent", element):
            continue
        for node in run:
            parts.append(_piece(node, run, "".join(parts), story))
        for box in run.iter(f"{W}txbxContent"):
            inner = Story(story.numbering, story.notes)
            _walk(box, inner)
            story.pending.extend(block for block in inner.blocks if isinstance(block, Block))
            story.emitted += inner.emitted
    return "".join(parts)


def _inside(node: etree._Element, tag: str, stop: etree._Element) -> bool:
    parent = node.getparent()
    while parent is not None and parent is not stop:
        if parent.tag == tag:
            return True
        parent = parent.getparent()
    return False


def _piece(node: etree._Element, run: etree._Element, before: str, story: Story) -> str:
    if node.tag == f"{W}t":
        text = node.text or ""
        story.emitted += len(text)
        return "" if _is_reference(text, run, before) else text
    if node.tag in (f"{W}tab", f"{W}br", f"{W}cr", f"{W}ptab"):
        return " "
    if node.tag == f"{W}noBreakHyphen":
        return "-"
    if node.tag in (f"{W}footnoteReference", f"{W}endnoteReference"):
        kind = "footnote" if node.tag == f"{W}footnoteReference" else "endnote"
        _note(kind, value(node, "id") or "", story)
    return ""


def _is_reference(text: str, run: etree._Element, before: str) -> bool:
    """A raised digit glued to a word is a note's mark; raised after m, km … it is a unit."""
    raised = value(run.find(f"{W}rPr/{W}vertAlign")) == "superscript"
    return raised and text.strip().isdigit() and not _UNIT_BEFORE.search(before) and bool(_REFERENCE.search(before))


def _note(kind: str, number: str, story: Story) -> None:
    note = story.notes.get((kind, number))
    if note is None:
        return
    text = " ".join(_text(paragraph, story) for paragraph in note.iter(f"{W}p")).strip()
    if text:
        story.pending.append(Block(Run(f"{number} {text}"), "footnote"))


def _table(table: etree._Element, story: Story) -> None:
    rows = table.findall(f"{W}tr")
    content = "".join(node.text or "" for node in table.iter(f"{W}t"))
    columns = max((sum(_span(cell) for cell in row.findall(f"{W}tc")) for row in rows), default=0)
    if columns <= 2 and len(rows) <= 6 and (_LETTERHEAD.search(content) or _FOOT.search(content)):
        for cell in table.iter(f"{W}tc"):
            kind: BlockKind = "letterhead" if _LETTERHEAD.search(content) else "foot"
            for paragraph in cell.iter(f"{W}p"):
                _paragraph(paragraph, story, kind)
        return
    if columns <= 1:
        for cell in table.iter(f"{W}tc"):
            _walk(cell, story)
        return
    cells: list[CellBlock] = []
    open_above: dict[int, CellBlock] = {}
    for index, row in enumerate(rows):
        col = 0
        for cell in row.findall(f"{W}tc"):
            span = _span(cell)
            merge = cell.find(f"{W}tcPr/{W}vMerge")
            if merge is not None and value(merge) != "restart" and col in open_above:
                open_above[col].row_span += 1
                _cell_text(cell, story)
            else:
                block = CellBlock(Run(_cell_text(cell, story)), index, col, 1, span)
                cells.append(block)
                if merge is not None:
                    open_above[col] = block
                else:
                    open_above.pop(col, None)
            col += span
    story.blocks.append(TableBlock(cells, len(rows), columns, header_rows(cells, len(rows))))


def _cell_text(cell: etree._Element, story: Story) -> str:
    return " ".join(text for text in (_text(paragraph, story).strip() for paragraph in cell.iter(f"{W}p")) if text)


def _span(cell: etree._Element) -> int:
    return int(value(cell.find(f"{W}tcPr/{W}gridSpan")) or 1)


def _furniture(root: etree._Element, story: Story, kind: BlockKind) -> None:
    aside = Story(story.numbering, story.notes)
    for paragraph in root.iter(f"{W}p"):
        _paragraph(paragraph, aside, kind)
    story.blocks.extend(aside.blocks)
