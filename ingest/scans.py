"""How many pages of a file wait for OCR: known before it is read, since scans get their time by the page."""

from __future__ import annotations

from typing import Literal

import pypdfium2 as pdfium

from ingest import ocr
from ingest.limits import Limits
from ingest.pdf_page import open_page

_PICTURE = b"/Image"  # the dictionary of a stream is never compressed
_GLANCE = 2  # pages on which fonts that cannot be read show, where there is no picture


def count(data: bytes, limits: Limits, mode: Literal["auto", "off", "force"] = "auto") -> int:
    """Pages that ``ingest.read`` will hand to Tesseract; 0 for what cannot be opened, which the reader will tell."""
    if mode == "off" or b"%PDF-" not in data[:1024]:
        return 0
    try:
        pdf = pdfium.PdfDocument(data)
        pages = range(min(len(pdf), limits.pages))
        if mode == "force":
            return len(pages)
        if _PICTURE not in data and not any(_is_scan(pdf, index) for index in pages[:_GLANCE]):
            return 0
        return sum(_is_scan(pdf, index) for index in pages)
    except pdfium.PdfiumError:
        return 0


def _is_scan(pdf: pdfium.PdfDocument, index: int) -> bool:
    page = open_page(pdf, index, 0)
    return ocr.needed(page, page.characters())
