"""Born-digital PDF: pdfium's text in content order, ruled tables, and boxes on demand."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Literal

import pypdfium2 as pdfium

from ingest import columns, embedded, encodings, ocr, pdf_aligned, pdf_blocks, pdf_legacy, pdf_tables, tesseract
from ingest.assemble import GlyphLine, assemble
from ingest.blocks import Block, TableBlock
from ingest.limits import Limits
from ingest.pdf_page import GlyphPage, PageLine, PdfPage, lines, open_page, visible
from ingest.pdf_tables import Rect
from schema.errors import ReadError, Reason
from schema.model import Box, Document

_A4 = (595.0, 842.0)  # points
OcrMode = Literal["auto", "off", "force"]


@dataclass(slots=True)
class Glyphs:
    """Every glyph of an open PDF: which page and printed line it belongs to, and its box."""

    pages: Sequence[GlyphPage]
    starts: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.starts = [page.first_glyph for page in self.pages]

    def page_of(self, glyph: int) -> GlyphPage:
        return self.pages[bisect_right(self.starts, glyph) - 1]

    def boxes(self, glyphs: list[int]) -> tuple[Box, ...]:
        """One box for each printed line that ``glyphs`` touch, in their order."""
        found: list[tuple[GlyphPage, list[float]]] = []
        before: Rect | None = None
        for glyph in glyphs:
            page = self.page_of(glyph)
            extent = x0, top, x1, bottom = page.extent(glyph - page.first_glyph)
            if x1 <= x0:
                continue
            if found and found[-1][0] is page and before is not None and _same_line(before, extent):
                box = found[-1][1]
                box[:] = [min(box[0], x0), min(box[1], top), max(box[2], x1), max(box[3], bottom)]
            else:
                found.append((page, [x0, top, x1, bottom]))
            before = extent
        return tuple(page.box(*box) for page, box in found)


def _same_line(before: Rect, after: Rect) -> bool:
    """Whether print goes on from one glyph to the next, in whatever direction a turned page shows it."""
    beside = after[1] < before[3] and after[3] > before[1]
    above = after[0] < before[2] and after[2] > before[0]
    size = max(before[2] - before[0], before[3] - before[1], after[3] - after[1])
    if beside:
        return after[0] > before[0] - 1 or before[0] - after[2] < size
    return above and max(after[1] - before[3], before[1] - after[3]) < 0.7 * size and _is_sideways(before, after)


def _is_sideways(before: Rect, after: Rect) -> bool:
    """Letters of a line that runs up or down the page share its thickness."""
    return abs(before[0] - after[0]) < 4 or abs(before[2] - after[2]) < 4


@dataclass(slots=True)
class Read:
    """What the pages gave, whichever way each was read."""

    pages: list[GlyphPage] = field(default_factory=list)
    printed: list[PageLine] = field(default_factory=list)
    confidence: list[float | None] = field(default_factory=list)
    texts: list[PdfPage] = field(default_factory=list)
    tables: dict[int, list[pdf_tables.FoundTable]] = field(default_factory=dict)
    scanned: int = 0
    unread: Reason | None = None


def read(data: bytes, limits: Limits, mode: OcrMode = "auto") -> Document:
    """The report in ``data``; raises ReadError for a PDF that is broken, encrypted, too long or without text.

    Each page is decided by itself: its own text where that can be used, else OCR. Pages that needed OCR and did
    not get it make the document partial.
    """
    pdf = _open(data, limits)
    got = Read()
    glyph = 0
    for index in range(len(pdf)):
        try:
            page = open_page(pdf, index, glyph)
        except pdfium.PdfiumError:  # a damaged page among good ones
            got.pages.append(ocr.OcrPage(index + 1, glyph, *_A4, 0))
            got.unread = Reason.CENSUS
            glyph += 1
            continue
        glyph += _read_page(page, limits, mode, got) + 1
    if not any(line.text for line in got.printed):
        raise ReadError(Reason.PDF_BROKEN if got.unread is Reason.CENSUS else got.unread or Reason.NO_TEXT)
    by_number = {page.number: page for page in got.pages}
    tables = got.tables | pdf_tables.find(data, [page.number for page in got.texts if pdf_tables.ruled(page)])
    arranged = columns.arrange(got.printed, by_number)
    for number, own in groupby(arranged, key=lambda line: line.page):
        ruled = tables.get(number, [])
        if free := pdf_aligned.find(list(own), by_number[number], ruled):
            tables[number] = sorted([*ruled, *free], key=lambda table: table.box[1])
    glyph_lines = [
        _glyph_line(line, by_number[line.page], confidence)
        for line, confidence in zip(got.printed, got.confidence, strict=True)
    ]
    return assemble(
        _blocks(arranged, by_number, tables),
        format="scan" if got.scanned > len(got.texts) else "pdf",
        pages=tuple(page.page() for page in got.pages),
        glyph_lines=glyph_lines,
        locate=Glyphs(got.pages).boxes,
        partial=got.unread,
    )


def _read_page(page: PdfPage, limits: Limits, mode: OcrMode, got: Read) -> int:
    """Adds one page to ``got``; returns how many glyphs it has."""
    text = page.characters()
    if mode != "force" and not ocr.needed(page, text):
        found = visible(page, lines(page))
        if encodings.is_suspect(text):
            pdf_legacy.decode(page, found)
        got.pages.append(page)
        got.texts.append(page)
        got.printed.extend(found)
        got.confidence.extend([None] * len(found))
        return page.count
    missing = Reason.OCR_OFF if mode == "off" else None if tesseract.available() else Reason.OCR_MISSING
    if missing is not None:
        got.unread = missing
        got.pages.append(page)
        return page.count
    try:
        again = ocr.read(page, limits)
    except ReadError as error:  # Tesseract crashed or hung on this page; the others may be good
        got.unread = error.reason
        got.pages.append(page)
        return page.count
    got.pages.append(again.page)
    got.printed.extend(again.lines)
    got.confidence.extend(again.confidence)
    got.tables[page.number] = again.tables
    got.scanned += 1
    return again.page.count


def _open(data: bytes, limits: Limits) -> pdfium.PdfDocument:
    embedded.cap_pdf(data, limits)
    try:
        pdf = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        reason = Reason.PDF_ENCRYPTED if "assword" in str(error) else Reason.PDF_BROKEN
        raise ReadError(reason, str(error)) from error
    if len(pdf) == 0:
        raise ReadError(Reason.PDF_BROKEN, "no pages")
    if len(pdf) > limits.pages:
        raise ReadError(Reason.TOO_MANY_PAGES, str(len(pdf)))
    return pdf


def _blocks(
    printed: list[PageLine], pages: Mapping[int, GlyphPage], tables: dict[int, list[pdf_tables.FoundTable]]
) -> list[Block | TableBlock]:
    """Prose between the tables, tables where they stand, continued tables joined."""
    area, margins = pdf_blocks.frame(printed), pdf_blocks.running(printed, pages)
    built: list[Block | TableBlock] = []
    prose: list[PageLine] = []
    at = 0
    while at < len(printed):
        line = printed[at]
        table = next((t for t in tables.get(line.page, ()) if pdf_tables.inside(line, t)), None)
        if table is None:
            prose.append(line)
            at += 1
            continue
        end = at
        while end < len(printed) and printed[end].page == line.page and pdf_tables.inside(printed[end], table):
            end += 1
        between = pdf_blocks.blocks(prose, pages, area, margins)
        prose = []
        found = pdf_tables.build(table, pages[line.page], printed[at:end])
        last = next((block for block in reversed(built) if isinstance(block, TableBlock)), None)
        furniture = all(block.kind in ("page-header", "page-footer") for block in between)
        if (
            last is None
            or built[-1] is not last
            or not furniture
            or last.page == found.page
            or not pdf_tables.join(last, found)
        ):
            built.extend(between)
            built.append(found)
        at = end
    built.extend(pdf_blocks.blocks(prose, pages, area, margins))
    return built


def _glyph_line(line: PageLine, page: GlyphPage, confidence: float | None) -> GlyphLine:
    first, last = page.first_glyph + line.glyphs[0], page.first_glyph + line.glyphs[-1]
    left, right = sorted((line.x0, line.x1))  # a text set from right to left, or mirrored, ends where it begins
    return GlyphLine(first, last, page.box(left, line.top, right, line.bottom), confidence)
