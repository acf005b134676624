"""Scanned pages: pdfium draws, Tesseract (``vie``) reads, word boxes and confidence are kept.

A page is read by OCR when it holds no usable text of its own. Tesseract joins the two columns of a letterhead or foot
into one line and garbles what lies between, so each column is cut out and read by itself, and so is each column of a
ruled table; a figure that looks odd or doubtful is looked at once more, alone and at another size. Numbers carry their
line's confidence, so that a doubtful reading never becomes a certain contradiction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from statistics import median

import regex

from ingest import columns, encodings, ocr_repairs, pdf_legacy
from ingest.limits import Limits
from ingest.pdf_page import SCAN, PageLine, PdfPage
from ingest.pdf_tables import FoundTable, Rect
from ingest.scan_image import ScanImage, turned_back
from ingest.tesseract import Word
from schema.model import Box, Page

_MARKED = regex.compile(r"[ăâđêôơưĂÂĐÊÔƠƯáàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ]", regex.I)
_UNMAPPED = regex.compile(r"[\p{Co}\ufffd\x00-\x08\x0e-\x1f]")  # what pdfium gives for glyphs that tell no letter
_MOST_UNMAPPED = 0.1  # of a text; bullets are set in such glyphs too
_SIGNATURE_LAYER = 200  # characters
_NEXT_TO_NOTHING = 20  # characters: a page number, a mark
_TURNS = (0, 1, 3, 2)  # right angles: sheets lie sideways in a scanner more often than upside down
_SURE = 0.7  # confidence; of a page read sideways or upside down hardly a quarter of the letters have it
_LONGEST_FIGURE = 8  # characters
_RULE = regex.compile(r"[|\[\]!¦]+")  # what is left of a ruling
_COLUMN_GAP = 40.0  # points between words of one line that make it two
_MARGIN = 10  # pixels around the words of a column


@dataclass(slots=True)
class OcrPage:
    """A page whose glyphs are the characters of its words; each takes its share of the word's width.

    ``width``, ``height`` and extents are those of the straightened page, which is the scanned one turned by ``quarter``
    right angles and ``angle`` degrees; boxes lie on the page as scanned.
    """

    number: int
    first_glyph: int
    width: float
    height: float
    rotation: int
    angle: float = 0.0
    quarter: int = 0
    extents: list[tuple[float, float, float, float]] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.extents)

    def page(self) -> Page:
        return Page(self.number, *self._scanned(), self.rotation, "ocr")

    def _scanned(self) -> tuple[float, float]:
        """Width and height of the page as scanned."""
        return (self.height, self.width) if self.quarter % 2 else (self.width, self.height)

    def extent(self, glyph: int) -> tuple[float, float, float, float]:
        return self.extents[glyph]

    def is_bold(self, glyph: int) -> bool:
        """Tesseract does not tell."""
        return False

    def box(self, x0: float, top: float, x1: float, bottom: float) -> Box:
        def share(value: float, whole: float) -> float:
            return min(1.0, max(0.0, value / whole))

        corners = [
            turned_back(x, y, self.angle, self.width, self.height, self.quarter)
            for x in (x0, x1)
            for y in (top, bottom)
        ]
        across, down = [x for x, _ in corners], [y for _, y in corners]
        width, height = self._scanned()
        return Box(
            self.number,
            share(min(across), width),
            share(min(down), height),
            share(max(across), width),
            share(max(down), height),
        )


def needed(page: PdfPage, text: str) -> bool:
    """Whether the page's own text cannot be used: none, a signature's invisible layer, or garbage.

    A short text beside a logo or a photograph is a short page, one over a picture of the whole page is not its text.
    """
    pictured = page.pictured()
    if pictured and len(text.strip()) <= _SIGNATURE_LAYER:
        return pictured >= SCAN or len(text.strip()) <= _NEXT_TO_NOTHING
    if len(_UNMAPPED.findall(text)) > _MOST_UNMAPPED * len(text):
        return True
    letters = sum(map(str.isalpha, text)) if pictured or encodings.is_suspect(text) else 0
    garbled = letters > _SIGNATURE_LAYER and len(_MARKED.findall(text)) < 0.08 * letters
    return garbled and not pdf_legacy.explains(page, text)


@dataclass(frozen=True, slots=True)
class OcrRead:
    """A page as read: its printed lines with their confidence, and its ruled tables."""

    page: OcrPage
    lines: list[PageLine]
    confidence: list[float]
    tables: list[FoundTable]


def read(page: PdfPage, limits: Limits) -> OcrRead:
    """The page as Tesseract reads it; raises ReadError(OCR_FAILED) where it gives no answer."""
    image, words = _upright(page, limits)
    words = _columns_apart(_tables_apart(words, image), page, image)
    words = _numerals([_second_look(word, image) for word in words], image)
    laid, lines, confidence = _laid_out(ocr_repairs.repaired(words), page, image)
    return OcrRead(laid, lines, confidence, image.tables)


def _upright(page: PdfPage, limits: Limits) -> tuple[ScanImage, list[Word]]:
    """The page's picture turned so that Tesseract is sure of most that it reads, and what it reads then."""
    found: list[tuple[int, ScanImage, list[Word]]] = []
    for quarter in _TURNS:
        image = ScanImage.of(page, limits, quarter)
        words = _without_specks(image.words())
        sure = _letters([word for word in words if word.confidence > _SURE])
        found.append((sure, image, words))
        if 2 * sure >= _letters(words) > 0 or (not words and image.is_blank):
            break
    _, image, words = max(found, key=lambda tried: tried[0])
    return image, words


def _without_specks(words: list[Word]) -> list[Word]:
    """Underlines and dust read as letters: far smaller than what is printed, or signs that nobody is sure of."""
    if not words:
        return []
    usual = median(word.bottom - word.top for word in words)

    def is_speck(word: Word) -> bool:
        small = word.bottom - word.top < 0.35 * usual
        lettered = any(c.isalnum() for c in word.text)
        return (small and (lettered or word.text not in "-–—_.")) or (not lettered and word.confidence < 0.3)

    return [word for word in words if not is_speck(word)]


def _tables_apart(words: list[Word], image: ScanImage) -> list[Word]:
    """Ruled tables column by column, each word put into its cell, cells in reading order."""
    for number, table in enumerate(image.tables, 1):
        box = [value * image.scale for value in table.box]
        own = {id(word) for word in words if _is_within(word, box)}
        first = next((n for n, w in enumerate(words) if id(w) in own or w.top > box[3]), len(words))
        cells = sorted(table.cells, key=lambda cell: (round(cell[1]), cell[0]))
        filled: dict[int, list[Word]] = {}
        for _, strip in groupby(sorted(enumerate(cells), key=_sides), _sides):
            _fill(list(strip), image, number * 1000, filled)
        again = [replace(word, line=(number * 1000 + at, *word.line)) for at in sorted(filled) for word in filled[at]]
        words = [*words[:first], *again, *(word for word in words[first:] if id(word) not in own)]
    return words


def _sides(numbered: tuple[int, Rect]) -> tuple[int, int]:
    """What the cells of one column share, within the thickness of a ruling."""
    x0, _, x1, _ = numbered[1]
    return round(x0 / 4), round(x1 / 4)


def _fill(cells: list[tuple[int, Rect]], image: ScanImage, number: int, filled: dict[int, list[Word]]) -> None:
    """Reads a strip of cells at once; a cell that holds ink and gave no word is read alone."""
    boxes = {index: [value * image.scale for value in cell] for index, cell in cells}
    edges = list(boxes.values())
    inside = 3  # pixels: what is left of the ruling
    strip = (min(b[0] for b in edges) + inside, min(b[1] for b in edges), max(b[2] for b in edges) - inside,
             max(b[3] for b in edges))  # fmt: skip
    for word in _without_specks(image.words_in(*strip, number)):
        index = next((index for index, box in boxes.items() if _is_within(word, box)), None)
        if index is not None and not _RULE.fullmatch(word.text):
            filled.setdefault(index, []).append(word)
    for index, (x0, top, x1, bottom) in boxes.items():
        rim = 2 * inside
        inner = (x0 + rim, top + rim, x1 - rim, bottom - rim)
        if index not in filled and inner[0] < inner[2] and inner[1] < inner[3] and image.has_ink(*inner):
            filled[index] = _without_specks(image.words_in(*inner, number)) or image.alone(*inner, number)
    figures = [words for words in filled.values() if all(ocr_repairs.is_figure(word.text) for word in words)]
    if 2 * len(figures) >= len(cells) > 2:
        for index, _ in cells:
            filled[index] = [_figure_at(word, image) for word in filled.get(index, ())]


def _figure_at(word: Word, image: ScanImage) -> Word:
    """In a column of figures a short word that is none is a figure, if it reads as one alone."""
    if len(word.text) > _LONGEST_FIGURE or ocr_repairs.is_figure(word.text):
        return word
    again = image.word(word)
    return again if again is not None and ocr_repairs.is_figure(again.text) else word


def _is_within(word: Word, box: Sequence[float]) -> bool:
    x, y = (word.x0 + word.x1) / 2, (word.top + word.bottom) / 2
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _columns_apart(words: list[Word], page: PdfPage, image: ScanImage) -> list[Word]:
    """Each column of the letterhead and the foot read by itself."""
    rows = _rows(words, image.scale)
    draft, lines, _ = _laid_out(words, page, image)
    for number, block in enumerate(columns.find(lines, draft), 1):
        own = [word for index in block.lines for word in rows[index]]
        middle = sum(block.gutter) / 2 * image.scale
        again: list[Word] = []
        for side in (-1, 1):
            there = [w for w in own if (w.x0 < middle) == (side < 0)]
            edges = (middle, max(w.x1 for w in there) + _MARGIN) if side > 0 else (min(w.x0 for w in there), middle)
            box = (edges[0] - _MARGIN * (side < 0), min(w.top for w in own) - _MARGIN, edges[1],
                   max(w.bottom for w in own) + _MARGIN)  # fmt: skip
            again.extend(_without_specks(image.words_in(*box, number * 2 + (side > 0))))
        if _letters(again) >= 0.8 * _letters(own):
            gone = {id(word) for word in own}
            first = next(at for at, word in enumerate(words) if id(word) in gone)
            rest = [word for word in words[first:] if id(word) not in gone]
            words = [*words[:first], *again, *rest]
    return words


def _letters(words: list[Word]) -> int:
    return sum(c.isalnum() for word in words for c in word.text)


def _second_look(word: Word, image: ScanImage) -> Word:
    """A figure of odd shape, or one that Tesseract doubts, as it reads alone; the likelier reading wins."""
    odd = ocr_repairs.is_odd(word.text)
    if not (odd or (word.confidence < 0.8 and any(c.isdigit() for c in word.text))):
        return word
    again = image.word(word)
    if again is None or again.text == word.text:
        return word
    if odd:
        return again if not ocr_repairs.is_odd(again.text) and any(c.isdigit() for c in again.text) else word
    return again if ocr_repairs.is_figure(again.text) and again.confidence > word.confidence else word


def _numerals(words: list[Word], image: ScanImage) -> list[Word]:
    """I, II and III before a caption in capitals by their strokes, which Tesseract likes to miscount."""
    found: list[Word] = []
    for _, group in groupby(words, key=lambda word: word.line):
        line = list(group)
        if ocr_repairs.is_caption(line) and ocr_repairs.is_strokes(line[0].text):
            count = image.strokes(line[0])
            if 1 <= count <= 3:
                line[0] = replace(line[0], text="I" * count + ".")
        found.extend(line)
    return found


def _laid_out(
    words: Sequence[Word], page: PdfPage, image: ScanImage
) -> tuple[OcrPage, list[PageLine], list[float]]:
    """Words as printed lines of glyphs, in points, with the confidence of each line's weakest word."""
    width, height = (side / image.scale for side in image.picture.size)
    laid = OcrPage(page.number, page.first_glyph, width, height, page.rotation, image.angle, image.quarter)
    rows = _rows(words, image.scale)
    lines = [_line(laid, [_in_points(word, image.scale) for word in row]) for row in rows]
    return laid, lines, [min(word.confidence for word in row) for row in rows]


def _in_points(word: Word, scale: float) -> Word:
    return replace(
        word, x0=word.x0 / scale, x1=word.x1 / scale, top=word.top / scale, bottom=word.bottom / scale
    )


def _rows(words: Sequence[Word], scale: float) -> list[list[Word]]:
    """Words of one printed line; a gap as wide as a column makes two lines of one."""
    rows: list[list[Word]] = []
    for word in words:
        last = rows[-1][-1] if rows else None
        if last is not None and last.line == word.line and word.x0 - last.x1 <= _COLUMN_GAP * scale:
            rows[-1].append(word)
        else:
            rows.append([word])
    return rows


def _line(page: OcrPage, row: list[Word]) -> PageLine:
    text: list[str] = []
    glyphs: list[int] = []
    for index, word in enumerate(row):
        if index:
            text.append(" ")
            glyphs.append(_glyph(page, row[index - 1].x1, word.top, word.x0, word.bottom))
        step = (word.x1 - word.x0) / len(word.text)
        for at, char in enumerate(word.text):
            text.append(char)
            glyphs.append(_glyph(page, word.x0 + at * step, word.top, word.x0 + (at + 1) * step, word.bottom))
    top, bottom = min(w.top for w in row), max(w.bottom for w in row)
    surface = "".join(text)
    return PageLine(
        page.number,
        glyphs,
        surface,
        row[0].x0,
        row[-1].x1,
        top,
        bottom,
        12.0,
        False,
        hyphenated=bool(regex.search(r"\d/[\p{Lu}&]+-$", surface)),
    )


def _glyph(page: OcrPage, x0: float, top: float, x1: float, bottom: float) -> int:
    page.extents.append((x0, top, max(x1, x0 + 0.01), bottom))
    return len(page.extents) - 1
