"""When a figure holds: its own date or period, or the words around it. Figures of other times never conflict."""

from __future__ import annotations

from datetime import date

from checks.phrases import pattern
from checks.view import View
from schema.model import IndicatorValue

_PAST = pattern(
    r"\bso\s+(?:với\s+)?(?:cùng|năm|quý|tháng|kỳ|đầu|thời)|cùng\s+kỳ|năm\s+(?:trước|ngoái)|quý\s+trước|tháng\s+trước|kỳ\s+trước|"
    r"đầu\s+(?:năm|kỳ|nhiệm)|trước\s+(?:đây|đó)|trước\s+khi|chỉ\s+tiêu|phấn\s+đấu|dự\s+kiến|mục\s+tiêu|được\s+giao|dự\s+toán|"
    r"\bkế\s+hoạch\s+(?:giao|năm)|thoát\s+nghèo|phát\s+sinh|\bthêm\b|mới\b|nâng\b|tăng\s+thêm"
)
_FROM = pattern(r"\btừ\s+$")
_TO = pattern(r"[\s\p{L}%/]{0,30}?(?:\b(?:năm|quý|tháng)\s+[\divx/]+\s*)?\(?\)?\s*\b(?:xuống|còn|lên|đến|giảm|tăng)\b")
_NAMED = pattern(
    r"(?:năm\s+|quý\s+(?:[ivx]+|\d)(?:/|\s+năm\s+)|tháng\s+\d{1,2}(?:/|\s+năm\s+)|/)((?:19|20)\d\d)\b|"
    r"\b(quý\s+(?:[ivx]+|\d))\b|\b(tháng\s+\d{1,2})\b|\b(\d{1,2}\s+tháng)\b|\b(trong\s+(?:tháng|quý|kỳ|năm))\b|\b(lũy\s+kế)\b"
)


def elsewhen(view: View, value: IndicatorValue) -> bool:
    """Whether the words before a figure say that it is a comparison, a start, a change or a target."""
    clause = view.clause(value.start, value.end)
    start = clause.start
    if view.low[start - 1 : start] == "(":  # "84 hộ nghèo (chiếm 3,91%)" speaks of the time before the bracket
        start = view.clause(start - 2, start - 1).start
    before = view.low[max(start, value.start - 60) : value.start]
    behind = view.low[value.end : min(clause.end, value.end + 40)]
    if _FROM.search(before) and _TO.match(behind):
        return True
    return (
        value.basis == "plan" or _PAST.search(before) is not None or _PAST.match(behind.lstrip(" hộngườic")) is not None
    )


def named(view: View, value: IndicatorValue) -> frozenset[str]:
    """The periods that the clause around a figure names: ``{"2024"}``, ``{"quý ii"}``."""
    clause = view.clause(value.start, value.end)
    return frozenset(
        next(group for group in found.groups() if group)
        for found in _NAMED.finditer(view.low, clause.start, clause.end)
    )


def comparable(view: View, one: IndicatorValue, other: IndicatorValue) -> bool:
    """Whether two values speak of one time: nothing known says otherwise."""
    a, b = named(view, one), named(view, other)
    if a and b and not a & b:
        return False
    if one.cumulative != other.cumulative:
        return False
    if one.as_of and other.as_of and one.as_of != other.as_of:
        return False
    return _period(view, one) == _period(view, other) or None in (_period(view, one), _period(view, other))


def _period(view: View, value: IndicatorValue) -> tuple[date | None, date | None] | None:
    if value.period_start is None and value.period_end is None:
        return None
    return value.period_start, value.period_end


def far_as_of(view: View, value: IndicatorValue) -> bool:
    """A cut-off long before the report's own: an earlier state."""
    header = view.facts.header
    end = min((day for day in (header.period_end, header.issued_on) if day), default=None)
    return value.as_of is not None and end is not None and abs((end - value.as_of).days) > 20
