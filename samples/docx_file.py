"""A marked-up report as a DOCX file, the same bytes each time: letterhead table, headings, tables, page numbers."""
from __future__ import annotations

from typing import Any

import docx as package
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from rasoat.letter.drawing import stable
from samples.letter import MOTTO, STATE, letter
from samples.markup import Block, Report, surface

FONT = "Times New Roman"


def docx_bytes(report: Report) -> bytes:
    """``report.meta`` may set ``size`` (points) and ``headings`` (``styles``: Word's own heading styles)."""
    docx = package.Document()
    _set_page(docx, float(report.one("size", "14")))
    _letterhead(docx, report)
    for block in report.blocks:
        _add(docx, block, styled=report.one("headings") == "styles")
    _foot(docx, report)
    return stable(docx)


def _set_page(docx: Any, size: float) -> None:
    normal = docx.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(size)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    section = docx.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin, section.right_margin = Cm(3), Cm(1.5)
    section.top_margin = section.bottom_margin = Cm(2)
    section.different_first_page_header_footer = True
    paragraph = section.header.paragraphs[0]
    paragraph.alignment = ALIGN.CENTER
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        run = paragraph.add_run()
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = text
        run._r.append(part)


def _line(holder: Any, text: str, *, bold: bool = False, italic: bool = False, align: Any = ALIGN.CENTER,
          size: float | None = None, first: bool = False) -> None:
    paragraph = holder.paragraphs[0] if first else holder.add_paragraph()
    paragraph.alignment = align
    paragraph.paragraph_format.space_after = Pt(0)
    run = paragraph.add_run(text)
    run.bold, run.italic = bold, italic
    if size:
        run.font.size = Pt(size)


def _letterhead(docx: Any, report: Report) -> None:
    head = letter(report)
    table = docx.add_table(rows=1, cols=2)
    left, right = table.rows[0].cells
    lines = [(head.parent, False), *((line, True) for line in head.issuer), (head.number, False)]
    for i, (text, bold) in enumerate([line for line in lines if line[0]]):
        _line(left, text, bold=bold, size=13, first=i == 0)
    _line(right, STATE, bold=True, size=12, first=True)
    _line(right, MOTTO, bold=True, size=13)
    if head.place_date:
        _line(right, head.place_date, italic=True, size=13)
    _line(docx, head.kind, bold=True)
    _line(docx, head.title, bold=True)
    for line in head.to:
        _line(docx, line)


def _add(docx: Any, block: Block, *, styled: bool) -> None:
    if block.kind == "table":
        table = docx.add_table(rows=len(block.rows), cols=max(len(row) for row in block.rows))
        table.style = "Table Grid"
        for row, cells in zip(table.rows, block.rows, strict=True):
            for cell, nodes in zip(row.cells, cells, strict=False):
                _line(cell, surface(nodes), bold=cells is block.rows[0], align=ALIGN.LEFT, size=12, first=True)
        return
    if block.kind == "heading" and styled:
        docx.add_paragraph(block.text, style=f"Heading {block.level}")
        return
    paragraph = docx.add_paragraph()
    paragraph.alignment = ALIGN.JUSTIFY
    paragraph.paragraph_format.first_line_indent = Cm(1.27)
    paragraph.paragraph_format.space_after = Pt(6)
    paragraph.add_run(block.text).bold = block.kind == "heading"


def _foot(docx: Any, report: Report) -> None:
    foot = letter(report)
    table = docx.add_table(rows=1, cols=2)
    left, right = table.rows[0].cells
    if foot.recipients:
        _line(left, "Nơi nhận:", bold=True, italic=True, align=ALIGN.LEFT, size=12, first=True)
    for line in foot.recipients:
        _line(left, line, align=ALIGN.LEFT, size=11)
    for i, line in enumerate(foot.signature):
        _line(right, line, bold=True, first=i == 0)
