"""Tables whose rows are numbered by level: ``II Chi thường xuyên`` is what the rows 1 to 9 below it add up to.

That the rows below are all there is, is learnt: from another column of the same rows that adds up, or from other
parents in the same column.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import regex

from checks import intervals
from checks.grids import Cell, Grid
from checks.intervals import State

_LEVELS = (
    regex.compile(r"[A-HĐ]"),
    regex.compile(r"[IVX]+"),
    regex.compile(r"\d{1,2}"),
    regex.compile(r"\d{1,2}\.\d{1,2}|[a-zđ]"),
    regex.compile(r"\d{1,2}\.\d{1,2}\.\d{1,2}"),
)
_WITNESSES = 2
"""Other parents of a column that must add up, where no other column of the same rows does."""


@dataclass(frozen=True, slots=True)
class Sum:
    """A row's cell and those of the rows right below its level."""

    whole: Cell
    parts: tuple[Cell, ...]

    @property
    def holds(self) -> bool:
        return intervals.total([p.stated for p in self.parts], self.whole.stated) is not State.INCONSISTENT


def broken(grid: Grid) -> Iterator[Sum]:
    """Sums that do not hold in a table where they should."""
    found = [one for row in grid.data_rows() for one in _sums(grid, row)]
    for one in found:
        if one.holds or not _plausible(one):
            continue
        across = any(o.holds and o.whole.value for o in found if o.whole.row == one.whole.row)
        down = sum(1 for o in found if o.holds and o.whole.value and o.whole.col == one.whole.col)
        if across or down >= _WITNESSES:
            yield one


def _plausible(one: Sum) -> bool:
    """Near enough to be one slip: what lies far away is a list of examples."""
    added = sum((Fraction(p.value) for p in one.parts), Fraction(0))
    return abs(added - Fraction(one.whole.value)) * 4 <= Fraction(one.whole.value)


def _sums(grid: Grid, row: int) -> Iterator[Sum]:
    level = _level(grid, row)
    if level is None:
        return
    below = _below(grid, row, level)
    for col in grid.columns() if len(below) >= 2 else ():
        whole = grid.numbers.get((row, col))
        parts = [grid.numbers[r, col] for r in below if (r, col) in grid.numbers]
        complete = all((r, col) in grid.numbers or grid.blank(r, col) for r in below)
        if whole is not None and complete and len(parts) >= 2:
            yield Sum(whole, tuple(parts))


def _below(grid: Grid, row: int, level: int) -> list[int]:
    """The rows of the next level, up to the next row of the parent's own or a higher one."""
    rows: list[int] = []
    depth: int | None = None
    for r in range(row + 1, grid.table.rows):
        if grid.is_total(r) or grid.is_named_total(r):
            break
        own = _level(grid, r)
        if own is None:
            continue
        if own <= level:
            break
        depth = own if depth is None else depth
        if own == depth:
            rows.append(r)
    return rows


def _level(grid: Grid, row: int) -> int | None:
    """How deep a row's number is; None for rows without one (wrapped lines, "trong đó")."""
    code = grid.code(row)
    return next((i for i in (1, 0, 2, 3, 4) if code and _LEVELS[i].fullmatch(code)), None)
