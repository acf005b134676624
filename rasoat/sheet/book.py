"""The workbook that a district prints and sends: grids, what is missing, findings, reports, sentences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from math import ceil
from typing import Any

import xlsxwriter

from rasoat.cells import formula
from rasoat.messages import printable
from rasoat.sheet.grid import Grid
from rasoat.sheet.lists import Cell, Table
from rasoat.sheet.pages import GridPage, landscape
from rasoat.sheet.styles import Styles, number_format, storable
from rasoat.sheet.words import period_code, topic_title

MOST_NAME, MOST_TEXT = 31, 32_767
BROADEST = 170
"""Characters across an A4 page in landscape that can still be read."""


def workbook(grids: Iterable[Grid], tables: Sequence[Table]) -> bytes:
    """An xlsx file: a sheet for each grid and each table. Equal contents give equal bytes."""
    held = BytesIO()
    book = xlsxwriter.Workbook(held, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": datetime(2000, 1, 1)})
    style, taken = Styles(book), set[str]()
    for grid in grids:
        GridPage(grid, book.add_worksheet(sheet_name(_grid_name(grid), taken)), style).write()
    for table in tables:
        write_table(book.add_worksheet(sheet_name(table.title, taken)), table, style)
    book.close()
    return held.getvalue()


def _grid_name(grid: Grid) -> str:
    return f"{period_code(grid.period)} {topic_title(grid.topic)}"


def sheet_name(wanted: str, taken: set[str]) -> str:
    """A name that spreadsheets allow and no other sheet has, in any case of letters."""
    plain = "".join(" " if c in "[]:*?/\\" else c for c in printable(wanted)).strip("' ") or "-"
    name, n = plain[:MOST_NAME].strip("' "), 1
    while name.casefold() in taken:
        n += 1
        name = f"{plain[: MOST_NAME - len(str(n)) - 1].strip()} {n}"
    taken.add(name.casefold())
    return name


def write_table(sheet: Any, table: Table, style: Styles) -> None:
    """A list with its headings frozen, filtered and repeated on each page."""
    for column, (heading, (_, width)) in enumerate(zip(table.headings, table.columns, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, heading, style("head"))
    sheet.set_row(0, 30)
    for n, row in enumerate(table.rows, 1):
        for column, value in enumerate(row):
            _write(sheet, n, column, value, style)
        sheet.set_row(n, 13.5 * _lines(row, [width for _, width in table.columns]))
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(table.rows), 1), len(table.columns) - 1)
    landscape(sheet, ceil(sum(width for _, width in table.columns) / BROADEST))
    sheet.repeat_rows(0)
    sheet.repeat_columns(0)


def _lines(row: Iterable[Cell], widths: Iterable[int]) -> int:
    """Lines of the tallest cell; a spreadsheet shows up to 29 of this height."""
    tallest = 1
    for value, width in zip(row, widths, strict=True):
        tallest = max(tallest, sum(ceil(max(len(line), 1) / (1.45 * width)) for line in str(value or "").split("\n")))
    return min(29, tallest)


def _write(sheet: Any, row: int, column: int, value: Cell, style: Styles) -> None:
    if value is None or value == "":
        sheet.write_blank(row, column, None, style("cell"))
    elif isinstance(value, Decimal) and storable(value):
        sheet.write_number(row, column, value, style("figure", num_format=number_format(value)))
    elif isinstance(value, int):
        sheet.write_number(row, column, value, style("figure"))
    else:
        text = "\n".join(printable(line) for line in str(value).split("\n"))[:MOST_TEXT]
        # the mark of a spreadsheet for text: it stays text when edited, and its letters stay those of the report
        sheet.write_string(row, column, text, style("cell", quote_prefix=formula(str(value))))
