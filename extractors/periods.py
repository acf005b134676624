"""The time that a value holds for: a cut-off ("tính đến 30/7/2023") for stocks, a period for flows, as worded."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import regex

from extractors import dates
from extractors.frames import Frame
from schema import catalogue
from schema.model import DateMention, Header

_CUMULATIVE = regex.compile(r"l[uũ]y kế|luỹ kế|cộng dồn|từ trước đến nay")
# A date says when only where it opens the sentence or stands behind one of these; elsewhere it is part of a name
# ("kế hoạch cải cách hành chính năm 2024").
_OPENS = regex.compile(
    r"(?:(?:^|[(,;:–-]|\btrong|\btừ|\btính|\bđến|\bhết|\bcủa|\bso với|\bhơn|\bcùng kỳ|\bước|\blũy kế|\bcả)\s*)$"
)
_COMPARES = regex.compile(r"(?:so với|so|hơn|cùng kỳ)\s*$")
# What may stand between the name of a time and the figure of then: "so cùng kỳ: 107 đơn", "đầu năm (281 hộ, 16,23%)"
_GAP = r"(?:[ ,:(]*(?:(?:là|đạt|có|còn|chỉ|chiếm) ?)?| ?\([^()]{0,60})$"
_YEAR_BEFORE = regex.compile(rf"(?r)(?:cùng kỳ(?: năm)?(?: (?:trước|ngoái))?|năm (?:trước|ngoái)){_GAP}")
_OPENING = regex.compile(rf"đầu (?:năm|kỳ)(?: (?P<y>20\d\d))?{_GAP}")
# "từ 1,85% (năm 2022) xuống còn 0,07%"
_NAMED_BEHIND = regex.compile(r" ?\( ?| ")
_BEHIND_ENDS = regex.compile(r" ?\)| (?:xuống|lên|còn)\b")
_COLUMN = regex.compile(
    r"(?<![\d/.])(?P<n>\d{1,2}) tháng(?: đầu)?(?: năm)?|tháng (?P<m>\d{1,2})(?!\d)|quý (?P<q>iv|i{1,3}|[1-4])(?!\p{L})"
)
_COLUMN_YEAR = regex.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_COLUMN_OPENING = regex.compile(r"(?<!tháng )(?<!từ )đầu (?:năm|kỳ)")
_COLUMN_BEFORE = regex.compile(r"cùng kỳ|năm (?:trước|ngoái)")
Span = tuple[date | None, date | None]
_PERIODS = frozenset({"month", "quarter", "half", "year", "range"})


@dataclass(frozen=True, slots=True)
class Timing:
    """``as_of`` for stocks, ``start``..``end`` for flows and rates; None where nothing is said.

    ``ahead``: a time that had not begun when the report was written, so the value is no result.
    """

    as_of: date | None = None
    start: date | None = None
    end: date | None = None
    cumulative: bool = False
    ahead: bool = False


class Clock:
    """Answers when a value holds, from the dates of its own paragraph and from the report's own period."""

    def __init__(self, mentions: Sequence[DateMention], header: Header) -> None:
        self._dates = sorted(mentions, key=lambda mention: mention.start)
        self._starts = [mention.start for mention in self._dates]
        self._own = (header.period_start, header.period_end)
        self._today = header.period_end or header.issued_on
        self._written = header.issued_on or header.period_end

    def at(self, frame: Frame, sentence: int, span: tuple[int, int], code: str) -> Timing:
        """The time of a value that stands at ``span`` in the sentence that begins at ``sentence``."""
        at = span[0]
        cumulative = _CUMULATIVE.search(frame.low, max(sentence, at - 90), at) is not None
        said = frame.low[max(sentence, at - 90) : at]
        opening = _OPENING.search(said)
        if opening and self._today:
            return Timing(as_of=date(int(opening["y"] or self._today.year), 1, 1), cumulative=cumulative)
        mention = self._behind(frame, span[1]) or self._period(frame, sentence, at)
        period = (mention.start_on, mention.end_on) if mention else (None, None)
        if mention is None and _YEAR_BEFORE.search(said):
            period = self._year_before()
        return self._timing(code, period, self._cut_off(frame, at), cumulative=cumulative)

    def column(self, header: str, code: str) -> Timing:
        """The time that the header of a table's column names: ``6 tháng 2023``, ``Tháng 9``, ``Lũy kế``."""
        stock = catalogue.by_code()[code].kind == "stock"  # "Lũy kế" over one is its value at the end
        cumulative = not stock and _CUMULATIVE.search(header) is not None
        years = {int(year) for year in _COLUMN_YEAR.findall(header)}
        if not years and _COLUMN_BEFORE.search(header):
            return self._timing(code, self._year_before(), None, cumulative=cumulative)
        year = years.pop() if len(years) == 1 else self._today.year if self._today and not years else None
        part = _COLUMN.search(header)
        first, last = _months(part) if part else (1, 12)
        if year is not None and _COLUMN_OPENING.search(header):
            return Timing(as_of=date(year, 1, 1), cumulative=cumulative)
        if year is None or (part is None and str(year) not in header):
            return Timing(cumulative=cumulative)
        return self._timing(code, dates.month_span(year, first, last), None, cumulative=cumulative)

    def _timing(self, code: str, period: Span, cut_off: date | None, *, cumulative: bool) -> Timing:
        """A stock of a time before the report's own holds at its end; other stocks at the cut-off that is named."""
        start, end = period
        ahead = self._ahead(start, cut_off)
        if catalogue.by_code()[code].kind == "stock":
            past = end is not None and self._today is not None and end < self._today
            return Timing(as_of=end if past else cut_off, cumulative=cumulative, ahead=ahead)
        if start is None and end is None:
            return Timing(as_of=cut_off, cumulative=cumulative, ahead=ahead)
        return Timing(None, start, end, cumulative, ahead)

    def _ahead(self, start: date | None, cut_off: date | None) -> bool:
        """Whether a period begins, or the year of a cut-off, after the day of the report."""
        written = self._written
        if written is None:
            return False
        return (start is not None and start > written) or (cut_off is not None and cut_off.year > written.year)

    def _within(self, start: int, end: int) -> Sequence[DateMention]:
        return self._dates[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def _cut_off(self, frame: Frame, at: int) -> date | None:
        """The last cut-off named before in the paragraph."""
        named = [m for m in self._within(frame.start, at) if m.role == "as-of" and m.end_on]
        return named[-1].end_on if named else None

    def _period(self, frame: Frame, sentence: int, at: int) -> DateMention | None:
        for mention in reversed(self._within(sentence, at)):
            if mention.kind not in _PERIODS or mention.role == "as-of":
                continue
            opened = frame.low[sentence : mention.start].lstrip(" -–+*")
            if _OPENS.search(opened) and not _closed(opened, frame.low[mention.end : at]):
                return mention
        return None

    def _behind(self, frame: Frame, end: int) -> DateMention | None:
        """The period in brackets, or before a change, right behind a figure: ``1,85% (năm 2022)``."""
        for mention in self._within(end, end + 6):
            told = _NAMED_BEHIND.fullmatch(frame.low, end, mention.start) is not None
            if told and mention.kind in _PERIODS and _BEHIND_ENDS.match(frame.low, mention.end):
                return mention
        return None

    def _year_before(self) -> Span:
        """The report's own period a year before."""
        return before(self._own[0]), before(self._own[1])


def _months(part: regex.Match[str]) -> tuple[int, int]:
    if part["m"]:
        return int(part["m"]), int(part["m"])
    return dates.quarter_months(part["q"]) if part["q"] else dates.counted_months(part["n"])


def _closed(before_date: str, behind: str) -> bool:
    """Whether what a date governs has ended: its brackets are closed, or a comma follows what it was compared with."""
    if before_date.rfind("(") > before_date.rfind(")") and ")" in behind:
        return True
    return _COMPARES.search(before_date) is not None and (", " in behind or ";" in behind)


def before(day: date | None) -> date | None:
    """The same day a year before."""
    return day and (day.replace(year=day.year - 1) if (day.month, day.day) != (2, 29) else date(day.year - 1, 2, 28))
