"""A table as figures: rows and columns of cells with their numbers, labels and headers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import regex

from checks import figures
from checks.intervals import Stated
from checks.view import View
from schema.model import Passage, Table
from schema.text import key

_TOTAL = regex.compile(
    r"(?:tổng|cộng|tổng số|tổng cộng|tổng chung|toàn xã|toàn phường|toàn huyện)\W*(?:\(.*\))?\W*"
)
_NAMED_TOTAL = regex.compile(r"tổng (?:thu|chi|nguồn|vốn|giá trị)(?: \p{L}+){0,3}\W*")
_SUBROW = regex.compile(r"\s*(?:trong đó|[-+*•]|gồm|tr\.?đ)", regex.IGNORECASE)
_RATE = regex.compile(
    r"%|tỷ lệ|tỉ lệ|bình quân|năng suất|tỷ trọng|cơ cấu|so với|mật độ|điểm|ghi chú|=\s*\(?\d+\)?\s*[:/]"
)
_ORDER = regex.compile(r"^(?:stt|tt|số tt|số thứ tự|năm|mã.*)$")
_MEASURE = regex.compile(r"\b(?:ha|tấn|tạ|kg|km|m2|triệu|tỷ|nghìn|m)\b")
_CODE = regex.compile(r"\s*([IVX]+|\d{1,2}(?:\.\d{1,2})*|[a-zđA-Z])[.)]?\s*")
_BLANK = regex.compile(r"\W*|không|k\.?có")
_UNITS = regex.compile(r"đvt|đơn vị")
_WORD = regex.compile(r"\p{L}{2,}")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell with a number. ``text`` is as printed."""

    row: int
    col: int
    start: int
    end: int
    text: str
    value: Decimal
    decimals: int
    counted: bool

    @property
    def stated(self) -> Stated:
        return Stated(self.value, self.decimals, "=", self.counted)


class Grid:
    """The cells of one table. ``numbers[row, col]`` holds cells that are a number and nothing else."""

    def __init__(self, view: View, table: Table, cells: list[Passage]) -> None:
        self.view = view
        self.table = table
        self.texts: dict[tuple[int, int], str] = {}
        self.spans: dict[tuple[int, int], tuple[int, int]] = {}
        for cell in cells:
            if cell.row is None or cell.col is None:
                continue
            where = (cell.row, cell.col)
            self.texts[where] = view.text[cell.start : cell.end].strip()
            self.spans[where] = (cell.start, cell.end)
        self.headers = [self._header(col) for col in range(table.cols)]
        self._unit_column = next((col for col, header in enumerate(self.headers) if _UNITS.search(header)), None)
        self.labels = [self._label(row) for row in range(table.rows)]
        self.numbers: dict[tuple[int, int], Cell] = {
            where: found for where in self.texts if (found := self._cell(where)) is not None
        }

    def _header(self, col: int) -> str:
        seen: list[str] = []
        for row in range(self.table.header_rows):
            text = key(self.texts.get((row, col), ""))
            if text and text not in seen:
                seen.append(text)
        return " ".join(seen)

    def _label(self, row: int) -> str:
        """The first cell of a row that holds words."""
        for col in range(min(self.table.cols, 3)):
            text = self.texts.get((row, col), "")
            if _WORD.search(text) and not _CODE.fullmatch(text):
                return text
        return ""

    def _cell(self, where: tuple[int, int]) -> Cell | None:
        row, col = where
        if row < self.table.header_rows or _ORDER.match(self.headers[col]):
            return None
        parsed = figures.parse(self.texts[where])
        if parsed is None:
            return None
        unit = f"{self.headers[col]} {self._unit(row)}"
        start, end = self.spans[where]
        return Cell(row, col, start, end, self.texts[where], *parsed, parsed[1] == 0 and not _MEASURE.search(unit))

    def _unit(self, row: int) -> str:
        return "" if self._unit_column is None else key(self.texts.get((row, self._unit_column), ""))

    def blank(self, row: int, col: int) -> bool:
        """An empty cell or a dash: nothing reported, nothing to add."""
        return _BLANK.fullmatch(key(self.texts.get((row, col), ""))) is not None

    def is_total(self, row: int) -> bool:
        return _TOTAL.fullmatch(key(self.labels[row])) is not None

    def is_named_total(self, row: int) -> bool:
        """``TỔNG THU NGÂN SÁCH``: a total of what follows where its figures say so."""
        return _NAMED_TOTAL.fullmatch(key(self.labels[row])) is not None

    def is_subrow(self, row: int) -> bool:
        return _SUBROW.match(self.labels[row]) is not None

    def code(self, row: int) -> str:
        """The row's own number (``1.2``), '' where it has none."""
        first = self.texts.get((row, 0), "")
        found = _CODE.fullmatch(first)
        return str(found[1]) if found else ""

    def is_rate(self, col: int) -> bool:
        return _RATE.search(self.headers[col]) is not None

    def may_be_rate(self, col: int) -> bool:
        """Headed as a rate, or all its figures but a few have decimals and none is above 200."""
        cells = [cell for (_, c), cell in self.numbers.items() if c == col]
        fractions = sum(1 for cell in cells if cell.decimals and cell.value <= 200)
        return bool(cells) and (self.is_rate(col) or (fractions >= 3 and fractions * 5 >= len(cells) * 4))

    def columns(self) -> list[int]:
        """Columns that hold numbers which may be added."""
        return [c for c in range(self.table.cols) if not self.is_rate(c) and any(w[1] == c for w in self.numbers)]

    def data_rows(self) -> range:
        return range(self.table.header_rows, self.table.rows)


def grids(view: View) -> Iterator[Grid]:
    cells: dict[int, list[Passage]] = {}
    for passage in view.document.passages:
        if passage.kind == "table-cell" and passage.table is not None:
            cells.setdefault(passage.table, []).append(passage)
    for table in view.document.tables:
        if table.rows >= 2 and table.cols >= 2 and table.id in cells:
            yield Grid(view, table, cells[table.id])
