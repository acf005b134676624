"""One page of a PDF through pdfium: its characters and the printed lines they form.

pdfium marks a hyphen at a line's end as U+FFFE and drops the line break after it; the hyphen is kept here and
the line ends there. Glyph indices are ``first_glyph + index of the character on its page``.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass, field
from math import isfinite
from typing import Protocol

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
import regex

from ingest import symbols
from schema.model import Box, Page

SCAN = 0.4  # of a page under pictures
_END_OF_LINE_HYPHEN = "\ufffe"
_DIGIT_AFTER_LETTER = regex.compile(r"(?<=\p{L}{2}[)\"”]?)\d{1,2}(?![\d\p{L}/.,]\d?)")
_METRES = regex.compile(r"(?<!\p{L})[kcdh]?m$")
_NOTE_MARK = regex.compile(r"\d{1,2}(?=\p{L})")  # what a footnote begins with, set smaller than its words


@dataclass(slots=True)
class PageLine:
    """A printed line: its glyphs (page-local indices), text, and extents in points, y from the page's top.

    ``column`` is 1 or 2 in a letterhead or foot of two columns, 0 elsewhere.
    """

    page: int
    glyphs: list[int]
    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    bold: bool
    hyphenated: bool = False
    column: int = 0


class GlyphPage(Protocol):
    """What the layout asks of a page, whether pdfium or OCR read it."""

    number: int
    first_glyph: int
    width: float
    height: float

    def is_bold(self, glyph: int) -> bool: ...

    def extent(self, glyph: int) -> tuple[float, float, float, float]: ...

    def box(self, x0: float, top: float, x1: float, bottom: float) -> Box: ...

    def page(self) -> Page: ...


@dataclass(slots=True)
class PdfPage:
    """A page whose text page stays open, so that boxes can be asked for later."""

    number: int
    first_glyph: int
    raw: pdfium.PdfPage
    textpage: pdfium.PdfTextPage
    count: int
    width: float
    height: float
    rotation: int
    left: float
    bottom: float
    # Asked for a thousand times a page: pdfium writes each box into the same four numbers
    _corners: tuple[ctypes.c_double, ...] = field(default_factory=lambda: tuple(ctypes.c_double() for _ in range(4)))

    def page(self) -> Page:
        return Page(self.number, self.width, self.height, self.rotation)

    def characters(self) -> str:
        buffer = (ctypes.c_ushort * (self.count + 1))()
        pdfium_c.FPDFText_GetText(self.textpage.raw, 0, self.count, buffer)
        text = bytes(buffer)[: self.count * 2].decode("utf-16-le", "replace")
        return text if len(text) == self.count else "".join(map(chr, buffer[: self.count]))

    def pictured(self) -> float:
        """The share of the page that pictures cover; those that overlap count twice."""
        covered = 0.0
        for picture in self.raw.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE], max_depth=3):
            while picture.container is not None:  # only the outermost form knows its place on the page
                picture = picture.container
            x0, y0, x1, y1 = picture.get_bounds()
            covered += abs((x1 - x0) * (y1 - y0))
        return covered / (self.width * self.height)

    def is_hidden(self, glyph: int) -> bool:
        """Whether a glyph is set in the mode that paints nothing, as the words behind a searchable scan are."""
        return bool(
            pdfium_c.FPDFTextObj_GetTextRenderMode(pdfium_c.FPDFText_GetTextObject(self.textpage.raw, glyph))
            == pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE
        )

    def extent(self, glyph: int) -> tuple[float, float, float, float]:
        """x0, top, x1, bottom in points on the page as shown; the whole page where the file's numbers tell no place."""
        left, right, low, high = self._corners
        pdfium_c.FPDFText_GetCharBox(self.textpage.raw, glyph, left, right, low, high)
        if not isfinite(left.value + right.value + low.value + high.value):
            return 0.0, 0.0, self.width, self.height
        return self._shown(left.value, low.value, right.value, high.value)

    def box(self, x0: float, top: float, x1: float, bottom: float) -> Box:
        def share(value: float, whole: float) -> float:
            return min(1.0, max(0.0, value / whole))

        return Box(
            self.number,
            share(x0, self.width),
            share(top, self.height),
            share(x1, self.width),
            share(bottom, self.height),
        )

    def size(self, glyph: int) -> float:
        return float(pdfium_c.FPDFText_GetFontSize(self.textpage.raw, glyph))

    def is_bold(self, glyph: int) -> bool:
        return int(pdfium_c.FPDFText_GetFontWeight(self.textpage.raw, glyph)) >= 600

    def _shown(self, x0: float, y0: float, x1: float, y1: float) -> tuple[float, float, float, float]:
        x0, x1, y0, y1 = x0 - self.left, x1 - self.left, y0 - self.bottom, y1 - self.bottom
        if self.rotation == 90:
            return y0, x0, y1, x1
        if self.rotation == 180:
            return self.width - x1, y0, self.width - x0, y1
        if self.rotation == 270:
            return self.width - y1, self.height - x1, self.width - y0, self.height - x0
        return x0, self.height - y1, x1, self.height - y0


def open_page(document: pdfium.PdfDocument, index: int, first_glyph: int) -> PdfPage:
    """Page ``index`` (0-based) of ``document``, its glyphs counted from ``first_glyph``."""
    raw = document[index]
    textpage = raw.get_textpage()
    left, bottom, _, _ = raw.get_cropbox()
    width, height = raw.get_size()
    return PdfPage(
        index + 1, first_glyph, raw, textpage, textpage.count_chars(), width, height, raw.get_rotation(), left, bottom
    )


def lines(page: PdfPage) -> list[PageLine]:
    """The printed lines in content order; blank lines are left out."""
    text = symbols.printed(page.characters())
    found, start = [], 0
    for index, char in enumerate(text):
        if char in "\r\n" or char == _END_OF_LINE_HYPHEN:
            hyphen = char == _END_OF_LINE_HYPHEN
            found.append(_line(page, text, start, index + hyphen, hyphen))
            start = index + 1
    found.append(_line(page, text, start, len(text), False))
    return _whole([line for line in found if line is not None])


def visible(page: PdfPage, lines: list[PageLine]) -> list[PageLine]:
    """The lines that are painted; all of them where none is, as those of a searchable scan are its only text."""
    hidden = [page.is_hidden(line.glyphs[0]) for line in lines]
    if not any(hidden) or page.pictured() >= SCAN:
        return lines
    painted = [line for line, unseen in zip(lines, hidden, strict=True) if not unseen]
    return painted or lines


def _whole(lines: list[PageLine]) -> list[PageLine]:
    """Printed lines from their pieces: pdfium ends a line where the print rises or sinks, as behind a raised digit."""
    whole: list[PageLine] = []
    for line in lines:
        last = whole[-1] if whole else None
        if last is None or last.hyphenated or not _goes_on(last, line):
            whole.append(line)
            continue
        last.text += " " + line.text
        last.glyphs += [line.glyphs[0], *line.glyphs]
        last.x1, last.hyphenated = line.x1, line.hyphenated
        last.top, last.bottom = min(last.top, line.top), max(last.bottom, line.bottom)
    return whole


def _goes_on(last: PageLine, line: PageLine) -> bool:
    """A blank's width behind ``last`` and at its height."""
    middle = (line.top + line.bottom) / 2
    return -1 < line.x0 - last.x1 < 0.45 * last.size and last.top < middle < last.bottom


def _line(page: PdfPage, text: str, start: int, end: int, hyphenated: bool) -> PageLine | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start == end:
        return None
    surface = text[start:end].replace(_END_OF_LINE_HYPHEN, "-")
    glyphs = list(range(start, end))
    size = page.size(start)
    first, last = page.extent(start), page.extent(end - 1)
    for mark in reversed(list(_DIGIT_AFTER_LETTER.finditer(surface))):
        if _is_reference(page, surface, start, mark.start()):
            surface = surface[: mark.start()] + surface[mark.end() :]
            del glyphs[mark.start() : mark.end()]
    if (mark := _NOTE_MARK.match(surface)) and size < 0.8 * page.size(start + mark.end()):
        surface = f"{mark[0]} {surface[mark.end() :]}"
        glyphs.insert(mark.end(), glyphs[mark.end() - 1])
    tops = [page.extent(g) for g in glyphs[:: max(1, len(glyphs) // 4)]] + [first, last]
    return PageLine(
        page.number,
        glyphs,
        surface,
        first[0],
        last[2],
        min(t[1] for t in tops),
        max(t[3] for t in tops),
        size,
        page.is_bold(start),
        hyphenated,
    )


def _is_reference(page: PdfPage, surface: str, start: int, at: int) -> bool:
    """A footnote's reference digit is set clearly smaller than the letter before it; ``m2`` is a unit."""
    if _METRES.search(surface[:at]):
        return False
    return page.size(start + at) < 0.8 * page.size(start + at - 1)
