"""What the grid of a table tells, whatever file it came from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import regex

from ingest.blocks import CellBlock

_FIGURE = regex.compile(r"[-–]|(?!(?:19|20)\d\d$)[<>~≈]?\s*\d[\d.,\s]*\s*(?:%|‰)?")  # a bare year heads a column
_COLUMN_NUMBER = regex.compile(r"\(?\s*(?:\d{1,2}|[A-E])\s*\)?(?:\s*=.*)?")


def header_rows(cells: Sequence[CellBlock], rows: int, marked: int = 0) -> int:
    """How many leading rows are header: as deep as the first row's merged cells reach, and a row of column numbers.

    ``marked`` rows are declared by the file itself (they repeat on each page). A first row with a figure is data.
    """
    by_row: dict[int, list[CellBlock]] = defaultdict(list)
    for cell in cells:
        by_row[cell.row].append(cell)
    if rows < 2:
        return 0
    depth = marked or (0 if _has_figure(by_row[0]) else _depth(by_row))
    if 0 < depth < rows and _is_column_numbers(by_row[depth]):
        depth += 1
    return min(depth, rows)


def _depth(by_row: dict[int, list[CellBlock]]) -> int:
    """1, or more where cells of the first row span rows or columns that the next rows divide."""
    depth = max((cell.row + cell.row_span for cell in by_row[0]), default=1)
    row = 1
    while row < depth:
        if _has_figure(by_row[row]):
            return row
        depth = max([depth, *(cell.row + cell.row_span for cell in by_row[row])])
        row += 1
    while _divides(by_row[depth - 1], by_row[depth]):
        depth += 1
    return depth


def _divides(above: Sequence[CellBlock], row: Sequence[CellBlock]) -> bool:
    """Whether a row without figures and row label names columns that the header above leaves open or joins."""
    named = [cell.col for cell in row if cell.run.text.strip()]
    if len(named) < 2 or 0 in named or _has_figure(row):
        return False
    is_open = [cell for cell in above if cell.col > 0 and (cell.col_span > 1 or not cell.run.text.strip())]
    return any(cell.col <= col < cell.col + cell.col_span for cell in is_open for col in named)


def _has_figure(row: Sequence[CellBlock]) -> bool:
    """A figure anywhere but in the first cell, which may hold a row number."""
    return any(_FIGURE.fullmatch(cell.run.text.strip()) for cell in row if cell.col > 0)


def _is_column_numbers(row: Sequence[CellBlock]) -> bool:
    texts = [text for cell in row if (text := cell.run.text.strip())]
    if len(texts) < 3 or not all(_COLUMN_NUMBER.fullmatch(text) for text in texts):
        return False
    numbers = [int(match[0]) for text in texts if (match := regex.search(r"\d+", text))]
    return numbers == list(range(numbers[0], numbers[0] + len(numbers))) and numbers[0] <= 3 if numbers else False


def without_repeated_header(cells: list[CellBlock], rows: int, header: int) -> tuple[list[CellBlock], int]:
    """Drops header rows that stand again further down (copied by hand for the next page); returns cells and rows."""
    if not 0 < header < rows:
        return cells, rows
    by_row: dict[int, list[CellBlock]] = defaultdict(list)
    for cell in cells:
        by_row[cell.row].append(cell)
    head = [[cell.run.text for cell in by_row[row]] for row in range(header)]
    dropped: set[int] = set()
    for row in range(header, rows - header + 1):
        if [[cell.run.text for cell in by_row[row + offset]] for offset in range(header)] == head:
            dropped.update(range(row, row + header))
    if not dropped or not any(text for texts in head for text in texts):
        return cells, rows
    places = {old: new for new, old in enumerate(row for row in range(rows) if row not in dropped)}
    kept = [cell for cell in cells if cell.row not in dropped]
    for cell in kept:
        cell.row = places[cell.row]
    return kept, len(places)
