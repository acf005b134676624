"""When a figure holds: its own date or period, or the words around it. Figures of other times never conflict."""

from __future__ import annotations

from datetime import date

from checks.phrases import pattern
from checks.view import Span, View
from schema.model import IndicatorValue

_PAST = pattern(
    r"\bso\s+(?:với\s+)?(?:cùng|năm|quý|tháng|kỳ|đầu|thời)|cùng\s+kỳ|năm\s+(?:trước|ngoái)|quý\s+trước|tháng\s+trước|kỳ\s+trước|"
    r"đầu\s+(?:năm|kỳ|nhiệm)|trước\s+(?:đây|đó)|trước\s+khi|chỉ\s+tiêu|phấn\s+đấu|dự\s+kiến|mục\s+tiêu|được\s+giao|dự\s+toán|"
    r"\bkế\s+hoạch\s+(?:giao|năm)|thoát\s+nghèo|phát\s+sinh|\bthêm\b|mới\b|nâng\b|tăng\s+thêm"
)
_FROM = pattern(r"\btừ\s+$")
_TO = pattern(r"[\s\p{L}%/]{0,30}?(?:\b(?:năm|quý|tháng)\s+[\divx/]+\s*)?\(?\)?\s*\b(?:xuống|còn|lên|đến|giảm|tăng)\b")
_OF_THE_COUNT = pattern(r"(?:đạt\s+|chiếm\s+)?(?:tỷ lệ|tương ứng|chiếm|đạt)\s+$")
_YEAR = pattern(r"\b((?:19|20)\d\d)\b")
_COMPARING_COLUMN = pattern(r"kế hoạch|\bkh\b|dự toán|chỉ tiêu giao|cùng kỳ|năm trước|kỳ trước|so sánh")
_NAMED = pattern(
    r"(?:năm\s+|quý\s+(?:[ivx]+|\d)(?:/|\s+năm\s+)|tháng\s+\d{1,2}(?:/|\s+năm\s+)|/)((?:19|20)\d\d)\b|"
    r"\b(quý\s+(?:[ivx]+|\d))\b|\b(tháng\s+\d{1,2})\b|\b(\d{1,2}\s+tháng)\b|\b(trong\s+(?:tháng|quý|kỳ|năm))\b|\b(lũy\s+kế)\b"
)


def elsewhen(view: View, value: IndicatorValue) -> bool:
    """Whether the words before a figure say that it is a comparison, a start, a change or a target."""
    if _other_column(view, value):
        return True
    clause = view.clause(value.start, value.end)
    start = clause.start
    if view.low[start - 1 : start] == "(":  # "84 hộ nghèo (chiếm 3,91%)" speaks of the time before the bracket
        start = view.clause(start - 2, start - 1).start
    elif _OF_THE_COUNT.match(view.low, start, value.start) and view.text[start - 2 : start] == ", ":
        start = view.clause(start - 3, start - 2).start  # "đầu năm có 71 hộ nghèo, tỷ lệ 4,3%"
    before = view.low[max(start, value.start - 60) : value.start]
    behind = view.low[value.end : min(clause.end, value.end + 40)]
    if _FROM.search(before) and _TO.match(behind):
        return True
    return (
        value.basis == "plan" or _PAST.search(before) is not None or _PAST.match(behind.lstrip(" hộngườic")) is not None
    )


def _other_column(view: View, value: IndicatorValue) -> bool:
    """Whether a table cell stands under a heading of another year, a plan or a comparison."""
    cell = view.passage(value.start)
    if cell is None or cell.table is None or cell.row is None:
        return False
    above = (p for p in view.cells(cell.table) if p.col == cell.col and p.row is not None and p.row < cell.row)
    heading = " ".join(view.low[p.start : p.end] for p in above if any(c.isalpha() for c in view.text[p.start : p.end]))
    years = {int(m) for m in _YEAR.findall(heading)}
    own = view.facts.header.period_end or view.facts.header.issued_on
    return _COMPARING_COLUMN.search(heading) is not None or bool(years and own and own.year not in years)


def named(view: View, value: IndicatorValue) -> frozenset[str]:
    """The periods that the clause around a figure names: ``{"2024"}``, ``{"quý ii"}``."""
    clause = view.clause(value.start, value.end)
    spans = [clause]
    sentence = view.sentence(value.start)
    colon = view.text.find(":", sentence.start, value.start)
    if colon >= 0:  # "Lũy kế từ 15/12/2023 đến 14/11/2024: …" governs the whole item
        spans.append(Span(sentence.start, colon))
    return frozenset(
        next(group for group in found.groups() if group)
        for span in spans
        for found in _NAMED.finditer(view.low, span.start, span.end)
    )


def comparable(view: View, one: IndicatorValue, other: IndicatorValue) -> bool:
    """Whether two values speak of one time: nothing known says otherwise."""
    a, b = named(view, one), named(view, other)
    if (a and b and not a & b) or ("luỹ kế" in a) != ("luỹ kế" in b):
        return False
    if one.cumulative != other.cumulative:
        return False
    if one.as_of and other.as_of and one.as_of != other.as_of:
        return False
    periods = [_period(value) for value in (one, other)]
    known = [period for period in periods if period is not None]
    return _reported(view, known[0]) if len(known) == 1 else periods[0] == periods[1]


_Period = tuple[date | None, date | None]


def _period(value: IndicatorValue) -> _Period | None:
    if value.period_start is None and value.period_end is None:
        return None
    return value.period_start, value.period_end


def _reported(view: View, period: _Period) -> bool:
    """Whether a named period lies in the year that the report is about: what states no period is of that one."""
    header = view.facts.header
    own, day = header.period_end or header.issued_on, period[1] or period[0]
    return own is None or day is None or own.year == day.year


def far_as_of(view: View, value: IndicatorValue) -> bool:
    """A cut-off long before the report's own: an earlier state."""
    header = view.facts.header
    end = min((day for day in (header.period_end, header.issued_on) if day), default=None)
    return value.as_of is not None and end is not None and abs((end - value.as_of).days) > 20
