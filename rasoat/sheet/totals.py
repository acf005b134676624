"""The district's row: stocks and flows add, rates are recomputed from their parts, and nothing is ever averaged."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from checks.intervals import Stated, percent_of
from rasoat.sheet.grid import Grid, Line
from schema.catalogue import Indicator, Relation

Why = Literal["", "no-parts", "parts-missing", "parts-disputed", "no-whole", "adds-not"]
RATE_DECIMALS = 2


@dataclass(frozen=True, slots=True)
class Total:
    """The district's figure, or ``why`` there is none. ``relation`` is what a rate was recomputed by.

    ``lacking`` names the communes whose parts are missing or disputed.
    """

    value: Decimal | None = None
    why: Why = ""
    relation: Relation | None = None
    lacking: tuple[str, ...] = ()


def total(grid: Grid, indicator: Indicator) -> Total:
    """The total of one column."""
    if indicator.adds:
        return Total(_sum(grid, indicator.code))
    if indicator.kind != "rate":
        return Total(why="adds-not")
    tried = [_rate(grid, indicator, relation) for relation in indicator.relations if relation.kind == "rate"]
    if not tried:
        return Total(why="no-parts")
    return next((one for one in tried if one.value is not None), min(tried, key=lambda one: len(one.lacking)))


def _sum(grid: Grid, code: str) -> Decimal:
    return sum((figure.value for _, figure in grid.column(code)), Decimal(0))


def _rate(grid: Grid, indicator: Indicator, relation: Relation) -> Total:
    """All communes that state the rate or one of its parts must state every part, and only once: else parts of one
    set of communes would be divided by those of another, or by a figure that may be wrong."""
    parts = {*relation.operands, *relation.base}
    concerned = [line for line in grid.lines if not line.figures.keys().isdisjoint({indicator.code, *parts})]
    if lacking := _names(line for line in concerned if not line.figures.keys() >= parts):
        return Total(why="parts-missing", relation=relation, lacking=lacking)
    if disputed := _names(line for line in concerned if any(line.figures[code].rivals for code in parts)):
        return Total(why="parts-disputed", relation=relation, lacking=disputed)
    part, whole = (sum(_sum(grid, code) for code in codes) for codes in (relation.operands, relation.base))
    if not whole:
        return Total(why="no-whole", relation=relation)
    return Total(percent_of(Stated(Decimal(part)), Stated(Decimal(whole)), RATE_DECIMALS), relation=relation)


def _names(lines: Iterable[Line]) -> tuple[str, ...]:
    return tuple(line.commune.label for line in lines)
