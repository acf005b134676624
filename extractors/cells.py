"""Table cells: each number knows the label of its row, the header of its column and its unit."""
from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

import regex

from extractors import figures, numerals, qualifiers
from extractors.figures import Figure
from extractors.frames import Frame
from extractors.lexicon import Unit, unit_named
from schema.model import Document, Passage, Table
from schema.text import aligned

_ORDER_HEADER = regex.compile(r"(?:s\s?t\s?t|t\s?t|số\s*tt|số thứ tự|s\.?tt|thứ tự|mã(?: số)?(?: chỉ tiêu)?)\.?")
_ORDER_CELL = regex.compile(r"\(?(?:\d{1,3}(?:\.\d{1,2})*|[ivxlc]{1,6}|\p{L}|[ivx]+\.\d+)[.)]?")
_UNIT_HEADER = regex.compile(r"(?:đvt|đv tính|đơn vị tính|đơn vị|đ\.?v\.?t)\b.*")
_COLUMN_NUMBER = regex.compile(r"\(?(?:\d{1,2}[a-z]?|\p{L})\)?(?:\s*=\s*[\d()+/*:%\-–x. ]+)?")
_NUMBER_CELL = regex.compile(r"\s*([-–−+]?)\s*(\d[\d.,]*)\s*(%?)\s*")
_RATIO_CELL = regex.compile(r"\s*(\d[\d.,]*)\s*/\s*(\d[\d.,]*)\s*")
_PERCENT_HEADER = regex.compile(r"%|phần trăm|^\s*(?:tỷ lệ|tỉ lệ|cơ cấu)\b")
_COUNT_HEADER = regex.compile(r"(?:số(?! liệu)|tổng)\b(?!.*%)")
_TITLE_UNIT = regex.compile(r"(?:đvt|đơn vị tính|đơn vị|tính bằng)\s*:?\s*([^()\n;.]{1,30})")
_IN_BRACKETS = regex.compile(r"\(\s*(?:đvt:?|đơn vị(?: tính)?:?)?\s*([^()]{1,24}?)\s*\)")
_PART = regex.compile(r"trong đó|gồm|bao gồm|chia ra|cụ thể|\p{L}[.)]")
_LETTER = regex.compile(r"\p{L}")


@dataclass(frozen=True, slots=True)
class CellFigure:
    """A figure in a table. ``label`` is the row's own text, ``above`` the nearest group row above it, '' without.

    ``header`` is the column's text with all levels joined, ``title`` the paragraph before the table.
    """

    figure: Figure
    label: str
    above: str
    header: str
    title: str
    passage: Passage
    rest: bool = False


@dataclass(slots=True)
class _Grid:
    table: Table
    frames: dict[tuple[int, int], Frame]
    rows: dict[int, dict[int, Frame]]
    headers: list[str]
    header_rows: int
    order: frozenset[int]
    unit_column: int | None
    groups: frozenset[int]
    title: str
    title_unit: Unit | None


def read(document: Document, frames: Sequence[Frame]) -> list[CellFigure]:
    """All figures of all tables, in text order."""
    by_table: dict[int, dict[tuple[int, int], Frame]] = {}
    before: dict[int, str] = {}
    last = ""
    for frame in frames:
        passage = frame.passage
        if passage is None or passage.table is None:
            last = frame.text[frame.start : frame.end]
            continue
        before.setdefault(passage.table, last)
        by_table.setdefault(passage.table, {})[(passage.row or 0, passage.col or 0)] = frame
    tables = {table.id: table for table in document.tables}
    found: list[CellFigure] = []
    for number, cells in by_table.items():
        if number in tables:
            found.extend(_read(_grid(tables[number], cells, before[number])))
    return sorted(found, key=lambda cell: cell.figure.start)


def _text(frame: Frame) -> str:
    return " ".join(frame.text[frame.start : frame.end].split())


def _grid(table: Table, cells: dict[tuple[int, int], Frame], title: str) -> _Grid:
    rows = _header_rows(table, cells)
    headers = ["" for _ in range(table.cols)]
    for (row, col), frame in sorted(cells.items()):
        if row >= rows or frame.passage is None:
            continue
        text = _text(frame)
        for covered in range(col, min(table.cols, col + frame.passage.col_span)):
            if text and text not in headers[covered].split(" | ") and not _COLUMN_NUMBER.fullmatch(aligned(text)):
                headers[covered] = f"{headers[covered]} | {text}".strip(" |")
    order = frozenset(c for c in range(table.cols) if _is_order(c, headers[c], cells, rows, table))
    unit_column = next((c for c in range(table.cols) if _UNIT_HEADER.fullmatch(aligned(headers[c]))), None)
    if unit_column is not None and not any(_names_unit(cells.get((r, unit_column))) for r in range(rows, table.rows)):
        unit_column = None
    body = ((c, f) for (r, c), f in cells.items() if r >= rows and c not in order)
    groups = frozenset(c for c, f in body if f.passage and f.passage.row_span > 1 and _LETTER.search(_text(f)))
    said = _TITLE_UNIT.search(aligned(title))
    title_unit = unit_named(said[1]) if said else None
    by_row: dict[int, dict[int, Frame]] = {}
    for (row, col), frame in cells.items():
        by_row.setdefault(row, {})[col] = frame
    return _Grid(table, cells, by_row, headers, rows, order, unit_column, groups, title, title_unit)


def _header_rows(table: Table, cells: Mapping[tuple[int, int], Frame]) -> int:
    """As the reader says; further rows without numbers under cells that span several columns belong to the header."""
    rows = table.header_rows or _guess_header(table, cells)
    while rows < min(4, table.rows - 1):
        above = [f.passage for (r, _), f in cells.items() if r == rows - 1 and f.passage]
        own = [text for (r, _), f in cells.items() if r == rows and (text := _text(f))]
        spans = any(passage.col_span > 1 for passage in above)
        if not spans or len(own) < 2 or any(_NUMBER_CELL.fullmatch(text) for text in own):
            break
        rows += 1
    return rows


def _guess_header(table: Table, cells: Mapping[tuple[int, int], Frame]) -> int:
    """Rows at the top without any number cell."""
    for row in range(table.rows):
        texts = [_text(f) for (r, c), f in cells.items() if r == row and c > 0]
        if any(_NUMBER_CELL.fullmatch(text) for text in texts if text):
            return row
    return min(1, table.rows)


def _is_order(col: int, header: str, cells: Mapping[tuple[int, int], Frame], rows: int, table: Table) -> bool:
    if _ORDER_HEADER.fullmatch(aligned(header)):
        return True
    if col or header:
        return False
    texts = [_text(cells[(r, col)]) for r in range(rows, table.rows) if (r, col) in cells]
    texts = [text for text in texts if text]
    return len(texts) > 1 and all(_ORDER_CELL.fullmatch(aligned(text)) for text in texts)


def _names_unit(frame: Frame | None) -> bool:
    return frame is not None and (unit_named(_text(frame)) is not None or _is_percent_unit(_text(frame)))


def _is_percent_unit(text: str) -> bool:
    return aligned(text).strip(" ().") in ("%", "phần trăm", "tỷ lệ", "tỷ lệ %", "%/năm")


def _read(grid: _Grid) -> Iterator[CellFigure]:
    above = ""
    for row in range(grid.header_rows, grid.table.rows):
        cols = sorted(grid.rows.get(row, ()))
        texts = _texts(grid, row)
        if _numbers_columns(texts) or (row > grid.header_rows and _goes_on(texts)):
            continue
        for col, text in _rest_of_label(_texts(grid, row + 1)):
            texts[col] = f"{texts.get(col, '')} {text}".strip()
        named = (c for c in cols if c not in grid.order and c != grid.unit_column and _LETTER.search(texts[c]))
        labels = list(named)
        if len(labels) > 1 and labels[0] in grid.groups:
            del labels[0]  # it names several rows: "Tư pháp" over "Hộ tịch" and "Chứng thực"
        label = texts[labels[0]] if labels else ""
        made: list[CellFigure] = []
        for c in cols:
            label_col = _label_column(grid, labels, c)
            own = texts[label_col] if label_col is not None else ""
            made.extend(_cell(grid, row, c, label_col, own, above, texts))
        if not made and label:
            above = label
        yield from made


def _texts(grid: _Grid, row: int) -> dict[int, str]:
    return {col: _text(frame) for col, frame in sorted(grid.rows.get(row, {}).items())}


def _goes_on(texts: Mapping[int, str]) -> bool:
    """Whether a row only ends the label of the row above: its one text begins in the middle of a sentence."""
    filled = [text for text in texts.values() if text]
    return len(filled) == 1 and len(texts) > 2 and filled[0][0].islower() and _PART.match(aligned(filled[0])) is None


def _rest_of_label(texts: Mapping[int, str]) -> Iterator[tuple[int, str]]:
    if _goes_on(texts):
        yield from ((col, text) for col, text in texts.items() if text)


def _label_column(grid: _Grid, labels: Sequence[int], col: int) -> int | None:
    """The column that names the row; in a table of two halves ("Nội dung thu … | Nội dung chi …") the half's own."""
    if not labels:
        return None
    first = grid.headers[labels[0]].split(" ")[:1]
    alike = [c for c in labels if c <= col and first and grid.headers[c].split(" ")[:1] == first]
    return alike[-1] if alike else labels[0]


def _numbers_columns(texts: Mapping[int, str]) -> bool:
    """The row ``A B 1 2 3=1+2`` under a header; a formula may be numbered amiss."""
    filled = [aligned(text) for text in texts.values() if text]
    if len(filled) < 3 or not all(_COLUMN_NUMBER.fullmatch(text) for text in filled):
        return False
    digits = [int(m[0]) for text in filled if "=" not in text and (m := regex.search(r"\d+", text))]
    return len(digits) >= 2 and all(b - a == 1 for a, b in pairwise(digits))


def _cell(
    grid: _Grid, row: int, col: int, label_col: int | None, label: str, above: str, texts: Mapping[int, str]
) -> Iterator[CellFigure]:
    if col in grid.order or col == grid.unit_column:
        return
    frame = grid.frames[(row, col)]
    passage = frame.passage
    if passage is None or not frame.tokens:
        return
    header = grid.headers[col] if col < len(grid.headers) else ""
    whole = _whole(frame, texts[col])
    if whole is None or col == label_col:
        for figure in figures.read(frame):
            yield CellFigure(figure, label, above, header, grid.title, passage, rest=True)
        return
    unit_text = texts.get(grid.unit_column, "") if grid.unit_column is not None else ""
    figure = _placed(grid, whole, label, header, unit_text)
    yield CellFigure(figure, label, above, header, grid.title, passage)


def _whole(frame: Frame, text: str) -> Figure | None:
    """The figure of a cell that holds nothing but one number or ratio."""
    first = frame.tokens[0]
    ratio = _RATIO_CELL.fullmatch(text)
    if ratio and len(frame.tokens) == 2:
        second = frame.tokens[1]
        return Figure(
            "ratio", first.start, second.end, second.end, first.shape.value, first.text, first.shape.decimals,
            whole=second.shape.value, whole_text=second.text, rule="cell-ratio",
        )  # fmt: skip
    number = _NUMBER_CELL.fullmatch(text)
    if number is None or len(frame.tokens) != 1:
        return None
    sign = -1 if number[1] in ("-", "–", "−") else 1
    end = frame.text.index("%", first.end) + 1 if number[3] else first.end
    figure = Figure(
        "percent" if number[3] else "count", first.start, end, first.end, first.shape.value * sign, first.text,
        first.shape.decimals, other=first.shape.other, rule="cell",
    )  # fmt: skip
    figure.change = "decrease" if sign < 0 else "level"
    return figure


def _placed(grid: _Grid, figure: Figure, label: str, header: str, unit_text: str) -> Figure:
    """Adds unit, kind, noun and basis from the cell's row and column."""
    low_header = aligned(header)
    last_header = low_header.rsplit("|", 1)[-1].strip()
    percent_unit = _is_percent_unit(unit_text)
    percent_row = not unit_text and _percent_label(label)
    percent_column = _is_percent_column(low_header) and not _COUNT_HEADER.match(last_header)
    if figure.kind == "count" and (
        percent_unit or percent_column or (percent_row and not _COUNT_HEADER.match(last_header))
    ):
        shape = numerals.parse(figure.text, percent=True)
        figure = replace(figure, kind="percent", value=shape.value if shape else figure.value, rule="cell-percent")
        figure.decimals = shape.decimals if shape else figure.decimals
    if figure.kind == "count":
        figure.unit = _unit(grid, label, header, unit_text)
        figure.unit_text = figure.unit.name if figure.unit else unit_text or None
        shape = numerals.parse(figure.text, countable=bool(figure.unit and figure.unit.kind == "count"))
        if shape and figure.value >= 0:
            figure.value, figure.decimals = shape.value, shape.decimals
    unit = figure.unit
    figure.other = figure.other if unit and unit.dimension == "money" and unit.scale == Decimal(10) ** 9 else None
    figure.noun = " – ".join(part for part in (label, header.replace(" | ", " ")) if part) or None
    if qualifiers.plan_column(header):
        figure.basis = "plan"
    return figure


def _is_percent_column(low_header: str) -> bool:
    """``%`` in the column's own header, or bracketed in one above it: "So sánh (%) | Cùng kỳ"."""
    *above, last = low_header.split(" | ")
    return _PERCENT_HEADER.search(last) is not None or any("(%)" in level for level in above)


def _percent_label(label: str) -> bool:
    low = aligned(label)
    return "(%)" in low or (low.endswith("%") and not low[:-1].rstrip()[-1:].isdigit())  # "Các khoản thu 100%"


def _unit(grid: _Grid, label: str, header: str, unit_text: str) -> Unit | None:
    if unit_text:
        return unit_named(unit_text)
    for text in (header, label):
        for found in reversed(_IN_BRACKETS.findall(aligned(text))):
            unit = unit_named(found)
            if unit:
                return unit
    return grid.title_unit
