"""Reporting periods with the cut-offs of Decree 09/2019/NĐ-CP: data run from the 15th to the 14th."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

PeriodKind = Literal["month", "quarter", "half", "nine", "year"]
_ROMAN = {1: "I", 2: "II", 3: "III", 4: "IV"}


@dataclass(frozen=True, slots=True)
class Period:
    kind: PeriodKind
    year: int
    index: int
    start: date
    end: date
    issued: date

    @property
    def label(self) -> str:
        if self.kind == "month":
            return f"tháng {self.index} năm {self.year}"
        if self.kind == "quarter":
            return f"quý {_ROMAN[self.index]} năm {self.year}"
        return {"half": "6 tháng đầu năm ", "nine": "9 tháng đầu năm ", "year": "năm "}[self.kind] + str(self.year)

    @property
    def within(self) -> str:
        return {"month": "trong tháng", "quarter": "trong quý", "year": "trong năm"}.get(self.kind, "trong kỳ")

    @property
    def months(self) -> int:
        return {"month": 1, "quarter": 3, "half": 6, "nine": 9, "year": 12}[self.kind]


def period(kind: PeriodKind, year: int, index: int = 1) -> Period:
    """``index`` is the month or quarter; the report is issued some days after the cut-off."""
    last = {"month": index, "quarter": index * 3, "half": 6, "nine": 9, "year": 12}[kind]
    length = {"month": 1, "quarter": 3, "half": 6, "nine": 9, "year": 12}[kind]
    first = last - length
    start = date(year, first, 15) if first else date(year - 1, 12, 15)
    return Period(kind, year, index, start, date(year, last, 14), date(year, last, 18))
