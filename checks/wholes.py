"""Ratios of a part to its whole: the part is not the greater one."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import regex

from checks import figures
from checks.draft import Draft, evidence, identity
from checks.settings import CheckSettings
from checks.view import View
from schema.model import Ratio, Severity

# actual against plan may exceed 100 %
_PLAN = regex.compile(
    r"kế\s+hoạch|\bkh\b|chỉ\s+tiêu|dự\s+toán|\bgiao\b|vượt|mục\s+tiêu|định\s+mức|nghị\s+quyết|so\s+với|đăng\s+ký|dự\s+kiến"
)
# measures and activities are planned, so more of them than foreseen is no contradiction
_PLANNED = regex.compile(
    r"\s*(?:ha|km|m2?|tấn|tạ|kg|tỷ|triệu|đồng|con|lao\s+động|cây|buổi|hội\s+nghị|cuộc|lớp|tin|bài|mô\s+hình|công\s+trình|"
    r"lượt\s+người|đợt|ngày|sản\s+phẩm|dự\s+án|cơ\s+sở|suất)\b"
)
_POPULATIONS = frozenset({"population", "households", "staff.total", "eid.eligible", "villages"})


def check(view: View, settings: CheckSettings) -> Iterator[Draft]:
    for ratio in view.facts.ratios:
        if ratio.numerator <= ratio.denominator:
            continue
        sentence = view.sentence(ratio.start)
        clause_end = min(sentence.end, ratio.end + 120)
        wording = view.low[max(sentence.start, ratio.start - 120) : clause_end]
        planned = _PLAN.search(wording) and not _everybody(view, ratio)
        if planned or _over_hundred(view, ratio.start, clause_end):
            continue
        part_end, whole_start, whole_end = _sides(view, ratio)
        severity: Severity | None = "info" if _PLANNED.match(view.low, whole_end) else None
        clause = view.clause(ratio.start, ratio.end)
        yield Draft(
            "part-exceeds-whole",
            "ratio",
            {
                "ratio": view.text[ratio.start : ratio.end],
                "part": ratio.numerator_text,
                "whole": ratio.denominator_text,
                "difference": figures.plain(Fraction(ratio.numerator - ratio.denominator)),
            },
            (evidence("part", clause.start, part_end), evidence("total", whole_start, clause.end)),
            identity(ratio.numerator, ratio.denominator),
            severity=severity,
            operands=frozenset(f.start for f in view.between(ratio.start, ratio.end)),
        )


def _over_hundred(view: View, start: int, end: int) -> bool:
    """A stated percentage above 100 says that the writer means actual against plan."""
    return any(f.kind == "percent" and f.value > 100 for f in view.between(start, end))


def _everybody(view: View, ratio: Ratio) -> bool:
    """Whether the denominator is the number of all households, people or staff as stated elsewhere: no plan."""
    return any(
        value.indicator in _POPULATIONS and value.value == ratio.denominator and value.start != ratio.start
        for value in view.facts.indicators
    )


def _sides(view: View, ratio: Ratio) -> tuple[int, int, int]:
    """Where the numerator ends, and where the denominator stands: the counted noun follows it."""
    slash = max(view.text.find("/", ratio.start, ratio.end), ratio.start)
    part = view.text.find(ratio.numerator_text, ratio.start, ratio.end)
    whole = view.text.find(ratio.denominator_text, slash, ratio.end)
    if part < 0 or whole < 0:
        return ratio.end, ratio.start, ratio.end
    return part + len(ratio.numerator_text), whole, whole + len(ratio.denominator_text)
