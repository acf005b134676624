"""Tables of harvests: area × yield = output in each row, where the other rows keep it."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import regex

from checks import figures, intervals
from checks.draft import Draft, evidence, identity
from checks.grids import Cell, Grid, grids
from checks.intervals import State, Stated
from checks.settings import CheckSettings
from checks.view import View

_COLUMNS = tuple(regex.compile(pattern) for pattern in (r"diện tích", r"năng suất", r"sản lượng"))
_LEAST = 2
"""Rows that must keep the product before another is said to break it."""


def check(view: View, settings: CheckSettings) -> Iterator[Draft]:
    for grid in grids(view):
        columns = [[c for c, header in enumerate(grid.headers) if named.search(header)] for named in _COLUMNS]
        if all(len(found) == 1 for found in columns):
            yield from _rows(grid, *(found[0] for found in columns))


def _rows(grid: Grid, area: int, rate: int, output: int) -> Iterator[Draft]:
    scale = Fraction(1) if "tấn/ha" in grid.headers[rate] else Fraction(1, 10)  # tạ/ha to tonnes
    rows = [
        (grid.numbers[r, area], grid.numbers[r, rate], grid.numbers[r, output])
        for r in grid.data_rows()
        if all((r, c) in grid.numbers for c in (area, rate, output))
    ]
    broken = [row for row in rows if _state(*row, scale) is State.INCONSISTENT]
    if len(rows) - len(broken) >= max(_LEAST, 2 * len(broken)):
        for row in broken:
            yield _finding(grid, *row, scale)


def _state(area: Cell, rate: Cell, output: Cell, scale: Fraction) -> State:
    factors = tuple(Stated(c.value, c.decimals, "=", False) for c in (area, rate))
    product = (factors[0], Stated(factors[1].value, factors[1].decimals, "=", False, scale))
    return intervals.product(product, Stated(output.value, output.decimals, "=", False))


def _finding(grid: Grid, area: Cell, rate: Cell, output: Cell, scale: Fraction) -> Draft:
    made = Fraction(area.value) * Fraction(rate.value) * scale
    return Draft(
        "total-mismatch",
        "product",
        {
            "area": f"{area.text} ({grid.labels[area.row]})",
            "yield": rate.text,
            "sum": figures.plain(made, output.decimals),
            "stated": output.text,
            "difference": figures.plain(abs(made - Fraction(output.value)), output.decimals),
        },
        tuple(evidence(role, c.start, c.end) for role, c in (("total", output), ("part", area), ("part", rate))),
        identity("harvest", grid.labels[area.row], area.value, rate.value, output.value),
        severity="warning",
        operands=frozenset(c.start for c in (area, rate, output)),
    )
