"""Are these figures compatible? The one place that decides it.

A stated figure is an interval: value, printed decimals and qualifier give closed or open bounds. Counts of people,
households and files are exact; measures are known to half a unit of their last printed place. A sum or a share agrees
outright, only thanks to rounding or truncation (a state of its own, shown as information), or not at all. Sources:
XBRL Calculations 1.1 (interval sums, equal-precision duplicates), statcheck and GRIM (printed precision of
percentages).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from math import floor
from typing import Literal

from schema.model import Qualifier

Mode = Literal["nominal", "round", "truncate"]

APPROXIMATION = Fraction(1, 10)
"""How far a figure called "khoảng" may lie from the true one (share of the figure)."""


class State(Enum):
    """How two figures agree, from best to worst."""

    CONSISTENT = "consistent"
    ROUNDING = "rounding"
    TRUNCATION = "truncation"
    INCONSISTENT = "inconsistent"


@dataclass(frozen=True, slots=True)
class Interval:
    """A run of the number line; None is an open end at infinity."""

    lo: Fraction | None
    hi: Fraction | None
    lo_closed: bool = True
    hi_closed: bool = True

    def __add__(self, other: Interval) -> Interval:
        return Interval(
            None if self.lo is None or other.lo is None else self.lo + other.lo,
            None if self.hi is None or other.hi is None else self.hi + other.hi,
            self.lo_closed and other.lo_closed,
            self.hi_closed and other.hi_closed,
        )

    def __neg__(self) -> Interval:
        return Interval(
            None if self.hi is None else -self.hi,
            None if self.lo is None else -self.lo,
            self.hi_closed,
            self.lo_closed,
        )

    def times(self, other: Interval) -> Interval:
        """Product of two intervals that hold no negative number."""
        return Interval(
            None if self.lo is None or other.lo is None else self.lo * other.lo,
            None if self.hi is None or other.hi is None else self.hi * other.hi,
            self.lo_closed and other.lo_closed,
            self.hi_closed and other.hi_closed,
        )

    def meets(self, other: Interval) -> bool:
        """Whether some number lies in both: touching ends count only where both are closed."""
        return _below(self.lo, self.lo_closed, other.hi, other.hi_closed) and _below(
            other.lo, other.lo_closed, self.hi, self.hi_closed
        )


def _below(lo: Fraction | None, lo_closed: bool, hi: Fraction | None, hi_closed: bool) -> bool:
    if lo is None or hi is None:
        return True
    return lo < hi or (lo == hi and lo_closed and hi_closed)


@dataclass(frozen=True, slots=True)
class Stated:
    """A figure as printed. ``counted`` figures are exact; ``scale`` brings them to a common unit (đồng, ha)."""

    value: Decimal
    decimals: int = 0
    qualifier: Qualifier = "="
    counted: bool = True
    scale: Fraction = Fraction(1)

    @property
    def nominal(self) -> Fraction:
        value = Fraction(self.value)
        return value if self.scale == 1 else value * self.scale

    @property
    def exact(self) -> bool:
        return self.qualifier == "=" and self.counted and self.decimals == 0

    def interval(self, mode: Mode = "round") -> Interval:
        value = self.nominal
        if self.qualifier in (">", ">="):
            # "trên 500" is written of exactly 500 as well
            return Interval(value, None)
        if self.qualifier in ("<", "<="):
            return Interval(None, value)
        if self.qualifier == "~":
            slack = abs(value) * APPROXIMATION
            return Interval(value - slack, value + slack)
        if self.exact or mode == "nominal":
            return Interval(value, value)
        unit = self.scale / 10**self.decimals
        if mode == "truncate":
            if value < 0:
                return Interval(value - unit, value, lo_closed=False)
            return Interval(value, value + unit, hi_closed=False)
        return Interval(value - unit / 2, value + unit / 2)


def same(one: Stated, other: Stated) -> State:
    """Two statements of one thing: equal where printed equally precisely, else their intervals must meet."""
    if one.nominal == other.nominal:
        return State.CONSISTENT
    plain = one.qualifier == "=" and other.qualifier == "="
    if plain and one.decimals == other.decimals and one.scale == other.scale:
        return State.INCONSISTENT
    if one.interval().meets(other.interval()):
        return State.ROUNDING if plain else State.CONSISTENT
    if plain and (one.interval("truncate").meets(other.interval("truncate"))):
        return State.TRUNCATION
    return State.INCONSISTENT


def total(parts: Iterable[Stated], whole: Stated, minus: Iterable[Stated] = ()) -> State:
    """Whether ``parts`` less ``minus`` add up to ``whole``: interval sums, exact for counts."""
    plus_parts, minus_parts = tuple(parts), tuple(minus)
    everything = (*plus_parts, *minus_parts, whole)
    if all(one.exact and one.scale == 1 for one in everything):  # plain counts: no intervals needed
        added = sum((p.value for p in plus_parts), Decimal(0)) - sum((p.value for p in minus_parts), Decimal(0))
        return State.CONSISTENT if added == whole.value else State.INCONSISTENT
    for mode, state in (
        ("nominal", State.CONSISTENT),
        ("round", State.ROUNDING),
        ("truncate", State.TRUNCATION),
    ):
        if _sum(plus_parts, minus_parts, mode).meets(whole.interval(mode)):  # type: ignore[arg-type]  # literals above
            return state
    return State.INCONSISTENT


def _sum(parts: tuple[Stated, ...], minus: tuple[Stated, ...], mode: Mode) -> Interval:
    result = Interval(Fraction(0), Fraction(0))
    for part in parts:
        result = result + part.interval(mode)
    for part in minus:
        result = result + -part.interval(mode)
    return result


def product(factors: tuple[Stated, ...], result: Stated) -> State:
    """Whether the factors multiply to ``result`` (area × yield = output)."""
    nominal = Fraction(1)
    spread = Interval(Fraction(1), Fraction(1))
    for factor in factors:
        nominal *= factor.nominal
        spread = spread.times(factor.interval())
    point = Interval(nominal, nominal)
    if point.meets(result.interval("round")):
        return State.CONSISTENT
    if point.meets(result.interval("truncate")):
        return State.TRUNCATION
    return State.ROUNDING if spread.meets(result.interval()) else State.INCONSISTENT


def at_most(part: Stated, whole: Stated) -> bool:
    """Whether ``part`` can be at most ``whole``."""
    low, high = part.interval().lo, whole.interval().hi
    return low is None or high is None or low <= high


def share(part: Stated, whole: Stated, percent: Stated) -> State:
    """Whether ``part`` of ``whole`` is ``percent`` per cent, at the precision the percentage is printed with."""
    if whole.nominal == 0:
        return State.CONSISTENT
    ratio = part.nominal / whole.nominal * 100
    point = Interval(ratio, ratio)
    if part.qualifier == whole.qualifier == "=":
        if point.meets(percent.interval("round")):
            return State.CONSISTENT
        if percent.qualifier == "=" and point.meets(percent.interval("truncate")):
            return State.TRUNCATION
    if part.exact and whole.exact:
        return State.INCONSISTENT
    spread = _quotient(part.interval(), whole.interval())
    if spread.meets(percent.interval("round")):
        return State.ROUNDING if part.qualifier == whole.qualifier == "=" else State.CONSISTENT
    return State.INCONSISTENT


def _quotient(part: Interval, whole: Interval) -> Interval:
    lo = None if part.lo is None or whole.hi is None else part.lo / whole.hi * 100 if whole.hi else None
    hi = None if part.hi is None or whole.lo is None else part.hi / whole.lo * 100 if whole.lo else None
    return Interval(lo if lo is not None else Fraction(0), hi, part.lo_closed, part.hi_closed)


def percent_of(part: Stated, whole: Stated, decimals: int) -> Decimal:
    """``part`` of ``whole`` in per cent, rounded half up to ``decimals`` places (as spreadsheets round)."""
    scaled = part.nominal / whole.nominal * 100 * 10**decimals
    return Decimal(floor(scaled + Fraction(1, 2))).scaleb(-decimals)
