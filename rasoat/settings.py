"""What a user may set for a run. Rooms get plain values; nothing here is read by them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from schema.errors import SettingsError

if TYPE_CHECKING:
    from checks.settings import CheckSettings

Ocr = Literal["auto", "off", "force"]
Lang = Literal["vi", "en"]


@dataclass(frozen=True, slots=True)
class Settings:
    """How files are read, and what one of them may cost.

    ``timeout`` and ``scan_page_seconds`` are wall-clock seconds: a file gets the first, and the second for each page
    that must be read by OCR; Tesseract may take no longer for a page, so that hanging costs pages, not the file.
    ``memory_mb`` bounds the resident memory of one file's process and all that it starts.
    """

    ocr: Ocr = "auto"
    timeout: float = 120.0
    scan_page_seconds: float = 60.0
    memory_mb: int = 2048
    max_file_mb: int = 200
    checks: CheckSettings | None = None


def language(value: str | None = None) -> Lang:
    """``--lang``, else RASOAT_LANG, else Vietnamese. SettingsError for a language that we do not speak."""
    chosen = (value or os.environ.get("RASOAT_LANG") or "vi").lower()
    if chosen.startswith("vi"):
        return "vi"
    if chosen.startswith("en"):
        return "en"
    raise SettingsError(f"--lang {chosen}: vi | en")
