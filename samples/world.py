"""What is true of one fictional commune in one period: every figure that its reports may state, and how they relate.

Counts are drawn, everything that follows from them is computed, so a report written from a world is consistent.
Money is in millions of đồng, areas in hectares, yields in quintals (tạ) a hectare, output in tonnes.
"""
from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Literal

from samples.period import Period
from samples.places import Place

ValueKind = Literal["count", "measure", "money", "rate"]


@dataclass(frozen=True, slots=True)
class Value:
    number: Decimal
    kind: ValueKind = "count"


@dataclass(frozen=True, slots=True)
class Sum:
    """``total`` = the sum of ``parts``."""

    total: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rate:
    """``rate`` percent = ``part`` / ``whole``; ``bounded`` where the part belongs to the whole."""

    rate: str
    part: str
    whole: str
    bounded: bool = True


@dataclass(slots=True)
class World:
    place: Place
    period: Period
    values: dict[str, Value] = field(default_factory=dict)
    sums: list[Sum] = field(default_factory=list)
    rates: list[Rate] = field(default_factory=list)
    before: World | None = None

    def keep(self, *prefixes: str) -> bool:
        """Takes the figures of these subjects over from the period before; False where there is none."""
        if self.before is None:
            return False
        self.values |= {n: v for n, v in self.before.values.items() if n.startswith(prefixes)}
        self.sums += [relation for relation in self.before.sums if relation.total.startswith(prefixes)]
        return True

    def put(self, kind: ValueKind = "count", **named: int | Decimal) -> None:
        self.put_all({name.replace("__", "."): number for name, number in named.items()}, kind)

    def put_all(self, values: Mapping[str, int | Decimal], kind: ValueKind = "count") -> None:
        for name, number in values.items():
            self.values[name] = Value(Decimal(number), kind)

    def __getitem__(self, name: str) -> Decimal:
        return self.values[name].number

    def add(self, total: str, parts: Sequence[str], kind: ValueKind = "count") -> None:
        """States ``total`` as the sum of ``parts``."""
        self.values[total] = Value(sum((self[part] for part in parts), Decimal()), kind)
        self.sums.append(Sum(total, tuple(parts)))

    def share(self, rng: random.Random, rate: str, part: str, whole: str, *, bounded: bool = True) -> None:
        """States ``rate`` as part/whole with 1 or 2 places; one in five authors cuts instead of rounding."""
        exact = self[part] * 100 / self[whole]
        places = Decimal("0.01") if rng.random() < 0.7 else Decimal("0.1")
        mode = ROUND_DOWN if rng.random() < 0.2 else ROUND_HALF_UP
        shown = exact.quantize(places, rounding=mode)
        # 99,996 % must not be printed as the whole, nor a small share as nothing
        if (shown >= 100) != (exact >= 100):
            shown = exact.quantize(places, rounding=ROUND_DOWN)
        self.values[rate] = Value(shown.normalize() if shown != shown.to_integral_value() else
                                  shown.quantize(Decimal(1)), "rate")
        self.rates.append(Rate(rate, part, whole, bounded))


def part_of(rng: random.Random, whole: int, low: float = 0.7, high: float = 1.0) -> int:
    """A whole number between two shares of ``whole``."""
    return rng.randint(int(whole * low), max(int(whole * low), int(whole * high)))


def split(rng: random.Random, total: int, count: int) -> list[int]:
    """``total`` in ``count`` positive parts."""
    cuts = sorted(rng.sample(range(1, total), count - 1))
    return [b - a for a, b in zip([0, *cuts], [*cuts, total], strict=True)]


def tenth(rng: random.Random, low: float, high: float, places: int = 1) -> Decimal:
    return Decimal(round(rng.uniform(low, high), places)).quantize(Decimal(1).scaleb(-places))
