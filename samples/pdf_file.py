"""A marked-up report as a PDF with a text layer, the same bytes each time (for one version of font and library)."""
from __future__ import annotations

import io
from functools import lru_cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import cm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont, TTFontFile
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from samples.letter import MOTTO, STATE, letter
from samples.markup import Block, Report, surface

# Version 2 of the family has the Vietnamese letters, version 1 (Debian 12's fonts-liberation) has not.
_FOLDERS = ("/usr/share/fonts/truetype/liberation2", "/usr/share/fonts/truetype/liberation",
            "/usr/share/fonts/liberation-serif", "/usr/share/fonts/liberation")
_FACES = {"": "Regular", "b": "Bold", "i": "Italic", "bi": "BoldItalic"}


class NoFontError(RuntimeError):
    """Liberation Serif 2 (Debian: fonts-liberation2) is not installed."""


def _has_vietnamese(font: Path) -> bool:
    return font.exists() and ord("ệ") in TTFontFile(str(font)).charToGlyph


@lru_cache(maxsize=1)
def family() -> str:
    folder = next((Path(f) for f in _FOLDERS if _has_vietnamese(Path(f) / "LiberationSerif-Regular.ttf")), None)
    if folder is None:
        raise NoFontError("Liberation Serif 2 is missing; Debian package: fonts-liberation2")
    for suffix, face in _FACES.items():
        pdfmetrics.registerFont(TTFont(f"Serif{suffix}", str(folder / f"LiberationSerif-{face}.ttf")))
    pdfmetrics.registerFontFamily("Serif", normal="Serif", bold="Serifb", italic="Serifi", boldItalic="Serifbi")
    return "Serif"


def _style(name: str, size: float, **more: Any) -> ParagraphStyle:
    return ParagraphStyle(name, fontName=family(), fontSize=size, leading=size * 1.3, **more)


def pdf_bytes(report: Report) -> bytes:
    """A4, margins and page numbers (top, from page 2) of Decree 30/2020; ``meta`` may set ``size`` (points)."""
    size = float(report.one("size", "14"))
    out = io.BytesIO()
    template = SimpleDocTemplate(out, pagesize=A4, leftMargin=3 * cm, rightMargin=1.5 * cm, topMargin=2 * cm,
                                 bottomMargin=2 * cm, invariant=1, title="", author="", creator="")
    story = _letterhead(report) + [part for block in report.blocks for part in _flow(block, size)] + _foot(report)
    template.build(story, onLaterPages=_page_number)
    return out.getvalue()


def _page_number(canvas: Any, template: Any) -> None:
    canvas.setFont(family(), 13)
    canvas.drawCentredString(A4[0] / 2, A4[1] - 1.3 * cm, str(template.page))


def _text(text: str, style: ParagraphStyle, tags: str = "") -> Paragraph:
    marked = escape(text)
    for tag in tags:
        marked = f"<{tag}>{marked}</{tag}>"
    return Paragraph(marked, style)


def _columns(left: list[Any], right: list[Any]) -> Table:
    table = Table([[left, right]], colWidths=[7 * cm, 9.5 * cm])
    table.setStyle(TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 0),
                               ("RIGHTPADDING", (0, 0), (-1, -1), 0)]))
    return table


def _letterhead(report: Report) -> list[Any]:
    head, centred = letter(report), _style("head", 12.5, alignment=TA_CENTER)
    left = [_text(head.parent, centred)] if head.parent else []
    left += [_text(line, centred, "b") for line in head.issuer]
    left += [Spacer(1, 6), _text(head.number, centred)] if head.number else []
    right = [_text(STATE, _style("state", 11.5, alignment=TA_CENTER), "b"), _text(MOTTO, centred, "b"), Spacer(1, 6)]
    right += [_text(head.place_date, centred, "i")] if head.place_date else []
    title = _style("title", 14, alignment=TA_CENTER)
    return [_columns(left, right), Spacer(1, 14), _text(head.kind, title, "b"), _text(head.title, title, "b"),
            *(_text(line, title) for line in head.to), Spacer(1, 10)]


def _flow(block: Block, size: float) -> list[Any]:
    body = _style("body", size, alignment=TA_JUSTIFY, firstLineIndent=1.27 * cm, spaceAfter=5)
    if block.kind != "table":
        return [_text(block.text, body, "b" if block.kind == "heading" else "")]
    cell = _style("cell", 10.5)
    rows = [[_text(surface(nodes), cell, "b" if row is block.rows[0] else "") for nodes in row] for row in block.rows]
    table = Table(rows, colWidths=_widths(block), repeatRows=1)
    table.setStyle(TableStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.black), ("VALIGN", (0, 0), (-1, -1), "MIDDLE")]))
    return [table, Spacer(1, 8)]


def _widths(block: Block) -> list[float]:
    """Columns as wide as their longest cell asks, within the text width."""
    columns = list(zip(*block.rows, strict=True))
    want = [min(max(max(len(surface(cell)) for cell in column), 5), 28) for column in columns]
    return [16.4 * cm * width / sum(want) for width in want]


def _foot(report: Report) -> list[Any]:
    foot, small = letter(report), _style("small", 11)
    left = [_text("Nơi nhận:", _style("to", 12), "bi")] if foot.recipients else []
    left += [_text(line, small) for line in foot.recipients]
    centred = _style("sign", 13.5, alignment=TA_CENTER)
    return [Spacer(1, 12), _columns(left or [Spacer(1, 1)], [_text(line, centred, "b") for line in foot.signature])]
