"""House styles: how one office prints numbers, dates and document numbers. Drawn once a report, kept all through it."""
from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from samples.world import ValueKind


@dataclass(frozen=True, slots=True)
class House:
    pad: bool
    dots: bool
    sloppy_point: bool
    percent_gap: bool
    compound_money: bool
    date_style: str
    list_items: bool
    letter: str

    def count(self, number: Decimal) -> str:
        if self.pad and 0 < number < 10:
            return f"0{number}"
        return self._thousands(f"{number:f}")

    def _thousands(self, digits: str) -> str:
        return f"{int(digits):,}".replace(",", ".") if self.dots else digits

    def measure(self, number: Decimal) -> str:
        """Comma for decimals; in a sloppy house a point, where it cannot be taken for thousands."""
        whole, _, places = f"{number:f}".partition(".")
        places = places.rstrip("0")
        point = "." if self.sloppy_point and len(places) < 3 and number < 1000 else ","
        return self._thousands(whole) + (point + places if places else "")

    def rate(self, number: Decimal) -> str:
        return self.measure(number).replace(".", ",") + (" %" if self.percent_gap else "%")

    def money(self, millions: Decimal) -> str:
        """Without its last unit, which the phrase brings along: ``9 tỷ 846`` or ``9.846``."""
        whole, rest = divmod(millions, 1000)
        if self.compound_money and whole and rest and rest == rest.to_integral_value():
            return f"{whole:f} tỷ {rest:f}"
        return self.measure(millions)

    def number(self, number: Decimal, kind: ValueKind) -> str:
        printer = {"count": self.count, "measure": self.measure, "rate": self.rate, "money": self.money}[kind]
        return printer(number)

    def date(self, day: date) -> str:
        if self.date_style == "padded":
            return f"{day:%d/%m/%Y}"
        if self.date_style == "bare":
            return f"{day.day}/{day.month}/{day.year}"
        if self.date_style == "long":
            return f"{day.day:02} tháng {day.month:02} năm {day.year}"
        month = f"{day.month:02}" if day.month <= 2 else str(day.month)
        return f"{day.day:02}/{month}/{day.year}"

    def code(self, code: str) -> str:
        """The canonical code, or with a blank that typists like to add."""
        return code.replace("-", "- ", 1) if self.letter == "blank" and code.count("-") == 1 else code


def house(rng: random.Random) -> House:
    return House(
        pad=rng.random() < 0.8,
        dots=rng.random() < 0.88,
        sloppy_point=rng.random() < 0.1,
        percent_gap=rng.random() < 0.08,
        compound_money=rng.random() < 0.4,
        date_style=rng.choices(("padded", "bare", "decree", "long"), (3, 3, 4, 1))[0],
        list_items=rng.random() < 0.6,
        letter=rng.choices(("plain", "blank"), (9, 1))[0],
    )
