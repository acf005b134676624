"""The grids as plain tables for programs: English names of columns, ISO days, exact decimals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from rasoat.sheet.grid import District, Grid, Line
from schema import catalogue

Cell = str | int | float | Decimal | date | None
Flat = tuple[list[str], list[Sequence[Cell]]]
"""Names of columns, and rows."""
PLACE = ("commune", "district", "topic", "period_start", "period_end")


def communes(district: District) -> Flat:
    """A row for each commune, topic and period, a column for each indicator; the last one tells contradictions."""
    stated = {one.code for grid in district.grids for one in grid.indicators}
    order = [one for one in catalogue.load() if one.code in stated]
    rows: list[Sequence[Cell]] = [
        [*_place(grid, line), *(figure.value if (figure := line.figures.get(one.code)) else None for one in order),
         _conflicts(line) or None]
        for grid in district.grids for line in grid.lines
    ]  # fmt: skip
    return [*PLACE, *(f"{one.code} – {one.name_vi} ({one.unit})" for one in order), "conflicts"], rows


def _place(grid: Grid, line: Line) -> Iterable[Cell]:
    return line.commune.label, line.commune.district or None, grid.topic, grid.period.start, grid.period.end


def _conflicts(line: Line) -> str:
    """``dossiers.received: 663 ≠ 795``."""
    return "; ".join(
        f"{code}: " + " ≠ ".join(f"{one.value:f}" for one in (figure.counts, *figure.rivals))
        for code, figure in line.figures.items()
        if figure.rivals
    )


def statements(district: District) -> Flat:
    """A row for each statement of a figure; ``role``: it ``counts``, or is a ``rival`` of the one that does."""
    head = [*PLACE, "indicator", "label", "kind", "value", "value_text", "unit", "qualifier", "role", "section", "page",
            "sentence", "file_name", "report_id"]  # fmt: skip
    rows: list[Sequence[Cell]] = [
        [*_place(grid, line), one.code, one.name_vi, one.kind, said.value, said.value_text, one.unit, said.qualifier,
         role, said.section, said.page, said.sentence, said.file_name, said.report_id]
        for grid, line, one, role, said in district.statements()
    ]  # fmt: skip
    return head, rows
