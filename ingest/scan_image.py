"""The picture of a scanned page: turned straight, its ruling lines found and wiped, parts of it read by Tesseract."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median
from typing import Any, Literal

import regex
from pdfplumber import table as plumber
from PIL import Image, ImageDraw

from ingest import tesseract
from ingest.limits import Limits
from ingest.pdf_page import PdfPage
from ingest.pdf_tables import FoundTable, Rect
from ingest.tesseract import Word

DPI = 300
_INK = 160  # grey level below which a pixel is ink
_MOST_SKEW = 3.0  # degrees
_LEAST_SKEW = 0.1
_SECOND_SIZES = (0.75, 0.5)  # of the first: other samplings of the same strokes
_SECOND_LOOKS = 40  # words looked at again on one page
_MARGIN = 10  # pixels of white that Tesseract wants around a word
_BLOCK = 16  # pixels judged together when rulings are looked for
_SHORTEST = {"h": 5 * _BLOCK, "v": 3 * _BLOCK}  # pixels; longer than any stroke of a letter
_FAINT = 190  # grey level below which a pixel may belong to a thin, blurred ruling
_UNBROKEN = 32  # of 255: the share of paler pixels that a block of a ruling may have
_SNAP = 4.5  # points within which rulings meet: a block is 3.8

_DARK_RUN = regex.compile(rb"\xff+")

Orientation = Literal["h", "v"]


@dataclass(slots=True)
class ScanImage:
    """A page in grey, ``scale`` pixels a point, turned by ``quarter`` right angles, then straight by ``angle`` degrees.

    Both turns are counter-clockwise.
    """

    picture: Any
    scale: float
    seconds: float
    angle: float = 0.0
    quarter: int = 0
    looks: int = _SECOND_LOOKS
    tables: list[FoundTable] = field(default_factory=list)

    @classmethod
    def of(cls, page: PdfPage, limits: Limits, quarter: int = 0) -> ScanImage:
        """The page drawn at 300 dpi, or as large as the cap on pixels lets it be."""
        scale = DPI / 72
        if page.width * page.height * scale * scale > limits.page_pixels:
            scale = (limits.page_pixels / (page.width * page.height)) ** 0.5
        picture = page.raw.render(scale=scale, grayscale=True).to_pil()
        if quarter:
            picture = picture.rotate(90 * quarter, expand=True)
        angle = _skew(picture)
        if abs(angle) >= _LEAST_SKEW:
            picture = picture.rotate(angle, resample=Image.Resampling.BICUBIC, fillcolor=255)
        else:
            angle = 0.0
        image = cls(picture, scale, limits.ocr_seconds, angle, quarter)
        image._rule_off()
        return image

    @property
    def is_blank(self) -> bool:
        return not self.has_ink(0, 0, self.picture.width, self.picture.height)

    def words(self) -> list[Word]:
        """All words of the page, in Tesseract's order."""
        return tesseract.read(self.picture, DPI, "column", self.seconds)

    def words_in(self, x0: float, top: float, x1: float, bottom: float, number: int) -> list[Word]:
        """The words of one block of the page; ``number`` keeps their lines apart from all others."""
        left, above = max(0, int(x0)), max(0, int(top))
        right, below = min(self.picture.width, int(x1)), min(self.picture.height, int(bottom))
        if right - left < _MARGIN or below - above < _MARGIN:
            return []
        cut = self.picture.crop((left, above, right, below))
        return [
            replace(
                word,
                x0=word.x0 + left,
                x1=word.x1 + left,
                top=word.top + above,
                bottom=word.bottom + above,
                line=(number, *word.line),
            )
            for word in tesseract.read(cut, DPI, "block", self.seconds)
            if word.top > 1 and word.bottom < cut.height - 1  # what the cut went through belongs to a neighbour
        ]

    def word(self, word: Word) -> Word | None:
        """One word read alone and at other sizes, the surest of these; None where none was seen or no look is left."""
        if self.looks == 0:
            return None
        self.looks -= 1
        box = (word.x0 - _MARGIN, word.top - _MARGIN, word.x1 + _MARGIN, word.bottom + _MARGIN)
        cut = self.picture.crop(tuple(map(int, box)))
        found: list[Word] = []
        for size in _SECOND_SIZES:
            other = cut.resize((max(1, int(cut.width * size)), max(1, int(cut.height * size))))
            words = tesseract.read(other, DPI, "word", self.seconds)
            found.extend(words if len(words) == 1 else ())
        surest = max(found, key=lambda one: one.confidence, default=None)
        return surest and replace(word, text=surest.text, confidence=surest.confidence)

    def alone(self, x0: float, top: float, x1: float, bottom: float, number: int) -> list[Word]:
        """The one word in a part of the page where a look at the block saw none, as it does with single digits."""
        left, above = int(x0), int(top)
        ink = self.picture.crop((left, above, int(x1), int(bottom))).point(lambda level: 255 * (level < _INK)).getbbox()
        if ink is None:
            return []
        box = Word("", left + ink[0], above + ink[1], left + ink[2], above + ink[3], 0.0, (number,))
        found = self.word(box)
        return [found] if found is not None and found.confidence > 0.5 else []

    def strokes(self, word: Word) -> int:
        """How many upright strokes stand side by side in a word, counted where neither serifs nor a dot reach."""
        height = word.bottom - word.top
        counts = []
        for share in (0.35, 0.45, 0.55):
            row = int(word.top + share * height)
            pixels = self.picture.crop((int(word.x0) - 2, row, int(word.x1) + 2, row + 1)).tobytes()
            ink = [pixel < _INK for pixel in pixels]
            counts.append(sum(now and not before for before, now in pairwise([False, *ink])))
        return int(median(counts))

    def has_ink(self, x0: float, top: float, x1: float, bottom: float) -> bool:
        """Whether a part of the page holds more than dust."""
        darkest, _ = self.picture.crop(tuple(map(int, (x0, top, x1, bottom)))).reduce(4).getextrema()
        return bool(darkest < _INK)

    def _rule_off(self) -> None:
        """Finds the ruled tables, then wipes their lines, which Tesseract takes for letters."""
        edges = [*self._edges("h"), *self._edges("v")]
        merged = plumber.merge_edges(edges, _SNAP, _SNAP, _SNAP, _SNAP)
        cells = plumber.intersections_to_cells(plumber.edges_to_intersections(merged, _SNAP, _SNAP))
        tables = [[_rect(cell) for cell in group] for group in plumber.cells_to_tables(cells)]
        self.tables = [FoundTable(_around(group), group) for group in tables if len(group) >= 4]
        pen = ImageDraw.Draw(self.picture)
        for table in self.tables:
            for edge in edges:
                if _touches(edge, table.box):
                    box = [value * self.scale for value in (edge["x0"], edge["top"], edge["x1"], edge["bottom"])]
                    pen.rectangle([box[0] - 3, box[1] - 3, box[2] + 3, box[3] + 3], fill=255)

    def _edges(self, orientation: Orientation) -> Iterator[dict[str, Any]]:
        """Long straight runs of ink, in points; thick ones give several."""
        along = orientation == "h"
        ink = self.picture.point(lambda level: 255 * (level >= _FAINT))
        blocks = ink.reduce((_BLOCK, 1) if along else (1, _BLOCK))
        dark = blocks.point(lambda paper: 255 * (paper < _UNBROKEN))
        if not along:
            dark = dark.transpose(Image.Transpose.TRANSPOSE)
        width, data = dark.width, dark.tobytes()
        for across in range(dark.height):
            row = data[across * width : (across + 1) * width]
            for run in _DARK_RUN.finditer(row):
                if (run.end() - run.start()) * _BLOCK >= _SHORTEST[orientation]:
                    yield self._edge(orientation, run.start() * _BLOCK, run.end() * _BLOCK, across + 0.5)

    def _edge(self, orientation: Orientation, start: float, end: float, at: float) -> dict[str, Any]:
        """One ruling from pixels, as pdfplumber describes edges, in points."""
        start, end, at = start / self.scale, end / self.scale, at / self.scale
        x0, x1, top, bottom = (start, end, at, at) if orientation == "h" else (at, at, start, end)
        size = {"width": x1 - x0, "height": bottom - top}
        return {"orientation": orientation, "x0": x0, "x1": x1, "top": top, "bottom": bottom, "doctop": top, **size}


def _skew(picture: Any) -> float:
    """The turn in degrees that makes the lines of print level: that which sets rows of ink most sharply apart."""
    small = picture.reduce(4)

    def sharpness(angle: float) -> int:
        turned = small.rotate(angle, resample=Image.Resampling.BILINEAR, fillcolor=255)
        rows: bytes = turned.resize((1, turned.height), Image.Resampling.BOX).tobytes()
        return sum((below - above) ** 2 for above, below in pairwise(rows))

    coarse = [step * 0.5 for step in range(int(-_MOST_SKEW * 2), int(_MOST_SKEW * 2) + 1)]
    best = max(coarse, key=sharpness)
    return max((best + step * 0.1 for step in range(-4, 5)), key=sharpness)


def turned_back(
    x: float, y: float, angle: float, width: float, height: float, quarter: int = 0
) -> tuple[float, float]:
    """Where a point of the straightened page stands on the page as scanned, in the same unit.

    ``width`` and ``height`` are those of the straightened page.
    """
    across, down, turn = x - width / 2, y - height / 2, math.radians(angle)
    x = width / 2 + across * math.cos(turn) - down * math.sin(turn)
    y = height / 2 + across * math.sin(turn) + down * math.cos(turn)
    for _ in range(quarter):
        x, y, width, height = height - y, x, height, width
    return x, y


def _rect(cell: tuple[float, float, float, float]) -> Rect:
    x0, top, x1, bottom = map(float, cell)
    return x0, top, x1, bottom


def _around(cells: list[Rect]) -> Rect:
    return min(c[0] for c in cells), min(c[1] for c in cells), max(c[2] for c in cells), max(c[3] for c in cells)


def _touches(edge: dict[str, Any], box: Rect) -> bool:
    return bool(
        edge["x1"] > box[0] - _SNAP
        and edge["x0"] < box[2] + _SNAP
        and edge["bottom"] > box[1] - _SNAP
        and edge["top"] < box[3] + _SNAP
    )
