"""Dates and periods with their grain; parts that the author left out stay out.

An impossible day (``31/6/2023``) keeps kind ``day`` without ``start_on``. Words such as "đến nay" and days without
a year are ``relative``, resolved only where the report's own period makes them certain.

All patterns but those of plain digits run on ``lowered`` text: lower case, the tone on the second vowel of a pair.
A pattern that begins with a literal or a digit is searched for many times as fast as one that begins with a choice of
words; where words before a number decide, they are looked back at from its end.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterator
from datetime import date
from typing import Literal

import regex

from extractors.frames import lowered
from extractors.masks import Taken
from schema.model import DateKind, DateMention, Document, Header
from schema.periods import quarter

Span = tuple[date | None, date | None]

_YEAR = r"(?P<y>(?:19|20)\d{2})(?!\d)"
_COUNTED = {"ba": 3, "sáu": 6, "chín": 9, "mười": 10, "mười một": 11}
_DAY_NUMERIC = regex.compile(
    r"(?<![\d/.,])(?<!(?<!\d{4}|ngày \d{1,2}|\d/\d{1,2})[-–])"
    r"(?P<d>\d{1,2})\s?(?P<s>[/.\-–])\s?(?P<m>\d{1,2})\s?(?P=s)\s?"
    r"(?P<y>(?:19|20)\d{2}|\d{2}(?![\d/]))(?!\d|/\p{L}|[.,]\d|\s\d\d:\d\d:\d\d)"  # not the time stamp of a signature
)
_DAY_LONG = regex.compile(
    r"(?<!\d)(?<!đề án )(?<!đề án số )"  # "Đề án 06 tháng 11 năm 2025"
    rf"(?P<d>\d{{1,2}}),?\s+tháng\s+(?P<m>\d{{1,2}})(?:\s*,?\s+năm\s+|\s?[/-]\s?){_YEAR}"
)
_ANNOUNCED = regex.compile(r"ngày:?\s*$")
_MONTH = regex.compile(rf"tháng\s+(?P<m>\d{{1,2}})\s*(?:[/\-.]\s?|,?\s*năm\s+){_YEAR}")
_QUARTER = regex.compile(rf"qu[ýí]\s+(?P<q>iv|i{{1,3}}|0?[1-4])(?:\s*[/\-]\s*|,?\s*(?:năm\s+)){_YEAR}")
_MONTHS = regex.compile(
    rf"tháng\s+(?:(?P<h>đầu|cuối)\s+)?(?:của\s+)?năm,?\s+{_YEAR}"
    rf"(?<=(?<![\d.,/\p{{L}}])(?P<n>0?[1-9]|1[01]|{'|'.join(_COUNTED)})"
    r"\s+tháng\s+(?:(?:đầu|cuối)\s+)?(?:của\s+)?năm,?\s+\d{4})"
)
_RANGE = regex.compile(
    r"(?:giai đoạn|nhiệm kỳ|thời kỳ|kỳ|khoá|năm học|niên độ|niên khoá|niên vụ|năm|từ)\s+"
    r"(?:từ\s+)?(?:5\s+năm\s+)?(?:năm\s+)?\(?(?P<a>(?:19|20)\d{2})\s*(?:[-–/]|đến(?:\s+năm)?)\s*(?P<b>(?:19|20)\d{2})(?!\d)"
)
_WHOLE_YEAR = regex.compile(rf"năm\s+{_YEAR}(?!\s*[-–]\s*\d{{4}})")
_COUNTS = r"(?!\d|/|\s*(?:hộ|người|hồ sơ|thôn|chỉ tiêu|tiêu chí|nhiệm vụ|trường|đơn|ha|%)|,?\s*(?:\p{L}+,?\s+)?đạt)"
_YEARLESS = regex.compile(
    rf"(?P<d>\d{{1,2}})(?:/|\s+tháng\s+)(?P<m>\d{{1,2}}){_COUNTS}"
    r"(?<=(?:(?:ngày|sáng|chiều|tối|từ|(?<!có\s)đến|hết|trước|mùng)\s*\(?|(?:ngày|từ)\s\(?\d{1,2}/\d{1,2}\s?[-–]\s?)"
    r"\d{1,2}(?:/|\s+tháng\s+)\d{1,2})"
)
# "ngày 28-10", which can be no range of days
_HYPHENED = regex.compile(
    r"ngày\s(?P<d>0[1-9]|1[3-9]|2\d|3[01])-(?P<m>0?[1-9]|1[0-2])(?![\d/.–-]|,\d|\s*(?:tháng|hàng|hằng))"
)
# Apart, since each has a literal of its own to search for.
_PERIODS_WITHOUT_YEAR = (
    regex.compile(r"(?<!\p{L})(?:0?[369]|ba|sáu|chín)\s+tháng\s+(?:đầu|cuối)(?:\s+năm)?(?![\p{L}\d])"),
    # "tổng chi 9 tháng là …" names the period of the report, "trong vòng 6 tháng", "6 tháng tuổi" a length of time
    regex.compile(
        r"(?<!(?:hạn|vòng|gian|trên|dưới|quá|hơn|từ|đến|nhất|thiểu|đa|khoảng|mỗi|dài|tù|học|khoá|đủ|sau|gần|hành|/)\s)"
        r"(?<![\d.,/–-])(?<!\p{L})(?:0?[369]|sáu|chín)\s+tháng(?![\p{L}\d])"
        r"(?!\s*(?:tuổi|/|liên|liền|tù|lương|trở|một lần|\d|trước|sau|hoặc|và \d))"
    ),
    regex.compile(
        r"(?:[1-9]|0[1-9]|1[01])\s+tháng(?!\s*tuổi)(?![\p{L}\d])"
        r"(?<=(?:thực hiện|ngân sách(?: xã| phường)?|so sánh|luỹ kế|tình hình|kết quả|thu|chi)\s\d{1,2}\s+tháng)"
    ),
    regex.compile(r"qu[ýí]\s+(?:iv|i{1,3}|[1-4])(?![\p{L}\d]|[.,]\d)"),
    # "trong tháng 96 văn bản", "trong tháng 1.486 hồ sơ" name no month
    regex.compile(
        r"tháng\s+(?:0?[1-9]|1[0-2])(?![\p{L}\d]|[.,]\d)"
        r"(?!(?<=trong tháng\s+\d{1,2})\s*(?:hồ sơ|văn bản|lượt|đơn|hộ|người|tin|ý kiến|phiếu|tài khoản)\b)"
    ),
)
# The longer before those that they hold.
_RELATIVE = tuple(
    regex.compile(words.replace(" ", r"\s+") + r"(?!\p{L})")
    for words in (
        "từ đầu năm đến nay",
        "đến (?:thời điểm )?(?:hiện (?:nay|tại)|nay)",
        r"so (?:với )?cùng kỳ(?: năm (?:trước|ngoái)|(?! (?:năm )?\d))",
        r"cùng kỳ(?: năm (?:trước|ngoái)|(?! (?:năm )?\d))",
        "đến thời điểm báo cáo",
        "thời điểm báo cáo",
        "hiện nay",
        "trong kỳ",
        "kỳ trước",
        "quý trước",
        "tháng trước",
        "năm trước",
    )
)
# What ties a day to one before it that shares its year, or its month and year: "từ 21/7 đến 20/8/2021", "13-14/7/2023".
_SHARING = regex.compile(
    r"(?<![\d/.,])(?P<d>\d{1,2})(?:/(?P<m>\d{1,2}))?\s*(?:[-–]|đến(?:\s+hết)?|và|,)\s*(?:ngày\s+)?$"
)
_LISTED = regex.compile(r"ngày(?:\s+\d{1,2}(?:/\d{1,2})?\s*(?:,|và))*\s*$")
_AS_OF = regex.compile(r"(?:tính\s+)?(?:đến|tới)\s+(?:hết\s+|cuối\s+)?(?:thời\s+điểm\s+)?(?:ngày\s+)?$")
_FROM = regex.compile(r"từ\s+(?:ngày\s+)?$")
_OPENED = regex.compile(
    r"từ\s+(?:ngày\s+)?[\d/.\-]{3,10}(?:\s+tháng\s+\d+(?:\s+năm\s+\d+)?)?\s+(?:đến|tới)[\p{L}\s]*$"
)


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
    for mention in _candidates(lowered(document.text), header):
        if (
            claimed.overlaps(mention.start, mention.end)
            or quiet.overlaps(mention.start, mention.end)
            or taken.overlaps(mention.start, mention.end)
        ):
            continue
        claimed.add(mention.start, mention.end)
        found.append(mention)
    return tuple(sorted(found, key=lambda mention: mention.start))


_Shape = tuple[str, regex.Pattern[str], Callable[[regex.Match[str]], tuple[DateKind, Span]]]


def _candidates(low: str, header: Header) -> Iterator[DateMention]:
    yield from days(low)
    for rule, pattern, read in _SHAPES:
        for match in pattern.finditer(low):
            kind, (start_on, end_on) = read(match)
            start = match.start("n") if rule == "months" else match.start()
            yield DateMention(
                start=start,
                end=match.end(),
                rule=f"date-{rule}",
                kind=kind,
                start_on=start_on,
                end_on=end_on,
                role=_role(low, start),
            )
    for match in (*_YEARLESS.finditer(low), *_HYPHENED.finditer(low)):
        if not (1 <= int(match["d"]) <= 31 and 1 <= int(match["m"]) <= 12):
            continue
        resolved = _with_year_of_period(header, int(match["m"]), int(match["d"]))
        yield DateMention(
            start=match.start("d"),
            end=match.end(),
            rule="date-yearless",
            kind="relative",
            start_on=resolved,
            end_on=resolved,
            role=_role(low, match.start("d")),
        )
    worded = {"no-year": _PERIODS_WITHOUT_YEAR, "relative": _RELATIVE}
    for rule, pattern in ((rule, pattern) for rule, patterns in worded.items() for pattern in patterns):
        for match in pattern.finditer(low):
            yield DateMention(
                start=match.start(), end=match.end(), rule=f"date-{rule}", kind="relative", start_on=None, end_on=None
            )


def days(low: str) -> Iterator[DateMention]:
    """Days with all their parts in ``lowered`` text, and the days before that share the year of one."""
    for rule, pattern in (("date-long", _DAY_LONG), ("date-numeric", _DAY_NUMERIC)):
        for match in pattern.finditer(low):
            number, month = int(match["d"]), int(match["m"])
            announced = _ANNOUNCED.search(low, max(0, match.start() - 8), match.start()) is not None
            if not announced and not (1 <= number <= 31 and 1 <= month <= 12):
                continue
            if len(match["y"]) == 2 and not announced:
                continue
            value = day(full_year(match["y"]), month, number)
            yield _day(low, match.start(), match.end(), rule, value)
            if value is not None:
                yield from _sharing(low, match.start(), value)


def _day(low: str, start: int, end: int, rule: str, value: date | None) -> DateMention:
    role = _role(low, start)
    return DateMention(start=start, end=end, rule=rule, kind="day", start_on=value, end_on=value, role=role)


def _sharing(low: str, start: int, follower: date) -> Iterator[DateMention]:
    """``13/7`` in "từ 13/7 đến 14/7/2023", ``13`` in "ngày 13-14/7/2023": in the year that makes it the earlier."""
    while found := _SHARING.search(low, max(0, start - 24), start):
        listed = _LISTED.search(low, max(0, found.start() - 40), found.start()) is not None
        joined = low[found.end("d") : start].strip(" /0123456789")[:1]
        if not listed and (found["m"] is None or joined in (",", "v")):
            return
        month = int(found["m"]) if found["m"] else follower.month
        value = day(follower.year, month, int(found["d"]))
        if value is not None and value > follower:
            value = day(follower.year - 1, month, int(found["d"]))
        if value is None:
            return
        end = found.end("m") if found["m"] else found.end("d")
        yield _day(low, found.start("d"), end, "date-shared-year", value)
        start, follower = found.start("d"), value


def quarter_months(raw: str) -> tuple[int, int]:
    """The first and last month of a quarter, named by a digit or a Roman numeral in lower case."""
    last = 3 * quarter(raw)
    return last - 2, last


def counted_months(raw: str, half: str | None = None) -> tuple[int, int]:
    """The first and last month of so many, in digits or words: the first of a year, or (``cuối``) the last."""
    months = int(raw) if raw.isdigit() else _COUNTED[raw]
    return (13 - months, 12) if half == "cuối" else (1, months)


def _quarter(match: regex.Match[str]) -> tuple[DateKind, Span]:
    return "quarter", month_span(int(match["y"]), *quarter_months(match["q"]))


def _months(match: regex.Match[str]) -> tuple[DateKind, Span]:
    """``6 tháng đầu năm 2024``, ``9 tháng năm 2024``, ``3 tháng cuối năm 2024``."""
    first, last = counted_months(match["n"], match["h"])
    return "half" if last - first == 5 else "range", month_span(int(match["y"]), first, last)


def _month(match: regex.Match[str]) -> tuple[DateKind, Span]:
    return "month", month_span(int(match["y"]), int(match["m"]), int(match["m"]))


def _range(match: regex.Match[str]) -> tuple[DateKind, Span]:
    first, last = int(match["a"]), int(match["b"])
    return "range", (date(first, 1, 1), date(last, 12, 31)) if first <= last else (None, None)


def _year(match: regex.Match[str]) -> tuple[DateKind, Span]:
    return "year", month_span(int(match["y"]), 1, 12)


_SHAPES: tuple[_Shape, ...] = (
    ("months", _MONTHS, _months),
    ("quarter", _QUARTER, _quarter),
    ("month", _MONTH, _month),
    ("range", _RANGE, _range),
    ("year", _WHOLE_YEAR, _year),
)


def _role(low: str, start: int) -> Literal["as-of", "from", "to"] | None:
    begin = max(0, start - 40)
    if _FROM.search(low, begin, start):
        return "from"
    if _AS_OF.search(low, begin, start):
        return "to" if _OPENED.search(low, max(0, start - 60), start) else "as-of"
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
