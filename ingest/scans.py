"""How many pages of a file wait for OCR: known before it is read, since scans get their time by the page."""

from __future__ import annotations

from typing import Literal

import pypdfium2 as pdfium

from ingest import ocr
from ingest.limits import Limits
from ingest.pdf_page import open_page

_PICTURE = b"/Image"  # the dictionary of a stream is never compressed


def count(data: bytes, limits: Limits, mode: Literal["auto", "off", "force"] = "auto") -> int:
    """Pages that ``ingest.read`` will hand to Tesseract; 0 for what cannot be opened, which the reader will tell."""
    if mode == "off" or b"%PDF-" not in data[:1024] or (mode == "auto" and _PICTURE not in data):
        return 0
    try:
        pdf = pdfium.PdfDocument(data)
        pages = range(min(len(pdf), limits.pages))
        return len(pages) if mode == "force" else sum(_is_scan(pdf, index) for index in pages)
    except pdfium.PdfiumError:
        return 0


def _is_scan(pdf: pdfium.PdfDocument, index: int) -> bool:
    page = open_page(pdf, index, 0)
    return ocr.needed(page, page.characters())
