"""Tesseract as a program of its own: an image in, words with boxes and confidence out."""

from __future__ import annotations

import csv
import os
import shutil
import signal
import subprocess
from dataclasses import dataclass
from io import BytesIO, StringIO
from typing import Any, Literal

from schema.errors import ReadError, Reason

LANGUAGE = "vie"
# Tesseract's page segmentation modes: one column of any sizes, one even block, one line, one word.
Segmentation = Literal["column", "block", "word"]
_MODES: dict[Segmentation, str] = {"column": "4", "block": "6", "word": "8"}


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
    """Tesseract with Vietnamese data on this machine."""
    program = shutil.which("tesseract")
    if program is None:
        return False
    listed = subprocess.run([program, "--list-langs"], capture_output=True, text=True, timeout=20, check=False)
    return LANGUAGE in listed.stdout.split()


def read(image: Any, dpi: int, segmentation: Segmentation, seconds: int) -> list[Word]:
    """The words of a PIL image in Tesseract's reading order.

    Raises ReadError(OCR_FAILED) where Tesseract fails or gives no answer in ``seconds``.
    """
    encoded = BytesIO()
    image.save(encoded, "PNG", dpi=(dpi, dpi), compress_level=1)
    words = []
    for row in csv.DictReader(StringIO(_tsv(encoded.getvalue(), dpi, segmentation, seconds)), delimiter="\t",
                              quoting=csv.QUOTE_NONE):  # fmt: skip
        text = (row["text"] or "").strip()
        if row["level"] != "5" or not text:
            continue
        left, top = float(row["left"]), float(row["top"])
        words.append(
            Word(
                text,
                left,
                top,
                left + float(row["width"]),
                top + float(row["height"]),
                max(0.0, float(row["conf"]) / 100),
                (int(row["block_num"]), int(row["par_num"]), int(row["line_num"])),
            )
        )
    return words


def _tsv(image: bytes, dpi: int, segmentation: Segmentation, seconds: int) -> str:
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
            raise ReadError(Reason.OCR_FAILED, f"no answer in {seconds} s") from error
    if process.returncode != 0:
        raise ReadError(Reason.OCR_FAILED, f"tesseract ended with {process.returncode}")
    return output.decode("utf-8", "replace")
