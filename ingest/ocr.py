"""Scanned pages: pdfium draws, Tesseract (``vie``) reads, word boxes and confidence are kept.

A page is read by OCR when it holds no usable text of its own. Numbers read by OCR carry their line's confidence,
so that a doubtful reading never becomes a certain contradiction.
"""

from __future__ import annotations

import csv
import os
import shutil
import signal
import subprocess
from dataclasses import dataclass, field
from io import BytesIO, StringIO

import regex

from ingest.limits import Limits
from ingest.pdf_page import PageLine, PdfPage
from schema.errors import ReadError, Reason
from schema.model import Box, Page

DPI = 300
_LANGUAGE = "vie"
_MARKED = regex.compile(r"[ăâđêôơưĂÂĐÊÔƠƯáàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ]", regex.I)
_SIGNATURE_LAYER = 200


@dataclass(frozen=True, slots=True)
class Word:
    """One word as read, its box in points from the page's top left, and confidence 0..1."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    confidence: float
    line: tuple[int, int, int]


@dataclass(slots=True)
class OcrPage:
    """A page whose glyphs are the characters of its words; each takes its share of the word's width."""

    number: int
    first_glyph: int
    width: float
    height: float
    rotation: int
    words: list[Word] = field(default_factory=list)
    extents: list[tuple[float, float, float, float]] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.extents)

    def page(self) -> Page:
        return Page(self.number, self.width, self.height, self.rotation, "ocr")

    def extent(self, glyph: int) -> tuple[float, float, float, float]:
        return self.extents[glyph]

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


def needed(page: PdfPage, text: str) -> bool:
    """Whether the page's own text cannot be used: none, a signature's invisible layer, or garbage."""
    letters = sum(c.isalpha() for c in text)
    pictured = any(True for _ in page.raw.get_objects(filter=[3], max_depth=3))
    if not pictured:
        return False
    if len(text.strip()) <= _SIGNATURE_LAYER:
        return True
    return letters > _SIGNATURE_LAYER and len(_MARKED.findall(text)) < 0.08 * letters


def available() -> bool:
    """Tesseract with Vietnamese data on this machine."""
    program = shutil.which("tesseract")
    if program is None:
        return False
    listed = subprocess.run([program, "--list-langs"], capture_output=True, text=True, timeout=20, check=False)
    return _LANGUAGE in listed.stdout.split()


def read(page: PdfPage, limits: Limits) -> tuple[OcrPage, list[PageLine], list[float]]:
    """The page as read, its printed lines and their confidence."""
    scale = DPI / 72
    if page.width * page.height * scale * scale > limits.page_pixels:
        scale = (limits.page_pixels / (page.width * page.height)) ** 0.5
    image = page.raw.render(scale=scale, grayscale=True).to_pil()
    encoded = BytesIO()
    image.save(encoded, "PNG", dpi=(DPI, DPI))
    read_page = OcrPage(page.number, page.first_glyph, page.width, page.height, page.rotation)
    read_page.words = _words(_tesseract(encoded.getvalue(), limits.ocr_seconds), scale)
    lines, confidence = _lines(read_page)
    return read_page, lines, confidence


def _tesseract(image: bytes, seconds: int) -> str:
    """The page as TSV; the whole process group dies with the clock."""
    command = ["tesseract", "stdin", "stdout", "-l", _LANGUAGE, "--psm", "4", "--dpi", str(DPI), "tsv"]
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        start_new_session=True,
    ) as process:
        try:
            output, _ = process.communicate(image, timeout=seconds)
        except subprocess.TimeoutExpired as error:
            os.killpg(process.pid, signal.SIGKILL)
            raise ReadError(Reason.OCR_FAILED, f"no answer in {seconds} s") from error
    if process.returncode != 0:
        raise ReadError(Reason.OCR_FAILED, f"tesseract ended with {process.returncode}")
    return output.decode("utf-8", "replace")


def _words(tsv: str, scale: float) -> list[Word]:
    words = []
    for row in csv.DictReader(StringIO(tsv), delimiter="\t", quoting=csv.QUOTE_NONE):
        text = (row["text"] or "").strip()
        if row["level"] != "5" or not text:
            continue
        left, top = int(row["left"]) / scale, int(row["top"]) / scale
        words.append(
            Word(
                text,
                left,
                top,
                left + int(row["width"]) / scale,
                top + int(row["height"]) / scale,
                max(0.0, float(row["conf"]) / 100),
                (int(row["block_num"]), int(row["par_num"]), int(row["line_num"])),
            )
        )
    return words


def _lines(page: OcrPage) -> tuple[list[PageLine], list[float]]:
    """Words into lines; a gap as wide as a column makes two lines of one."""
    lines: list[PageLine] = []
    confidence: list[float] = []
    row: list[Word] = []
    for word in [*page.words, None]:
        if row and (word is None or word.line != row[-1].line or word.x0 - row[-1].x1 > 40):
            lines.append(_line(page, row))
            confidence.append(min(w.confidence for w in row))
            row = []
        if word is not None:
            row.append(word)
    return lines, confidence


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
