"""Tables: total rows, columns that are sums of columns, columns of percentages.

Which columns make up which is learnt from the rows that agree: a relation that most rows keep is the table's own, and
the rows that break it are findings. Failures that share a cell are one cause.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from checks import figures, intervals, nested, reconcile
from checks.draft import Draft, evidence, identity
from checks.grids import Cell, Grid, grids
from checks.intervals import State
from checks.settings import CheckSettings
from checks.view import View
from schema.model import Evidence, Severity

_MOST = Fraction(3, 5)


@dataclass(frozen=True, slots=True)
class Failure:
    """A total cell and the cells that should add up to it, together with the cells ``beside`` it."""

    whole: Cell
    parts: tuple[Cell, ...]
    state: State
    variant: str
    severity: Severity | None
    beside: tuple[Cell, ...] = ()

    @property
    def cells(self) -> frozenset[tuple[int, int]]:
        return frozenset((c.row, c.col) for c in (self.whole, *self.parts, *self.beside))

    @property
    def gap(self) -> Fraction:
        """What the parts are more than the total."""
        added = sum((Fraction(p.value) for p in self.parts), Fraction(0))
        return added - sum((Fraction(c.value) for c in self.beside), Fraction(self.whole.value))


def check(view: View, settings: CheckSettings) -> Iterator[Draft]:
    for grid in grids(view):
        down, across = [*_column_totals(grid), *_nested(grid)], list(_row_sums(grid))
        yield from _merged(grid, down, across)
        yield from _percent_columns(grid)


def _merged(grid: Grid, down: Sequence[Failure], across: Sequence[Failure]) -> Iterator[Draft]:
    """A wrong cell breaks its column and its row: the two share it, and it is one finding."""
    told: set[int] = set()
    for failure in down:
        partners = [f for f in across if f.cells & failure.cells and f.state is failure.state]
        told.update(id(f) for f in partners)
        yield _finding(grid, failure, partners)
    for failure in across:
        if id(failure) not in told:
            yield _finding(grid, failure, [])


def _nested(grid: Grid) -> Iterator[Failure]:
    for one in nested.broken(grid):
        yield Failure(one.whole, one.parts, State.INCONSISTENT, "column", None)


def _column_totals(grid: Grid) -> Iterator[Failure]:
    for row in grid.data_rows():
        if grid.is_total(row):
            yield from _total_row(grid, row)
        elif grid.is_named_total(row):
            yield from (f for f in _total_row(grid, row) if f.severity is None)  # learnt from its other columns


def _total_row(grid: Grid, row: int) -> Iterator[Failure]:
    columns = [c for c in grid.columns() if (row, c) in grid.numbers]
    readings = [r for r in _readings(grid, row) if len(r) >= 2]
    best: tuple[int, list[Failure]] | None = None
    for reading in readings:
        failures, good = [], 0
        for col in columns:
            outcome = _add(grid, row, col, reading)
            if outcome is None or _average(outcome):
                continue
            if outcome.state is State.INCONSISTENT:
                failures.append(outcome)
            else:
                good += 1
                if outcome.state is not State.CONSISTENT:
                    failures.append(outcome)
        if best is None or good > best[0]:
            best = (good, failures)
    if best is None:
        return
    good, failures = best
    broken = [f for f in failures if f.state is State.INCONSISTENT]
    if not good and _row_missing(grid, broken):
        first = broken[0]
        yield Failure(first.whole, first.parts, first.state, "rows-missing", "warning")
        return
    for failure in failures:
        if failure.state is not State.INCONSISTENT:
            yield _graded(failure, "info")
        elif good >= 2 or (good >= 1 and len(columns) <= 3):
            yield _graded(failure, None)
        elif _near(failure):
            yield _graded(failure, "warning" if len(failures) == 1 or good else "info")


def _average(failure: Failure) -> bool:
    """A total row's rate or mean lies between those of its rows and far below their sum."""
    values = [p.value for p in failure.parts]
    among = len(values) >= 3 and min(values) <= failure.whole.value <= max(values)
    return among and failure.whole.value * 2 < sum(values) and any(p.decimals for p in (failure.whole, *failure.parts))


def _graded(failure: Failure, severity: Severity | None) -> Failure:
    return Failure(failure.whole, failure.parts, failure.state, failure.variant, severity)


def _row_missing(grid: Grid, failures: Sequence[Failure]) -> bool:
    """Every column of a plain table lies under its total, and by more than half the mean row: a row was left out."""
    if len(failures) < 2 or any("." in grid.code(r) or grid.is_subrow(r) for r in grid.data_rows()):
        return False
    gaps = [Fraction(f.whole.value) - sum((Fraction(p.value) for p in f.parts), Fraction(0)) for f in failures]
    return all(gap >= 0 for gap in gaps) and all(len(f.parts) >= 3 for f in failures) and _near_one_row(failures[0])


def _near_one_row(failure: Failure) -> bool:
    added = sum((Fraction(p.value) for p in failure.parts), Fraction(0))
    return Fraction(failure.whole.value) - added <= 2 * max(Fraction(p.value) for p in failure.parts)


def _near(failure: Failure) -> bool:
    added = sum((Fraction(p.value) for p in failure.parts), Fraction(0))
    return abs(added - Fraction(failure.whole.value)) * 5 <= abs(Fraction(failure.whole.value))


def _readings(grid: Grid, row: int) -> Iterator[list[int]]:
    """Which rows a total row may add: those above it (below it, where it comes first), top level only, or all."""
    rows = [r for r in grid.data_rows() if r != row and not grid.is_total(r)]
    above = [r for r in rows if r < row]
    chosen = above or rows
    yield [r for r in chosen if not grid.is_subrow(r)]
    yield chosen
    top = [r for r in chosen if grid.code(r) and "." not in grid.code(r)]
    if top and len(top) < len(chosen):
        yield top
        yield [r for r in top if not grid.code(r).isdigit()]
    earlier = [r for r in grid.data_rows() if r < row and grid.is_total(r)]
    if earlier:
        yield [r for r in above if r > earlier[-1]]
        yield earlier


def _add(grid: Grid, row: int, col: int, rows: Sequence[int]) -> Failure | None:
    parts: list[Cell] = []
    for r in rows:
        cell = grid.numbers.get((r, col))
        if cell is not None:
            parts.append(cell)
        elif not grid.blank(r, col):
            return None
    if len(parts) < 2:
        return None
    whole = grid.numbers[row, col]
    state = intervals.total([p.stated for p in parts], whole.stated)
    return Failure(whole, tuple(parts), state, "column", None)


def _row_sums(grid: Grid) -> Iterator[Failure]:
    columns = grid.columns()
    explained: set[tuple[int, int]] = set()
    for target in columns:
        others = [c for c in columns if c != target]
        for first in range(len(others)):
            for last in range(first + 1, len(others)):
                group = others[first : last + 1]
                if any((target, c) in explained for c in group):
                    continue
                failures = _learnt(grid, target, group)
                if failures:
                    failures = _widened(grid, target, group, failures)
                if failures:
                    failures = _balanced(grid, target, group, failures)
                if failures is not None:
                    explained.update((target, c) for c in group)
                    explained.update((c, target) for c in group)
                    yield from failures


def _widened(grid: Grid, target: int, group: Sequence[int], failures: list[Failure]) -> list[Failure]:
    """The rows that still break the sum with the columns behind the group, where these make fewer do:
    masters and bachelors are not all, a column of colleges follows."""
    wider = ([*group, *more] for more in _behind(grid, group[-1], [target]))
    return _fewest(failures, (_learnt(grid, target, columns) for columns in wider))


def _balanced(grid: Grid, target: int, group: Sequence[int], failures: list[Failure]) -> list[Failure]:
    """The rows that still break ``group`` = ``target`` and the columns behind it, where these make fewer do:
    what came in online and at the desk is what was returned and what is in hand."""
    return _fewest(failures, (_learnt(grid, target, group, more) for more in _behind(grid, target, group)))


def _behind(grid: Grid, column: int, stops: Sequence[int]) -> Iterator[range]:
    """The next column, the next two, … up to one of ``stops`` or a rate."""
    for last in range(column + 1, grid.table.cols):
        if last in stops or grid.is_rate(last):
            return
        yield range(column + 1, last + 1)


def _fewest(failures: list[Failure], others: Iterable[list[Failure] | None]) -> list[Failure]:
    """The first of the shortest."""
    return min((failures, *(broken for broken in others if broken is not None)), key=len)


def _learnt(
    grid: Grid, target: int, group: Sequence[int], behind: Sequence[int] = ()
) -> list[Failure] | None:
    """Rows that break ``target`` (and ``behind``) = sum of ``group``, where most rows keep it; else None."""
    kept, broken = 0, []
    bearable = _bearable(grid)
    for row in grid.data_rows():
        whole = grid.numbers.get((row, target))
        parts = [grid.numbers[row, c] for c in group if (row, c) in grid.numbers]
        beside = tuple(grid.numbers[row, c] for c in behind if (row, c) in grid.numbers)
        known = all((row, c) in grid.numbers or grid.blank(row, c) for c in (*group, *behind))
        if whole is None or not known:
            continue
        if sum(1 for p in parts if p.value) < 2:
            continue
        state = intervals.total([p.stated for p in parts], whole.stated, [c.stated for c in beside])
        if state is State.INCONSISTENT:
            broken.append(Failure(whole, tuple(parts), state, "balance" if beside else "row", None, beside))
            if len(broken) > bearable:
                return None
        else:
            kept += 1
    if kept < 3 or kept < _MOST * (kept + len(broken)):
        return None
    return broken


def _bearable(grid: Grid) -> int:
    """How many rows may break what most of a table's rows keep."""
    return floor(len(grid.data_rows()) * (1 - _MOST))


def _finding(grid: Grid, failure: Failure, partners: Sequence[Failure]) -> Draft:
    whole, parts = failure.whole, failure.parts
    added = sum((Fraction(p.value) for p in parts), Fraction(0))
    decimals = max(whole.decimals, *(p.decimals for p in parts))
    gap = failure.gap
    shared = _shared(failure, partners)
    options = [(c.text, Fraction(c.value) + gap, c.decimals, (c.row, c.col)) for c in (whole, *failure.beside)]
    options += [(p.text, Fraction(p.value) - gap, p.decimals, (p.row, p.col)) for p in parts]
    edit = reconcile.nearest([(o[0], o[1], o[2]) for o in options if not shared or o[3] in shared])
    variant = failure.variant if failure.state is State.INCONSISTENT else "column-rounding"
    members = [whole, *parts, *failure.beside, *(c for f in partners for c in (f.whole, *f.parts))]
    return Draft(
        "total-mismatch",
        variant,
        {
            "row": grid.labels[whole.row],
            "column": _column(grid, whole.col),
            "stated": " + ".join(c.text for c in (whole, *failure.beside)),
            "parts": " + ".join(p.text for p in parts),
            "sum": figures.plain(added, decimals),
            "difference": figures.plain(abs(gap), decimals),
            **({"edit": str(edit)} if edit and failure.state is State.INCONSISTENT else {}),
        },
        (_evidence("total", whole), *(_evidence("part", c) for c in (*failure.beside, *parts))),
        identity("table", grid.labels[whole.row], _column(grid, whole.col), whole.value, *(p.value for p in parts)),
        severity=failure.severity,
        operands=frozenset(c.start for c in members),
    )


def _shared(failure: Failure, partners: Sequence[Failure]) -> frozenset[tuple[int, int]]:
    shared = failure.cells
    for partner in partners:
        shared &= partner.cells
    return shared if partners else frozenset()


def _column(grid: Grid, col: int) -> str:
    for row in range(grid.table.header_rows - 1, -1, -1):
        if grid.texts.get((row, col)):
            return grid.texts[row, col]
    return str(col + 1)


def _evidence(role: str, cell: Cell) -> Evidence:
    return evidence(role, cell.start, cell.end)


def _percent_columns(grid: Grid) -> Iterator[Draft]:
    rates = [c for c in range(grid.table.cols) if grid.may_be_rate(c)]
    columns = grid.columns()
    for rate in rates:
        best: tuple[int, list[tuple[Cell, Cell, Cell]]] | None = None
        for part in columns:
            for whole in columns:
                if part == whole or rate in (part, whole):
                    continue
                kept, broken = _rate_rows(grid, rate, part, whole)
                if kept >= 2 and kept >= _MOST * (kept + len(broken)) and (best is None or kept > best[0]):
                    best = (kept, broken)
        for triple in best[1] if best else []:
            yield _rate_finding(grid, *triple)


def _rate_rows(grid: Grid, rate: int, part: int, whole: int) -> tuple[int, list[tuple[Cell, Cell, Cell]]]:
    """How many rows keep ``rate`` = ``part`` / ``whole``, and those that break it; none where too many do."""
    kept, broken = 0, []
    bearable = _bearable(grid)
    for row in grid.data_rows():
        p, a, b = (grid.numbers.get((row, c)) for c in (rate, part, whole))
        if p is None or a is None or b is None or not b.value:
            continue
        if intervals.share(a.stated, b.stated, p.stated) is State.INCONSISTENT:
            broken.append((p, a, b))
            if len(broken) > bearable:
                return 0, []
        elif a.value != b.value or p.value != 100:
            kept += 1
    return kept, broken


def _rate_finding(grid: Grid, rate: Cell, part: Cell, whole: Cell) -> Draft:
    actual = intervals.percent_of(part.stated, whole.stated, max(rate.decimals, 1))
    fitting = intervals.percent_of(part.stated, whole.stated, rate.decimals)
    return Draft(
        "percent-mismatch",
        "column",
        {
            "row": grid.labels[rate.row],
            "column": _column(grid, rate.col),
            "part": part.text,
            "whole": whole.text,
            "actual": figures.plain(Fraction(actual), max(rate.decimals, 1)),
            "stated": rate.text.rstrip("% "),
            "difference": figures.plain(abs(Fraction(actual - rate.value)), max(rate.decimals, 1)),
            "edit": f"{rate.text} → {figures.plain(Fraction(fitting), rate.decimals)}",
        },
        (_evidence("claim", rate), _evidence("part", part), _evidence("total", whole)),
        identity("table", grid.labels[rate.row], rate.value, part.value, whole.value),
        operands=frozenset((rate.start, part.start, whole.start)),
    )
