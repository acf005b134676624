"""The period that a report is for, and the notations in which a user may name one."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date

import regex

from schema.text import key, unmarked


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """The month that a period ends in and how many months it lasts.

    Reports of one period name it by the calendar (1/4-30/6) or by the cut-offs of Decree 09/2019/NĐ-CP (15/3-14/6).
    """

    year: int
    month: int
    months: int

    @classmethod
    def of(cls, start: date | None, end: date | None) -> Period | None:
        if start is None or end is None or end < start:
            return None
        months = round(((end - start).days + 1) / 30.44)
        return cls(end.year, end.month, months) if months else None

    def earlier(self, months: int) -> Period:
        """The period of the same length that ended ``months`` before."""
        index = self.year * 12 + self.month - 1 - months
        return Period(index // 12, index % 12 + 1, self.months)

    @property
    def first_month(self) -> int:
        """Months since year 0 of the period's first month."""
        return self.year * 12 + self.month - self.months

    @property
    def last_month(self) -> int:
        return self.year * 12 + self.month - 1

    @property
    def start(self) -> date:
        """The first day by the calendar."""
        return date(self.first_month // 12, self.first_month % 12 + 1, 1)

    @property
    def end(self) -> date:
        """The last day by the calendar."""
        return date(self.year, self.month, calendar.monthrange(self.year, self.month)[1])


ROMAN = ("I", "II", "III", "IV")


def quarter(raw: str) -> int:
    """The number of a quarter from a digit or a Roman numeral in either case."""
    return int(raw) if raw.isdigit() else ROMAN.index(raw.upper()) + 1


_YEAR = r"(?P<y>(?:19|20)\d{2})"
_OF = r"(?:\s*[/-]\s*|\s+(?:nam\s+)?)"
# what is written: group n is a month or a count of months, q a quarter, h a half
_NOTATIONS = tuple(
    regex.compile(pattern)
    for pattern in (
        rf"(?:nam\s+|ca nam\s+)?{_YEAR}",
        rf"{_YEAR}-(?P<n>\d{{1,2}})",
        rf"(?:thang\s*)?(?P<n>\d{{1,2}}){_OF}{_YEAR}",
        rf"{_YEAR}-q(?P<q>[1-4])",
        rf"(?:q|quy\s*)(?P<q>iii|ii|iv|i|[1-4]){_OF}{_YEAR}",
        rf"{_YEAR}-h(?P<h>[12])",
        rf"h(?P<h>[12]){_OF}{_YEAR}",
        rf"{_YEAR}-(?P<m>6|9)[mt]",
        rf"(?P<m>6|9)\s*(?:thang|t|m)(?:\s+dau)?{_OF}{_YEAR}",
        rf"6\s*thang\s+(?P<last>cuoi){_OF}{_YEAR}",
    )
)


def parse(text: str) -> Period | None:
    """A period as a user names it, None for what is none.

    ``2024-06`` ``6/2024`` ``tháng 6/2024`` · ``2024-Q2`` ``quý II/2024`` · ``2024-H1`` ``6 tháng 2024`` ``6 tháng đầu
    năm 2024`` · ``2024-9M`` ``9 tháng 2024`` · ``2024`` ``năm 2024`` · ``2024-04-01..2024-06-30``.
    """
    if ".." in text:
        first, last = (_day(part.strip()) for part in text.split("..", 1))
        return Period.of(first, last)
    folded = unmarked(key(text))
    for notation in _NOTATIONS:
        if match := notation.fullmatch(folded):
            return _period(match.groupdict())
    return None


def _period(found: dict[str, str | None]) -> Period | None:
    year = int(found["y"] or 0)
    if raw := found.get("q"):
        return Period(year, quarter(raw) * 3, 3)
    if half := found.get("h"):
        return Period(year, int(half) * 6, 6)
    if months := found.get("m"):
        return Period(year, int(months), int(months))
    if found.get("last"):
        return Period(year, 12, 6)
    if month := found.get("n"):
        return Period(year, int(month), 1) if 1 <= int(month) <= 12 else None
    return Period(year, 12, 12)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
