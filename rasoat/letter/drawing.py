"""Parts of a state paper in DOCX: page, paragraphs, short rules, tables of fixed widths; the same bytes each time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

FONT = "Times New Roman"
STAMP = (2020, 1, 1, 0, 0, 0)


def set_page(page: Any) -> None:
    """A4 with the decree's margins; page numbers in the top margin from the second page on."""
    normal = page.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(14)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    normal.element.rPr.append(element("w:lang", val="vi-VN"))
    section = page.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin, section.right_margin = Cm(3), Cm(1.5)
    section.top_margin = section.bottom_margin = Cm(2)
    section.different_first_page_header_footer = True
    number = section.header.paragraphs[0]
    number.alignment = ALIGN.CENTER
    field = element("w:fldSimple", instr="PAGE")
    number._p.append(field)


def line(
    holder: Any, text: str, *, bold: bool = False, italic: bool = False, size: float | None = None,
    align: Any = ALIGN.CENTER, before: float = 0, after: float = 0, first: bool = False,
) -> Any:  # fmt: skip
    """A paragraph; ``first`` is the one that a new cell holds already."""
    paragraph = holder.paragraphs[0] if first else holder.add_paragraph()
    paragraph.alignment = align
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(before), Pt(after)
    run = paragraph.add_run(text)
    run.bold, run.italic = bold, italic
    if size:
        run.font.size = Pt(size)
    return paragraph


def rule(holder: Any, left: float, right: float | None = None) -> None:
    """A short line under what stands above, ``left`` and ``right`` cm from the edges."""
    paragraph = line(holder, "", size=4)
    paragraph.paragraph_format.left_indent = Cm(left)
    paragraph.paragraph_format.right_indent = Cm(left if right is None else right)
    paragraph.paragraph_format.line_spacing = Pt(6)
    borders = element("w:pBdr")
    borders.append(element("w:top", val="single", sz="6", space="1", color="000000"))
    paragraph._p.get_or_add_pPr().insert_element_before(borders, "w:spacing", "w:ind", "w:jc", "w:rPr")


def grid(page: Any, widths: Sequence[float], style: str | None = None, rows: int = 1) -> Any:
    """A table with columns of so many cm; without a style it has no borders."""
    table = page.add_table(rows, len(widths), style)
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
        for cell in column.cells:
            cell.width = Cm(width)
    return table


def element(name: str, **attributes: str) -> Any:
    made = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made


def stable(document: Any) -> bytes:
    """The package with fixed time stamps and no author: equal documents are equal bytes."""
    properties = document.core_properties
    properties.created = properties.modified = datetime(*STAMP)
    properties.author = properties.last_modified_by = properties.comments = ""
    first, out = BytesIO(), BytesIO()
    document.save(first)
    with ZipFile(first) as source, ZipFile(out, "w", ZIP_DEFLATED) as target:
        for info in source.infolist():
            stamped = ZipInfo(info.filename, STAMP)
            stamped.compress_type = ZIP_DEFLATED
            target.writestr(stamped, source.read(info))
    return out.getvalue()
