"""When a figure holds: its own date or period, or the words around it. Figures of other times never conflict."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from checks.phrases import pattern
from checks.view import Span, View
from schema import catalogue
from schema.model import IndicatorValue, Passage, Section
from schema.periods import ROMAN, quarter
from schema.text import key

_PAST = pattern(
    r"\bso\s+(?:với\s+)?(?:cùng|năm|quý|tháng|kỳ|đầu|thời)|cùng\s+kỳ|năm\s+(?:trước|ngoái)|quý\s+trước|tháng\s+trước|kỳ\s+trước|"
    r"đầu\s+(?:năm|kỳ|nhiệm)|trước\s+(?:đây|đó)|trước\s+khi|chỉ\s+tiêu|phấn\s+đấu|dự\s+kiến|mục\s+tiêu|được\s+giao|dự\s+toán|"
    r"\bkế\s+hoạch\s+(?:giao|năm)|thoát\s+nghèo|phát\s+sinh|\bthêm\b|mới\b(?!\s+(?:chỉ\s+)?đạt)|nâng\b|tăng\s+thêm"
)
_MONTHS = pattern(r"\d{1,2}\s+tháng")
_CORRECTION = pattern(r"đính\s+chính|\bnhầm\b|số\s+đúng|ghi\s+sai")
_QUARTER = pattern(r"\bquý\s+(iv|i{1,3}|[1-4])\b")
_LASTS = pattern(r"quý|tháng|\d{1,2}\s+tháng|trong\s+(?:tháng|quý|năm)")
_OWN_LENGTH = {1: ("trong tháng",), 3: ("trong quý",), 12: ("trong năm",), 11: ("trong năm",)}
_MOVES_ON = pattern(r"\)?\s*(?:lên|xuống|còn|thành|đến)\b")  # "tăng từ 51,6 triệu đồng năm 2023 lên 53,2 triệu đồng"
_START_OR_NOW = pattern(
    r"(?P<start>(?<!(?:từ|với|tháng|những)\s)\bđầu\s+(?:năm|kỳ|nhiệm\s+kỳ)\b)|"
    r"(?P<now>\b(?:cuối\s+(?:năm|kỳ)|hiện|nay|còn|đến\s+(?:ngày|tháng|cuối|hết)|trong\s+(?:năm|kỳ|tháng|quý)|giảm|tăng|thoát)\b)"
)
_COMPARED_OPENING = pattern(
    r"\W*(?:(?:quý|tháng|năm|kỳ)\s+(?:trước|ngoái)|cùng\s+kỳ)\b(?!\s+(?:chuyển|tồn))(?:(?!\bnay\b)[^;])*$"
)
_TAKEN_OVER = pattern(r"kỳ\s+trước")
_FROM = pattern(r"\btừ\s+$")
_TO = pattern(r"[\s\p{L}%/]{0,30}?(?:\b(?:năm|quý|tháng)\s+[\divx/]+\s*)?\(?\)?\s*\b(?:xuống|còn|lên|đến|giảm|tăng)\b")
_OF_THE_COUNT = pattern(r"(?:đạt\s+|chiếm\s+)?(?:tỷ lệ|tương ứng|chiếm|đạt)\s+$")
_YEAR = pattern(r"\b((?:19|20)\d\d)\b")
_MONTH = pattern(r"\btháng\s+(\d{1,2})\b(?!\s+tháng)")
_RATE_COLUMN = pattern(r"tỷ lệ|%")
_RATE_ROW = pattern(r"%|tỷ lệ|tỷ trọng|tỷ suất|mức độ")
_PLAN_COLUMN = pattern(r"\s*(?:kế hoạch|kh\b|dự toán|chỉ tiêu (?:giao|nghị quyết)|nghị quyết|giao\b)")
_COMPARING_COLUMN = pattern(r"kế hoạch|\bkh\b|dự toán|chỉ tiêu giao|cùng kỳ|năm trước|kỳ trước|so sánh")
_NAMED = pattern(
    r"(?:năm\s+|quý\s+(?:[ivx]+|\d)(?:/|\s+năm\s+)|tháng\s+\d{1,2}(?:/|\s+năm\s+)|/)((?:19|20)\d\d)\b|"
    r"\b(quý\s+(?:[ivx]+|\d))\b|\b(tháng\s+\d{1,2})\b|\b(\d{1,2}\s+tháng)\b|\b(trong\s+(?:tháng|quý|kỳ|năm))\b|\b(lũy\s+kế)\b"
)


def elsewhen(view: View, value: IndicatorValue) -> bool:
    """Whether the words before a figure say that it is a comparison, a start, a change or a target."""
    if value.basis == "plan" or other_column(view, value.start) or corrected(view, value.start):
        return True
    if _of_before(value.indicator):
        return False
    if _ahead(view, value.start):
        return True
    clause = view.clause(value.start, value.end)
    start = clause.start
    if _of_the_start(view, value.start):
        return True
    bracket = _open_bracket(view, value.start)
    if bracket is not None and _PAST.search(view.low, view.clause(bracket - 1, bracket).start, bracket):
        return True  # "so với đầu năm (281 hộ, 16,23%)" speaks of the time before the bracket
    if _OF_THE_COUNT.match(view.low, start, value.start) and view.text[start - 2 : start] == ", ":
        start = view.clause(start - 3, start - 2).start  # "đầu năm có 71 hộ nghèo, tỷ lệ 4,3%"
    before = view.low[max(start, value.start - 60) : value.start]
    behind = view.low[value.end : min(clause.end, value.end + 40)]
    if _FROM.search(before) and _TO.match(behind):
        return True
    return _PAST.search(before) is not None or _PAST.match(behind.lstrip(" hộngườic")) is not None


@lru_cache(maxsize=256)
def _of_before(code: str) -> bool:
    """Whether the indicator itself is of the time before: what the period took over."""
    known = catalogue.by_code().get(code)
    return known is not None and _TAKEN_OVER.search(key(known.name_vi)) is not None


def _ahead(view: View, at: int) -> bool:
    """Whether the heading names only quarters after the report's own: what is to come."""
    end = view.facts.header.period_end
    if end is None:
        return False
    named = [quarter(m) for section in view.path(at) for m in _QUARTER.findall(view.low, *_line(section))]
    return bool(named) and min(named) > (end.month + 2) // 3


def _line(section: Section) -> tuple[int, int]:
    """Where the heading stands."""
    return section.start, section.start + len(section.number) + len(section.heading) + 3


def corrected(view: View, at: int) -> bool:
    """Whether a sentence says itself that a figure given before was a mistake."""
    sentence = view.sentence(at)
    return _CORRECTION.search(view.low, sentence.start, sentence.end) is not None


def _of_the_start(view: View, at: int) -> bool:
    """``đầu năm xã có 118 hộ nghèo (2,98%) và 164 hộ cận nghèo``: the time goes on until another is named."""
    sentence = view.sentence(at)
    if _COMPARED_OPENING.match(view.low, sentence.start, at):
        return True
    times = [m.lastgroup for m in _START_OR_NOW.finditer(view.low, sentence.start, at)]
    return bool(times) and times[-1] == "start"


def _open_bracket(view: View, at: int) -> int | None:
    """The bracket that the offset stands in."""
    start = view.sentence(at).start
    bracket = view.text.rfind("(", start, at)
    return bracket if bracket > start and view.text.find(")", bracket, at) < 0 else None


def other_column(view: View, start: int) -> bool:
    """Whether a table cell stands under a heading of another year, a plan or a comparison."""
    cell = view.passage(start)
    if cell is None or cell.table is None or cell.row is None:
        return False
    above = (p for p in view.cells(cell.table) if p.col == cell.col and p.row is not None and p.row < cell.row)
    heading = _wording(view, above)
    if _COMPARING_COLUMN.search(heading) or _of_plan(view, cell, heading):
        return True
    own = view.facts.header.period_end or view.facts.header.issued_on
    years, months = ({int(m) for m in named.findall(heading)} for named in (_YEAR, _MONTH))
    return bool(own and ((years and own.year not in years) or (months and own.month not in months)))


def _wording(view: View, cells: Iterable[Passage]) -> str:
    return " ".join(view.low[p.start : p.end] for p in cells if any(c.isalpha() for c in view.text[p.start : p.end]))


def _of_plan(view: View, cell: Passage, heading: str) -> bool:
    """Whether a percentage beside a planned and an achieved figure says how much of the plan was achieved."""
    if cell.table is None or not _RATE_COLUMN.search(heading):
        return False
    others = view.cells(cell.table)
    row = " ".join(view.low[p.start : p.end] for p in others if p.row == cell.row and (p.col or 0) < (cell.col or 0))
    planned = any(_PLAN_COLUMN.match(view.low, p.start, p.end) for p in others if p.row is not None and p.row <= 2)
    return planned and not _RATE_ROW.search(row)


def named(view: View, value: IndicatorValue) -> frozenset[str]:
    """The periods that the clause around a figure names: ``{"2024"}``, ``{"quý ii"}``."""
    clause = view.clause(value.start, value.end)
    spans = [clause]
    sentence = view.sentence(value.start)
    colon = view.text.find(":", sentence.start, value.start)
    if colon >= 0:  # "Lũy kế từ 15/12/2023 đến 14/11/2024: …" governs the whole item
        spans.append(Span(sentence.start, colon))
    opening = view.between(sentence.start, value.start)
    if opening:  # "Riêng tháng 11 tiếp nhận 268 hồ sơ, trực tuyến 255 (95,1%)"
        spans.append(Span(sentence.start, opening[0].start))
    return frozenset(
        next(group for group in found.groups() if group)
        for span in spans
        for found in _NAMED.finditer(view.low, span.start, span.end)
        if not _MOVES_ON.match(view.low, found.end(), value.start)
    )


def comparable(view: View, one: IndicatorValue, other: IndicatorValue) -> bool:
    """Whether two values speak of one time: nothing known says otherwise."""
    a, b = named(view, one), named(view, other)
    if any(_MONTHS.fullmatch(name) for name in a & b) and one.value != other.value:
        return _another_period(view, a) == _another_period(view, b)  # "lũy kế 8 tháng" here, "8 tháng" there
    if ("luỹ kế" in a) != ("luỹ kế" in b) or _another_period(view, a) != _another_period(view, b):
        return False
    if a and b and not a & b and not (_own_period(view, a) and _own_period(view, b)):
        return False
    if one.cumulative != other.cumulative:
        return False
    if one.as_of and other.as_of and one.as_of != other.as_of:
        return False
    periods = [_period(value) for value in (one, other)]
    known = [period for period in periods if period is not None]
    return _reported(view, known[0]) if len(known) == 1 else periods[0] == periods[1]


def _own_period(view: View, names: frozenset[str]) -> bool:
    """Whether the names can only mean the report's own period: "năm 2024", "trong kỳ"."""
    known = view.facts.header.period_start and view.facts.header.period_end
    return known is not None and "luỹ kế" not in names and not _another_period(view, names)


def _another_period(view: View, names: frozenset[str]) -> bool:
    """Whether the periods named are not the report's own, of which a figure without a period is."""
    header = view.facts.header
    start, end = header.period_start, header.period_end or header.issued_on
    if end is None:
        return False
    years = {name for name in names if name.isdigit()}
    if years:
        return str(end.year) not in years and (start is None or str(start.year) not in years)
    if start is None or header.period_end is None:
        return False
    months = round((end - start).days / 30.44)
    own = {f"{months} tháng", f"{end.month} tháng", *(word for word in _OWN_LENGTH.get(months, ()))}
    if months == 1:
        own |= {f"tháng {end.month}", f"tháng {end.month:02}"}
    if months == 3:
        place = (end.month - 1) // 3
        own |= {f"quý {place + 1}", f"quý {ROMAN[place].lower()}"}
    told = {" ".join(name.split()) for name in names if _LASTS.match(name)}
    return bool(told) and not told & own


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
