"""A grid as a page of the workbook: heading, communes and their figures, totals, notes, and how it is printed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil
from typing import Any

from xlsxwriter.utility import xl_range

from rasoat.cells import formula
from rasoat.messages import printable
from rasoat.sheet.figures import Figure, Said
from rasoat.sheet.grid import Grid
from rasoat.sheet.styles import Styles, decimals, number_format, storable
from rasoat.sheet.totals import Total, total
from rasoat.sheet.words import period_title, topic_title, word
from schema.catalogue import Indicator, by_code

HEAD = 3
"""Row of the column headings; units stand below, communes from there on."""
FIRST = HEAD + 2
LEFT = 2
"""Columns before the first indicator: number and commune."""
WIDTH = 11.5
LEAST = 6
"""Columns that notes take where there are fewer indicators."""
PER_PAGE = 10
"""Columns of indicators that an A4 page takes in landscape and can still be read."""


@dataclass(frozen=True)
class GridPage:
    """Writes one grid to one worksheet."""

    grid: Grid
    sheet: Any
    style: Styles

    def write(self) -> None:
        self._heading()
        for row, line in enumerate(self.grid.lines, FIRST):
            self._line(row, line.commune.label, bool(line.report_ids), line.figures)
        self._totals()
        self._notes()
        self._print()

    def _heading(self) -> None:
        grid, sheet, style = self.grid, self.sheet, self.style
        sheet.write_string(0, LEFT, word("page", "title_new_era" if grid.new_era else "title"), style("title"))
        about = word("page", "about", topic=topic_title(grid.topic), period=period_title(grid.period),
                     reporting=len(grid.reporting), communes=len(grid.lines))  # fmt: skip
        sheet.write_string(1, LEFT, printable(about), style("about"))
        for column, name in enumerate(("number", "commune")):
            sheet.merge_range(HEAD, column, HEAD + 1, column, word("page", name), style("head"))
        for column, one in enumerate(grid.indicators, LEFT):
            sheet.write_string(HEAD, column, one.name_vi, style("head", font_size=10))
            sheet.write_comment(HEAD, column, one.code, _box(one.code))
            sheet.write_string(HEAD + 1, column, one.unit, style("unit"))
        longest = max((len(one.name_vi) for one in grid.indicators), default=10)
        sheet.set_row(HEAD, 14 * ceil(longest / 12))

    def _line(self, row: int, name: str, reporting: bool, figures: dict[str, Figure]) -> None:
        sheet, style = self.sheet, self.style
        sheet.set_row(row, 18)
        sheet.write_number(row, 0, row - FIRST + 1, style("index"))
        shown = name if reporting else word("page", "not_sent", commune=name)
        look = style("name" if reporting else "absent", quote_prefix=formula(shown))
        sheet.write_string(row, 1, printable(shown), look)
        for column, one in enumerate(self.grid.indicators, LEFT):
            if (figure := figures.get(one.code)) is None:
                sheet.write_blank(row, column, None, style("number"))
            else:
                self._figure(row, column, figure)

    def _figure(self, row: int, column: int, figure: Figure) -> None:
        said, disputed = figure.counts, bool(figure.rivals)
        shape = number_format(said.value, said.qualifier, disputed)
        style = self.style("disputed" if disputed else "number", num_format=shape)
        if storable(said.value):
            self.sheet.write_number(row, column, said.value, style)
        else:
            self.sheet.write_string(row, column, f"{said.value:f}", style)
        text = "\n".join(comment(figure))
        self.sheet.write_comment(row, column, text, _box(text))

    def _totals(self) -> None:
        row, sheet, style = self._total_row, self.sheet, self.style
        for at, name in ((row, "total"), (row + 1, "counted")):
            sheet.set_row(at, 18)
            sheet.write_blank(at, 0, None, style(f"{name}-name"))
            sheet.write_string(at, 1, word("page", name), style(f"{name}-name"))
        for column, one in enumerate(self.grid.indicators, LEFT):
            held = self.grid.column(one.code)
            self._total(row, column, one, total(self.grid, one))
            sheet.write_string(row + 1, column, f"{len(held)}/{len(self.grid.lines)}", style("counted"))

    def _total(self, row: int, column: int, indicator: Indicator, made: Total) -> None:
        if made.value is None:
            self.sheet.write_blank(row, column, None, self.style("total"))
            note = _why(indicator, made)
            self.sheet.write_comment(row, column, note, _box(note))
            return
        places = max((decimals(figure.value) for _, figure in self.grid.column(indicator.code)), default=0)
        value = made.value if made.relation else made.value.quantize(Decimal(1).scaleb(-places))
        disputed = any(figure.rivals for _, figure in self.grid.column(indicator.code)) and made.relation is None
        style = self.style("total", num_format=number_format(value, disputed=disputed))
        if storable(value):
            self.sheet.write_formula(row, column, self._formula(column, made), style, value)
        else:
            self.sheet.write_string(row, column, f"{value:f}", style)
        note = _how(made, len(self.grid.column(indicator.code)))
        self.sheet.write_comment(row, column, note, _box(note))

    def _formula(self, column: int, made: Total) -> str:
        if made.relation is None:
            return f"=SUM({self._cells(column)})"
        part, whole = (
            "+".join(f"SUM({self._cells(self._column_of(code))})" for code in codes)
            for codes in (made.relation.operands, made.relation.base)
        )
        return f"=ROUND(100*({part})/({whole}),2)"

    def _cells(self, column: int) -> str:
        return str(xl_range(FIRST, column, self._total_row - 1, column))

    def _column_of(self, code: str) -> int:
        return LEFT + [one.code for one in self.grid.indicators].index(code)

    @property
    def _total_row(self) -> int:
        return FIRST + len(self.grid.lines)

    def _notes(self) -> None:
        """Below the indicators of the first page: what stands in the columns before them is printed on every page."""
        columns = min(max(len(self.grid.indicators), LEAST), PER_PAGE - 2)
        for row, note in enumerate(self._noted(), self._total_row + 3):
            self.sheet.merge_range(row, LEFT, row, LEFT + columns - 1, printable(note), self.style("note"))
            self.sheet.set_row(row, 14 * ceil(len(note) / (1.45 * WIDTH * columns)))

    def _noted(self) -> Iterator[str]:
        figures = [figure for line in self.grid.lines for figure in line.figures.values()]
        if any(figure.rivals for figure in figures):
            yield word("note", "disputed")
        if any(figure.counts.qualifier != "=" for figure in figures):
            yield word("note", "hedged")
        yield word("note", "partial")
        if any(one.kind == "rate" for one in self.grid.indicators):
            yield word("note", "rates")
        for one in self.grid.indicators:
            made = total(self.grid, one)
            if made.why:
                yield _why(one, made)

    def _print(self) -> None:
        sheet, last = self.sheet, LEFT + max(len(self.grid.indicators), LEAST) - 1
        sheet.set_column(0, 0, 5)
        sheet.set_column(1, 1, 24)
        sheet.set_column(LEFT, last, WIDTH)
        sheet.freeze_panes(FIRST, LEFT)
        landscape(sheet, ceil(max(len(self.grid.indicators), 1) / PER_PAGE))
        sheet.repeat_rows(HEAD, HEAD + 1)
        sheet.repeat_columns(0, 1)


def landscape(sheet: Any, broad: int = 1) -> None:
    """A4 across, ``broad`` pages side by side, page numbers at the foot."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.5, right=0.4, top=0.6, bottom=0.6)
    sheet.fit_to_pages(broad, 0)
    sheet.set_footer(f'&L&"Times New Roman"&9&A&R&"Times New Roman"&9{word("page", "page_of")}')


def comment(figure: Figure) -> Iterator[str]:
    """What stands behind a cell: the sentence and its place, and what contradicts it."""
    if figure.rivals:
        yield word("comment", "counted", value=printable(figure.counts.value_text))
    yield from _quoted(figure.counts)
    if figure.times > 1:
        yield word("comment", "times", times=figure.times)
    for rival in figure.rivals:
        yield word("comment", "rival", value=printable(rival.value_text))
        yield from _quoted(rival)


def _quoted(said: Said) -> Iterator[str]:
    yield word("comment", "quote", sentence=printable(said.sentence))
    yield word(
        "comment", "place", file=printable(said.file_name),
        section=word("comment", "section", section=printable(said.section)) if said.section else "",
        page=word("comment", "page", page=said.page) if said.page else "",
    )  # fmt: skip


def _why(indicator: Indicator, made: Total) -> str:
    relation = made.relation
    codes: Sequence[str] = (*relation.operands, *relation.base) if relation else ()
    return word(
        "note", made.why, name=indicator.name_vi, communes=", ".join(made.lacking),
        parts="; ".join(by_code()[code].name_vi for code in dict.fromkeys(codes)),
    )  # fmt: skip


def _how(made: Total, count: int) -> str:
    if made.relation is None:
        return word("comment", "sum", count=count)
    part, whole = (
        " + ".join(by_code()[code].name_vi for code in codes) for codes in (made.relation.operands, made.relation.base)
    )
    shown = f"{made.value}".replace(".", ",")
    return word("comment", "rate", parts=f"100 × ({part}) / ({whole})", value=shown)


def _box(text: str) -> dict[str, Any]:
    """Size and type of a comment that shows all of its text."""
    lines = sum(ceil(max(len(line), 1) / 52) for line in text.split("\n"))
    return {"x_scale": 2.9, "height": 18 + 15 * lines, "font_name": "Times New Roman", "font_size": 10, "author": ""}
