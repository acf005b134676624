"""Caps on what one file may cost. Reports are hostile input: these are defaults, not options to forget."""
from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes, pages, pixels, embedded objects, archive members and XML depth that a reader accepts.

    ``ocr_seconds`` and ``office_seconds``: how long Tesseract may take for one picture, LibreOffice for one document.
    """

    bytes: int = 200_000_000
    pages: int = 2_000
    page_pixels: int = 40_000_000
    embedded: int = 10_000
    members: int = 2_000
    unpacked_bytes: int = 1_000_000_000
    zip_ratio: int = 200
    xml_depth: int = 200
    ocr_seconds: float = 60
    office_seconds: float = 90
