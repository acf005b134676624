"""Dates and periods with their grain; parts that the author left out stay out.

An impossible day (``31/6/2023``) keeps kind ``day`` without ``start_on``. Words such as "đến nay" and days without
a year are ``relative``, resolved only where the report's own period makes them certain.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterator
from datetime import date
from typing import Literal

import regex

from extractors.masks import Taken
from schema.model import DateKind, DateMention, Document, Header

Span = tuple[date | None, date | None]

_YEAR = r"(?P<y>(?:19|20)\d{2})"
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_DAY_NUMERIC = regex.compile(
    r"(?<![\d/.,\-])(?P<d>\d{1,2})\s?(?P<s>[/.\-–])\s?(?P<m>\d{1,2})\s?(?P=s)\s?(?P<y>(?:19|20)\d{2}|\d{2}(?![\d/]))(?!\d|/\p{L}|[.,]\d)"
)
_DAY_LONG = regex.compile(rf"(?P<d>\d{{1,2}})\s+tháng\s+(?P<m>\d{{1,2}})\s*,?\s+năm\s+{_YEAR}(?!\d)", regex.I)
_MONTH = regex.compile(rf"tháng\s+(?P<m>\d{{1,2}})\s*(?:[/\-.]\s?|,?\s*năm\s+){_YEAR}(?!\d)", regex.I)
_QUARTER = regex.compile(rf"qu[ýí]\s+(?P<q>IV|I{{1,3}}|[1-4])(?:\s*[/\-]\s*|,?\s*(?:năm\s+)){_YEAR}(?!\d)", regex.I)
_HALF = regex.compile(rf"(?:0?6|sáu)\s+tháng\s+(?P<h>đầu|cuối)\s+năm\s+{_YEAR}", regex.I)
_NINE = regex.compile(rf"(?:0?9|chín)\s+tháng\s+(?:đầu\s+)?(?:của\s+)?năm\s+{_YEAR}", regex.I)
_RANGE = regex.compile(
    r"(?:giai đoạn|nhiệm kỳ|thời kỳ|kỳ|khóa|khoá|năm học|niên độ|từ năm)\s+"
    r"(?P<a>(?:19|20)\d{2})\s*(?:[-–/]|đến(?:\s+năm)?)\s*"
    r"(?P<b>(?:19|20)\d{2})",
    regex.I,
)
_WHOLE_YEAR = regex.compile(rf"năm\s+{_YEAR}(?!\s*[-–]\s*\d{{4}}|\d)", regex.I)
_YEARLESS = regex.compile(
    r"(?:ngày|sáng|chiều|tối)\s+(?P<d>\d{1,2})/(?P<m>\d{1,2})(?![\d/]|\s*(?:hộ|người|hồ sơ|\p{L}+,\s*đạt))", regex.I
)
_PERIOD_WITHOUT_YEAR = regex.compile(
    r"(?<!\p{L})(?:(?:0?[369]|ba|sáu|chín)\s+tháng\s+(?:đầu|cuối)(?:\s+năm)?|(?:0?9|chín)\s+tháng(?=\s+đầu)|"
    r"qu[ýí]\s+(?:IV|I{1,3}|[1-4])|tháng\s+\d{1,2})(?![\p{L}\d])",
    regex.I,
)
_RELATIVE = regex.compile(
    r"(?:từ\s+đầu\s+năm\s+đến\s+nay|đến\s+(?:thời\s+điểm\s+)?(?:hiện\s+(?:nay|tại)|nay)|cùng\s+kỳ\s+năm\s+(?:trước|ngoái)|"
    r"(?:so\s+với\s+)?cùng\s+kỳ|hiện\s+nay|trong\s+kỳ|kỳ\s+trước|quý\s+trước|tháng\s+trước|năm\s+trước)(?!\p{L})",
    regex.I,
)
_AS_OF = regex.compile(r"(?:tính\s+)?(?:đến|tới)\s+(?:hết\s+|cuối\s+)?(?:thời\s+điểm\s+)?(?:ngày\s+)?$", regex.I)
_FROM = regex.compile(r"từ\s+(?:ngày\s+)?$", regex.I)


def day(year: int, month: int, number: int) -> date | None:
    """The calendar day, None when there is none such."""
    try:
        return date(year, month, number)
    except ValueError:
        return None


def month_span(year: int, first: int, last: int) -> Span:
    if not 1 <= first <= last <= 12:
        return None, None
    return date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1])


def full_year(text: str) -> int:
    """Two printed digits mean this century: state papers that reports cite with two digits are recent."""
    return int(text) if len(text) == 4 else 2000 + int(text)


def find(document: Document, header: Header, taken: Taken) -> tuple[DateMention, ...]:
    """Every date of the body, tables and footnotes, in text order; finer grains win over coarser ones."""
    found: list[DateMention] = []
    claimed = Taken()
    quiet = Taken((p.start, p.end) for p in document.passages if p.zone != "body")
    for mention in _candidates(document.text, header):
        if (
            claimed.overlaps(mention.start, mention.end)
            or quiet.overlaps(mention.start, mention.end)
            or taken.overlaps(mention.start, mention.end)
        ):
            continue
        claimed.add(mention.start, mention.end)
        found.append(mention)
    return tuple(sorted(found, key=lambda mention: mention.start))


def _candidates(text: str, header: Header) -> Iterator[DateMention]:
    yield from _days(text)
    shapes: tuple[tuple[str, DateKind, regex.Pattern[str], Callable[[regex.Match[str]], Span]], ...] = (
        ("half", "half", _HALF, lambda m: month_span(int(m["y"]), *((1, 6) if m["h"].lower() == "đầu" else (7, 12)))),
        ("nine-months", "range", _NINE, lambda m: month_span(int(m["y"]), 1, 9)),
        ("quarter", "quarter", _QUARTER, _quarter),
        ("month", "month", _MONTH, lambda m: month_span(int(m["y"]), int(m["m"]), int(m["m"]))),
        ("range", "range", _RANGE, _range),
        ("year", "year", _WHOLE_YEAR, lambda m: month_span(int(m["y"]), 1, 12)),
    )
    for rule, kind, pattern, span in shapes:
        for match in pattern.finditer(text):
            start_on, end_on = span(match)
            yield DateMention(
                start=match.start(),
                end=match.end(),
                rule=f"date-{rule}",
                kind=kind,
                start_on=start_on,
                end_on=end_on,
                role=_role(text, match.start()),
            )
    for match in _YEARLESS.finditer(text):
        resolved = _with_year_of_period(header, int(match["m"]), int(match["d"]))
        yield DateMention(
            start=match.start("d"),
            end=match.end(),
            rule="date-yearless",
            kind="relative",
            start_on=resolved,
            end_on=resolved,
            role=_role(text, match.start("d")),
        )
    for match in _PERIOD_WITHOUT_YEAR.finditer(text):
        yield DateMention(
            start=match.start(), end=match.end(), rule="date-no-year", kind="relative", start_on=None, end_on=None
        )
    for match in _RELATIVE.finditer(text):
        yield DateMention(
            start=match.start(), end=match.end(), rule="date-relative", kind="relative", start_on=None, end_on=None
        )


def _days(text: str) -> Iterator[DateMention]:
    for rule, pattern in (("date-long", _DAY_LONG), ("date-numeric", _DAY_NUMERIC)):
        for match in pattern.finditer(text):
            number, month = int(match["d"]), int(match["m"])
            announced = bool(regex.search(r"ngày\s+$", text[max(0, match.start() - 8) : match.start()], regex.I))
            if not announced and not (1 <= number <= 31 and 1 <= month <= 12):
                continue
            if len(match["y"]) == 2 and not announced:
                continue
            value = day(full_year(match["y"]), month, number)
            yield DateMention(
                start=match.start(),
                end=match.end(),
                rule=rule,
                kind="day",
                start_on=value,
                end_on=value,
                role=_role(text, match.start()),
            )


def _quarter(match: regex.Match[str]) -> Span:
    raw = match["q"].lower()
    quarter = int(raw) if raw.isdigit() else _ROMAN[raw]
    return month_span(int(match["y"]), 3 * quarter - 2, 3 * quarter)


def _range(match: regex.Match[str]) -> Span:
    first, last = int(match["a"]), int(match["b"])
    return (date(first, 1, 1), date(last, 12, 31)) if first <= last else (None, None)


def _role(text: str, start: int) -> Literal["as-of", "from", "to"] | None:
    before = text[max(0, start - 40) : start]
    if _FROM.search(before):
        return "from"
    if _AS_OF.search(before):
        opened = regex.search(
            r"từ\s+(?:ngày\s+)?[\d/.\-]{3,10}(?:\s+tháng\s+\d+(?:\s+năm\s+\d+)?)?\s+(?:đến|tới)[\p{L}\s]*$",
            text[max(0, start - 60) : start],
            regex.I,
        )
        return "to" if opened else "as-of"
    return None


def _with_year_of_period(header: Header, month: int, number: int) -> date | None:
    if header.period_start is None or header.period_end is None:
        return None
    inside = [
        value
        for year in {header.period_start.year, header.period_end.year}
        if (value := day(year, month, number)) and header.period_start <= value <= header.period_end
    ]
    return inside[0] if len(inside) == 1 else None
