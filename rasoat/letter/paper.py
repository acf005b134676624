"""The letter as a DOCX file, set as Decree 30/2020/NĐ-CP, Annex I asks; number, place, date and signature are blank."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.shared import Cm, Pt

from rasoat.letter.content import Letter, Point, Questioned
from rasoat.letter.drawing import element, grid, line, rule, set_page, stable
from rasoat.messages import printable
from rasoat.sheet.lists import commune_label
from rasoat.sheet.words import day
from schema.quotes import Quote

HALVES = (6.5, 10.0)
COLUMNS = (1.0, 5.0, 7.3, 3.2)
"""Widths in cm; 16.5 cm stand between the margins."""
MOST_QUOTES = 6


def paper(letter: Letter) -> bytes:
    """The package; equal letters give equal bytes."""
    page = docx.Document()
    set_page(page)
    _letterhead(page)
    who = word("who", commune=letter.commune)
    line(page, word("title"), bold=True, before=18)
    line(page, word("about", who=who), bold=True)
    rule(page, 5.5)
    line(page, word("to", who=who), before=12, after=12)
    _body(page, word("intro", who=who, count=f"{letter.count:02}"))
    number = 1
    for one in letter.questioned:
        _body(page, named(one.report), bold=True, keep=True)
        _table(page, letter, one, number)
        number += len(one.points)
    _body(page, word("deadline", who=who, blank=word("blank")), before=12, keep=True)
    _foot(page)
    page.core_properties.title, page.core_properties.language = word("title"), "vi"
    return stable(page)


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads(files("rasoat").joinpath("data", "letter.toml").read_text(encoding="utf-8"))


def word(name: str, /, **values: object) -> str:
    """One phrase with its blanks filled; text of reports in it is made safe for XML and for the reader's eye."""
    return printable(str(_words()[name]).format(**values))


def named(report: dict[str, Any]) -> str:
    """A report as a letter names it: by number and date, else by title, else by file."""
    title, number = report["title"], report["report_no"]
    dated = word("dated", day=day(report["issued_on"])) if report["issued_on"] else ""
    if number:
        return word("numbered", report_no=number, dated=dated, title=word("titled", title=title) if title else "")
    return word("unnumbered", title=title, dated=dated) if title else word("file", file=report["file_name"])


def _letterhead(page: Any) -> None:
    left, right = grid(page, HALVES).rows[0].cells
    line(left, word("blank"), size=12, first=True)
    line(left, word("blank"), size=12, bold=True)
    rule(left, 2.2, 2.2)
    line(left, word("number"), size=13)
    line(right, word("state"), size=12, bold=True, first=True)
    line(right, word("motto"), size=13, bold=True)
    rule(right, 2.2, 2.2)
    line(right, word("place_date"), size=13, italic=True)


def _body(page: Any, text: str, *, bold: bool = False, before: float = 6, keep: bool = False) -> None:
    paragraph = line(page, text, bold=bold, align=ALIGN.JUSTIFY, before=before, after=6)
    paragraph.paragraph_format.first_line_indent = Cm(1.27)
    paragraph.paragraph_format.keep_with_next = keep


def _table(page: Any, letter: Letter, questioned: Questioned, number: int) -> None:
    table = grid(page, COLUMNS, "Table Grid", 1 + len(questioned.points))
    head, *rows = table.rows
    head._tr.get_or_add_trPr().append(element("w:tblHeader"))
    for cell, name in zip(head.cells, ("number", "message", "quotes", "answer"), strict=True):
        line(cell, word(f"head_{name}"), bold=True, size=12, first=True)
    for row, point in zip(rows, questioned.points, strict=True):
        _row(row.cells, letter, point, questioned.report["report_id"], number)
        number += 1


def _row(cells: Sequence[Any], letter: Letter, point: Point, report_id: int, number: int) -> None:
    line(cells[0], f"{number}", size=12, first=True)
    line(cells[1], printable(point.message), size=12, align=ALIGN.LEFT, first=True)
    if point.corrected:
        line(cells[1], word("corrected"), size=12, italic=True, align=ALIGN.LEFT)
    for n, quote in enumerate(point.quotes[:MOST_QUOTES]):
        paragraph = line(cells[2], "“", size=12, align=ALIGN.LEFT, after=2, first=not n)
        for text, about in quote.parts:
            paragraph.add_run(printable(text)).bold = about
        paragraph.add_run("”")
        if place := ", ".join(_place(letter, quote, report_id)):
            paragraph.add_run(f" ({place})").italic = True
        for run in paragraph.runs:
            run.font.size = Pt(12)
    if (more := len(point.quotes) - MOST_QUOTES) > 0:
        line(cells[2], word("more", count=more), size=12, italic=True, align=ALIGN.LEFT)


def _place(letter: Letter, quote: Quote, report_id: int) -> Iterator[str]:
    if quote.section:
        yield word("section", section=quote.section)
    if quote.page:
        yield word("page", page=quote.page)
    if quote.report_id != report_id:
        other = letter.reports[quote.report_id]
        name = other["report_no"] or other["title"] or other["file_name"]
        yield word("other", report=name, commune=commune_label(other))


def _foot(page: Any) -> None:
    table = grid(page, (7.5, 9.0))
    table.rows[0]._tr.get_or_add_trPr().append(element("w:cantSplit"))
    left, right = table.rows[0].cells
    line(left, word("recipients"), bold=True, italic=True, size=12, align=ALIGN.LEFT, first=True)
    for one in _words()["recipient"]:
        line(left, one, size=11, align=ALIGN.LEFT)
    line(right, word("signer"), bold=True, size=13, first=True)
    line(right, word("sign"), italic=True, size=13, after=54)
