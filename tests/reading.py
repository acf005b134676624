"""Small files for the reading tests, made at test time: pages drawn letter by letter, packages written part by part."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

import ingest
from ingest.limits import Limits
from samples.pdf_file import family
from schema.model import Document


@dataclass(frozen=True, slots=True)
class Text:
    """A printed line: ``x`` and ``y`` (baseline) in points from the page's top left.

    ``gaps`` prints each letter by itself, as some generators do; ``spread`` widens the blanks (justified text).
    """

    x: float
    y: float
    text: str
    size: float = 13
    bold: bool = False
    centred: bool = False
    gaps: bool = False
    spread: float = 0
    hidden: bool = False
    font: str = ""


def width(text: str, size: float = 13) -> float:
    """Points that a line of our font takes."""
    return float(pdfmetrics.stringWidth(text, family(), size))


@cache
def named(name: str) -> str:
    """Our font under another name, embedded, as a file typed in a legacy font would hold it."""
    font = pdfmetrics.getFont(family())
    copy = TTFont(name, font.face.filename)
    copy.face.name = name.encode()
    pdfmetrics.registerFont(copy)
    return name


def pdf(*pages: Sequence[Text | tuple[float, ...]], size: tuple[float, float] = A4, rotate: int = 0) -> bytes:
    """One page for each sequence; a tuple of four numbers is a ruling from (x0, y0) to (x1, y1).

    ``size`` and all places are those of the sheet before it is shown turned by ``rotate`` degrees.
    """
    out = io.BytesIO()
    # ReportLab swaps the sides of a page that it turns by a quarter.
    canvas = Canvas(out, pagesize=size[::-1] if rotate in (90, 270) else size, invariant=1)
    for page in pages:
        canvas.setPageRotation(rotate)
        for part in page:
            if isinstance(part, Text):
                _print(canvas, part, size[1])
            else:
                x0, y0, x1, y1 = part
                canvas.line(x0, size[1] - y0, x1, size[1] - y1)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _print(canvas: Any, part: Text, height: float) -> None:
    font = named(part.font) if part.font else family() + ("b" if part.bold else "")
    canvas.setFont(font, part.size)
    if part.centred:
        canvas.drawCentredString(part.x, height - part.y, part.text)
        return
    if part.gaps:
        x = part.x
        for char in part.text:
            if char != " ":
                canvas.drawString(x, height - part.y, char)
            x += canvas.stringWidth(char, font, part.size) + (part.spread if char == " " else 0)
        return
    canvas.drawString(part.x, height - part.y, part.text, mode=3 if part.hidden else None, wordSpace=part.spread)


def grid(xs: Sequence[float], ys: Sequence[float]) -> list[tuple[float, ...]]:
    """The rulings of a full grid."""
    across = [(xs[0], y, xs[-1], y) for y in ys]
    return [*across, *((x, ys[0], x, ys[-1]) for x in xs)]


def with_picture(page: Image.Image, *layer: Text, box: tuple[float, float, float, float] = (0, 0, *A4)) -> bytes:
    """A page that is a picture, or has one in ``box`` (x, y, width, height from its bottom left), and text over it."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1)
    canvas.drawInlineImage(page, *box)
    for part in layer:
        _print(canvas, part, A4[1])
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def read(data: bytes) -> Document:
    return ingest.read(data, "report", Limits())


def lines(document: Document) -> list[str]:
    """The paragraphs and rows of a text."""
    return document.text.rstrip("\n").split("\n")


def kinds(document: Document) -> list[tuple[str, str]]:
    """Kind and words of every passage."""
    return [(passage.kind, document.text[passage.start : passage.end]) for passage in document.passages]


def outline(document: Document) -> list[tuple[int, str, str]]:
    """Level, number and wording of every section."""
    return [(section.level, section.number, section.heading) for section in document.sections]
