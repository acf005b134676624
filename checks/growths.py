"""Growth in per cent against the figures of both times."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import regex

from checks import figures, intervals
from checks.draft import Draft, evidence, identity
from checks.measures import compatible
from checks.settings import CheckSettings
from checks.totals import phrase
from checks.view import Figure, View

_BASE = regex.compile(r"\s*so\s+với\s+[^();.]{2,50}\(\s*")
_BASE_BY_YEAR = regex.compile(r"\s*(?:so\s+với\s+[^();.]{2,40})?\((?:cùng\s+kỳ\s+)?(?:năm\s+)?\d{4}\s*(?:là|:)?\s*")
_SUBJECT = regex.compile(r"(?:^|[,;:.]\s*|\)\s*)([\p{L} ]{3,30}?)\s+(?:tăng|giảm)\s*$")


def check(view: View, settings: CheckSettings) -> Iterator[Draft]:
    """``120 ha, tăng 20% so với năm trước (100 ha)``: the base stands in brackets or right behind."""
    for percent in view.figures:
        if percent.kind == "percent" and percent.change != "level" and percent.unit == "%":
            sides = _beside(view, percent) or _named(view, percent)
            if sides is not None:
                yield from _judge(view, percent, *sides)


def _behind(view: View, percent: Figure) -> Figure | None:
    """The figure right behind a percentage."""
    behind = view.between(percent.end, view.sentence(percent.start).end)
    return behind[0] if behind and behind[0].kind == "quantity" and behind[0].value else None


def _beside(view: View, percent: Figure) -> tuple[Figure, Figure] | None:
    """The level right before the percentage and its base in the bracket behind."""
    before, base = view.between(view.sentence(percent.start).start, percent.start), _behind(view, percent)
    outside = [f for f in before if not _in_closed_bracket(view, f, percent)]
    if not outside or base is None or outside[-1].kind != "quantity":
        return None
    value = outside[-1]
    if value.family != base.family or value.change != "level" or value.qualifier != "=":
        return None
    return (value, base) if _BASE.fullmatch(view.low, percent.span_end, base.start) else None


def _in_closed_bracket(view: View, figure: Figure, percent: Figure) -> bool:
    """Whether a bracket ended since: "38,6 triệu đồng, vượt kế hoạch (38 triệu đồng), tăng 10,6%"."""
    between = view.text[figure.end : percent.start]
    return between.count(")") > between.count("(")


def _named(view: View, percent: Figure) -> tuple[Figure, Figure] | None:
    """``đàn bò 1.840 con …. So với cùng kỳ, đàn bò tăng 4,8% (năm 2022 là 1.675 con)``: the level told by name."""
    base, passage = _behind(view, percent), view.passage(percent.start)
    sentence = view.sentence(percent.start)
    subject = _SUBJECT.search(view.low[sentence.start : percent.start])
    if base is None or passage is None or subject is None:
        return None
    if not _BASE_BY_YEAR.fullmatch(view.low, percent.span_end, base.start):
        return None
    named = subject[1].strip()
    levels = [
        f
        for f in view.between(passage.start, percent.start)
        if (f.kind, f.change, f.qualifier) == ("quantity", "level", "=")
        and compatible(view, f, base)
        and view.low[: f.start].rstrip(" :").endswith(named)
    ]
    return (levels[0], base) if len(levels) == 1 else None


def _judge(view: View, percent: Figure, value: Figure, base: Figure) -> Iterator[Draft]:
    ratio = value.stated.nominal / base.stated.nominal * 100
    sign = 1 if percent.change == "increase" else -1
    change = (ratio - 100) * sign
    stated = intervals.Stated(percent.value, percent.decimals)
    if any(intervals.Interval(change, change).meets(stated.interval(mode)) for mode in ("round", "truncate")):
        return
    if abs(change - Fraction(percent.value)) < Fraction(1, 10**percent.decimals):
        return
    yield Draft(
        "percent-mismatch",
        "growth",
        {
            "value": phrase(view, value),
            "base": phrase(view, base),
            "stated": percent.text,
            "direction": "tăng" if sign > 0 else "giảm",
            "actual": figures.plain(change, max(percent.decimals, 2)),
        },
        (
            evidence("claim", value.span_start, percent.span_end),
            evidence("counter", base.span_start, base.span_end),
        ),
        identity(value.value, base.value, percent.value),
        severity="warning",
        operands=frozenset((value.start, base.start, percent.start)),
    )
