"""Percentages against the figures that they are computed from, recomputed at their printed precision."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

import regex

from checks import figures, intervals
from checks.breakdown import Breakdown
from checks.classified import lists
from checks.draft import Draft, evidence, identity
from checks.intervals import State
from checks.measures import compatible, measure
from checks.phrases import content
from checks.settings import CheckSettings
from checks.view import Figure, View
from schema.model import Severity
from schema.text import key

# between a figure and its percentage: "đạt", "chiếm tỷ lệ", "(", "=" — never a change or another base
_LINK = regex.compile(
    r"(?:\b(?:đạt|bằng|chiếm|tương\s+(?:ứng|đương)|tỷ\s+lệ|tỉ\s+lệ|đều\s+đạt|là)\b|[(=])", regex.IGNORECASE
)
_RATE_NAME = regex.compile(r"(?<!\b(?:đạt|chiếm|ứng|đương) )\b(?:tỷ|tỉ)\s+lệ\s+([\p{L} ]+?)\s*(?:đạt|là|chiếm|:)?\s*$")
_RATE_WORDS = frozenset(map(key, ("đạt", "đúng", "hạn", "hoàn", "thành", "chung", "tương", "ứng", "bằng", "tỷ", "lệ")))
_OTHER_BASE = regex.compile(
    r"\b(?:tăng|giảm|vượt|cùng\s+kỳ|so\s+với|năm\s+trước|còn\s+lại|phấn\s+đấu|kế\s+hoạch\s+là|điểm)\b"
)
# "9/10 tổ đạt …, tỷ lệ hộ nghèo còn 3,2%", "…, riêng đường thôn đạt 71%": another thing's own rate
_ANOTHER_RATE = regex.compile(r"\briêng\b|[,;]\s*(?:tỷ|tỉ)\s+lệ\s+(?:\p{L}+\s+){1,8}?(?:(?:giảm\s+)?còn|giảm|tăng)\s*$")
_CLAUSE_OPENS = regex.compile(r"[,;]\s*$")
_COUNTS = regex.compile(r"\s+(?!(?:tổng|so|kế|kh|dự|chỉ|của)\b)\p{L}")
_AFTER_OTHER = regex.compile(
    r"\s*(?:so\s+(?:với\s+)?(?:cùng|năm|quý|tháng|kỳ|đầu|thời)|cùng\s+kỳ|cả\s+nước|toàn\s+(?:tỉnh|huyện))"
)
_AGE = regex.compile(r"\s*(?:tháng\s+)?tuổi\b")
_WITHIN = regex.compile(r"\s*[\p{L} ]{1,40}?\s(?:trong|trên)\s+(?:tổng\s+)?(?:số\s+)?")
_OVER_PLAN = regex.compile(
    r"\s*[\p{L}\d ]{0,40}?\s*/\s*(?:kh|kế\s+hoạch|ct|chỉ\s+tiêu|dt|dự\s+toán)\b\s*"
    r"(?:(?:được\s+)?giao|năm)?\s*(?:là\s+)?"
)
_PLAN_SAID = regex.compile(r"kế\s+hoạch|dự\s+toán|được\s+giao|chỉ\s+tiêu")
_PLAN_AFTER = regex.compile(
    r"\s*(?:so\s+với\s+)?(?:kế\s+hoạch|kh\b|dự\s+toán|chỉ\s+tiêu|vốn\s+giao|số\s+vốn)[^().;]{0,40}\(\s*$"
)


def check(view: View, settings: CheckSettings) -> Iterator[Draft]:
    owners = _owners(view)
    for percent in view.figures:
        if percent.kind != "percent" or percent.unit != "%" or percent.change != "level":
            continue
        yield from (draft for draft in _judge(view, percent, owners, settings) if draft is not None)
    yield from _too_much(view)


def _owners(view: View) -> dict[int, Breakdown]:
    """The breakdown that each part belongs to."""
    return {part.start: item for item in lists(view) for part in item.parts if len(item.parts) >= 2}


def _judge(
    view: View, percent: Figure, owners: dict[int, Breakdown], settings: CheckSettings
) -> Iterator[Draft | None]:
    ratios = _ratios(view, percent)
    if ratios:
        for ratio in ratios:
            assert ratio.other is not None
            yield against(view, ratio, ratio.other, percent)
        return
    part = _before(view, percent)
    if part is None:
        return
    within = _part_within(view, part)
    if within is not None:
        yield against(view, within, part, percent)
        return
    achieved = _over_plan(view, part)
    if achieved is not None:
        yield against(view, achieved, part, percent)
        return
    base = _plan_base(view, percent) or _plan_before(view, percent, part)
    if base is not None and compatible(view, base, part):
        yield against(view, part, base, percent)
        return
    item = owners.get(part.start)
    if item is not None and not _plan_follows(view, percent):
        yield _share_of_total(view, percent, part, item)
        return
    yield _neighbour(view, percent, part, settings)


def _ratios(view: View, percent: Figure) -> tuple[Figure, ...]:
    """The ratio right before the percentage (several before "đều đạt"), or the one in brackets right behind it."""
    sentence = view.sentence(percent.start)
    text = view.low
    before = [f for f in view.between(sentence.start, percent.start) if not _AGE.match(text, f.end)]
    behind = view.between(percent.end, min(sentence.end, percent.end + 60))
    bracketed = behind and behind[0].kind == "ratio"
    if bracketed and regex.fullmatch(r"[\s%]*\(\s*", text[percent.end : behind[0].start]):
        return (behind[0],)
    if before and before[-1].kind == "ratio" and linked(view, before[-1], percent):
        group = [before[-1]]
        if regex.search(r"\bđều\b", text[before[-1].span_end : percent.start]):
            for figure in reversed(before[:-1]):
                if figure.kind != "ratio":
                    break
                group.append(figure)
        return tuple(group)
    if bracketed and regex.fullmatch(r"[\s%]*[^();,.]{0,30}\(\s*[^()]{0,20}", text[percent.end : behind[0].start]):
        return (behind[0],)
    return ()


def linked(view: View, figure: Figure, percent: Figure) -> bool:
    """Whether the words between a figure and a percentage say that the one is computed from the other."""
    between = view.low[figure.span_end : percent.start]
    if ";" in between and len(between) > 20 and "đều" not in between:
        return False
    if len(between) > 160 or not _LINK.search(between) or _OTHER_BASE.search(between):
        return False
    if percent.qualifier in ("<", "<=") or _ANOTHER_RATE.search(between):
        return False  # "9/9 xã đạt tỷ lệ dưới 10%": what each of them has
    if _CLAUSE_OPENS.search(between) and _COUNTS.match(view.low, percent.span_end):
        return False  # "13/14 tổ đạt danh hiệu, 100% cơ quan đạt chuẩn"
    return not _AFTER_OTHER.match(view.low, percent.span_end) and not _of_its_own(view, figure, percent, between)


def _of_its_own(view: View, figure: Figure, percent: Figure, between: str) -> bool:
    """Whether the rate is named by words of its own: "cấp cho 61/61 CBCC, tỷ lệ sử dụng thường xuyên 96,7%"."""
    named = _RATE_NAME.search(between)
    if named is None:
        return False
    words = {w for w in content(named[1]) if w not in _RATE_WORDS}
    said = content(view.low[view.sentence(figure.start).start : figure.span_end] + between[: named.start()])
    return len(words) >= 2 and not words & set(said)


def _before(view: View, percent: Figure) -> Figure | None:
    """The quantity that the percentage qualifies: the last one before it, with "đạt", "chiếm" or "(" between."""
    sentence = view.sentence(percent.start)
    earlier = view.between(sentence.start, percent.start)
    if not earlier:
        return None
    part = earlier[-1]
    if part.kind != "quantity" or part.change != "level" or part.qualifier not in ("=", "~"):
        return None
    between = view.low[part.span_end : percent.start]
    if between.count(")") > between.count("("):
        return None  # the part stands in a bracket that ended before the percentage
    if len(between) > 80 or ";" in between or not linked(view, part, percent):
        return None
    return part


def _part_within(view: View, whole: Figure) -> Figure | None:
    """``2.311 hộ trong tổng số 2.475 hộ, đạt 93,37%``: the part of a ratio that is written in words."""
    sentence = view.sentence(whole.start)
    before = view.between(sentence.start, whole.start)
    if not before or before[-1].kind != "quantity" or before[-1].change != "level":
        return None
    part = before[-1]
    joined = _WITHIN.fullmatch(view.low, part.end, whole.start)
    return part if joined and part.value <= whole.value and measure(view, part) == measure(view, whole) else None


def _over_plan(view: View, plan: Figure) -> Figure | None:
    """``268 lao động/KH 250 lao động, đạt 107,2%``: what was achieved of a plan behind a slash."""
    before = view.between(view.sentence(plan.start).start, plan.start)
    if not before or before[-1].kind != "quantity" or before[-1].change != "level":
        return None
    joined = _OVER_PLAN.fullmatch(view.low, before[-1].end, plan.start)
    return before[-1] if joined and compatible(view, plan, before[-1]) else None


def _plan_follows(view: View, percent: Figure) -> bool:
    return (
        regex.match(
            r"\s*(?:so\s+với\s+)?(?:kế\s+hoạch|kh\b|dự\s+toán|chỉ\s+tiêu|nghị\s+quyết|mục\s+tiêu)",
            view.low[percent.span_end :][:30],
        )
        is not None
    )


def _plan_base(view: View, percent: Figure) -> Figure | None:
    """``bằng 60% dự toán cả năm (80 triệu đồng)``: the base stands in brackets behind."""
    behind = view.between(percent.end, percent.end + 90)
    planned = behind and behind[0].kind == "quantity"
    if planned and _PLAN_AFTER.fullmatch(view.low, percent.span_end, behind[0].start):
        return behind[0]
    return None


def _plan_before(view: View, percent: Figure, part: Figure) -> Figure | None:
    """``Kế hoạch được giao 18.650 triệu đồng …. Giải ngân 12.318 triệu đồng, đạt 66,05% kế hoạch``: the only plan."""
    passage = view.passage(percent.start)
    if passage is None or not _plan_follows(view, percent):
        return None
    here = view.sentence(percent.start)
    before = view.sentence(max(here.start - 2, passage.start))
    plans = [
        f
        for f in view.between(before.start, part.start)
        if (f.kind, f.change, f.family) == ("quantity", "level", part.family) and _PLAN_SAID.search(_lead(view, f))
    ]
    if len(plans) != 1 or abs(_ratio(part, plans[0]) - Fraction(percent.value)) > 15:
        return None
    return plans[0]


def _lead(view: View, figure: Figure) -> str:
    return view.low[view.clause(figure.span_start, figure.span_end).start : figure.start]


def _distance(part: Figure, whole: Figure, percent: Figure) -> Fraction:
    return abs(_ratio(part, whole) - Fraction(percent.value))


def _share_of_total(view: View, percent: Figure, part: Figure, item: Breakdown) -> Draft | None:
    """A share inside a breakdown: of its total, or (any reading that fits wins) of another candidate."""
    for whole in item.totals:
        if intervals.share(part.stated, whole.stated, percent.stated) is not State.INCONSISTENT:
            return against(view, part, whole, percent) if whole is item.totals[0] else None
    if not _are_shares(view, percent, part, item) or _of_another(view, percent, part):
        return None
    closest = min(item.totals, key=lambda w: _distance(part, w, percent))
    return against(view, part, closest, percent)


def _are_shares(view: View, percent: Figure, part: Figure, item: Breakdown) -> bool:
    """Whether the percentages of a breakdown are shares of its total, not what each part achieved of its own plan."""
    if "chiếm" in view.low[part.end : percent.start]:
        return True
    beside: list[tuple[Figure, Figure]] = []
    for other, own in item.with_percents(view):
        if other is not part and len(own) == 1:
            beside.append((other, own[0]))
    if not beside:
        return abs(_ratio(part, item.totals[0]) - Fraction(percent.value)) <= 15
    fitting = [o for o, p in beside if _fits(o, p, item)]
    added = sum((Fraction(p.value) for _, p in beside), Fraction(percent.value))
    return bool(fitting) or 80 <= added <= 120


def _of_another(view: View, percent: Figure, part: Figure) -> bool:
    """Whether an earlier figure is the base: "giải quyết 1.098 hồ sơ; … đúng hạn 1.090 hồ sơ (99,27%)"."""
    earlier = view.between(view.sentence(part.start).start, part.start)
    return any(
        intervals.share(part.stated, f.stated, percent.stated) is not State.INCONSISTENT
        for f in earlier
        if f.kind == "quantity" and f.value and compatible(view, f, part)
    )


def _fits(part: Figure, percent: Figure, item: Breakdown) -> bool:
    return any(intervals.share(part.stated, w.stated, percent.stated) is not State.INCONSISTENT for w in item.totals)


def _ratio(part: Figure, whole: Figure) -> Fraction:
    return part.stated.nominal / whole.stated.nominal * 100 if whole.value else Fraction(-1000)


def _neighbour(view: View, percent: Figure, part: Figure, settings: CheckSettings) -> Draft | None:
    """``vốn giao 6,75 tỷ đồng, giải ngân 6,21 tỷ đồng, đạt 92%``: the figure before, if it comes near."""
    if _plan_follows(view, percent):
        return None
    sentence = view.sentence(percent.start)
    bases = [
        side
        for f in view.between(sentence.start, part.start)
        for side in ((f, f.other) if f.other else (f,))
        if side.kind != "percent" and side.change == "level" and compatible(view, side, part) and side.value
        if not _listed_beside(view, side, part)
    ]
    if not bases:
        return None
    around = tuple(_told_around(view, part))
    if any(_gives(part, base, percent) for base in (*bases, *around)):
        return None
    near = Fraction(settings.threshold("percent-mismatch", "near"))
    base = bases[-1]
    nearest = min(around, key=lambda f: _distance(part, f, percent), default=base)
    if nearest.start < base.start and _distance(part, nearest, percent) * 4 < _distance(part, base, percent) <= near:
        return against(view, part, nearest, percent, severity="warning")
    if part.value > base.value or _distance(part, base, percent) > near:
        return None
    if view.low[base.end : part.start].count(".") or not regex.search(
        r"\bđạt\b|trên\s+tổng", view.low[base.end : percent.start]
    ):
        return None
    return against(view, part, base, percent, severity="warning")


def _listed_beside(view: View, one: Figure, other: Figure) -> bool:
    """``dịch vụ 73 tỷ đồng, đạt 70%, nông nghiệp 41 tỷ đồng, đạt 58%``: each measured by a plan of its own."""
    behind = view.between(one.end, other.start)
    if one.family is None or one.stated.counted or "trong" in view.low[one.end : other.start]:
        return False
    return bool(behind) and behind[0].kind == "percent" and linked(view, one, behind[0])


def _gives(part: Figure, base: Figure, percent: Figure) -> bool:
    return intervals.share(part.stated, base.stated, percent.stated) is not State.INCONSISTENT


def _told_around(view: View, part: Figure) -> Iterator[Figure]:
    """What else of its kind the paragraph tells: ``đúng hạn 96 hồ sơ (96%), đến hạn 100 hồ sơ``."""
    passage = view.passage(part.start)
    for figure in view.between(passage.start, passage.end) if passage else ():
        if figure.kind == "quantity" and figure.change == "level" and figure.value and compatible(view, figure, part):
            yield figure


def against(
    view: View, part: Figure, whole: Figure, percent: Figure, severity: Severity | None = None, variant: str = "ratio"
) -> Draft | None:
    """A finding unless ``part`` of ``whole`` gives the percentage."""
    state = intervals.share(part.stated, whole.stated, percent.stated)
    if state is State.CONSISTENT or whole.value == 0:
        return None
    if percent.qualifier != "=" and state is not State.INCONSISTENT:
        return None
    decimals = max(percent.decimals, 2)
    actual = intervals.percent_of(part.stated, whole.stated, decimals)
    gap = abs(actual - percent.value)
    if state is State.TRUNCATION:
        variant, severity, decimals = "truncated", "info", percent.decimals + 1
        actual = intervals.percent_of(part.stated, whole.stated, decimals)
    elif state is State.ROUNDING:
        variant, severity = "rounding", "info"
    elif gap < Decimal(1).scaleb(-percent.decimals):
        severity = "warning"  # off by less than one unit of the last place: rounded up by hand
    start, end = min(part.span_start, whole.span_start), max(part.span_end, whole.span_end)
    together = view.text.find("\n", start, end) < 0 and end - start < 300
    sides = (
        (evidence("part", start, end),)
        if together
        else (evidence("part", part.span_start, part.span_end), evidence("total", whole.span_start, whole.span_end))
    )
    edit = figures.plain(Fraction(intervals.percent_of(part.stated, whole.stated, percent.decimals)), percent.decimals)
    return Draft(
        "percent-mismatch",
        variant,
        {
            "part": part.text,
            "whole": whole.text,
            "actual": figures.plain(Fraction(actual), decimals),
            "stated": percent.text,
            "difference": figures.plain(Fraction(gap), decimals),
            **({"edit": f"{percent.text}% → {edit}%"} if state is State.INCONSISTENT and edit != percent.text else {}),
        },
        (evidence("claim", percent.span_start, percent.span_end), *sides),
        identity(part.value, whole.value, percent.value),
        severity=severity,
        operands=frozenset((part.start, whole.start, percent.start)),
    )


def _too_much(view: View) -> Iterator[Draft]:
    """``chiếm 104 %``: a share of a whole is at most 100 %."""
    for percent in view.figures:
        if percent.kind != "percent" or percent.unit != "%" or percent.change != "level" or percent.value <= 100:
            continue
        before = view.low[max(0, percent.start - 20) : percent.start]
        if regex.search(r"\bchiếm\s+(?:tỷ\s+lệ\s+)?$", before):
            clause = view.clause(percent.span_start, percent.span_end)
            yield Draft(
                "part-exceeds-whole",
                "percent",
                {"stated": percent.text},
                (evidence("claim", percent.span_start, percent.span_end), evidence("total", clause.start, clause.end)),
                identity(percent.value),
                operands=frozenset((percent.start,)),
                severity="warning",
            )
