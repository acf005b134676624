"""What the page worker does with one PDF: draw a page, measure pages, find words. Runs in a process of its own."""
from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import count, groupby
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

Box = tuple[int, float, float, float, float]
"""Page (1-based), left, top, right, bottom as fractions of the page from its top left."""


def _open(path: str | bytes) -> Any:
    return pdfium.PdfDocument(path)


def draw(path: str | bytes, number: int, pixels: int) -> bytes | None:
    """PNG of a page (1-based), ``pixels`` wide and at most twice as high; None if it cannot be drawn."""
    try:
        page = _open(path)[number - 1]
        width, height = page.get_size()
        scale = min(pixels / max(width, 1.0), 2 * pixels / max(height, 1.0))
        image = page.render(scale=scale).to_pil().convert("L" if pixels < 400 else "RGB")
        held = io.BytesIO()
        image.save(held, "PNG")
        return held.getvalue()
    except (pdfium.PdfiumError, IndexError, MemoryError, ValueError):
        return None


def measure(path: str | bytes) -> list[tuple[float, float]] | None:
    """Width and height of each page as shown, in points; None if the file is no readable PDF."""
    try:
        document = _open(path)
        return [document.get_page_size(index) for index in range(min(len(document), 3000))]
    except (pdfium.PdfiumError, MemoryError):
        return None


def find(path: str | bytes, wanted: Sequence[tuple[str, str]]) -> list[list[Box]] | None:
    """Boxes of words, a box a line; blanks do not count. ``wanted`` are (words, what stands before them).

    Of several places the one is taken whose text before agrees longest. None if the file is no readable PDF.
    """
    try:
        document = _open(path)
        letters = list(_letters(document))
        text = "".join(letter for letter, _, _ in letters)
        return [_boxes(document, letters, _place(text, *(_squeezed(one) for one in pair))) for pair in wanted]
    except (pdfium.PdfiumError, MemoryError):
        return None


Letter = tuple[str, int, int]
"""A character, its page's index and its own index on that page."""


def _letters(document: Any) -> Iterator[Letter]:
    for index in range(min(len(document), 500)):
        page = document[index].get_textpage()
        for at in range(page.count_chars()):
            letter = chr(pdfium_c.FPDFText_GetUnicode(page, at))
            if not letter.isspace() and letter.isprintable():
                yield letter, index, at


def _squeezed(text: str) -> str:
    composed = unicodedata.normalize("NFC", text)
    return "".join(letter for letter in composed if not letter.isspace() and letter.isprintable())


def _place(text: str, words: str, before: str) -> range:
    best, longest, at = range(0), -1, text.find(words) if words else -1
    while at >= 0:
        agreed = next(n for n in count() if n == min(len(before), at) or before[-1 - n] != text[at - 1 - n])
        if agreed > longest:
            best, longest = range(at, at + len(words)), agreed
        at = text.find(words, at + 1)
    return best


def _boxes(document: Any, letters: list[Letter], place: range) -> list[Box]:
    made: list[Box] = []
    for index, group in groupby((letters[at] for at in place), key=lambda one: one[1]):
        page = document[index]
        width, height = page.get_size()
        held = page.get_textpage()
        for low, high in _lines([(at, held.get_charbox(at)) for _, _, at in group]):
            made.append((index + 1, low[0] / width, 1 - high[1] / height, high[0] / width, 1 - low[1] / height))
    return made


def _lines(chars: list[tuple[int, Any]]) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    """Lower left and upper right corner of each line; a new one begins where the next letter stands further left."""
    line: list[Any] = []
    for _, box in chars:
        if line and box[0] < line[-1][0]:
            yield _corners(line)
            line = []
        line.append(box)
    if line:
        yield _corners(line)


def _corners(line: list[Any]) -> tuple[tuple[float, float], tuple[float, float]]:
    return (min(b[0] for b in line), min(b[1] for b in line)), (max(b[2] for b in line), max(b[3] for b in line))
