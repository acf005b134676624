"""Numbers put together: amounts with their units, ranges, percentages, ratios — and the words that belong to each."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

import regex

from extractors import nouns, numerals, qualifiers
from extractors.amounts import Amount, amount
from extractors.frames import Frame, Token
from extractors.lexicon import Unit, unit_at
from schema.model import Basis, Change, Qualifier

Kind = Literal["count", "percent", "ratio"]
_PERCENT = regex.compile(r" {0,2}(?:(điểm) {0,2})?(?:%|phần trăm(?!\p{L}))")
_SLASH = regex.compile(r" {0,2}/ {0,2}")
_MIDDLE_SLASH = regex.compile(r"([^/.,;:()\t\n]{0,40}?)/ {0,2}(?:tổng(?: số)? {0,2})?")
_OF_TOTAL = regex.compile(r"[^.;()\t\n]{0,80}? trên tổng(?: số)?(?: là)? {0,2}")
_RANGE = regex.compile(r" {0,2}(?:[-–—]|đến|tới) {0,2}(?:dưới |trên )?")
# A comma inside a pair ("cán bộ, công chức", "tin, bài") ends nothing.
_PAIRED = (
    r"công chức|viên chức|bài(?!\p{L})|kiến nghị|lệ phí|tố cáo|bồi dưỡng|tập huấn|tổ chức|cá nhân|doanh nghiệp|"
    r"hàng hóa|tiểu thủ công|bản(?!\p{L})|ấp(?!\p{L})|khu phố"
)
_LABELLED = regex.compile(r"\p{L}{2,} $")
_WORD = regex.compile(r"\p{L}+")
_AND = regex.compile(r" và (?=(?:\p{L}+ ){1,4}$)")
# "3,98% của 2.086 hộ", "16 hồ sơ năm cũ để lại thành 750 hồ sơ": the last words are of the number that follows
_LEADS = regex.compile(
    r"(?<=[%)]) (?:của|trên|trong)(?: tổng)?(?: số)? $| (?:(?:sinh )?sống |cư trú |phân bố )?(?:ở|tại) $|"
    r" (?:thành|cộng thành|tổng cộng)(?: là)? $"
)
# "cán bộ 10 người, công chức 09 người": the comma behind a figure parts clauses, paired or not
_FIGURE_COMMA = r"(?<=\d(?: người| đồng chí)?),(?= )"
_COMMA = regex.compile(rf"(?r){_FIGURE_COMMA}|,(?= )(?! (?:{_PAIRED}))")
_CLAUSE_END = regex.compile(
    rf"{_FIGURE_COMMA}|,(?! (?:{_PAIRED}))|[;:()\t\n]|\.(?!\d)|(?<= )và(?= \d)|"
    r" (?:nhưng|trong đó|gồm|bao gồm|chia ra|cụ thể) "
)
_ACHIEVED = regex.compile(r"(?:đạt|được|thực hiện|hoàn thành|vượt|kế hoạch|chỉ tiêu)[^.;]{0,12}$")
_PERCENTED = regex.compile(r"[^.;\d]{0,40}\d[\d.,]*\s?%")
# "bằng 91,2% dự toán (130 tỷ đồng)": the target that a percentage was measured by
_MEASURED = regex.compile(rf"\d ?%[^.;()\d]{{0,60}}(?:{qualifiers.TARGETS})[^.;()\d]{{0,40}}\( ?$")
_PLANS = regex.compile(
    r"[\s\-–+•*]*(?:phấn đấu|mục tiêu|dự kiến|chỉ tiêu (?:chủ yếu |phấn đấu )?(?:năm|đến|giai đoạn)|"
    r"chỉ tiêu (?:huyện|tỉnh|xã|được) giao[^,.;]{0,20}:)(?!\p{L})"
)
_DONE = regex.compile(r"\bđã\b|kết quả|thực hiện (?:đạt|được)|đạt được|đến nay")
_MONTHS = regex.compile(r"0?[1-9]|1[0-2]")
BILLION = Decimal(1_000_000_000)


@dataclass(slots=True)
class Figure:
    """One stated figure. ``start``..``end`` covers number and unit, ``number_end`` ends the (last) digits.

    ``pre``..``start`` and ``end``..``post`` are the words of its own clause before and behind it. For ratios
    ``value`` is the numerator and ``whole`` the denominator; ``percent`` is the percentage that restates it,
    ``of`` (for percentages) the index in its frame of the figure which it restates or qualifies. ``ahead``: it
    stands in a section of plans.
    """

    kind: Kind
    start: int
    end: int
    number_end: int
    value: Decimal
    text: str
    decimals: int
    unit: Unit | None = None
    unit_text: str | None = None
    other: Decimal | None = None
    noun: str | None = None
    qualifier: Qualifier = "="
    change: Change = "level"
    basis: Basis = "actual"
    ahead: bool = False
    points: bool = False
    whole: Decimal | None = None
    whole_text: str = ""
    percent: Figure | None = None
    of: int | None = None
    pre: int = 0
    post: int = 0
    rule: str = ""


def read(frame: Frame) -> list[Figure]:
    """All figures of a frame in text order."""
    figures: list[Figure] = []
    index = 0
    while index < len(frame.tokens):
        used, made = _at(frame, index)
        figures.extend(made)
        index += used
        while made and index < len(frame.tokens) and frame.tokens[index].start < made[-1].end:
            index += 1  # a number inside a unit: "kg/người/6 tháng"
    _ranges(frame, figures)
    _zones(frame, figures)
    _link(frame, figures)
    for position, figure in enumerate(figures):
        _describe(frame, figures, position, figure)
    return figures


def _at(frame: Frame, index: int) -> tuple[int, list[Figure]]:
    token = frame.tokens[index]
    percent = _PERCENT.match(frame.low, token.end, frame.end)
    if percent:
        return 1, [_percentage(frame, token, percent.end(), points=percent[1] is not None)]
    left = amount(frame, index)
    return _ratio(frame, index, left) or _quantity(frame, index, left)


def _percentage(frame: Frame, token: Token, end: int, *, points: bool) -> Figure:
    shape = numerals.parse(token.text, percent=True) or token.shape
    return Figure(
        "percent", token.start, end, token.end, shape.value, token.text, shape.decimals,
        points=points, rule="percent-sign",
    )  # fmt: skip


def _quantity(frame: Frame, index: int, read_: Amount) -> tuple[int, list[Figure]]:
    token = frame.tokens[index]
    text = frame.text[token.start : read_.number_end]
    rule = "compound-money" if read_.used > 1 else "unit" if read_.unit else "bare"
    figure = Figure(
        "count", token.start, read_.end, read_.number_end, read_.value, text, read_.decimals,
        unit=read_.unit, unit_text=read_.unit.name if read_.unit else None, other=read_.other, rule=rule,
    )  # fmt: skip
    return read_.used, [figure]


def _ratio(frame: Frame, index: int, left: Amount) -> tuple[int, list[Figure]] | None:
    """``a/b unit``, ``a unit/b unit``, ``a … trên tổng số b``; None where the next number is no denominator."""
    after = index + left.used
    if after >= len(frame.tokens):
        return None
    token, follower = frame.tokens[index], frame.tokens[after]
    between = (left.number_end, follower.start)
    slash = frame.low.find("/", *between) >= 0
    plain = slash and _SLASH.fullmatch(frame.low, *between) is not None
    middle = _MIDDLE_SLASH.fullmatch(frame.low, *between) if slash and not plain else None
    total = None if plain or middle else _OF_TOTAL.fullmatch(frame.low, *between)
    if not (plain or middle or total):
        return None
    right = amount(frame, after)
    used = left.used + right.used
    if plain and _chain(frame, after, right):
        return _skip_chain(frame, after)
    if plain and right.unit is None and (_month_year(token, follower) or _day_month(frame, token, follower)):
        return used, []
    if middle and not _same_kind(frame, middle, left, right):
        return None
    value, whole, unit = _common(left, right)
    if whole == 0 and not plain:
        return None
    figure = Figure(
        "ratio", token.start, right.end, right.number_end, value, frame.text[token.start : left.number_end],
        left.decimals, unit=unit, unit_text=unit.name if unit else None, whole=whole,
        whole_text=frame.text[follower.start : right.number_end],
        rule="ratio-slash" if plain else "ratio-units" if middle else "ratio-of-total",
    )  # fmt: skip
    return used, [figure]


def _chain(frame: Frame, after: int, right: Amount) -> bool:
    """``1/2/3``: no ratio."""
    following = after + right.used
    return following < len(frame.tokens) and right.unit is None and (
        _SLASH.fullmatch(frame.low, right.number_end, frame.tokens[following].start) is not None
    )


def _skip_chain(frame: Frame, after: int) -> tuple[int, list[Figure]]:
    index = after
    while index + 1 < len(frame.tokens) and _SLASH.fullmatch(
        frame.low, frame.tokens[index].end, frame.tokens[index + 1].start
    ):
        index += 1
    first = after - 1
    return index - first + 1, []


def _month_year(month: Token, year: Token) -> bool:
    return (
        len(year.text) == 4 and year.text.isdigit() and 1950 <= int(year.text) <= 2059
        and _MONTHS.fullmatch(month.text) is not None
    )  # fmt: skip


def _day_month(frame: Frame, day: Token, month: Token) -> bool:
    """``17/10`` with nothing that speaks for a ratio: a part is not larger than its whole."""
    if not (day.text.isdigit() and month.text.isdigit() and int(month.text) <= 12 and int(day.text) <= 31):
        return False
    achieved = _ACHIEVED.search(frame.low, max(frame.start, day.start - 40), day.start)
    percented = _PERCENTED.match(frame.low, month.end)
    return int(day.text) > int(month.text) > 0 and achieved is None and percented is None


def _same_kind(frame: Frame, middle: regex.Match[str], left: Amount, right: Amount) -> bool:
    """``17.919 con/14.066 con`` counts one thing twice, ``37 lượt/45 người`` two things once."""
    if left.unit is None:
        return str(middle[0]).strip().startswith("/")
    if right.unit is None:
        return True
    if left.unit.dimension.startswith("money") and right.unit.dimension.startswith("money"):
        return True
    if left.unit.name == right.unit.name or left.unit.name.startswith(f"{right.unit.name} "):
        return True  # "312 hộ nghèo/5.864 hộ"
    return "tổng" in middle[0].rsplit("/", 1)[-1]


def _common(left: Amount, right: Amount) -> tuple[Decimal, Decimal, Unit | None]:
    """Numerator and denominator in one unit, the one named last."""
    unit = right.unit or left.unit
    if left.unit and right.unit and left.unit.dimension == right.unit.dimension and right.unit.scale != left.unit.scale:
        return left.value * left.unit.scale / right.unit.scale, right.value, unit
    return left.value, right.value, unit


def _ranges(frame: Frame, figures: list[Figure]) -> None:
    """Both ends of ``18 - 20 triệu đồng``, ``5-7%``, ``từ 70% đến dưới 100%``: the first takes the second's unit."""
    for first, second in zip(reversed(figures[:-1]), reversed(figures[1:]), strict=True):
        if _RANGE.fullmatch(frame.low, first.end, second.start) is None or "ratio" in (first.kind, second.kind):
            continue
        gap = frame.low[first.end : second.start]
        dash = gap.strip() in "-–—"
        since = frame.low[max(0, first.start - 4) : first.start].rstrip().endswith("từ")
        if not dash and not since and "dưới" not in gap:
            continue
        if first.kind == "count" and first.unit is None:
            first.kind, first.points = second.kind, second.points
            first.unit, first.unit_text = second.unit, second.unit_text
            shape = numerals.parse(first.text, countable=bool(second.unit and second.unit.kind == "count"))
            if shape:
                first.value, first.decimals, first.other = shape.value, shape.decimals, shape.other
        if first.kind == second.kind and first.value < second.value:
            first.rule = second.rule = "range"
            first.qualifier, second.qualifier = ">=", "<" if "dưới" in gap else "<="


def _zones(frame: Frame, figures: list[Figure]) -> None:
    """Cuts the words between the figures: up to the end of a clause they belong to the figure before.

    An age cuts nothing: "5.604 công dân từ đủ 14 tuổi trở lên đủ điều kiện" is one clause.
    """
    floor = frame.start
    for figure, ceiling in zip(figures, _ceilings(frame, figures), strict=True):
        stop = _CLAUSE_END.search(frame.low, figure.end, ceiling)
        figure.pre, figure.post = floor, stop.start() if stop else ceiling
        if stop is None and ceiling < frame.end:
            figure.post = _next_label(frame.low, figure, ceiling)
        if figure.unit_text != "tuổi":
            floor = figure.post


def _ceilings(frame: Frame, figures: Sequence[Figure]) -> list[int]:
    """For each figure where the next one begins that is no age."""
    ceilings = []
    ceiling = frame.end
    for figure in reversed(figures):
        ceilings.append(ceiling)
        ceiling = ceiling if figure.unit_text == "tuổi" else figure.start
    return ceilings[::-1]


def _next_label(low: str, figure: Figure, ceiling: int) -> int:
    """Where the label of the next figure begins: ``đúng hạn 284 hồ sơ và quá hạn 11 hồ sơ`` labels before it counts."""
    labelled = _LABELLED.search(low, figure.pre, figure.start)
    joint = _LEADS.search(low, figure.end, ceiling) or (labelled and _AND.search(low, figure.end, ceiling))
    return joint.start() if joint else ceiling


def clause_start(low: str, floor: int, start: int) -> int:
    """Where the words after the last comma before ``start`` begin; -1 without a comma that parts clauses."""
    last = _COMMA.search(low, floor, start)
    return last.end() if last else -1


_RESTATES = regex.compile(
    r"(?:đạt|bằng|chiếm|tương đương|tương ứng|tỷ lệ|tỉ lệ|=|là|\() *"
    r"(?:với |tỷ lệ |tỉ lệ |đạt |khoảng |chiếm |trên |là |= )*$"
)
_RATE_ALONE = regex.compile(r"[^;]*; (?:đạt|chiếm|bằng|tương ứng|tương đương|tỷ lệ|tỉ lệ|là|với|chung|khoảng|[ ,:(])*")
_OPENS = regex.compile(r" ?\( ?(?:đạt |tương ứng |là |bằng |gồm |với )?")
_SENTENCE_END = regex.compile(r"[.…] ")
_HEAD = regex.compile(r"(?:tổng số|số lượng|tổng|số) (?=\p{L})")
LINK_REACH = 110


def _link(frame: Frame, figures: list[Figure]) -> None:
    """Ties each percentage to the figure that it restates: ``27/36 nhiệm vụ, đạt 75%``, ``99,71% (1.050/1.053)``."""
    for position, figure in enumerate(figures):
        if figure.kind != "percent" or figure.points:
            continue
        base = position - 1
        if base > 0 and figures[base].unit_text == "tuổi":
            base -= 1  # an age ("công dân từ đủ 14 tuổi") belongs to the count before it
        if base > 0 and _SLASH.fullmatch(frame.low, figures[base - 1].end, figures[base].start):
            base -= 1  # "187 hộ/745 khẩu, tỷ lệ 17,74%" is of the first
        if position and _restates(frame, figures[base], figure):
            figure.of = base
            figures[base].percent = figure
            if " đều " in frame.low[figures[base].end : figure.start]:
                _all_alike(frame, figures, position)
        elif position + 1 < len(figures) and _OPENS.fullmatch(frame.low, figure.end, figures[position + 1].start):
            following = figures[position + 1]
            if following.kind == "ratio":
                figure.of, following.percent = position + 1, figure


def _all_alike(frame: Frame, figures: list[Figure], position: int) -> None:
    """``1.215/1.215 hội viên, … 402/402 hội viên, đều đạt 100%`` speaks of all ratios before it."""
    for earlier in range(position - 2, -1, -1):
        figure = figures[earlier]
        if figure.kind != "ratio" or figure.percent is not None:
            break
        if ". " in frame.low[figure.end : figures[earlier + 1].start]:
            break
        figure.percent = figures[position]


def _restates(frame: Frame, earlier: Figure, percent: Figure) -> bool:
    if earlier.percent is not None or earlier.kind == "percent" or percent.start - earlier.end > LINK_REACH:
        return False
    gap = frame.low[earlier.end : percent.start]
    if ". " in gap or ("; " in gap and not (earlier.kind == "ratio" and _RATE_ALONE.fullmatch(gap))):
        return False
    return _RESTATES.search(gap) is not None


def _describe(frame: Frame, figures: list[Figure], position: int, figure: Figure) -> None:
    """Noun, qualifier, change and basis from the words around."""
    sense = qualifiers.before(frame.low, figure.start, figure.end)
    if figure.qualifier == "=":
        figure.qualifier = qualifiers.after(frame.low, figure.end) or sense.qualifier
    figure.change = sense.change
    figure.noun = _noun(frame, figure, sense.start, figure.pre)
    if figure.unit is None and figure.kind == "count":
        figure.unit_text = _inherited(frame, figures, position)
    if figure.unit is None or figure.unit.dimension != "money" or figure.unit.scale != BILLION:
        figure.other = None
    figure.ahead = frame.plan
    if frame.plan or _in_plan(frame, figure.start) or _is_target(frame, figure) or _is_measure(frame, figure):
        figure.basis = "plan"


def _in_plan(frame: Frame, start: int) -> bool:
    """Whether the sentence opens as a plan does: ``Phấn đấu năm 2025: …, tỷ lệ hộ nghèo còn dưới 1%``."""
    begin = max(frame.start, frame.low.rfind(". ", frame.start, start) + 2)
    return _PLANS.match(frame.low, begin) is not None and _DONE.search(frame.low, begin, start) is None


def _is_target(frame: Frame, figure: Figure) -> bool:
    return qualifiers.plan_clause(_nearest(frame.low[max(figure.pre, figure.start - 90) : figure.start]))


def _is_measure(frame: Frame, figure: Figure) -> bool:
    """Whether the figure stands in brackets behind the percentage that was measured by it."""
    return _MEASURED.search(frame.low, max(frame.start, figure.start - 120), figure.start) is not None


def _nearest(clause: str) -> str:
    """The part behind the last comma, where it has words of its own ("… vượt dự toán, thu nhập bình quân đạt")."""
    last = clause.rpartition(", ")[2]
    return last if len(_WORD.findall(last)) > 2 else clause


def _noun(frame: Frame, figure: Figure, label_end: int, floor: int) -> str | None:
    """The phrase behind the number with its classifier, else the label before it."""
    low, text = frame.low, frame.text
    unit = figure.unit
    if unit is None or unit.kind == "count":
        past = nouns.phrase_end(low, figure.end, figure.post, first=unit is None and figure.kind != "percent")
        begin = figure.number_end if figure.kind != "percent" else figure.end
        phrase = text[begin:past].strip() if past > figure.end else ""
        if phrase and (unit or not phrase.startswith("/")):
            return " ".join(phrase.split())
    start, end = nouns.label_start(low, label_end, floor)
    if end > start:
        return " ".join(text[start:end].split())
    return unit.name if unit else None


def _inherited(frame: Frame, figures: list[Figure], position: int) -> str | None:
    """The unit that a list of bare numbers takes from its head: ``907 hồ sơ, trong đó trực tuyến: 892``."""
    for earlier in reversed(figures[max(0, position - 4) : position]):
        if earlier.kind == "count" and earlier.unit is not None:
            return earlier.unit.name if earlier.unit.kind == "count" else None
        if _SENTENCE_END.search(frame.low, earlier.end, figures[position].start):
            return None
    head = _HEAD.search(frame.low, max(frame.start, figures[position].start - 160), figures[position].start)
    found = unit_at(frame.low, head.end()) if head else None
    return found[0].name if found and found[0].kind == "count" else None
