"""Tesseract as a program of its own: an image in, words with boxes and confidence out."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Literal

from schema.errors import ReadError, Reason

LANGUAGE = "vie"
# Tesseract's page segmentation modes: one column of any sizes, one even block, one line, one word.
Segmentation = Literal["column", "block", "word"]
_MODES: dict[Segmentation, str] = {"column": "4", "block": "6", "word": "8"}
_COLUMNS = [
    "level", "page_num", "block_num", "par_num", "line_num", "word_num", "left", "top", "width", "height", "conf",
    "text",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Word:
    """One word as read, its box in pixels of the image from its top left, and confidence 0..1.

    Words of one printed line share ``line``.
    """

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    confidence: float
    line: tuple[int, ...]


def available() -> bool:
    """Tesseract with Vietnamese data on this machine, and able to say so."""
    program = shutil.which("tesseract")
    if program is None:
        return False
    try:
        listed = subprocess.run([program, "--list-langs"], capture_output=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return LANGUAGE in listed.stdout.decode("utf-8", "replace").split()


def read(image: Any, dpi: int, segmentation: Segmentation, seconds: float) -> list[Word]:
    """The words of a PIL image in Tesseract's reading order.

    Raises ReadError(OCR_FAILED) where Tesseract fails, prints anything but its table or gives no answer in ``seconds``.
    """
    encoded = BytesIO()
    image.save(encoded, "PNG", dpi=(dpi, dpi), compress_level=1)
    table = _tsv(encoded.getvalue(), dpi, segmentation, seconds)
    try:
        return list(_words(table))
    except ValueError as error:
        raise ReadError(Reason.OCR_FAILED, "tesseract printed no table of words") from error


def _words(table: str) -> Iterator[Word]:
    """Raises ValueError for a line that is none of a table of words."""
    head, *rows = table.split("\n")
    if head.split("\t") != _COLUMNS:
        raise ValueError(head)
    for row in filter(None, rows):
        level, _, block, paragraph, line, _, left, top, width, height, confidence, text = row.split("\t")
        if level == "5" and text.strip():
            x0, y0 = float(left), float(top)
            yield Word(
                text.strip(),
                x0,
                y0,
                x0 + float(width),
                y0 + float(height),
                max(0.0, float(confidence) / 100),
                (int(block), int(paragraph), int(line)),
            )


def _tsv(image: bytes, dpi: int, segmentation: Segmentation, seconds: float) -> str:
    """What Tesseract prints; the whole process group dies with the clock."""
    command = ["tesseract", "stdin", "stdout", "-l", LANGUAGE, "--psm", _MODES[segmentation], "--dpi", str(dpi), "tsv"]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "OMP_THREAD_LIMIT": "1"},
        start_new_session=True,
    ) as process:
        try:
            output, _ = process.communicate(image, timeout=seconds)
        except subprocess.TimeoutExpired as error:
            os.killpg(process.pid, signal.SIGKILL)
            raise ReadError(Reason.OCR_FAILED, f"no answer in {seconds:g} s") from error
    if process.returncode != 0:
        raise ReadError(Reason.OCR_FAILED, f"tesseract ended with {process.returncode}")
    return output.decode("utf-8", "replace")
